"""Leaving work to be done later, and doing it once in effect.

An operation leaves a ``Job`` in its own transaction; the relay tells the broker; the
worker claims, does, and marks. A lost, doubled or dead broker costs only time.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from common.refusals import Refused
from jobs.holding import abandoned, held
from jobs.models import ClockRun, Job, JobState, Notice
from jobs.registry import SWEEPS

CLAIM_FOR = timedelta(minutes=2)
TRY_AGAIN_AFTER = timedelta(seconds=5)
MAX_ATTEMPTS = 3
NO_LONGER = "发起人的账号已停用或角色已到期,没有执行。"


class Overtaken(Exception):
    """The job is another's by now; what was done on it must not stay."""


def owe(
    kind: str,
    *,
    title: str,
    by: models.Model | None,
    subject: models.Model | None = None,
    due_at: datetime | None = None,
    **options: Any,
) -> Job:
    """Leave a piece of work; options are ids and plain choices only."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Work is owed together with its deed or not at all.")
    return Job.objects.create(
        kind=kind,
        title=title,
        by_id=by.pk if by else None,
        subject_id=str(subject.pk) if subject else "",
        due_at=due_at or timezone.now(),
        options=options,
    )


@transaction.atomic
def claim(*, job_id: UUID | str, now: datetime | None = None) -> Job | None:
    """Take the job for two minutes, or return None when it is not to be had.

    Of any number of callers at any moment exactly one gets it. A job that was
    begun three times and never finished is set aside as failed.
    """
    now = now or timezone.now()
    job = (
        Job.objects.due(now)
        .select_for_update(skip_locked=True, of=("self",))
        .filter(pk=job_id)
        .first()
    )
    if job is None:
        return None
    if job.attempts >= MAX_ATTEMPTS:
        _close(job, JobState.FAILED, "执行了 3 次都没有完成,已停止,请联系管理员。")
        return None
    job.state, job.attempts = JobState.RUNNING, job.attempts + 1
    job.claimed_until = now + CLAIM_FOR
    job.save(update_fields=["state", "attempts", "claimed_until"])
    return job


def progress(job: Job, *, step: str = "", done: int = 0, total: int = 0) -> None:
    """Tell how far the job is, and keep the claim alive.

    Raises Refused when its owner's account has ended meanwhile.
    """
    job.refresh_from_db(fields=["by"])
    if owner_has_left(job):
        raise Refused(NO_LONGER)
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
        step=step,
        rows_done=done,
        rows_total=total,
        claimed_until=timezone.now() + CLAIM_FOR,
    )


def owner_has_left(job: Job) -> bool:
    """Say whether the account in whose name this is done may do nothing any more."""
    return job.by is not None and not job.by.role_is_in_force(timezone.localdate())


@transaction.atomic
def finish(*, job: Job, outcome: str, **result: Any) -> Job:
    """Mark the job done, with where its result is, and ring its owner's bell.

    Raises Overtaken when it was given to another meanwhile: in one transaction with
    the work, that undoes the work.
    """
    job = _own(job)
    for name, value in result.items():
        setattr(job, name, value)
    _close(job, JobState.DONE, outcome)
    return job


@transaction.atomic
def fail(*, job: Job, words: str) -> Job:
    """Mark the job failed with a sentence for the person who asked for it."""
    job = _own(job)
    _close(job, JobState.FAILED, words)
    return job


@transaction.atomic
def hand_back(*, job: Job) -> Job:
    """Let the job wait a little and be tried again; how often it was tried stays."""
    job = _own(job)
    job.state, job.claimed_until = JobState.WAITING, None
    job.due_at, job.published_at = timezone.now() + TRY_AGAIN_AFTER, None
    job.save(update_fields=["state", "claimed_until", "due_at", "published_at"])
    return job


def free_abandoned(*, now: datetime) -> int:
    """Let go at once of jobs whose worker has died; return how many."""
    running = Job.objects.filter(state=JobState.RUNNING, claimed_until__gt=now)
    left = abandoned(list(running.values_list("pk", flat=True)))
    return running.filter(pk__in=left).update(claimed_until=now) if left else 0


def run_sweep(*, name: str, now: datetime) -> int:
    """Run one sweep as of ``now`` and leave a row that says how it went."""
    run = ClockRun.objects.create(name=name, planned_at=now)
    try:
        # Held, so that a long run is not taken for a missed one.
        with held(name):
            run.rows_done = SWEEPS[name].hand(now)
    except Exception as fault:
        run.error = f"{type(fault).__name__},详见系统日志。"
        raise
    finally:
        run.finished_at = timezone.now()
        run.save(update_fields=["rows_done", "error", "finished_at"])
    return run.rows_done


def notify(
    *, to: models.Model, kind: str, period: str, words: str, url: str = ""
) -> bool:
    """Put a line in the bell once a period; say whether it was new."""
    _, made = Notice.objects.get_or_create(
        to_id=to.pk, kind=kind, period=period, defaults={"words": words, "url": url}
    )
    return made


@transaction.atomic
def read_notices(*, to: models.Model, upto: int | None = None) -> int:
    """Mark the account's notices as read; return how many were new."""
    unread = Notice.objects.filter(to_id=to.pk, read_at=None)
    if upto is not None:
        unread = unread.filter(pk__lte=upto)
    return unread.update(read_at=timezone.now())


def _own(job: Job) -> Job:
    """Lock the job, provided that nobody has ended it or begun it anew."""
    found = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if found.finished_at is not None or found.attempts != job.attempts:
        raise Overtaken
    return found


def _close(job: Job, state: JobState, outcome: str) -> None:
    job.state, job.outcome = state, outcome[:300]
    job.finished_at, job.claimed_until = timezone.now(), None
    job.save()
    if job.by is not None:
        notify(
            to=job.by,
            kind=f"job.{state}",
            period=str(job.pk),
            words=f"{job.title}:{job.get_state_display()}。{job.outcome}"[:300],
            url=job.result_url or f"/jobs/{job.pk}/",
        )
