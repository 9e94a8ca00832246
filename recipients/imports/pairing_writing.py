"""Writes the pairings of a roster, and takes them back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from cadres.models import Cadre, User
from common.refusals import Refused
from common.sealed_fields import json_in, json_needed
from intake.copying import change_many, copy_in, in_blocks
from intake.dependence import pointed_at
from intake.directory import KnownCadre
from intake.drafts import Draft
from intake.enums import Outcome
from intake.models import ImportRow
from intake.registry import Obstacle
from intake.storing import open_row
from recipients.due import Standards, first_due
from recipients.enums import PairingKind, PairingStatus
from recipients.imports.filed import Filed
from recipients.models import Pairing
from recipients.operations.pairing_handovers import hand_over

NEW_FIELDS = (
    *("id", "recipient", "cadre", "kind", "status", "proposed_by", "proposed_on"),
    *("reviewed_by", "reviewed_at", "review_words", "started_on", "next_due_on"),
)
CHANGED_FIELDS = ("started_on", "version")
REVIEW_WORDS = "由花名册导入"


@dataclass(slots=True)
class Standing:
    """A pairing that stands, on file or from a row above."""

    pk: UUID
    cadre_id: UUID
    started_on: str
    version: int = 1


@dataclass(slots=True)
class Match:
    """The two whom a row pairs, and the pairing they have already."""

    person: Filed
    cadre: KnownCadre
    kind: PairingKind
    current: Standing | None


def write(drafts: Sequence[Draft], *, by: User) -> None:
    """Let the new pairings begin on their days, and set right other days."""
    today, now = timezone.localdate(), timezone.now()
    new = [draft for draft in drafts if draft.outcome == Outcome.NEW]
    # Made before copying begins: the standards are asked of the same connection.
    standards = Standards()
    rows = [_new(draft, by, today, now, standards) for draft in new]
    copy_in(Pairing, NEW_FIELDS, rows)
    changed = [draft for draft in drafts if draft.outcome == Outcome.CHANGED]
    _hand_over([draft for draft in changed if "cadre" in draft.fields], by)
    changed = [draft for draft in changed if "start" in draft.fields]
    for draft in changed:
        draft.before = {"start": draft.found.current.started_on}
    change_many(
        Pairing,
        CHANGED_FIELDS,
        (
            (draft.target, draft.text("start"), draft.found.current.version + 1)
            for draft in changed
        ),
    )


def obstacles(rows: Sequence[ImportRow]) -> list[Obstacle]:
    """Return the new pairings that have visits, or were changed since."""
    new = {row.target_id: row for row in rows if row.outcome == Outcome.NEW}
    pairings = _fetch([pk for pk in new if pk])
    reasons = {
        pk: "导入之后改过"
        for pk, pairing in pairings.items()
        if pairing.version != 1 or pairing.status != PairingStatus.ACTIVE
    }
    for pk, words in pointed_at(Pairing, list(pairings)).items():
        reasons.setdefault(pk, words)
    found = [Obstacle(new[pk], words) for pk, words in reasons.items()]
    # A hand-over was told to both cadres: it is undone by another one only.
    found += [
        Obstacle(row, "已办理交接,请到该结对另行交接")
        for row in rows
        if row.outcome == Outcome.CHANGED and "cadre" in json_in(row.before)
    ]
    return sorted(found, key=lambda obstacle: obstacle.row.position)


def undo(rows: Sequence[ImportRow]) -> None:
    """Remove the new pairings and give the changed ones their days back."""
    new = [row.target_id for row in rows if row.outcome == Outcome.NEW]
    for block in in_blocks(new):
        Pairing.objects.filter(pk__in=list(block)).delete()
    changed = {row.target_id: row for row in rows if row.outcome == Outcome.CHANGED}
    pairings = _fetch([pk for pk in changed if pk])
    restored = [
        (pk, json_needed(changed[pk].before)["start"], pairing.version + 1)
        for pk, pairing in pairings.items()
        if str(pairing.started_on) == open_row(changed[pk]).text("start")
    ]
    change_many(Pairing, CHANGED_FIELDS, restored)


def _hand_over(drafts: Sequence[Draft], by: User) -> None:
    """Hand each pairing over without a gap; what its own rules refuse is refused."""
    for draft in drafts:
        match: Match = draft.found
        assert match.current is not None
        pairing = Pairing.objects.select_related("cadre").get(pk=match.current.pk)
        try:
            hand_over(
                pairing=pairing,
                cadre=Cadre.objects.get(pk=match.cadre.pk),
                on=_start_of(draft),
                words=draft.text("note") or REVIEW_WORDS,
                by=by,
            )
        except Refused as refusal:
            draft.refuse("E_HANDOVER", "cadre", str(refusal))
        else:
            draft.before = {"cadre": pairing.cadre.name}


def _start_of(draft: Draft) -> date:
    """Return the day the row names; today when it names none."""
    start = draft.text("start")
    return date.fromisoformat(start) if start else timezone.localdate()


def _fetch(keys: Sequence[UUID]) -> dict[UUID, Pairing]:
    found: dict[UUID, Pairing] = {}
    for block in in_blocks(keys):
        rows = Pairing.objects.filter(pk__in=list(block)).order_by("pk")
        found |= {one.pk: one for one in rows.select_for_update(of=("self",))}
    return found


def _new(
    draft: Draft, by: User, today: date, now: Any, standards: Standards
) -> tuple[Any, ...]:
    match: Match = draft.found
    start = _start_of(draft)
    return (
        *(draft.target, match.person.pk, match.cadre.pk, str(match.kind)),
        *(PairingStatus.ACTIVE.value, by.pk, today, by.pk, now, REVIEW_WORDS),
        *(start, first_due(match.person.category, start, standards)),
    )
