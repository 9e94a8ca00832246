"""Takes a roster of cadres back, with the units it made."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cadres.models import Cadre, Organisation
from common.sealed_fields import json_needed
from intake.copying import change_many, in_blocks
from intake.dependence import pointed_at
from intake.directory import Units
from intake.drafts import Draft
from intake.enums import Outcome
from intake.imports.cadre_values import FiledCadre, filed_cadres
from intake.imports.cadre_writing import CHANGED_FIELDS, held, hold, told
from intake.models import ImportRow
from intake.registry import Obstacle
from intake.storing import open_row


def obstacles(rows: Sequence[ImportRow]) -> list[Obstacle]:
    """Return the new cadres that something depends on, or that were changed since."""
    new = {row.target_id: row for row in rows if row.outcome == Outcome.NEW}
    cadres = _fetch([pk for pk in new if pk])
    reasons = {
        pk: "导入之后改过资料"
        for pk, cadre in cadres.items()
        if cadre.version != 1 or not cadre.active
    }
    for pk, words in pointed_at(Cadre, list(cadres)).items():
        reasons.setdefault(pk, words)
    found = [Obstacle(new[pk], words) for pk, words in reasons.items()]
    return sorted(found, key=lambda obstacle: obstacle.row.position)


def undo(rows: Sequence[ImportRow]) -> None:
    """Remove new cadres, restore changed ones, then drop units nobody needs."""
    new = [row.target_id for row in rows if row.outcome == Outcome.NEW]
    for block in in_blocks(new):
        Cadre.objects.filter(pk__in=list(block)).delete()
    changed = [row for row in rows if row.outcome == Outcome.CHANGED]
    cadres = _fetch([row.target_id for row in changed if row.target_id])
    units = Units()
    restored = [
        _restored(row, cadres[row.target_id], units)
        for row in changed
        if row.target_id in cadres
    ]
    change_many(Cadre, CHANGED_FIELDS, restored)
    if rows:
        _drop_units([UUID(pk) for pk in rows[0].batch.settings.get("units", [])])


def _fetch(keys: Sequence[UUID]) -> dict[UUID, FiledCadre]:
    found: dict[UUID, FiledCadre] = {}
    for block in in_blocks(keys):
        cadres = Cadre.objects.filter(pk__in=list(block))
        found |= {cadre.pk: cadre for cadre in filed_cadres(cadres, lock=True)}
    return found


def _restored(row: ImportRow, cadre: FiledCadre, units: Units) -> tuple[Any, ...]:
    draft: Draft = open_row(row)
    before: dict[str, Any] = json_needed(row.before)
    earlier = {
        name: value
        for name, value in before.items()
        if held(cadre, name) == told(draft, name, units)
    }
    return hold(cadre, earlier)


def _drop_units(keys: Sequence[UUID]) -> None:
    needed = pointed_at(Organisation, keys)
    unneeded = [pk for pk in keys if pk not in needed]
    Organisation.objects.filter(pk__in=unneeded).delete()
