"""What the pages that look across everything ask of the database."""

from django.db.models import OuterRef, Subquery

from audit.models import Event, EventQuerySet
from cadres.enums import Role
from cadres.models import User
from jobs.models import ClockRun

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


def recent_clock_runs() -> list[ClockRun]:
    """Return the last runs of all sweeps, newest first."""
    return list(ClockRun.objects.order_by("-started_at")[:RECENT_RUNS])
