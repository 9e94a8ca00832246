"""The relay tells the broker what is due, again when a word may have been lost."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from jobs import operations, tasks
from jobs.models import Job, JobState
from tests.conftest import QUEUE, empty_queue


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
    empty_queue()

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
