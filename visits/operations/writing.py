"""What a visit writes: its rows, what it brings along, the dates it moves on."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from audit import trail
from cadres.models import Cadre, User
from casework.operations import write_need
from policies.operations import write_sheet
from recipients.due import days_set, due_after
from recipients.models import Pairing
from visits.content import VisitNote
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


def lock(
    pairings: Sequence[Pairing], client_id: UUID, day: date, *, whose: User
) -> list[Pairing]:
    """Lock the people first, then their pairings: the order everybody takes.

    What is annotated was true when the waiting for the lock began. A visit told
    under the same id meanwhile meets the unique constraint, and then this again.
    """
    waiting = Reminder.objects.standing().filter(pairing=OuterRef("pk"))
    drafts = VisitDraft.objects.filter(user=whose, recipient=OuterRef("recipient"))
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
            days=days_set(day.year),
        )
        .order_by("recipient_id", "pk")
    }
    return [found[pairing.pk] for pairing in pairings]


def check(
    pairings: Sequence[Pairing], note: VisitNote, *, late_entry: bool, whose: User
) -> Cadre:
    """Return who made the visit; refuse what this account may not tell, or not so."""
    maker = check_team(pairings, note.day, late_entry=late_entry, by=whose)
    for pairing in pairings:
        check_day(pairing, note, late_entry=late_entry)
    check_campaign(note, pairings[0].recipient, late_entry=late_entry)
    check_outcome(note)
    return maker


def write(
    pairings: Sequence[Pairing],
    maker: Cadre,
    note: VisitNote,
    client_id: UUID,
    content: str,
    *,
    at: datetime,
    late_entry: bool,
    whose: User,
) -> HomeVisit:
    """Write a visit that has been checked to people whom ``lock`` holds; say so.

    Returns the row of the first, whom the sheet, the deeds and the need are about.
    """
    visits = [
        _visit(
            *(pairing, maker, note, client_id, content),
            late_entry=late_entry,
            whose=whose,
        )
        for pairing in pairings
    ]
    first = visits[0]
    first.client_id = client_id
    for visit in visits:
        visit.entered_at = at
    if note.findings is not None:
        first.sheet = write_sheet(
            recipient=first.recipient,
            findings=note.findings,
            on=note.day,
            checked_by=whose,
        )
    HomeVisit.objects.bulk_create(visits)
    _write_deeds(first, note)
    _write_need(first, note, whose)
    for pairing, visit in zip(pairings, visits, strict=True):
        _advance(pairing, visit)
        if visit.outcome != Outcome.MET or pairing.was_not_met:  # type: ignore[attr-defined]
            follow(pairing.recipient)
    _settle(pairings, first)
    trail.record(
        "visit.logged",
        subject=first,
        by=whose,
        day=note.day.isoformat(),
        way=note.way,
        outcome=note.outcome,
        people=len(visits),
        deeds=len(note.deeds),
        need=note.need is not None,
        late_entry=late_entry,
    )
    return first


def need_key(visit: HomeVisit) -> UUID:
    """Return the key of the need that was raised on this visit, if one was."""
    return uuid.uuid5(visit.together, "need")


def _visit(
    pairing: Pairing,
    maker: Cadre,
    note: VisitNote,
    client_id: UUID,
    content: str,
    *,
    late_entry: bool,
    whose: User,
) -> HomeVisit:
    return HomeVisit(
        # Members after the first have ids that follow from the first one's.
        client_id=uuid.uuid5(client_id, str(pairing.recipient_id)),
        together=client_id,
        recipient=pairing.recipient,
        cadre=maker,
        pairing=pairing,
        organisation_id=maker.organisation_id,
        day=note.day,
        way=note.way,
        outcome=note.outcome,
        occasion=note.occasion,
        campaign_id=note.campaign_id,
        words=note.words.strip(),
        companions=note.companions.strip(),
        content_hash=content,
        entered_by=whose,
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


def _write_need(visit: HomeVisit, note: VisitNote, whose: User) -> None:
    if note.need is None:
        return
    write_need(
        recipient=visit.recipient,
        kind=note.need.kind,
        words=note.need.words,
        urgency=note.need.urgency,
        whose=note.need.whose,
        raised_by=whose,
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
