"""What follows from refusals and closed doors: work for the township's office."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from recipients.enums import RecipientStatus, TaskKind, TaskState
from recipients.models import Recipient, RecipientQuerySet
from recipients.operations.tasks import moot, raise_task
from visits import refusing
from visits.models import HomeVisit, HomeVisitQuerySet

DAYS_TO_LOOK = timedelta(days=7)


def follow(person: Recipient) -> None:
    """Ask the township to go or to look, or let go of that: as the visits stand.

    The caller holds the person. Harmless at any time: what has been asked for, and
    what the township has answered since, is not asked for again.
    """
    refused = refusing.days_of(refusing.refusals(), person)
    _ask(person, TaskKind.REFUSING, refused[refusing.REFUSALS - 1 :][:1])
    missed = refusing.days_of(refusing.misses(), person)
    _ask(person, TaskKind.NOT_MET, missed[refusing.MISSES - 1 :: refusing.MISSES])
    if not missed:
        moot(person, TaskKind.UNREACHABLE)


def follow_all(people: Iterable[UUID]) -> None:
    """Look again at those of the people whom somebody did not meet."""
    not_met = met_nobody().filter(recipient__in=list(people))
    follow_each(Recipient.objects.filter(pk__in=not_met.values("recipient")))


def follow_each(people: RecipientQuerySet) -> None:
    """Look again at all of these people, in the order everybody takes."""
    for person in people.order_by("pk"):
        follow(person)


def met_nobody() -> HomeVisitQuerySet:
    """Return the standing visits and calls that met nobody."""
    return HomeVisit.objects.standing().met_nobody().order_by()


def _ask(person: Recipient, kind: TaskKind, reasons: list[date]) -> None:
    """Raise the task for the last of the days that are a reason for it."""
    if not reasons:
        moot(person, kind)
        return
    told = person.tasks.filter(kind=kind, raised_on__gte=reasons[-1])
    if (
        person.status != RecipientStatus.LEFT
        and not told.exclude(state=TaskState.MOOT).exists()
    ):
        raise_task(person, kind, due_on=timezone.localdate() + DAYS_TO_LOOK)
