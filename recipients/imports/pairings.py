"""Rosters of pairings: who cares for whom, each rule asked row by row."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import ClassVar
from uuid import UUID

from cadres.enums import Role
from cadres.models import User
from common.encryption import blind_index
from common.rows import uuid7
from intake.copying import in_blocks
from intake.directory import CadreBook, KnownCadre
from intake.drafts import Draft
from intake.enums import BatchKind, Outcome, Question
from intake.models import ImportBatch, ImportRow
from intake.registry import Change, Importer, Obstacle, Shown
from recipients import pairing_rules
from recipients.enums import PairingKind, PairingStatus, RecipientStatus
from recipients.imports import filed, pairing_writing
from recipients.imports.filed import Filed
from recipients.imports.pairing_writing import Match, Standing
from recipients.imports.relations import declared_marks, family_marks
from recipients.models import Pairing

_KINDS = {label: PairingKind(value) for value, label in PairingKind.choices}


class PairingImporter(Importer):
    """Knows rosters of pairings (结对花名册)."""

    kind: ClassVar[BatchKind] = BatchKind.PAIRINGS
    noun: ClassVar[str] = "对结对"
    page: ClassVar[str] = "recipients:pairing_detail"
    words: ClassVar[dict[str, str]] = {"start": "结对时间", "cadre": "结对干部"}
    columns: ClassVar[tuple[Shown, ...]] = (
        Shown("cadre", "结对干部"),
        Shown("unit", "单位"),
        Shown("phone", "干部电话", mask="phone"),
        Shown("id", "对象身份证号", mask="id"),
        Shown("ptype", "结对类型"),
        Shown("start", "结对时间"),
    )

    def check_account(self, by: User) -> None:
        if by.role != Role.ADMIN:
            pairing_rules.check_decides(by)

    def judge(self, drafts: Sequence[Draft], *, by: User, lock: bool) -> None:
        """Give every row its outcome; rows above it have their say before it."""
        for draft in drafts:
            draft.begin_again()
        good = [draft for draft in drafts if not draft.wrong]
        people = _people_on(good, lock=lock)
        book = CadreBook((draft.text("cadre") for draft in good), lock=lock)
        board = Board(people.values(), book, by)
        for draft in good:
            if not draft.wrong:
                board.judge(draft, people.get(draft.position))

    def apply(self, drafts: Sequence[Draft], *, batch: ImportBatch, by: User) -> None:
        pairing_writing.write(drafts, by=by)

    def changes(
        self, drafts: Sequence[Draft], *, user: User
    ) -> dict[int, list[Change]]:
        keys = [draft.target for draft in drafts if draft.target]
        seen = Pairing.objects.visible_to(user).filter(pk__in=keys)
        held = {
            pk: {"start": str(day or ""), "cadre": name}
            for pk, day, name in seen.values_list("pk", "started_on", "cadre__name")
        }
        return {
            draft.position: [
                Change(
                    self.words[name],
                    draft.before.get(name, held[draft.target][name]),
                    draft.text(name),
                )
                for name in draft.fields
            ]
            for draft in drafts
            if draft.target in held
        }

    def obstacles(self, rows: Sequence[ImportRow]) -> list[Obstacle]:
        return pairing_writing.obstacles(rows)

    def undo(self, rows: Sequence[ImportRow], *, by: User) -> None:
        pairing_writing.undo(rows)


def _people_on(drafts: Sequence[Draft], *, lock: bool) -> dict[int, Filed]:
    """Return {position: whom the row means}, by id or, without one, by name."""
    indexes = {d.position: blind_index(d.text("id")) for d in drafts if d.text("id")}
    by_id = filed.by_resident_id(sorted(set(indexes.values())), lock=lock)
    found = {at: by_id[index] for at, index in indexes.items() if index in by_id}
    nameless = [draft for draft in drafts if draft.position not in indexes]
    namesakes = filed.by_name((d.text("name") for d in nameless), lock=lock)
    for draft in nameless:
        fitting = [p for p in namesakes.get(draft.text("name"), []) if _fits(draft, p)]
        if len(fitting) == 1:
            found[draft.position] = fitting[0]
        elif fitting:
            words = f"有{len(fitting)}位同名,请补身份证号。"
            draft.refuse("E_RECIPIENT_AMBIGUOUS", "name", words)
        else:
            words = "系统中没有这个姓名的对象,请补身份证号或先建档。"
            draft.refuse("E_RECIPIENT_UNKNOWN", "name", words)
    return found


def _fits(draft: Draft, person: Filed) -> bool:
    """Say whether township and category, as far as the row tells them, are his."""
    township, category = draft.text("area_code"), draft.text("category")
    return township in ("", person.area_id) and (
        category in ("", person.category) or category in person.also
    )


class Board:
    """Who is paired with whom while a file is gone through."""

    def __init__(self, people: Iterable[Filed], book: CadreBook, by: User) -> None:
        """Begin with the pairings that stand."""
        self.book = book
        self.reach = by.area.prefix if by.area else ""
        persons = {person.pk: person for person in people}
        self.standing = _standing(list(persons))
        homes = sorted({person.household_id for person in persons.values()})
        self.marks = family_marks(homes)
        cadres = [one.pk for same in book.by_name.values() for one in same]
        self.homes_of = _homes_of(cadres)
        self.kin = declared_marks(cadres)
        self.seen: set[tuple[UUID, UUID, str]] = set()

    def judge(self, draft: Draft, person: Filed | None) -> None:
        """Find both, ask the rules, and remember what is accepted."""
        kind = _KINDS.get(draft.text("ptype"), PairingKind.CADRE)
        cadre = self.book.name_on(draft)
        if cadre is None or not self._may_be_paired(draft, person):
            return
        assert person is not None
        key = (person.pk, cadre.pk, str(kind))
        if key in self.seen:
            draft.outcome = Outcome.REPEATED
            return
        current = self.standing.get((person.pk, kind))
        if current is not None and current.cadre_id == cadre.pk:
            self._compare(draft, current)
        else:
            self._ask_rules(draft, person, cadre, current)
        if not draft.wrong:
            self._accept(draft, Match(person, cadre, kind, current), key)

    def _may_be_paired(self, draft: Draft, person: Filed | None) -> bool:
        if person is None:
            words = "系统中没有这个身份证号的对象,请核对或先建档。"
            draft.refuse("E_RECIPIENT_UNKNOWN", "id", words)
        elif not person.area_id.startswith(self.reach):
            words = "不在本账号管辖范围,请交所在地关爱办导入。"
            draft.refuse("E_OUTSIDE_REACH", "id", words)
        elif person.status == RecipientStatus.LEFT:
            words = "该对象已退出,不能结对。"
            draft.refuse("E_RECIPIENT_LEFT", "id", words)
        return not draft.wrong

    def _ask_rules(
        self, draft: Draft, person: Filed, cadre: KnownCadre, current: Standing | None
    ) -> None:
        family = self.marks.get(person.household_id, set())
        phone = draft.text("phone")
        marks = {cadre.phone_index, cadre.resident_id_index}
        marks.add(blind_index(phone) if phone else b"")
        marks |= self.kin.get(cadre.pk, set())
        homes = self.homes_of[cadre.pk]
        full = len(homes) >= cadre.capacity and person.household_id not in homes
        if family & (marks - {b""}):
            words = "干部与对象本人、监护人或家人同一人、同号或是申报的亲属,须回避。"
            draft.refuse("E_SAME_HOUSEHOLD", "phone", words)
        elif current is not None and not _is_handover(draft):
            words = "该对象已有结对干部,要换人请用“交接”。"
            draft.refuse("E_PAIRED_TWICE", "id", words)
        elif full:
            words = f"这名干部已结对 {len(homes)} 户,达到上限 {cadre.capacity} 户。"
            draft.refuse("E_CAPACITY", "cadre", words)
        elif current is not None:
            draft.outcome, draft.fields = Outcome.CHANGED, ["cadre"]
            draft.target = current.pk

    def _compare(self, draft: Draft, current: Standing) -> None:
        start = draft.text("start")
        draft.fields = ["start"] if start and start != current.started_on else []
        draft.outcome = Outcome.CHANGED if draft.fields else Outcome.SAME
        draft.target = current.pk

    def _accept(self, draft: Draft, match: Match, key: tuple[UUID, UUID, str]) -> None:
        self.seen.add(key)
        draft.found = match
        self.homes_of[match.cadre.pk].add(match.person.household_id)
        if match.current is None:
            draft.target = draft.target or uuid7()
            self.standing[match.person.pk, match.kind] = Standing(
                draft.target, match.cadre.pk, draft.text("start")
            )


def _is_handover(draft: Draft) -> bool:
    """Ask of a row that speaks of a change whether one cadre hands over to another."""
    if draft.values.get("changes_hands"):
        draft.question = Question.HANDOVER
    return bool(draft.question) and draft.agreed


def _standing(people: Sequence[UUID]) -> dict[tuple[UUID, str], Standing]:
    found: dict[tuple[UUID, str], Standing] = {}
    for block in in_blocks(people):
        rows = Pairing.objects.filter(
            recipient__in=list(block), status__in=pairing_rules.STANDING
        ).order_by("status")
        columns = ("recipient_id", "kind", "pk", "cadre_id", "started_on", "version")
        for person, kind, pk, cadre, day, version in rows.values_list(*columns):
            standing = Standing(pk, cadre, str(day or ""), version)
            found.setdefault((person, kind), standing)
    return found


def _homes_of(cadres: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    homes: dict[UUID, set[UUID]] = defaultdict(set)
    for block in in_blocks(cadres):
        rows = Pairing.objects.filter(
            cadre__in=list(block), status=PairingStatus.ACTIVE
        ).values_list("cadre_id", "recipient__household_id")
        for cadre, home in rows:
            homes[cadre].add(home)
    return homes
