"""The relay tells the broker what is due, again when a word may have been lost."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from jobs import operations, tasks
from jobs.models import Job, JobState

QUEUE = "test-jobs"


@pytest.fixture
def queue(settings) -> str:
    """A queue of this test's own, at the real broker, that no worker listens to."""
    settings.CELERY_TASK_DEFAULT_QUEUE = QUEUE
    before = current_app.conf.task_default_queue
    current_app.conf.task_default_queue = QUEUE
    current_app.amqp.__dict__.pop("queues", None)
    _empty()
    yield QUEUE
    _empty()
    current_app.conf.task_default_queue = before
    current_app.amqp.__dict__.pop("queues", None)


@pytest.fixture
def job(admin) -> Job:
    return operations.owe("test.count", title="数一数", by=admin)


def test_what_is_due_is_told_once(job: Job, queue: str):
    assert tasks.relay() == 1
    assert tasks.relay() == 0
    assert _told() == 1


def test_what_is_told_and_not_begun_is_told_again(job: Job, queue: str):
    tasks.relay()
    Job.objects.update(published_at=timezone.now() - timedelta(seconds=11))
    _empty()

    assert tasks.relay() == 1
    assert _told() == 1


def test_what_a_dead_worker_left_is_told_at_once(job: Job, queue: str):
    tasks.relay()
    operations.claim(job_id=job.pk)

    assert tasks.relay() == 1
    assert Job.objects.get().state == JobState.RUNNING


def test_a_broker_that_is_behind_is_not_told_more(job: Job, queue: str):
    with current_app.connection_or_acquire() as line:
        waiting = ["{}"] * tasks.PUBLISH_AT_ONCE
        line.default_channel.client.rpush(queue, *waiting)

    assert tasks.relay() == 0
    assert Job.objects.get().published_at is None


def _told() -> int:
    with current_app.connection_or_acquire() as line:
        return line.default_channel.client.llen(QUEUE)


def _empty() -> None:
    with current_app.connection_or_acquire() as line:
        line.default_channel.client.delete(QUEUE)
