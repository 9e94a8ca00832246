"""Rosters of people: who is new, who has changed, who is known already."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import ClassVar
from uuid import UUID

from cadres.models import User
from common.encryption import blind_index
from common.rows import uuid7
from intake.drafts import Draft
from intake.enums import BatchKind, Outcome, Question
from intake.models import ImportBatch, ImportRow
from intake.registry import Change, Importer, Obstacle, Shown
from recipients import sources
from recipients.enums import (
    Category,
    DisabilityGrade,
    DisabilityKind,
    RecipientStatus,
)
from recipients.imports import changes, filed, undoing, writing
from recipients.imports.filed import Filed
from recipients.imports.values import WORDS, differs, township_of

Key = bytes | tuple[str, str, str]


class PeopleImporter(Importer):
    """Knows rosters of children, of disabled people and of destitute families."""

    kind: ClassVar[BatchKind] = BatchKind.RECIPIENTS
    noun: ClassVar[str] = "人"
    page: ClassVar[str] = "recipients:recipient_detail"
    words: ClassVar[dict[str, str]] = WORDS
    rows_at_once: ClassVar[int | None] = 5_000
    columns: ClassVar[tuple[Shown, ...]] = (
        Shown("name", "姓名", mask="name"),
        Shown("id", "身份证号", mask="id"),
        Shown("category", "类别", labels=dict(Category.choices)),
        Shown("dis_kind", "残疾类别"),
        Shown("dis_grade", "等级", labels=dict(DisabilityGrade.choices)),
        Shown("township", "乡镇"),
        Shown("phone", "联系电话", mask="phone"),
    )

    def choices(self) -> dict[str, list[str]]:
        return {
            "category": [str(label) for label in Category.labels],
            "dis_kind": [str(label) for label in DisabilityKind.labels],
            "dis_grade": [str(label) for label in DisabilityGrade.labels],
        }

    def judge(self, drafts: Sequence[Draft], *, by: User, lock: bool) -> None:
        """Give every row its outcome: 错误 before 重复 before what is on file."""
        self.judging(by=by, lock=lock)(drafts)

    def judging(self, *, by: User, lock: bool) -> Callable[[Sequence[Draft]], None]:
        return Desk(by, lock=lock).judge

    def apply(self, drafts: Sequence[Draft], *, batch: ImportBatch, by: User) -> None:
        """Open files for the new people and bring those of the others up to date."""
        new = [draft for draft in drafts if draft.outcome == Outcome.NEW]
        changed = [draft for draft in drafts if draft.outcome == Outcome.CHANGED]
        writing.add(new)
        writing.change(changed)
        sources.opened_from_file(new, batch.pk)
        sources.changed_by_file(changed, batch.pk)

    def changes(
        self, drafts: Sequence[Draft], *, user: User
    ) -> dict[int, list[Change]]:
        return changes.changes(drafts, user=user)

    def obstacles(self, rows: Sequence[ImportRow]) -> list[Obstacle]:
        return undoing.obstacles(rows)

    def undo(self, rows: Sequence[ImportRow], *, by: User) -> None:
        undoing.undo(rows)


class Desk:
    """Who was met already while a file is gone through, however many its blocks."""

    def __init__(self, by: User, *, lock: bool) -> None:
        """Begin with nobody met."""
        self.lock = lock
        self.reach = by.area.prefix if by.area else ""
        self.seen: set[Key] = set()
        # Whoever an earlier block filed is new to the file, not on file.
        self.filed: set[UUID] = set()

    def judge(self, drafts: Sequence[Draft]) -> None:
        """Give each row of the next block its outcome."""
        for draft in drafts:
            draft.begin_again()
        good = [draft for draft in drafts if not draft.wrong]
        keys = {draft.position: _key(draft) for draft in good}
        known = _known(keys.values(), lock=self.lock)
        for draft in good:
            key = keys[draft.position]
            found = known.get(key)
            draft.found = None if found and found.pk in self.filed else found
            _keep_within(draft, self.reach)
            if draft.wrong:
                continue
            if key in self.seen:
                draft.outcome = Outcome.REPEATED
                continue
            self.seen.add(key)
            _compare(draft)
            if draft.outcome == Outcome.NEW and draft.target:
                self.filed.add(draft.target)
        _keep_newer(good)


def _key(draft: Draft) -> Key:
    """Return by what the person is known: the id, or name, birth and township."""
    number = draft.text("id")
    if number:
        return blind_index(number)
    return draft.text("name"), draft.text("birth"), township_of(draft)


def _known(keys: Iterable[Key], *, lock: bool) -> dict[Key, Filed]:
    wanted = set(keys)
    indexes = sorted({key for key in wanted if isinstance(key, bytes)})
    persons = {key for key in wanted if not isinstance(key, bytes)}
    known: dict[Key, Filed] = {}
    for index, person in filed.by_resident_id(indexes, lock=lock).items():
        known[index] = person
    births = [date.fromisoformat(key[1]) for key in persons if key[1]]
    for key, namesake in filed.by_person(births, lock=lock).items():
        if key in persons:
            known[key] = namesake
    return known


def _keep_within(draft: Draft, reach: str) -> None:
    """Refuse a person who lives, or has a file, beyond the account's reach."""
    if not township_of(draft).startswith(reach):
        draft.refuse(
            "E_OUTSIDE_REACH", "township", "不在本账号管辖范围,请交所在地关爱办导入。"
        )
    elif draft.found and not draft.found.area_id.startswith(reach):
        draft.refuse("E_FILED_ELSEWHERE", "id", "已在其他县区建档,请联系市关爱办。")


def _compare(draft: Draft) -> None:
    """Say what is new about a person on file, or that the person is new."""
    person = draft.found
    if person is None:
        draft.outcome = Outcome.NEW
        draft.target = draft.target or uuid7()
        return
    draft.target = person.pk
    draft.fields = [name for name in WORDS if differs(draft, person, name)]
    draft.outcome = Outcome.CHANGED if draft.fields else Outcome.SAME
    if person.status == RecipientStatus.LEFT:
        draft.warn(
            "W_LEFT", "name", "此人已退出,只更新资料;如需重新建档,请到对象页办理。"
        )


def _keep_newer(drafts: Sequence[Draft]) -> None:
    """Ask before a value on file gives way to one of an earlier day."""
    dated = [
        draft
        for draft in drafts
        if draft.outcome == Outcome.CHANGED and draft.text("reported")
    ]
    if not dated:
        return
    changed_on = sources.changed_on([draft.target for draft in dated if draft.target])
    for draft in dated:
        days = {name: _day_of(name, draft, changed_on) for name in draft.fields}
        reported = draft.text("reported")
        newer = {name: day for name, day in days.items() if day and day > reported}
        if newer:
            _ask(draft, newer)


def _day_of(name: str, draft: Draft, changed_on: dict[tuple[UUID, str], date]) -> str:
    """Return the day of the value on file; a second category takes nobody's place."""
    if name == "also" or draft.target is None:
        return ""
    field = sources.COLUMNS.get(name, name)
    whole = changed_on.get((draft.target, sources.WHOLE))
    day = changed_on.get((draft.target, field), whole)
    return day.isoformat() if day else ""


def _ask(draft: Draft, newer: dict[str, str]) -> None:
    draft.question, draft.newer = Question.NEWER, list(newer)
    if not draft.agreed:
        draft.fields = [name for name in draft.fields if name not in newer]
        draft.outcome = Outcome.CHANGED if draft.fields else Outcome.SAME
    told = "、".join(f"{WORDS[name]}({day}更新)" for name, day in newer.items())
    done = "按文件改" if draft.agreed else "保留系统值"
    words = f"系统中的{told}晚于本表填报时间{draft.text('reported')},{done}。"
    draft.warn("W_NEWER", draft.newer[0], words)
