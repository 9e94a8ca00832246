"""Who is not reached for 60 days: asked about by the clock, decided by the office."""

import datetime

import pytest
import time_machine

from audit.models import Event
from casework.models import Need
from jobs.models import ClockRun
from jobs.operations import run_sweep
from recipients.enums import LeaveReason, PauseReason, TaskKind, TaskState
from recipients.models import LifeTask
from recipients.operations import standing, tasks
from tests.at_once import all_at_once
from tests.visits.telling import log
from visits.operations.taking_back import take_back

pytestmark = pytest.mark.django_db
FIRST = datetime.date(2026, 9, 1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-09-20T10:00:00+08:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def missed(pairing, cadre_user):
    """Nobody was found on two days, the first of them the 1st of September."""
    return [try_in_vain(pairing, cadre_user, after) for after in (0, 10)]


def try_in_vain(pairing, by, after, outcome="not_met", **told):
    day = FIRST + datetime.timedelta(days=after)
    told = {"day": day, "outcome": outcome, "findings": None, **told}
    return log(pairing, by=by, **told).visit


def sweep(clock, after):
    """Let the clock run so many days after the first try."""
    day = FIRST + datetime.timedelta(days=after)
    now = datetime.datetime.combine(day, datetime.time(20, 15), datetime.UTC)
    # A quarter past four in the morning in Shanghai is the evening before in UTC.
    now -= datetime.timedelta(days=1)
    clock.move_to(now)
    return run_sweep(name="unreachable", now=now)


def test_on_day_59_nobody_is_asked_and_on_day_60_the_offices_are(missed, child, clock):
    assert sweep(clock, 59) == 0
    assert not LifeTask.objects.exists()

    assert sweep(clock, 60) == 1

    task = LifeTask.objects.get()
    assert (task.recipient, task.kind) == (child, TaskKind.UNREACHABLE)
    need = Need.objects.get()
    assert (need.recipient, need.urgency, need.raised_by) == (child, "urgent", None)
    assert "公安" in need.words
    child.refresh_from_db()
    assert child.status == "on_file"
    assert Event.objects.filter(kind="recipient.unreachable", by="").count() == 1


def test_run_again_and_late_it_asks_once(missed, clock):
    for after in (60, 60, 61, 200):
        sweep(clock, after)

    assert LifeTask.objects.count() == Need.objects.count() == 1
    assert ClockRun.objects.filter(name="unreachable", error="").count() == 4


@pytest.mark.django_db(transaction=True)
def test_run_many_times_at_once_it_asks_once(missed):
    now = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)

    done = all_at_once([lambda: run_sweep(name="unreachable", now=now)] * 6)

    assert done == {"done": 6}
    assert LifeTask.objects.count() == Need.objects.count() == 1


@pytest.mark.parametrize("outcome", ["met", "refused"])
def test_any_contact_ends_the_days(missed, pairing, cadre_user, clock, outcome):
    try_in_vain(pairing, cadre_user, 15, outcome, way="PHONE")

    assert sweep(clock, 90) == 0


def test_one_closed_door_is_no_sign_that_somebody_is_gone(pairing, cadre_user, clock):
    try_in_vain(pairing, cadre_user, 0)
    try_in_vain(pairing, cadre_user, 0, way="PHONE")

    assert sweep(clock, 90) == 0


def test_who_rests_or_has_left_is_not_asked_about(
    missed, child, clock, yongchang_office
):
    standing.pause_person(
        recipient=child, reason=PauseReason.AWAY, words="务工", by=yongchang_office
    )
    assert sweep(clock, 60) == 0
    standing.leave(
        recipient=child, reason=LeaveReason.MOVED, on=FIRST, by=yongchang_office
    )
    assert sweep(clock, 61) == 0


def test_an_answer_holds_sixty_days(missed, clock, yongchang_office):
    sweep(clock, 60)
    task = LifeTask.objects.get()
    tasks.settle(task=task, words="在兰州女儿家", by=yongchang_office)

    assert sweep(clock, 119) == 0
    assert sweep(clock, 121) == 1


def test_somebody_reached_lets_go_of_the_question(missed, pairing, cadre_user, clock):
    sweep(clock, 60)

    visit = try_in_vain(pairing, cadre_user, 59, "met")

    assert LifeTask.objects.get().state == TaskState.MOOT
    take_back(visit=visit, by=cadre_user)
    assert sweep(clock, 61) == 1
