"""The three Celery tasks: tell what is due, do a job, run a sweep."""

import logging
from datetime import timedelta

from celery import current_app, shared_task
from django.conf import settings
from django.db import close_old_connections, models
from django.utils import timezone
from structlog.contextvars import bound_contextvars

from common.errors import will_pass
from common.refusals import Refused
from jobs import clock, operations
from jobs.holding import held
from jobs.models import Job, JobState
from jobs.registry import JOB_HANDS

logger = logging.getLogger(__name__)
# A message that is still on its way may be doubled: whoever comes second finds nothing.
PUBLISH_AGAIN_AFTER = timedelta(seconds=10)
PUBLISH_AT_ONCE = 200


# A word of beat that is lost with its worker comes again by itself, or is made good
# from the rows; sent back to the broker, one that kills its worker would never end.
@shared_task(name="jobs.relay", acks_late=False)
def relay() -> int:
    """Tell the broker the ids of what is due; harmless to run twice, or at once."""
    now = timezone.now()
    operations.free_abandoned(now=now)
    clock.catch_up(now=now)
    if _waiting_at_the_broker() >= PUBLISH_AT_ONCE:
        return 0
    due = Job.objects.due(now).filter(
        models.Q(published_at=None)
        | models.Q(published_at__lt=now - PUBLISH_AGAIN_AFTER)
        # Published for a worker that has died since.
        | models.Q(state=JobState.RUNNING, published_at__lt=models.F("claimed_until"))
    )
    ids = list(due.order_by("due_at").values_list("pk", flat=True)[:PUBLISH_AT_ONCE])
    for pk in ids:
        do_job.delay(str(pk))
    return Job.objects.filter(pk__in=ids).update(published_at=now)


@shared_task(name="jobs.do", acks_late=True)
def do_job(job_id: str) -> None:
    """Claim the job and do it; whoever comes second finds nothing to do."""
    with bound_contextvars(job=job_id), held(job_id) as mine:
        job = operations.claim(job_id=job_id) if mine else None
        if job is not None:
            _do(job)


@shared_task(name="jobs.sweep", acks_late=False)
def run_sweep(name: str) -> int:
    """Run one sweep for this moment."""
    return operations.run_sweep(name=name, now=timezone.now())


def _do(job: Job) -> None:
    if operations.owner_has_left(job):
        # Decided now, not when it was asked for: nobody works on after the end.
        operations.fail(job=job, words=operations.NO_LONGER)
        return
    try:
        JOB_HANDS[job.kind](job)
    except Refused as refusal:
        operations.fail(job=job, words=str(refusal))
    except operations.Overtaken:
        logger.warning("job %s of kind %s was given to another", job.pk, job.kind)
    except Exception as fault:
        if will_pass(fault):
            # The database went away, or would not wait: nothing was written.
            logger.warning("job %s: %s, once more", job.pk, type(fault).__name__)
            close_old_connections()
            operations.hand_back(job=job)
            return
        # The text of a fault may hold a person's facts: only its kind is told.
        logger.error("job %s of kind %s: %s", job.pk, job.kind, type(fault).__name__)
        operations.fail(job=job, words="系统出错,没有完成,请联系管理员。")
        raise


def _waiting_at_the_broker() -> int:
    with current_app.connection_or_acquire() as line:
        queue = settings.CELERY_TASK_DEFAULT_QUEUE
        return int(line.default_channel.client.llen(queue))
