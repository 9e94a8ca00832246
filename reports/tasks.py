"""Jobs that are asked for on the pages of this app."""

from django.db import transaction
from django.utils import timezone

from jobs import operations
from jobs.models import Job
from jobs.registry import does


@does("clock.run")
def run_clock(job: Job) -> None:
    """Run one sweep because somebody asked for it."""
    rows = operations.run_sweep(name=job.options["name"], now=timezone.now())
    with transaction.atomic():
        operations.finish(
            job=job,
            outcome=f"{timezone.localtime():%H:%M} 运行完成,处理 {rows} 行。",
            result_url="/clock/",
        )
