"""What machines hear of the system's health, and what the administrator sees."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cadres.models import User
from common import health
from common.health import Finding, State
from jobs import operations
from jobs.models import ClockRun
from recipients.models import Recipient
from reports import health as looks


@pytest.fixture
def only(monkeypatch):
    """Have one look only, of the test's own."""

    def put(hand) -> None:
        part = health.Part("部件", hand, State.ILL)
        monkeypatch.setattr(health, "PARTS", {"part": part})
        monkeypatch.setattr(health, "_last", [])

    return put


def test_live_asks_the_database_for_nothing(
    db, client: Client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = client.get("/live")

    assert (answer.status_code, answer.content) == (200, b"live")


@pytest.mark.parametrize(
    ("state", "status", "word"),
    [
        (State.WELL, 200, b"ready"),
        (State.WEAK, 200, b"degraded"),
        (State.ILL, 503, b"unready"),
    ],
)
def test_ready_is_one_word(db, client: Client, only, state, status, word):
    only(lambda: Finding(state, "磁盘只剩 3 MB"))

    answer = client.get("/ready")

    assert (answer.status_code, answer.content) == (status, word)


def test_a_look_that_hangs_is_left_after_a_second_and_not_begun_again(db, only):
    free, begun = threading.Event(), []

    def hang() -> Finding:
        begun.append(1)
        free.wait(timeout=30)
        return Finding(State.WELL, "回来了")

    only(hang)
    before = timezone.now()
    first, second = health.examine(), health.examine()
    took = timezone.now() - before
    free.set()

    assert begun == [1]
    assert health.worst(first) == health.worst(second) == State.ILL
    assert timedelta(seconds=2) <= took < timedelta(seconds=4)


def test_what_a_look_says_when_it_breaks_is_kept_to_itself(db, only):
    def fail() -> Finding:
        raise ValueError("host=/secret user=jinchang")

    only(fail)

    (line,) = health.examine()
    assert line.finding == Finding(State.ILL, "检查时出错(ValueError)")


def test_a_part_that_work_can_go_on_without_only_weakens(db, monkeypatch):
    def fail() -> Finding:
        raise OSError

    monkeypatch.setattr(
        health, "PARTS", {"broker": health.Part("传递", fail, State.WEAK)}
    )

    assert health.worst(health.examine()) == State.WEAK


def test_all_is_well_with_a_fresh_system(areas):
    found = {name: part.look().state for name, part in health.PARTS.items()}

    assert set(found.values()) == {State.WELL}, found


def test_a_database_closed_to_writing_is_ill(db):
    with transaction.atomic():
        connection.cursor().execute("SET TRANSACTION READ ONLY")
        assert looks.database().state == State.ILL
        transaction.set_rollback(True)


def test_a_step_of_the_schema_that_is_missing_is_ill(db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")

    assert looks.schema().state == State.ILL


def test_keys_that_do_not_open_what_is_kept_are_ill(child: Recipient):
    with connection.cursor() as cursor:
        # A sealed value is bound to its row: on another row it does not open.
        cursor.execute("UPDATE recipients_recipient SET id = gen_random_uuid()")

    assert looks.keys().state == State.ILL


def test_a_key_file_that_others_can_read_is_told(db, settings, tmp_path: Path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "keys.json").touch(mode=0o644)

    assert looks.keys().state == State.WEAK


@pytest.mark.parametrize(
    ("space", "state"), [("LITTLE_SPACE", State.WEAK), ("NO_SPACE", State.ILL)]
)
def test_little_space_is_told_before_there_is_none(db, monkeypatch, space, state):
    monkeypatch.setattr(looks, space, 2**62)

    assert looks.disk().state == state


def test_work_that_waits_too_long_is_told(admin):
    due = timezone.now() - timedelta(minutes=7)
    operations.owe("test.none", title="数一数", by=admin, due_at=due)

    assert looks.work() == Finding(State.WEAK, "最早的一件已等 7 分钟")


def test_an_hour_the_clock_missed_is_told(db):
    long_ago = timezone.now() - timedelta(days=2)
    ClockRun.objects.create(
        name="daily_digest", planned_at=long_ago, started_at=long_ago
    )

    assert looks.hours().state == State.WEAK


def test_a_new_system_does_not_boast_of_copies(admin):
    assert looks.copies() == Finding(State.WELL, "新装好的系统,还没到第一次备份的时间")


def test_copies_that_are_too_old_are_told(admin):
    User.objects.update(created_at=timezone.now() - timedelta(days=9))

    found = looks.copies()

    assert found.state == State.WEAK
    assert "没有成功的备份" in found.words


def test_a_broker_that_is_gone_weakens_and_stops_nothing(settings, monkeypatch):
    from celery import current_app

    monkeypatch.setattr(
        current_app.conf, "broker_url", "redis+socket:///nowhere/valkey.sock"
    )

    assert looks.broker().state == State.WEAK


def test_only_the_administrator_sees_why(client: Client, admin, city_office):
    client.force_login(city_office)
    assert client.get(reverse("reports:health")).status_code == 403
    client.force_login(admin)

    html = client.get(reverse("reports:health")).content.decode()

    for part in health.PARTS.values():
        assert part.title in html
