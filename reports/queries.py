"""What the pages that look across everything ask of the database."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from audit.models import Check, Content, Event, EventQuerySet
from cadres.enums import Role
from cadres.models import User
from common.search_text import Kind, SearchQuery
from jobs.models import ClockRun
from jobs.registry import SWEEPS
from recipients.models import Recipient
from recipients.queries import search

RECENT_RUNS = 30
RECENT_CHECKS = 15
# Of one person's rows of one kind; a long life has a few hundred.
MOST_ROWS = 5_000


def events_for(user: User) -> EventQuerySet:
    """Return the events within the account's reach: the auditor's is everything."""
    events: EventQuerySet = Event.objects.all()
    if user.role == Role.AUDITOR:
        return events
    return events.within(user.area.prefix) if user.area else events.none()


def person_of(typed: str) -> Recipient | None:
    """Return the person with this code or this whole id, wherever they live.

    For the auditor, who is shown the code and never more.
    """
    query = SearchQuery.parse(typed)
    match query.kind:
        case Kind.CODE:
            return Recipient.objects.filter(code=query.text).first()
        case Kind.RESIDENT_ID:
            found = search(Recipient.objects.all(), query)
            return found.order_by("id").first()
        case _:
            return None


def filed(pk: UUID) -> Recipient | None:
    """Return the person with this key, for the auditor's look-up."""
    return Recipient.objects.select_related("area").filter(pk=pk).first()


def events_about_person(person: Recipient) -> EventQuerySet:
    """Return all that was done to the person, seen of them, and taken out with them.

    Rows that belong to a person are found by the schema: a new table with a person
    in it is part of the answer from its first day.
    """
    about = _about([person])
    for relation in Recipient._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        rows = model._default_manager.filter(**{name: person}).order_by()
        keys = [str(pk) for pk in rows.values_list("pk", flat=True)[:MOST_ROWS]]
        if keys:
            label = model._meta.label_lower
            about |= Q(subject_type=label, subject_id__in=keys)
    about |= _about([person.household])
    files = Content.objects.filter(people__contains=[person.pk])
    about |= Q(pk__in=list(files.values_list("pk", flat=True)))
    about |= Q(kind="person.searched", details__people__contains=str(person.pk))
    return Event.objects.filter(about)


def _about(rows: list[models.Model]) -> Q:
    kind = rows[0]._meta.label_lower
    return Q(subject_type=kind, subject_id__in=[str(row.pk) for row in rows])


def recent_checks() -> list[Check]:
    """Return the last walks along the trail's chain, newest first."""
    return list(Check.objects.order_by("-id")[:RECENT_CHECKS])


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
    """Return the last runs that did, or could not do, something; newest first.

    What comes every few minutes and finds nothing to do would fill the page.
    """
    idle = Q(rows_done=0, error="", finished_at__isnull=False)
    return [
        RunLine(
            SWEEPS[run.name].title if run.name in SWEEPS else run.name,
            run.started_at,
            run.finished_at,
            run.rows_done,
            run.error,
        )
        for run in ClockRun.objects.exclude(idle).order_by("-started_at")[:RECENT_RUNS]
    ]
