"""AZ-01 and AZ-14: every address × role × ownership × method, generated.

On the way HD-01 and HD-03, what every answer must carry, and that looking changes
nothing.
"""

import datetime
import http.client
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cadres.models import User
from tests.doors.headers import faults_of_own
from tests.doors.keys import give_factor
from tests.fuzz.asking import let_go, quiet, undone
from tests.house import world as worlds
from tests.house.addresses import addresses
from tests.house.matrix import DEFAULT_FAR, MATRIX, SEES, SEES_FAR, Expectation

METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
# HEAD is GET without its words, and the others are refused before anybody asks who it
# is and which row: a few roles and one row of each address are enough for them.
OF_EVERY_ROW = ("GET", "POST")
OF_EVERY_METHOD = ("stranger", "county", "cadre", "admin")
SERVED = {"GET": {"GET", "HEAD"}, "POST": {"POST"}}
LOOKS = ("GET", "HEAD", "OPTIONS")
# What a look may leave behind: that it happened, and the session it happened in.
LEFT_BY_LOOKING = {"audit_event", "cadres_session"}


@pytest.fixture
def world(db) -> worlds.World:
    return worlds.build()


def test_every_address_has_an_expectation_and_every_expectation_an_address():
    assert {address.name for address in addresses()} == set(MATRIX)


@pytest.mark.parametrize("address", addresses(), ids=lambda found: found.name)
def test_the_view_asks_for_the_permission_expected(address):
    assert address.view.permission == MATRIX[address.name].permission


@pytest.mark.parametrize("role", worlds.ROLES)
def test_each_address_answers_each_role_as_expected(role: str, world: worlds.World):
    wrong: list[str] = []
    client = _client(role, world)
    before = _checksums()
    for address in addresses():
        expected = MATRIX[address.name]
        for whose in _rows_to_try(role, expected):
            url = _url(address, expected, whose, world)
            for method in _methods_to_try(role, whose):
                said = f"{role} {method} {address.name} {whose}"
                # One answer does not stand in the way of the next.
                with undone(client):
                    answer = _answer(client, method, url)
                    status = answer.status_code
                    if _has_looked(role, method, status) and _checksums() != before:
                        wrong.append(f"{said} changes something")
                if not _as_expected(status, method, role, whose, expected):
                    wrong.append(f"{said}: {status}")
                wrong += [f"{said} {fault}" for fault in faults_of_own(answer)]
    assert wrong == []


STATES = {
    "disabled": {"is_active": False},
    "role ended": {"role_until": datetime.date(2020, 1, 1)},
    "password only": {},
    "first log-in": {"must_change_password": True, "password_ends_at": timezone.now()},
}
STEPS = {"password only": "second_step", "first log-in": "password_change"}


@pytest.mark.parametrize("state", STATES)
def test_an_account_that_may_not_act_gets_nowhere(state: str, world: worlds.World):
    user = world.users["admin"]
    User.objects.filter(pk=user.pk).update(**STATES[state])
    if state == "password only":
        give_factor(user)
    open_to_it = {"cadres:logout", f"cadres:{STEPS.get(state, 'login')}"}
    wrong = []
    client = _client("admin", world)
    for address in addresses():
        expected = MATRIX[address.name]
        if address.name in open_to_it or expected.permission is None:
            continue
        url = _url(address, expected, "near" if expected.row else "none", world)
        for method in ("GET", "POST"):
            # The first refused request ends the session: each is a first one.
            with undone(client):
                status = _answer(client, method, url).status_code
            if status not in (302, 405):
                wrong.append(f"{method} {address.name}: {status}")
    assert wrong == []


def test_a_form_without_its_token_or_from_elsewhere_is_refused(world: worlds.World):
    accepted = []
    for address in addresses():
        expected = MATRIX[address.name]
        if "POST" not in expected.methods:
            continue
        url = _url(address, expected, "near" if expected.row else "none", world)
        for origin in ("", "https://evil.example", "null"):
            client = Client(enforce_csrf_checks=True)
            client.force_login(world.users["county"])
            headers = {"HTTP_ORIGIN": origin} if origin else {}
            if client.post(url, **headers).status_code != 403:
                accepted.append(f"{address.name} {origin}")
    assert accepted == []


def _has_looked(role: str, method: str, status: int) -> bool:
    """Say whether a view has answered a look; pages of other roles have the same."""
    refused = http.client.METHOD_NOT_ALLOWED
    return role in OF_EVERY_METHOD and method in LOOKS and status != refused


def _rows_to_try(role: str, expected: Expectation) -> tuple[str, ...]:
    """Return whose rows; who may not come in is stopped before a row is looked for."""
    if not expected.row:
        return ("none",)
    rows = ["near"]
    if role != "stranger" and _may(role, expected):
        rows.append("far")
    # A row that is not there is not there for anybody.
    if role in OF_EVERY_METHOD:
        rows.append("missing")
    return tuple(rows)


def _methods_to_try(role: str, whose: str) -> tuple[str, ...]:
    everything = role in OF_EVERY_METHOD and whose in ("near", "none")
    return METHODS if everything else OF_EVERY_ROW


def _answer(client: Client, method: str, url: str) -> Any:
    """Ask; a file that comes back is closed, and no refusal writes a line."""
    with quiet():
        answer = client.generic(method, url)
    let_go(answer)
    return answer


def _client(role: str, world: worlds.World) -> Client:
    client = Client()
    if role != "stranger":
        client.force_login(world.users[role])
    return client


def _url(address, expected: Expectation, whose: str, world: worlds.World) -> str:
    values = {}
    for parameter in address.parameters:
        if parameter in expected.fixed:
            values[parameter] = expected.fixed[parameter]
            continue
        kind = expected.others.get(parameter, expected.row)
        if whose == "missing":
            values[parameter] = _nobodys(world.near[kind].pk)
        else:
            values[parameter] = getattr(world, whose)[kind].pk
    return reverse(address.name, kwargs=values)


def _nobodys(near: Any) -> Any:
    """Return a key like this one that no row has."""
    match near:
        case uuid.UUID():
            return uuid.uuid4()
        case datetime.date():
            return datetime.date(1999, 1, 1)
        case _:
            return 10**9


def _as_expected(
    status: int, method: str, role: str, whose: str, expected: Expectation
) -> bool:
    if status >= 500:
        return False
    if role == "stranger" and expected.permission is not None:
        return status in (302, 405)
    served = {m for name in expected.methods.split() for m in SERVED[name]}
    if method not in served:
        return status == 405 or (method == "OPTIONS" and status in (200, 403, 404))
    if expected.permission is None:
        return status in (200, 302, 422)
    if not _may(role, expected):
        return status == 403
    if whose in ("near", "far") and not _reaches(role, whose, expected.row):
        return status == 404
    if whose == "missing":
        return status == 404
    return status not in (403, 404) or status in expected.also


def _may(role: str, expected: Expectation) -> bool:
    if expected.only and role not in expected.only:
        return False
    return worlds.may(role, expected.permission)


def _reaches(role: str, whose: str, row: str) -> bool:
    if whose == "near":
        return role in SEES[row]
    return role in SEES_FAR.get(row, DEFAULT_FAR)


def _checksums() -> dict[str, str]:
    with connection.cursor() as cursor:
        # Asked after each statement of each operation: planned once a connection.
        cursor.execute("SELECT FROM pg_prepared_statements WHERE name = 'house_sums'")
        if not cursor.rowcount:
            _prepare_checksums(cursor)
        cursor.execute("EXECUTE house_sums")
        return dict(cursor.fetchall())


def _prepare_checksums(cursor: Any) -> None:
    tables = sorted(connection.introspection.table_names(cursor))
    watched = [table for table in tables if table not in LEFT_BY_LOOKING]
    query = " UNION ALL ".join(
        f"SELECT '{table}', md5(coalesce(string_agg(t::text, '' ORDER BY t::text), "
        f"'')) FROM {table} t"
        for table in watched
    )
    cursor.execute(f"PREPARE house_sums AS {query}")
