"""Work left in rows: claimed once, done once, failed with a sentence."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from common.refusals import Refused
from jobs import operations
from jobs.holding import abandoned, held
from jobs.models import ClockRun, Job, JobState, Notice
from jobs.registry import JOB_HANDS, SWEEPS, Sweep
from jobs.tasks import do_job


@pytest.fixture
def job(admin) -> Job:
    return operations.owe("test.count", title="数一数", by=admin)


@pytest.fixture
def hand():
    """Register a hand for the tests' own kind of job."""
    done = []

    def count(job: Job) -> None:
        done.append(job.pk)
        with transaction.atomic():
            operations.finish(job=job, outcome="数完了")

    JOB_HANDS["test.count"] = count
    yield done
    del JOB_HANDS["test.count"]


def test_work_delivered_twice_is_done_once(job: Job, hand: list):
    do_job(str(job.pk))
    do_job(str(job.pk))

    job.refresh_from_db()
    assert hand == [job.pk]
    assert job.state == JobState.DONE


def test_work_whose_row_is_gone_is_nothing_to_do(job: Job, hand: list):
    Job.objects.all().delete()

    do_job(str(job.pk))

    assert hand == []


def test_finished_work_rings_its_owners_bell(job: Job, hand: list):
    do_job(str(job.pk))

    notice = Notice.objects.get()
    assert notice.to == job.by
    assert "数完了" in notice.words


def test_an_abandoned_claim_comes_back(job: Job):
    operations.claim(job_id=job.pk)
    later = timezone.now() + operations.CLAIM_FOR + timedelta(seconds=1)

    assert operations.claim(job_id=job.pk) is None
    assert operations.claim(job_id=job.pk, now=later) == job


def test_work_that_kills_its_worker_is_set_aside_after_three_tries(job: Job):
    now = timezone.now()
    for _ in range(4):
        operations.claim(job_id=job.pk, now=now)
        now += operations.CLAIM_FOR + timedelta(seconds=1)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "3 次" in job.outcome


def test_work_whose_worker_died_is_free_at_once(job: Job):
    with held(job.pk) as mine:
        operations.claim(job_id=job.pk)
        kept = operations.free_abandoned(now=timezone.now())
    freed = operations.free_abandoned(now=timezone.now())

    assert mine
    assert (kept, freed) == (0, 1)
    assert operations.claim(job_id=job.pk) == job


def test_work_that_somebody_is_at_is_not_done_beside_him(job: Job, hand: list):
    with held(job.pk):
        do_job(str(job.pk))
        assert hand == []
    do_job(str(job.pk))

    assert hand == [job.pk]


def test_work_that_was_given_to_another_leaves_nothing(job: Job):
    slow = operations.claim(job_id=job.pk)
    later = timezone.now() + operations.CLAIM_FOR + timedelta(seconds=1)
    operations.claim(job_id=job.pk, now=later)

    with pytest.raises(operations.Overtaken):
        operations.finish(job=slow, outcome="数完了")

    job.refresh_from_db()
    assert job.state == JobState.RUNNING


@pytest.mark.django_db(transaction=True)
def test_work_cut_short_by_the_database_is_tried_again_soon():
    with transaction.atomic():
        job = operations.owe("test.count", title="数一数", by=None)

    def lose(job: Job) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    JOB_HANDS["test.count"] = lose
    try:
        do_job(str(job.pk))
    finally:
        del JOB_HANDS["test.count"]

    job.refresh_from_db()
    assert (job.state, job.attempts, job.published_at) == (JobState.WAITING, 1, None)
    assert job.due_at > timezone.now()


def test_a_refusal_is_told_in_its_own_words(job: Job):
    def refuse(job: Job) -> None:
        raise Refused("名单是空的。")

    JOB_HANDS["test.count"] = refuse
    try:
        do_job(str(job.pk))
    finally:
        del JOB_HANDS["test.count"]

    job.refresh_from_db()
    assert (job.state, job.outcome) == (JobState.FAILED, "名单是空的。")


def test_work_owed_outside_a_deed_is_refused(transactional_db):
    with pytest.raises(RuntimeError, match="together"):
        operations.owe("test.count", title="数一数", by=None)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_exactly_one_gets_the_job():
    with transaction.atomic():
        job = operations.owe("test.count", title="数一数", by=None)
    barrier = threading.Barrier(8)
    won = []

    def work() -> None:
        barrier.wait()
        if operations.claim(job_id=job.pk):
            won.append(1)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1


def test_a_sweep_leaves_a_row_that_says_how_it_went(db):
    SWEEPS["test.sweep"] = Sweep("test.sweep", "试", lambda now: 7)
    try:
        operations.run_sweep(name="test.sweep", now=timezone.now())
    finally:
        del SWEEPS["test.sweep"]

    run = ClockRun.objects.get()
    assert (run.rows_done, run.error) == (7, "")
    assert run.finished_at is not None


def test_a_sweep_that_fails_says_so_without_anybodys_words(db):
    def fail(now):
        raise ValueError("张三 19900000001")

    SWEEPS["test.sweep"] = Sweep("test.sweep", "试", fail)
    try:
        with pytest.raises(ValueError, match="张三"):
            operations.run_sweep(name="test.sweep", now=timezone.now())
    finally:
        del SWEEPS["test.sweep"]

    assert ClockRun.objects.get().error == "ValueError,详见系统日志。"


def test_work_that_is_over_is_free_at_once(job: Job):
    for _ in range(50):
        with held(job.pk):
            assert abandoned([job.pk]) == []
        assert abandoned([job.pk]) == [job.pk]
