"""The dates kept on a pairing, taken anew from the visits that stand."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Max

from recipients.due import Standards, due_after, due_after_handover, due_since_resumed
from recipients.models import Pairing
from visits.models import HomeVisit

KEPT = ("last_contact_on", "last_visit_on", "next_due_on")
Days = dict[UUID, date]


def last_days(pairings: Collection[UUID]) -> tuple[Days, Days]:
    """Return the day of each pairing's last contact, and of its last visit."""
    kept = HomeVisit.objects.standing().reached().filter(pairing__in=pairings)
    kept = kept.order_by()
    seen = kept.in_person()
    return (
        dict(kept.values_list("pairing").annotate(Max("day"))),
        dict(seen.values_list("pairing").annotate(Max("day"))),
    )


def due_again(
    pairing: Pairing, contact: date | None, standards: Standards
) -> date | None:
    """Return the day by which the next contact is due, as if reckoned today."""
    since, category = contact or pairing.started_on, pairing.recipient.category
    if since is None:
        return pairing.next_due_on
    if contact is None and pairing.previous is not None:
        due = due_after_handover(category, since, pairing.previous.next_due_on)
        return due_since_resumed(pairing, contact, due)
    return due_after(pairing, since, standards.days(category, since.year))


def recount(pairings: Collection[UUID]) -> None:
    """Lock the pairings and take their dates from the visits that still stand."""
    contacts, visits = last_days(pairings)
    rows = Pairing.objects.select_for_update(of=("self",), no_key=True)
    standards = Standards()
    for pairing in rows.filter(pk__in=pairings).select_related("recipient", "previous"):
        pairing.last_contact_on = contacts.get(pairing.pk)
        pairing.last_visit_on = visits.get(pairing.pk)
        pairing.next_due_on = due_again(pairing, pairing.last_contact_on, standards)
        pairing.save(update_fields=KEPT)
