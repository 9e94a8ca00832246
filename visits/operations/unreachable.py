"""What the clock does about people whom nobody has reached for 60 days (失联)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone

from audit import trail
from audit.sentences import register
from casework.enums import NeedKind, Urgency
from casework.operations import write_need
from recipients.enums import RecipientStatus, TaskKind, TaskState
from recipients.models import Recipient
from recipients.operations.tasks import raise_task
from visits import refusing
from visits.operations.reminders import take_turn

register({"recipient.unreachable": "连续 60 天联系不上,已提请核实并请公安查找"})
UNREACHABLE_FOR = timedelta(days=60)
# One closed door is no sign that somebody is gone: a second day of trying is.
DAYS_TRIED = 2
WORDS = "已 60 天联系不上。请乡镇上门、向村社和亲属了解去向;仍找不到的,转公安协助查找。"


@transaction.atomic
def ask_about_unreachable(*, now: datetime) -> int:
    """Ask the offices whether the people nobody has reached for 60 days are missing.

    The days begin with the first call or visit that found nobody, and end with any
    that reached somebody. Nobody is paused or leaves by this: the office decides. An
    answer holds 60 days. Returns how many were asked about.
    """
    take_turn()
    today = timezone.localdate(now)
    people = Recipient.objects.select_for_update(of=("self",), no_key=True)
    answered = now - UNREACHABLE_FOR
    asked = 0
    for person in people.filter(
        pk__in=_not_reached_since(today - UNREACHABLE_FOR),
        status=RecipientStatus.ON_FILE,
    ).order_by("pk"):
        told = person.tasks.filter(kind=TaskKind.UNREACHABLE)
        if not told.filter(state=TaskState.DONE, done_at__gt=answered).exists():
            asked += _ask(person, today)
    return asked


def _not_reached_since(day: date) -> list[UUID]:
    """Return the people whose tries, all in vain, began on the day or before it."""
    rows = (
        refusing.misses()
        .values("recipient")
        .annotate(first=Min("day"), days=Count("day", distinct=True))
        .filter(first__lte=day, days__gte=DAYS_TRIED)
    )
    return list(rows.values_list("recipient", flat=True))


def _ask(person: Recipient, today: date) -> int:
    """Raise the task and the need together, once while the task is open."""
    if not raise_task(person, TaskKind.UNREACHABLE, due_on=today):
        return 0
    write_need(
        recipient=person,
        kind=NeedKind.OTHER,
        words=WORDS,
        urgency=Urgency.URGENT,
        raised_by=None,
        on=today,
    )
    trail.record(
        "recipient.unreachable", subject=person, by=None, days=UNREACHABLE_FOR.days
    )
    return 1
