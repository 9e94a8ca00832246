"""Rosters of units and their cadres; units are made on the way."""

from collections.abc import Sequence
from typing import ClassVar

from cadres.models import Cadre, User
from common.encryption import blind_index
from common.rows import uuid7
from intake.copying import in_blocks
from intake.directory import Units
from intake.drafts import Draft
from intake.enums import BatchKind, Outcome
from intake.imports import cadre_changes, cadre_undoing, cadre_writing
from intake.imports.cadre_values import (
    WORDS,
    FiledCadre,
    differs,
    filed_cadres,
)
from intake.models import ImportBatch, ImportRow
from intake.registry import Change, Importer, Obstacle, Shown

Key = bytes | tuple[str, bytes]


class CadreImporter(Importer):
    """Knows rosters of units and cadres."""

    kind: ClassVar[BatchKind] = BatchKind.CADRES
    noun: ClassVar[str] = "名干部"
    page: ClassVar[str] = "cadres:cadre_detail"
    words: ClassVar[dict[str, str]] = WORDS
    columns: ClassVar[tuple[Shown, ...]] = (
        Shown("name", "姓名"),
        Shown("unit", "单位"),
        Shown("id", "身份证号", mask="id"),
        Shown("phone", "联系电话", mask="phone"),
        Shown("post", "职务"),
        Shown("capacity", "可结对户数"),
    )

    def judge(self, drafts: Sequence[Draft], *, by: User, lock: bool) -> None:
        """Give every row its outcome; a cadre is known by id, or by name and phone."""
        keys = {draft.position: _key(draft) for draft in drafts if not draft.wrong}
        known = _known(set(keys.values()), lock=lock)
        units = Units()
        seen: set[Key] = set()
        for draft in drafts:
            draft.begin_again()
            if draft.wrong:
                continue
            key = keys[draft.position]
            if key in seen:
                draft.outcome = Outcome.REPEATED
                continue
            seen.add(key)
            draft.found = known.get(key)
            _compare(draft, units)

    def apply(self, drafts: Sequence[Draft], *, batch: ImportBatch, by: User) -> None:
        """Write new and changed cadres, and the units that were not on file."""
        cadre_writing.write(drafts, batch=batch)

    def changes(
        self, drafts: Sequence[Draft], *, user: User
    ) -> dict[int, list[Change]]:
        return cadre_changes.changes(drafts, user=user)

    def obstacles(self, rows: Sequence[ImportRow]) -> list[Obstacle]:
        return cadre_undoing.obstacles(rows)

    def undo(self, rows: Sequence[ImportRow], *, by: User) -> None:
        cadre_undoing.undo(rows)


def _key(draft: Draft) -> Key:
    number = draft.text("id")
    if number:
        return blind_index(number)
    return draft.text("name"), blind_index(draft.text("phone"))


def _known(keys: set[Key], *, lock: bool) -> dict[Key, FiledCadre]:
    numbers = sorted(key for key in keys if isinstance(key, bytes))
    phones = sorted(key[1] for key in keys if not isinstance(key, bytes))
    known: dict[Key, FiledCadre] = {}
    for block in in_blocks(phones):
        cadres = Cadre.objects.filter(phone_index__in=list(block))
        for cadre in filed_cadres(cadres, lock=lock):
            known[cadre.name, cadre.phone_index] = cadre
    for block in in_blocks(numbers):
        cadres = Cadre.objects.filter(resident_id_index__in=list(block))
        for cadre in filed_cadres(cadres, lock=lock):
            known[cadre.resident_id_index] = cadre
    return known


def _compare(draft: Draft, units: Units) -> None:
    cadre = draft.found
    if cadre is None:
        draft.outcome = Outcome.NEW
        draft.target = draft.target or uuid7()
        return
    draft.target = cadre.pk
    draft.fields = [name for name in WORDS if differs(draft, cadre, name, units)]
    draft.outcome = Outcome.CHANGED if draft.fields else Outcome.SAME
    if not cadre.active:
        draft.warn("W_LEFT", "name", "此人已离岗,只更新资料。")
