"""A database that is away, busy, full or closed to writing is a page that says so."""

import os
import runpy
import threading
from collections.abc import Callable

import psycopg2.errors
import pytest
from django.conf import settings
from django.db import (
    DatabaseError,
    InternalError,
    OperationalError,
    connection,
    transaction,
)
from django.test import Client
from django.urls import reverse

from cadres.models import User

READING = "cadres_session"


def failing(error: Exception, cause: Exception, *, when: str) -> Callable:
    """Answer statements that name this table as a database in trouble does."""

    def execute(execute, sql, params, many, context):
        if when in sql:
            raise error from cause
        return execute(sql, params, many, context)

    return execute


@pytest.fixture
def client(city_office: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(city_office)
    return client


@pytest.mark.parametrize("name", ["reports:home", "recipients:recipient_list"])
def test_a_database_that_is_away_is_said_even_before_the_view(client, name):
    gone = OperationalError("connection refused")
    with connection.execute_wrapper(
        failing(gone, psycopg2.OperationalError(), when=READING)
    ):
        answer = client.get(reverse(name))

    assert answer.status_code == 503
    assert answer["Retry-After"] == "15"
    assert "数据库暂时没有回应" in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "cause", "words"),
    [
        (OperationalError, psycopg2.errors.DiskFull(), "磁盘满了"),
        (InternalError, psycopg2.errors.ReadOnlySqlTransaction(), "暂时只能查看"),
        (OperationalError, psycopg2.errors.QueryCanceled(), "等得太久"),
        (DatabaseError, psycopg2.DatabaseError("server closed"), "没有回应"),
    ],
)
def test_each_trouble_has_its_own_words(client, error, cause, words):
    with connection.execute_wrapper(failing(error(), cause, when="audit_event")):
        answer = client.post(reverse("cadres:text_size"), {"size": "large"})
        if answer.status_code != 503:
            answer = client.get(reverse("reports:trail"))

    assert answer.status_code == 503
    assert words in answer.content.decode()


def test_a_fault_of_ours_stays_one(client):
    with connection.execute_wrapper(
        failing(InternalError(), psycopg2.InternalError(), when=READING)
    ):
        assert client.get(reverse("reports:home")).status_code == 500


@pytest.mark.django_db(transaction=True)
def test_a_wait_for_somebody_elses_lock_ends_and_leaves_the_line_usable(client):
    held, finished = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE audit_event IN ACCESS EXCLUSIVE MODE")
            held.set()
            finished.wait(timeout=20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(timeout=20)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    try:
        busy = client.get(reverse("reports:trail"))
    finally:
        finished.set()
        holder.join()
    after = client.get(reverse("reports:trail"))
    connection.close()

    assert (busy.status_code, busy["Retry-After"]) == (503, "5")
    assert "正被别的操作占用" in busy.content.decode()
    assert after.status_code == 200


def test_every_line_to_the_database_has_its_limits(db):
    with connection.cursor() as cursor:
        found = {}
        for name in ("statement_timeout", "lock_timeout"):
            cursor.execute(f"SHOW {name}")
            found[name] = cursor.fetchone()[0]

    assert found == {"statement_timeout": "10min", "lock_timeout": "30s"}


def test_pages_have_shorter_limits_than_the_worker(monkeypatch):
    for name in ("STATEMENT_SECONDS", "LOCK_SECONDS", "IDLE_SECONDS"):
        # Set first, so that what the file sets is taken back after the test.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)

    runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))

    assert (os.environ["STATEMENT_SECONDS"], os.environ["LOCK_SECONDS"]) == ("5", "2")
