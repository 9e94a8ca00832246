"""What the pages that look across everything ask of the database."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from audit.models import Event, EventQuerySet
from cadres.enums import Role
from cadres.models import User
from jobs.models import ClockRun
from jobs.registry import SWEEPS

RECENT_RUNS = 30


def events_for(user: User) -> EventQuerySet:
    """Return the events within the account's reach: the auditor's is everything."""
    events: EventQuerySet = Event.objects.all()
    if user.role == Role.AUDITOR:
        return events
    return events.within(user.area.prefix) if user.area else events.none()


def last_clock_runs() -> list[ClockRun]:
    """Return the last run of each sweep that ever ran."""
    newest = ClockRun.objects.filter(name=OuterRef("name")).order_by("-started_at")
    return list(ClockRun.objects.filter(pk=Subquery(newest.values("pk")[:1])))


@dataclass(frozen=True)
class RunLine:
    """One run of the clock with its name in Chinese."""

    title: str
    started_at: datetime
    finished_at: datetime | None
    rows_done: int
    error: str


def recent_clock_runs() -> list[RunLine]:
    """Return the last runs of all sweeps, newest first."""
    return [
        RunLine(
            SWEEPS[run.name].title if run.name in SWEEPS else run.name,
            run.started_at,
            run.finished_at,
            run.rows_done,
            run.error,
        )
        for run in ClockRun.objects.order_by("-started_at")[:RECENT_RUNS]
    ]
