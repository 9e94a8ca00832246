"""Running a task of the clock by hand."""

from django.db import transaction

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from jobs import operations as jobs
from jobs.clock import RUN_JOB
from jobs.models import Job
from jobs.registry import SWEEPS


@permits(Permission.RUN_CLOCK)
@transaction.atomic
def run_by_hand(*, name: str, by: User) -> Job:
    """Leave a job that runs the sweep at once; harmless while it runs by itself."""
    sweep = SWEEPS.get(name)
    if sweep is None:
        raise Refused("没有这个时钟任务,请刷新后再看。")
    job = jobs.owe(RUN_JOB, title=f"手动运行:{sweep.title}", by=by, name=name)
    trail.record("clock.run_by_hand", subject=job, by=by, name=name)
    return job
