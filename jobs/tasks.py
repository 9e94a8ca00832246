"""The three Celery tasks: tell what is due, do a job, run a sweep."""

import logging
from datetime import timedelta

from celery import shared_task
from django.db import models
from django.utils import timezone
from structlog.contextvars import bound_contextvars

from common.refusals import Refused
from jobs import operations
from jobs.models import Job
from jobs.registry import JOB_HANDS

logger = logging.getLogger(__name__)
PUBLISH_AGAIN_AFTER = timedelta(seconds=30)
PUBLISH_AT_ONCE = 200
NO_LONGER = "发起人的账号已停用或角色已到期,没有执行。"


@shared_task(name="jobs.relay")
def relay() -> int:
    """Tell the broker the ids of what is due; harmless to run twice, or at once."""
    now = timezone.now()
    due = Job.objects.due(now).filter(
        models.Q(published_at=None)
        | models.Q(published_at__lt=now - PUBLISH_AGAIN_AFTER)
    )
    ids = list(due.order_by("due_at").values_list("pk", flat=True)[:PUBLISH_AT_ONCE])
    for pk in ids:
        do_job.delay(str(pk))
    return Job.objects.filter(pk__in=ids).update(published_at=now)


@shared_task(name="jobs.do", acks_late=True)
def do_job(job_id: str) -> None:
    """Claim the job and do it; whoever comes second finds nothing to do."""
    with bound_contextvars(job=job_id):
        _do(job_id)


@shared_task(name="jobs.sweep", acks_late=True)
def run_sweep(name: str) -> int:
    """Run one sweep for this moment."""
    return operations.run_sweep(name=name, now=timezone.now())


def _do(job_id: str) -> None:
    job = operations.claim(job_id=job_id)
    if job is None:
        return
    if job.by is not None and not job.by.role_is_in_force(timezone.localdate()):
        # Decided now, not when it was asked for: nobody works on after the end.
        operations.fail(job=job, words=NO_LONGER)
        return
    try:
        JOB_HANDS[job.kind](job)
    except Refused as refusal:
        operations.fail(job=job, words=str(refusal))
    except Exception as fault:
        # The text of a fault may hold a person's facts: only its kind is told.
        logger.error("job %s of kind %s: %s", job.pk, job.kind, type(fault).__name__)
        operations.fail(job=job, words="系统出错,没有完成,请联系管理员。")
        raise
