"""Takes a roster back: new files go, changed ones get their old values again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from common.sealed_fields import json_needed
from intake.copying import change_many, in_blocks
from intake.dependence import let_go, pointed_at
from intake.drafts import Draft
from intake.enums import Outcome
from intake.models import ImportRow
from intake.registry import Obstacle
from intake.storing import open_row
from recipients.imports import filed
from recipients.imports.filed import Filed
from recipients.imports.values import GUARDIAN
from recipients.imports.writing import (
    CHANGED_FIELDS,
    GUARDIAN_FIELDS,
    guardian_row,
    held,
    hold,
    told,
)
from recipients.models import FieldSource, Guardian, Household, Recipient
from recipients.sources import taken_back

# What a person's file brings along; anything else that points at it depends on it.
OWN = ("guardians", "sources")


def obstacles(rows: Sequence[ImportRow]) -> list[Obstacle]:
    """Return the new files that something depends on, or that were changed since."""
    new = {row.target_id: row for row in rows if row.outcome == Outcome.NEW}
    people = filed.by_pk([pk for pk in new if pk], lock=True)
    reasons: dict[UUID, str] = {
        pk: "导入之后改过资料" for pk, person in people.items() if person.version != 1
    }
    for pk, words in pointed_at(Recipient, list(people), own=OWN).items():
        reasons.setdefault(pk, words)
    found = [Obstacle(new[pk], words) for pk, words in reasons.items()]
    return sorted(found, key=lambda obstacle: obstacle.row.position)


def undo(rows: Sequence[ImportRow]) -> None:
    """Remove the new files and give the changed ones back what they held."""
    new = [row.target_id for row in rows if row.outcome == Outcome.NEW]
    let_go(Recipient, [pk for pk in new if pk])
    _remove(new)
    changed = [row for row in rows if row.outcome == Outcome.CHANGED]
    people = filed.by_pk([row.target_id for row in changed if row.target_id], lock=True)
    drafts = [
        _reopened(row, people[row.target_id])
        for row in changed
        if row.target_id in people
    ]
    restored = [(draft, _earlier(draft)) for draft in drafts]
    if changed:
        taken_back(list(people), changed[0].batch_id)
    change_many(
        Recipient,
        CHANGED_FIELDS,
        (hold(draft.found, _own(earlier)) for draft, earlier in restored if earlier),
    )
    _restore_guardians(restored)


def _remove(keys: Sequence[UUID | None]) -> None:
    for block in in_blocks(keys):
        people = Recipient.objects.filter(pk__in=list(block))
        homes = list(people.values_list("household_id", flat=True))
        Guardian.objects.filter(recipient__in=list(block)).delete()
        FieldSource.objects.filter(recipient__in=list(block)).delete()
        people.delete()
        Household.objects.filter(pk__in=homes, recipients=None).delete()


def _reopened(row: ImportRow, person: Filed) -> Draft:
    draft = open_row(row)
    draft.before = json_needed(row.before)
    draft.found = person
    return draft


def _earlier(draft: Draft) -> dict[str, Any]:
    """Return the earlier values of the fields that still hold what the row wrote."""
    return {
        name: value
        for name, value in draft.before.items()
        if _still(draft, name, draft.found)
    }


def _still(draft: Draft, name: str, person: Filed) -> bool:
    now = held(person, name)
    if name == "also":
        return bool(now == [*draft.before["also"], draft.text("category")])
    wrote = told(draft, name, person)
    if name == "hukou":
        return bool(now == list(wrote or (None, "")))
    return bool(now == (list(wrote) if name == "dis_kind" else wrote))


def _own(earlier: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in earlier.items() if name not in GUARDIAN}


def _restore_guardians(restored: Sequence[tuple[Draft, dict[str, Any]]]) -> None:
    changed, added = [], []
    for draft, earlier in restored:
        guardian = draft.found.guardian
        told_of = {name: earlier[name] for name in GUARDIAN if name in earlier}
        if guardian is None or not told_of:
            continue
        if all(value is None for value in told_of.values()):
            added.append(guardian.pk)
            continue
        facts = [told_of.get(name, held(draft.found, name)) or "" for name in GUARDIAN]
        changed.append(guardian_row(guardian.pk, *facts))
    Guardian.objects.filter(pk__in=added).delete()
    change_many(Guardian, GUARDIAN_FIELDS, changed)
