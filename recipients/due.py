"""When the next contact of a pairing is due (走访标准, product.md section 6)."""

from datetime import date, timedelta

from django.db.models import OuterRef, Subquery

from recipients.enums import Category
from recipients.models import Pairing, VisitStandard

# 特困 and children monthly, the others once a season, where an office set nothing.
DAYS_BETWEEN = {Category.CHILD: 31, Category.DISABLED: 92, Category.DESTITUTE: 31}
DAYS_TO_MEET = 7


class Standards:
    """The days that may lie between two contacts, each year's read once."""

    def __init__(self) -> None:
        self._set: dict[int, dict[str, int]] = {}

    def days(self, category: str, year: int) -> int:
        """Return what the office has set for the year, or else the usual days."""
        if year not in self._set:
            rows = VisitStandard.objects.filter(year=year)
            self._set[year] = dict(rows.values_list("category", "days_between"))
        return self._set[year].get(category) or DAYS_BETWEEN[Category(category)]


def days_set(year: int) -> Subquery:
    """Return the days the office has set for the category of a pairing's recipient."""
    return Subquery(
        VisitStandard.objects.filter(
            year=year, category=OuterRef("recipient__category")
        ).values("days_between")[:1]
    )


def first_due(
    category: str, started_on: date, standards: Standards | None = None
) -> date:
    """Return the last day on which the first contact is in time."""
    days = (standards or Standards()).days(category, started_on.year)
    return started_on + timedelta(days=days)


def due_after(pairing: Pairing, contact_on: date, days: int | None) -> date | None:
    """Return the day by which the next contact is due; ``days`` as the office set."""
    wait = days or DAYS_BETWEEN[Category(pairing.recipient.category)]
    due = next_due_on(contact_on, pairing.started_on or contact_on, wait)
    return due_since_resumed(pairing, contact_on, due)


def due_since_resumed(
    pairing: Pairing, contact_on: date | None, due: date | None
) -> date | None:
    """Return the day that is due once a rest is over: as after a hand-over.

    Whoever was seen on or after the day of the resume is due as ever.
    """
    resumed = pairing.resumed_on
    if resumed is None or (contact_on is not None and contact_on >= resumed):
        return due
    return due_after_handover(pairing.recipient.category, resumed, due)


def due_after_handover(
    category: str, started_on: date, previous_due: date | None
) -> date:
    """Return the day inherited with the family, but leave a week to meet it.

    The person has waited since the last contact, whoever cared for them then.
    """
    standard = first_due(category, started_on)
    if previous_due is None:
        return standard
    return min(standard, max(previous_due, started_on + timedelta(days=DAYS_TO_MEET)))


def next_due_on(last_contact: date | None, started_on: date, days_between: int) -> date:
    """Return the day by which the next contact is due.

    A contact from before the pairing was somebody else's.
    """
    since = max(last_contact or started_on, started_on)
    return since + timedelta(days=days_between)
