"""Who refuses visits, and whom nobody finds (domain edge cases 16 and 49)."""

from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from recipients.models import Recipient
from visits.enums import Outcome
from visits.models import HomeVisit, HomeVisitQuerySet

# After so many refusals the township goes once, and the cadre calls up.
REFUSALS = 2
# After so many times in a row that nobody was found the township looks.
MISSES = 3


def refusals() -> HomeVisitQuerySet:
    """Return the refusals since somebody was last let in."""
    let_in = HomeVisit.objects.standing().in_person().filter(outcome=Outcome.MET)
    standing = HomeVisit.objects.standing().order_by()
    return standing.filter(~Exists(_later(let_in)), outcome=Outcome.REFUSED)


def misses() -> HomeVisitQuerySet:
    """Return the visits and calls that found nobody, since anybody was reached."""
    reached = HomeVisit.objects.standing().reached()
    standing = HomeVisit.objects.standing().order_by()
    return standing.filter(~Exists(_later(reached)), outcome=Outcome.NOT_MET)


def called_up() -> QuerySet[HomeVisit, UUID]:
    """Return the keys of the people who are called up instead of visited (改为电话)."""
    return (
        refusals()
        .values("recipient")
        .annotate(times=Count("pk"))
        .filter(times__gte=REFUSALS)
        .values_list("recipient", flat=True)
    )


def is_called_up(person: Recipient) -> bool:
    """Say whether this one is."""
    return called_up().filter(recipient=person.pk).exists()


def days_of(visits: HomeVisitQuerySet, person: Recipient) -> list[date]:
    """Return the days of one person's, oldest first."""
    rows = visits.filter(recipient=person).order_by("day", "id")
    return list(rows.values_list("day", flat=True))


def _later(visits: HomeVisitQuerySet) -> HomeVisitQuerySet:
    after = Q(day__gt=OuterRef("day")) | Q(day=OuterRef("day"), id__gt=OuterRef("id"))
    return visits.filter(after, recipient=OuterRef("recipient")).order_by()
