"""Logging a visit, once, with all it brings along."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from casework.operations import write_need
from common.refusals import Refused
from policies.operations import write_sheet
from recipients.due import days_set, due_after
from recipients.models import Pairing
from visits.content import VisitNote, fingerprint
from visits.enums import REACHED, VISITING_WAYS, Outcome, ReminderCause
from visits.models import Deed, HomeVisit, Reminder, VisitDraft
from visits.operations.following import follow, met_nobody
from visits.recounting import KEPT
from visits.rules import check_campaign, check_day, check_outcome, check_team

# The columns that the rules and the visit look at; the sealed ones stay where they are.
NEEDED = (
    "recipient__code",
    "recipient__household",
    "recipient__area",
    "recipient__category",
    "recipient__birth_on",
    "recipient__left_on",
    "recipient__status",
    "cadre__user",
    "cadre__organisation",
    "kind",
    "status",
    "started_on",
    "resumed_on",
    "ended_on",
    "last_contact_on",
    "last_visit_on",
    "next_due_on",
)


@dataclass(frozen=True)
class Logged:
    """A visit that stands, and whether this very call made it."""

    visit: HomeVisit
    new: bool


class ToldDifferently(Refused):
    """The same submission id came with other content; ``stored`` is the first."""

    def __init__(self, stored: HomeVisit) -> None:
        """Carry the visit that was stored first."""
        super().__init__("这次走访已经记过,内容与这次提交的不一样。")
        self.stored = stored


@permits(Permission.LOG_VISIT, Permission.LOG_VISIT_FOR_OTHERS)
def log_visit(
    *,
    pairings: Sequence[Pairing],
    client_id: UUID,
    note: VisitNote,
    late_entry: bool = False,
    by: User,
) -> Logged:
    """Write one visit to a family, a row for each of its members, once for an id.

    The first pairing is whom the sheet, the deeds and the need are about. Raises
    Refused when the day or the author is not lawful, ToldDifferently when the id is
    taken by other content, HomeVisit.DoesNotExist when by another account.
    """
    try:
        return _log(pairings, client_id, note, late_entry=late_entry, by=by)
    except IntegrityError:
        # The same id was stored for another family at this very moment: look again.
        return _log(pairings, client_id, note, late_entry=late_entry, by=by)


@transaction.atomic
def _log(
    pairings: Sequence[Pairing],
    client_id: UUID,
    note: VisitNote,
    *,
    late_entry: bool,
    by: User,
) -> Logged:
    locked = _lock(pairings, client_id, note, by)
    first = locked[0]
    content = fingerprint(note, [pairing.recipient_id for pairing in locked])
    if first.told:  # type: ignore[attr-defined]
        return _repeated(client_id, content, by)
    check_team(locked, late_entry=late_entry, by=by)
    for pairing in locked:
        check_day(pairing, note, late_entry=late_entry)
    check_campaign(note, first.recipient, late_entry=late_entry)
    check_outcome(note)

    visits = [
        _visit(pairing, note, client_id, content, late_entry=late_entry, by=by)
        for pairing in locked
    ]
    visits[0].client_id = client_id
    for visit in visits:
        visit.entered_at = visits[0].entered_at
    if note.findings is not None:
        visits[0].sheet = write_sheet(
            recipient=first.recipient,
            findings=note.findings,
            on=note.day,
            checked_by=by,
        )
    HomeVisit.objects.bulk_create(visits)
    _write_deeds(visits[0], note)
    _write_need(visits[0], note, by)
    for pairing, visit in zip(locked, visits, strict=True):
        _advance(pairing, visit)
        if visit.outcome != Outcome.MET or pairing.was_not_met:  # type: ignore[attr-defined]
            follow(pairing.recipient)
    _settle(locked, visits[0])
    trail.record(
        "visit.logged",
        subject=visits[0],
        by=by,
        day=note.day.isoformat(),
        way=note.way,
        outcome=note.outcome,
        people=len(visits),
        deeds=len(note.deeds),
        need=note.need is not None,
        late_entry=late_entry,
    )
    return Logged(visits[0], new=True)


def need_key(visit: HomeVisit) -> UUID:
    """Return the key of the need that was raised on this visit, if one was."""
    return uuid.uuid5(visit.together, "need")


def _lock(
    pairings: Sequence[Pairing], client_id: UUID, note: VisitNote, by: User
) -> list[Pairing]:
    """Lock the people first, then their pairings: the order everybody takes.

    What is annotated was true when the waiting for the lock began. A visit told
    under the same id meanwhile meets the unique constraint, and then this again.
    """
    waiting = Reminder.objects.standing().filter(pairing=OuterRef("pk"))
    drafts = VisitDraft.objects.filter(user=by, recipient=OuterRef("recipient"))
    found = {
        pairing.pk: pairing
        for pairing in Pairing.objects.select_for_update(
            of=("recipient", "self"), no_key=True
        )
        .filter(pk__in=[pairing.pk for pairing in pairings])
        .select_related("recipient", "cadre")
        .only(*NEEDED)
        .annotate(
            told=Exists(HomeVisit.objects.filter(client_id=client_id)),
            reminded=Exists(waiting),
            was_not_met=Exists(met_nobody().filter(recipient=OuterRef("recipient"))),
            drafted=Exists(drafts),
            days=days_set(note.day.year),
        )
        .order_by("recipient_id", "pk")
    }
    return [found[pairing.pk] for pairing in pairings]


def _repeated(client_id: UUID, content: str, by: User) -> Logged:
    stored = HomeVisit.objects.get(client_id=client_id)
    if stored.entered_by_id != by.pk:
        raise HomeVisit.DoesNotExist
    if stored.content_hash != content:
        raise ToldDifferently(stored)
    return Logged(stored, new=False)


def _visit(
    pairing: Pairing,
    note: VisitNote,
    client_id: UUID,
    content: str,
    *,
    late_entry: bool,
    by: User,
) -> HomeVisit:
    return HomeVisit(
        # Members after the first have ids that follow from the first one's.
        client_id=uuid.uuid5(client_id, str(pairing.recipient_id)),
        together=client_id,
        recipient=pairing.recipient,
        cadre=pairing.cadre,
        pairing=pairing,
        organisation_id=pairing.cadre.organisation_id,
        day=note.day,
        way=note.way,
        outcome=note.outcome,
        occasion=note.occasion,
        campaign_id=note.campaign_id,
        words=note.words.strip(),
        companions=note.companions.strip(),
        content_hash=content,
        entered_by=by,
        late_entry=late_entry,
    )


def _write_deeds(visit: HomeVisit, note: VisitNote) -> None:
    Deed.objects.bulk_create(
        Deed(
            visit=visit,
            kind=deed.kind,
            quantity=deed.quantity,
            amount=deed.amount,
            words=deed.words,
        )
        for deed in note.deeds
    )


def _write_need(visit: HomeVisit, note: VisitNote, by: User) -> None:
    if note.need is None:
        return
    write_need(
        recipient=visit.recipient,
        kind=note.need.kind,
        words=note.need.words,
        urgency=note.need.urgency,
        raised_by=by,
        on=timezone.localdate(),
        pk=need_key(visit),
    )


def _advance(pairing: Pairing, visit: HomeVisit) -> None:
    """Move the pairing's dates on; a visit told late never moves them back.

    Nobody at home moves nothing: the family still waits.
    """
    if visit.outcome not in REACHED:
        return
    if pairing.last_contact_on is None or visit.day >= pairing.last_contact_on:
        pairing.last_contact_on = visit.day
        pairing.next_due_on = due_after(pairing, visit.day, pairing.days)  # type: ignore[attr-defined]
    if visit.way in VISITING_WAYS and (
        pairing.last_visit_on is None or visit.day > pairing.last_visit_on
    ):
        pairing.last_visit_on = visit.day
    pairing.save(update_fields=KEPT)


def _settle(pairings: Sequence[Pairing], visit: HomeVisit) -> None:
    """Close what asked for this visit: reminders, and the draft it grew from."""
    for pairing in pairings if visit.outcome in REACHED else ():
        if pairing.reminded:  # type: ignore[attr-defined]
            due = Q(cause=ReminderCause.DUE, period__lt=pairing.next_due_on)
            since = Q(raised_at__date__lte=visit.day)
            Reminder.objects.standing().filter(due | since, pairing=pairing).update(
                done_at=visit.entered_at
            )
    if pairings[0].drafted:  # type: ignore[attr-defined]
        VisitDraft.objects.filter(
            user=visit.entered_by, recipient=visit.recipient
        ).delete()
