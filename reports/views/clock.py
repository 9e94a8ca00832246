"""The clock: each task's last run, next run, rows done and last error."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from celery.schedules import crontab
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from backups.queries import state as backup_state
from cadres.http import Request, requires
from cadres.permissions import Permission
from common.toasts import toast
from jobs.models import ClockRun
from jobs.registry import SWEEPS, Sweep
from reports import queries
from reports.operations import clock


@dataclass(frozen=True)
class ClockLine:
    """One task of the clock, as the page shows it."""

    sweep: Sweep
    last: ClockRun | None
    next_at: datetime | None


@require_safe
@requires(Permission.SEE_CLOCK)
def clock_page(request: Request) -> HttpResponse:
    runs = {run.name: run for run in queries.last_clock_runs()}
    lines = [
        ClockLine(sweep, runs.get(name), next_run(name))
        for name, sweep in sorted(SWEEPS.items())
    ]
    context = {
        "lines": lines,
        "recent": queries.recent_clock_runs(),
        "backups": backup_state(timezone.now()),
        "may_run": request.user.has_permission(Permission.RUN_CLOCK),
    }
    return render(request, "reports/clock.html", context)


@require_POST
@requires(Permission.RUN_CLOCK)
def clock_run(request: Request, name: str) -> HttpResponse:
    job = clock.run_by_hand(name=name, by=request.user)
    toast(request, f"{job.title}已提交,稍后执行。")
    return redirect("reports:job_detail", pk=job.pk)


def next_run(name: str) -> datetime | None:
    """Return when beat will run the sweep next; None while it is not in the table."""
    when = settings.CLOCK.get(name)
    if not isinstance(when, crontab):
        return None
    now = timezone.localtime()
    # The estimate falls a few milliseconds short of the full minute.
    soon = now + when.remaining_estimate(now) + timedelta(seconds=1)
    return soon.replace(second=0, microsecond=0)
