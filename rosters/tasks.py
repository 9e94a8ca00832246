"""The worker's hand for large lists, and what the clock does as a month begins."""

from datetime import date, datetime
from typing import cast

from django.db import transaction
from django.urls import reverse

from cadres.models import User
from intake.progressing import telling
from jobs import operations as jobs
from jobs.models import Job
from jobs.registry import does, sweep
from rosters import bringing_in
from rosters.enums import RosterKind
from rosters.operations import reconcile


@does("rosters.receive")
def receive(job: Job) -> None:
    """Read, keep and compare a list, all or nothing."""
    options = job.options
    by = cast(User, job.by)
    with telling(job, "读表并比对") as tell, transaction.atomic():
        roster = bringing_in.receive_kept(
            kind=RosterKind(options["list_kind"]),
            month=date.fromisoformat(options["month"]),
            file_name=options["file_name"],
            stored_as=options["stored_as"],
            by=by,
            tell=tell,
        )
        roster = reconcile.compare_roster(roster=roster, by=by)
        jobs.finish(
            job=job,
            outcome=f"{roster}共 {roster.rows_read} 行,已比对。",
            result_url=reverse("rosters:roster_detail", args=[roster.pk]),
        )


@sweep("monthly_reconciliation", "月初自查和名单比对")
def monthly_reconciliation(now: datetime) -> int:
    """Check the registry itself, compare the lists on hand, say which are missing."""
    return reconcile.begin_month(now=now)
