"""PR-11: what the database refuses tells nobody's facts, in its log, ours or a page."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, connections, transaction
from django.http import HttpRequest
from django.test import RequestFactory

from cadres.models import User
from common import errors
from common.logs import line_format
from jinchang_care.services.places import Places
from recipients.models import Recipient

pytestmark = pytest.mark.django_db(transaction=True)
# An invented person, whom nothing but these tests knows.
ID, PHONE, WORDS = "620321196503129999", "19900007777", "记号之家的暗语"
MARKS = (ID, PHONE, WORDS)


@pytest.fixture
def log() -> Callable[[], str]:
    """Return a reader of what the server's log has got since."""
    file = Path(Places.of(settings.DATA_DIR).log) / "postgres.log"
    if not file.exists():
        pytest.skip("the server is somebody else's, and so is its log")
    begun = file.stat().st_size

    def read() -> str:
        with file.open("rb") as text:
            text.seek(begun)
            return text.read().decode(errors="replace")

    return read


def twice(child: Recipient) -> None:
    for _ in range(2):
        User.objects.create(username=PHONE, name=WORDS)


def not_allowed(child: Recipient) -> None:
    Recipient.objects.filter(pk=child.pk).update(name=WORDS, status="nowhere", code=ID)


def not_sql(child: Recipient) -> None:
    _run(f"SELEKT '{ID}', '{PHONE}', '{WORDS}'")


def too_slow(child: Recipient) -> None:
    with transaction.atomic():
        _run("SET LOCAL statement_timeout = '30ms'")
        _run("SELECT pg_sleep(5), %s, %s, %s", *MARKS)


def each_waits_for_the_other(child: Recipient) -> None:
    other = User.objects.create(username="other", name="x")
    third = User.objects.create(username="third", name="x")
    both, faults = threading.Barrier(2), []

    def work(first: User, second: User) -> None:
        try:
            with transaction.atomic():
                _name(first)
                both.wait(20)
                _name(second)
        except DatabaseError as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    workers = [
        threading.Thread(target=work, args=pair)
        for pair in ((other, third), (third, other))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    raise faults[0]


PROVOKED = [
    twice,
    not_allowed,
    not_sql,
    too_slow,
    each_waits_for_the_other,
]


@pytest.mark.parametrize("provoke", PROVOKED, ids=lambda one: one.__name__)
def test_a_database_fault_tells_no_facts(provoke, child, log):
    with pytest.raises(DatabaseError) as refused:
        provoke(child)

    fault, theirs = refused.value, log()
    ours = _logged(fault)
    assert "ERROR" in theirs
    assert type(fault).__name__ in ours
    for place in (theirs, ours, _page()):
        for mark in MARKS:
            assert mark not in place


def _run(statement: str, *values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def _name(user: User) -> None:
    _run("UPDATE cadres_user SET name = %s WHERE id = %s", WORDS, str(user.pk))


def _logged(fault: Exception) -> str:
    """Return the line, traceback and all, that our own log would have."""
    told = line_format(as_json=False)
    formatter = told.pop("()")(**told)
    record = logging.LogRecord(
        *("django.request", logging.ERROR, __file__, 1, "Internal Server Error", ()),
        (type(fault), fault, fault.__traceback__),
    )
    return str(formatter.format(record))


def _page() -> str:
    request: HttpRequest = RequestFactory().get("/")
    request.user = AnonymousUser()
    return errors.server_error(request).content.decode()
