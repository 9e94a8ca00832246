"""How long a family may wait for the next contact (走访标准)."""

from datetime import date

from django.db.models import OuterRef, Subquery

from recipients.enums import Category
from recipients.models import Pairing
from visits.calendar import next_due_on
from visits.models import VisitStandard

# Where the office has set nothing for the year: 特困 and children monthly.
DAYS_BETWEEN = {Category.CHILD: 31, Category.DISABLED: 92, Category.DESTITUTE: 31}


def days_set(year: int) -> Subquery:
    """Return the days the office has set for the category of a pairing's recipient."""
    return Subquery(
        VisitStandard.objects.filter(
            year=year, category=OuterRef("recipient__category")
        ).values("days_between")[:1]
    )


def due_after(pairing: Pairing, contact_on: date, days: int | None) -> date:
    """Return the day by which the next contact is due."""
    wait = days or DAYS_BETWEEN[Category(pairing.recipient.category)]
    return next_due_on(contact_on, pairing.started_on or contact_on, wait)
