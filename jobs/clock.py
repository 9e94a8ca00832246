"""Whether the clock has kept its hours, and making good the hours it missed.

Beat only sends a word; a broker that is down at that minute loses it. What was due is
found from the rows that runs leave, and a run that is missing is owed as a job.
"""

import uuid
from datetime import datetime, timedelta

from celery.schedules import crontab
from django.conf import settings
from django.db.models import Max, Min
from django.utils import timezone

from jobs.holding import abandoned
from jobs.models import ClockRun, Job
from jobs.registry import SWEEPS

RUN_JOB = "clock.run"
LATE_AFTER = timedelta(minutes=5)
# Longer than the longest pause between two runs of a sweep, which is a month.
LOOKED_BACK = timedelta(days=40)
OF_HOURS = uuid.UUID("6a6f6273-2e63-4c6f-8b00-000000000001")


def catch_up(*, now: datetime) -> int:
    """Owe a run for each hour that passed without one; an hour is owed once."""
    owed = [
        Job(
            pk=uuid.uuid5(OF_HOURS, f"{name} {due.isoformat()}"),
            kind=RUN_JOB,
            title=f"补做:{SWEEPS[name].title}",
            options={"name": name},
        )
        for name, due in missed(now).items()
    ]
    known = set(Job.objects.filter(pk__in=[job.pk for job in owed]).values_list("pk"))
    fresh = [job for job in owed if (job.pk,) not in known]
    Job.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def missed(now: datetime) -> dict[str, datetime]:
    """Return the sweeps that should have run by now and did not, and since when.

    A system that has never run anything has missed nothing.
    """
    runs = ClockRun.objects.filter(started_at__gte=now - LOOKED_BACK)
    begun = runs.aggregate(first=Min("started_at"))["first"]
    if begun is None:
        return {}
    ended = runs.exclude(finished_at=None).filter(error="")
    last = dict(ended.values_list("name").annotate(Max("started_at")))
    found = {}
    for name, when in settings.CLOCK.items():
        if name in SWEEPS and isinstance(when, crontab):
            due = next_after(when, last.get(name, begun))
            if due + LATE_AFTER <= now:
                found[name] = due
    # Those that somebody is at just now are only late.
    return {name: found[name] for name in abandoned(found)}


def next_after(when: crontab, moment: datetime) -> datetime:
    """Return the first hour of the table after the moment."""
    start, ahead, _ = when.remaining_delta(timezone.localtime(moment))
    due: datetime = start + ahead
    return due
