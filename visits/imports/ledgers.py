"""Ledgers of past visits: who was seen, when, how, and what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from cadres.models import User
from common.encryption import blind_index
from common.rows import uuid7
from intake.copying import in_blocks
from intake.directory import CadreBook, KnownCadre
from intake.drafts import Draft
from intake.enums import BatchKind, Outcome
from intake.models import ImportBatch, ImportRow
from intake.registry import Importer, Obstacle, Shown
from recipients.enums import RecipientStatus
from recipients.imports import filed
from recipients.imports.filed import Filed
from visits.content import DeedNote, VisitNote, fingerprint
from visits.enums import DeedKind, Way
from visits.enums import Outcome as HowItWent
from visits.imports import writing
from visits.imports.themes import Themes
from visits.models import HomeVisit

EARLIEST = date(2000, 1, 1)
COUNTS = {
    "policy": DeedKind.POLICY,
    "solved": DeedKind.SOLVED,
    "deeds": DeedKind.DEED,
}
AMOUNTS = {"cash": DeedKind.MONEY, "goods": DeedKind.GOODS}
MOST = 9_999_999
_OUTCOMES = {name: str(outcome) for outcome, name in HowItWent.choices}
_WAYS = {name: str(way) for way, name in Way.choices} | {str(w): str(w) for w in Way}
Mark = tuple[str, UUID, UUID | str | None]


@dataclass(slots=True)
class Told:
    """What a row tells, found in the registry."""

    person: Filed
    cadre: KnownCadre
    note: VisitNote
    theme: str
    content_hash: str
    campaign_id: UUID | None

    @property
    def mark(self) -> Mark:
        """By which a second telling of the same visit is known."""
        theme = self.campaign_id or self.theme or None
        return self.content_hash, self.cadre.pk, theme


class VisitImporter(Importer):
    """Knows ledgers of visits (走访台账)."""

    kind: ClassVar[BatchKind] = BatchKind.VISITS
    noun: ClassVar[str] = "次走访"
    page: ClassVar[str] = "visits:visit_detail"
    columns: ClassVar[tuple[Shown, ...]] = (
        Shown("date", "走访日期"),
        Shown("cadre", "结对干部"),
        Shown("unit", "单位"),
        Shown("id", "身份证号", mask="id"),
        Shown("way", "走访方式"),
        Shown("outcome", "走访结果"),
        Shown("policy", "政策事项"),
        Shown("solved", "解决困难"),
        Shown("deeds", "帮办实事"),
        Shown("cash", "资助资金"),
        Shown("goods", "物资折合"),
    )

    def choices(self) -> dict[str, list[str]]:
        return {"way": [str(label) for label in Way.labels]}

    def judge(self, drafts: Sequence[Draft], *, by: User, lock: bool) -> None:
        """Give every row its outcome: two different visits on a day are two."""
        for draft in drafts:
            draft.begin_again()
        good = [draft for draft in drafts if not draft.wrong]
        indexes = {draft.position: blind_index(draft.text("id")) for draft in good}
        people = filed.by_resident_id(sorted(set(indexes.values())), lock=lock)
        book = CadreBook((draft.text("cadre") for draft in good), lock=lock)
        reach = by.area.prefix if by.area else ""
        themes = Themes()
        for draft in good:
            person = people.get(indexes[draft.position])
            cadre = book.name_on(draft)
            if cadre is not None and person is None:
                words = "系统中没有这个身份证号的对象,请核对或先建档。"
                draft.refuse("E_RECIPIENT_UNKNOWN", "id", words)
            if cadre is not None and person is not None:
                _check(draft, person, reach)
                if not draft.wrong:
                    draft.found = _told(draft, person, cadre, themes)
        _compare([draft for draft in good if not draft.wrong])

    def apply(self, drafts: Sequence[Draft], *, batch: ImportBatch, by: User) -> None:
        new = [draft for draft in drafts if draft.outcome == Outcome.NEW]
        writing.write(new, batch=batch, by=by)

    def obstacles(self, rows: Sequence[ImportRow]) -> list[Obstacle]:
        return writing.obstacles(rows)

    def undo(self, rows: Sequence[ImportRow], *, by: User) -> None:
        writing.undo(rows)


def _check(draft: Draft, person: Filed, reach: str) -> None:
    """Refuse a visit beyond reach, or on a day that cannot be."""
    day = date.fromisoformat(draft.text("date"))
    if not person.area_id.startswith(reach):
        words = "不在本账号管辖范围,请交所在地关爱办导入。"
        draft.refuse("E_OUTSIDE_REACH", "id", words)
    elif day < max(EARLIEST, person.birth_on or EARLIEST):
        draft.refuse("E_DATE_BAD", "date", "走访日期太早,请核对。")
    elif (
        person.status == RecipientStatus.LEFT
        and person.left_on is not None
        and day > person.left_on
    ):
        draft.refuse("E_AFTER_LEAVING", "date", "该对象在这一天之前已退出。")
    else:
        _check_numbers(draft)


def _check_numbers(draft: Draft) -> None:
    for name in (*COUNTS, *AMOUNTS):
        if Decimal(draft.text(name) or 0) > MOST:
            draft.refuse("E_NUMBER_BAD", name, "数目过大,请核对。")
            return


def _told(draft: Draft, person: Filed, cadre: KnownCadre, themes: Themes) -> Told:
    note = VisitNote(
        day=date.fromisoformat(draft.text("date")),
        way=_WAYS[draft.text("way")],
        words=draft.text("story").strip(),
        deeds=tuple(_deeds(draft)),
        outcome=_OUTCOMES[draft.text("outcome") or HowItWent.MET.label],
    )
    theme = draft.text("theme")
    found = themes.find(theme, note.day, person.area_id) if theme else None
    return Told(person, cadre, note, theme, fingerprint(note, [person.pk]), found)


def _deeds(draft: Draft) -> list[DeedNote]:
    counted = {
        kind: int(Decimal(draft.text(name) or 0)) for name, kind in COUNTS.items()
    }
    given = {kind: Decimal(draft.text(name) or 0) for name, kind in AMOUNTS.items()}
    return [
        *(DeedNote(str(kind), quantity=n) for kind, n in counted.items() if n),
        *(DeedNote(str(kind), amount=yuan) for kind, yuan in given.items() if yuan),
    ]


def _compare(drafts: Sequence[Draft]) -> None:
    """Tell new visits from those told twice, or on file already."""
    known = _known(drafts)
    seen: set[Mark] = set()
    for draft in drafts:
        mark = draft.found.mark
        if mark in seen:
            draft.outcome = Outcome.REPEATED
            continue
        seen.add(mark)
        if mark in known:
            draft.outcome, draft.target = Outcome.SAME, known[mark]
            continue
        draft.outcome = Outcome.NEW
        draft.target = draft.target or uuid7()


def _known(drafts: Sequence[Draft]) -> dict[Mark, UUID]:
    people = sorted({draft.found.person.pk for draft in drafts})
    days = [draft.found.note.day for draft in drafts]
    known: dict[Mark, UUID] = {}
    for block in in_blocks(people):
        visits = HomeVisit.objects.standing().filter(
            recipient__in=list(block), day__gte=min(days), day__lte=max(days)
        )
        columns = ("pk", "content_hash", "cadre_id", "campaign_id")
        for pk, content_hash, cadre, campaign in visits.values_list(*columns):
            known[content_hash, cadre, campaign] = pk
    return known
