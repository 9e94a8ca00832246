"""Hours the clock missed are made good, once, from the rows that runs leave."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from jobs import clock, operations
from jobs.holding import held
from jobs.models import ClockRun, Job
from jobs.registry import SWEEPS
from reports.tasks import run_clock

# A Wednesday; the reminders of the sixes are due at half past seven.
MORNING = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.get_default_timezone())
BEFORE = MORNING - timedelta(hours=12)
DUE = MORNING.replace(hour=7, minute=30)


def ran(name: str, at: datetime, **facts) -> ClockRun:
    """Leave the row of a run that began, and ended well unless told otherwise."""
    values = {"planned_at": at, "started_at": at, "finished_at": at, **facts}
    return ClockRun.objects.create(name=name, **values)


@pytest.fixture
def all_ran(areas) -> None:
    for name in SWEEPS:
        ran(name, MORNING - timedelta(minutes=1))


@pytest.fixture
def reminders_missed(all_ran) -> None:
    ClockRun.objects.filter(name="six_reminders").delete()
    ran("six_reminders", BEFORE)


def test_a_new_system_has_missed_nothing(db):
    assert clock.missed(MORNING) == {}


def test_a_clock_that_kept_its_hours_owes_nothing(all_ran):
    assert clock.missed(MORNING) == {}


def test_an_hour_that_passed_without_a_run_is_found(reminders_missed):
    assert clock.missed(MORNING) == {"six_reminders": DUE}


@pytest.mark.parametrize("facts", [{"finished_at": None}, {"error": "ValueError"}])
def test_a_run_that_did_not_end_well_is_none(reminders_missed, facts):
    ran("six_reminders", DUE, **facts)

    assert clock.missed(MORNING) == {"six_reminders": DUE}


def test_a_run_that_takes_long_is_not_missed(reminders_missed):
    with held("six_reminders"):
        assert clock.missed(MORNING) == {}


def test_a_run_is_given_its_time_before_it_counts_as_missed(reminders_missed):
    assert clock.missed(DUE + timedelta(minutes=4)) == {}


def test_a_missed_hour_is_owed_once_and_then_made_good(reminders_missed):
    assert clock.catch_up(now=MORNING) == 1
    assert clock.catch_up(now=MORNING) == 0

    job = operations.claim(job_id=Job.objects.get().pk)
    assert job.title == "补做:逢6上街提醒"
    run_clock(job)

    assert clock.missed(MORNING) == {}
