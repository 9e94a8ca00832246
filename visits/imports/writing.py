"""Writes the visits of a ledger with all that was done, and takes them back."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from cadres.models import User
from common.rows import uuid7
from common.sealed_fields import json_needed
from intake.copying import change_many, copy_in, in_blocks
from intake.dependence import pointed_at
from intake.drafts import Draft
from intake.enums import Outcome
from intake.models import ImportBatch, ImportRow
from intake.registry import Obstacle
from recipients.due import Standards, due_after
from recipients.enums import PairingKind
from recipients.models import Pairing, Recipient
from recipients.pairing_rules import STANDING
from visits.enums import REACHED, VISITING_WAYS
from visits.imports.themes import Themes
from visits.models import Campaign, Deed, HomeVisit
from visits.operations.following import follow_all, follow_each
from visits.recounting import KEPT, due_again, last_days

NEW_FIELDS = (
    *("id", "client_id", "together", "recipient", "cadre", "pairing", "organisation"),
    *("day", "way", "outcome", "campaign", "words", "content_hash"),
    *("entered_by", "late_entry", "batch_id"),
)
_WORDS = HomeVisit._meta.get_field("words")
_VISITING = {str(way) for way in VISITING_WAYS}


def write(drafts: Sequence[Draft], *, batch: ImportBatch, by: User) -> None:
    """Write the visits as late entries and move the pairings' dates on."""
    if not drafts:
        return
    _find_campaigns(drafts, batch)
    pairings = _pairings(drafts)
    visits = (_visit(draft, pairings.get(_pair(draft)), batch, by) for draft in drafts)
    copy_in(HomeVisit, NEW_FIELDS, visits)
    copy_in(Deed, ("visit", "kind", "quantity", "amount"), _deeds(drafts))
    _advance(drafts, pairings)
    follow_all({draft.found.person.pk for draft in drafts})


def obstacles(rows: Sequence[ImportRow]) -> list[Obstacle]:
    """Return the visits that something else hangs on by now."""
    new = {row.target_id: row for row in rows if row.outcome == Outcome.NEW}
    keys = [pk for pk in new if pk]
    held = pointed_at(HomeVisit, keys, own=("deeds",))
    found = [Obstacle(new[pk], words) for pk, words in held.items()]
    return sorted(found, key=lambda obstacle: obstacle.row.position)


def undo(rows: Sequence[ImportRow]) -> None:
    """Remove the visits, and give the pairings back the dates they had."""
    new = [row.target_id for row in rows if row.outcome == Outcome.NEW]
    told = [json_needed(row.before) for row in rows if row.before]
    earlier = {UUID(one["pairing"]): one for one in told}
    touched = set(earlier)
    met_nobody: set[UUID] = set()
    for block in in_blocks(new):
        visits = HomeVisit.objects.filter(pk__in=list(block)).order_by()
        met_nobody |= set(visits.met_nobody().values_list("recipient", flat=True))
        of_pairings = visits.exclude(pairing=None)
        touched |= set(of_pairings.values_list("pairing", flat=True).distinct())
        visits.delete()
    # All in hand before any is sent: while rows are copied in, nothing can be asked.
    change_many(Pairing, KEPT, list(_dates_again(sorted(touched), earlier)))
    follow_each(Recipient.objects.filter(pk__in=met_nobody))
    made = [UUID(pk) for pk in (rows[0].batch.settings.get("campaigns", []))]
    needed = pointed_at(Campaign, made)
    Campaign.objects.filter(pk__in=[pk for pk in made if pk not in needed]).delete()


def _find_campaigns(drafts: Sequence[Draft], batch: ImportBatch) -> None:
    themes = Themes()
    missing = [d for d in drafts if d.found.theme and d.found.campaign_id is None]
    wanted = sorted({(d.found.theme, d.found.note.day) for d in missing})
    made = themes.make(wanted)
    for draft in missing:
        told = draft.found
        told.campaign_id = themes.find(told.theme, told.note.day, told.person.area_id)
    batch.settings = {**batch.settings, "campaigns": [str(pk) for pk in made]}
    batch.save(update_fields=["settings"])


def _pair(draft: Draft) -> tuple[UUID, UUID]:
    return draft.found.person.pk, draft.found.cadre.pk


def _pairings(drafts: Sequence[Draft]) -> dict[tuple[UUID, UUID], Pairing]:
    """Return the standing pairing of each pair that was seen, locked."""
    people = sorted({draft.found.person.pk for draft in drafts})
    keys = []
    for block in in_blocks(people):
        rows = Pairing.objects.filter(recipient__in=list(block), status__in=STANDING)
        keys += list(rows.values_list("pk", flat=True))
    found: dict[tuple[UUID, UUID], Pairing] = {}
    for pairing in _locked(keys):
        pair = (pairing.recipient_id, pairing.cadre_id)
        if pair not in found or pairing.kind == PairingKind.CADRE:
            found[pair] = pairing
    return found


def _locked(keys: Sequence[UUID]) -> Iterator[Pairing]:
    for block in in_blocks(keys):
        rows = Pairing.objects.filter(pk__in=list(block))
        rows = rows.select_related("recipient", "previous")
        yield from rows.order_by("pk").select_for_update(of=("self",))


def _visit(
    draft: Draft, pairing: Pairing | None, batch: ImportBatch, by: User
) -> tuple[Any, ...]:
    told, client = draft.found, uuid7()
    return (
        *(draft.target, client, client, told.person.pk, told.cadre.pk),
        pairing.pk if pairing else None,
        told.cadre.organisation_id,
        *(told.note.day, told.note.way, told.note.outcome, told.campaign_id),
        _WORDS.sealed(told.note.words, pk=draft.target),
        *(told.content_hash, by.pk, True, batch.pk),
    )


def _deeds(drafts: Sequence[Draft]) -> Iterator[tuple[Any, ...]]:
    for draft in drafts:
        for deed in draft.found.note.deeds:
            yield draft.target, deed.kind, deed.quantity, deed.amount


def _advance(
    drafts: Sequence[Draft], pairings: dict[tuple[UUID, UUID], Pairing]
) -> None:
    """Move the dates on; what was told late, or reached nobody, moves none back."""
    told: dict[UUID, list[Draft]] = defaultdict(list)
    by_pk = {pairing.pk: pairing for pairing in pairings.values()}
    for draft in drafts:
        pairing = pairings.get(_pair(draft))
        if pairing is not None and draft.found.note.outcome in REACHED:
            told[pairing.pk].append(draft)
    standards = Standards()
    changed = []
    for pk, some in told.items():
        pairing = by_pk[pk]
        was = _dates(pairing)
        _move(pairing, some, standards)
        if _dates(pairing) != was:
            now = _dates(pairing)
            some[0].before = {"pairing": str(pk), "was": was, "now": now}
            changed.append((pk, *now))
    change_many(Pairing, KEPT, changed)


def _move(pairing: Pairing, drafts: Sequence[Draft], standards: Standards) -> None:
    contact = max(draft.found.note.day for draft in drafts)
    seen = [d.found.note.day for d in drafts if d.found.note.way in _VISITING]
    if pairing.last_contact_on is None or contact >= pairing.last_contact_on:
        pairing.last_contact_on = contact
        days = standards.days(pairing.recipient.category, contact.year)
        pairing.next_due_on = due_after(pairing, contact, days)
    if seen:
        pairing.last_visit_on = max([*seen, pairing.last_visit_on or seen[0]])


def _dates(pairing: Pairing) -> list[str | None]:
    values = (getattr(pairing, name) for name in KEPT)
    return [day.isoformat() if day else None for day in values]


def _dates_again(
    pairings: Sequence[UUID], earlier: dict[UUID, dict[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    """Yield what the visits that are left come to."""
    contacts, visits = last_days(pairings)
    standards = Standards()
    for pairing in _locked(pairings):
        contact = contacts.get(pairing.pk)
        due = pairing.next_due_on
        if contact != pairing.last_contact_on:
            due = _due_before(pairing, contact, earlier.get(pairing.pk))
            due = due or due_again(pairing, contact, standards)
        yield pairing.pk, contact, visits.get(pairing.pk), due


def _due_before(
    pairing: Pairing, contact: date | None, told: dict[str, Any] | None
) -> date | None:
    """Return the day from before the import, when nothing else has moved it since."""
    if told is None or told["now"] != _dates(pairing):
        return None
    was, _, due = (day and date.fromisoformat(day) for day in told["was"])
    return due if was == contact else None
