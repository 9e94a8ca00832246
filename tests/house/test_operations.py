"""IG-01 and IG-02: every operation is all or nothing, and leaves one event."""

import pytest
from django.db import connection, transaction

from audit.models import Event
from tests.house import world as worlds
from tests.house.catalogue import NOT_DEEDS, SAMPLES, operations
from tests.house.test_matrix import _checksums as checksums

OPERATIONS = {
    name: function for name, function in operations().items() if name not in NOT_DEEDS
}


class Fault(Exception):
    """What a test throws into an operation."""


@pytest.fixture
def world(db) -> worlds.World:
    return worlds.build()


def test_every_operation_has_a_sample():
    assert set(OPERATIONS) == set(SAMPLES)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_leaves_exactly_one_event(name: str, world: worlds.World):
    call = SAMPLES[name](world)
    before = Event.objects.count()

    OPERATIONS[name](**call)

    assert Event.objects.count() == before + 1


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_a_fault_after_any_statement_leaves_nothing(name: str, world: worlds.World):
    call = SAMPLES[name](world)
    before = _everything()
    statement, finished = 0, False

    while not finished:
        statement += 1
        finished = _run_with_fault(OPERATIONS[name], call, after=statement)
        assert finished or _everything() == before, f"half done after {statement}"

    assert statement > 1, "the operation wrote nothing"


def _run_with_fault(function, call, *, after: int) -> bool:
    """Run it, throw after the n-th statement; say whether it got to its end."""
    seen = 0

    def throw(execute, sql, params, many, context):
        nonlocal seen
        result = execute(sql, params, many, context)
        # Savepoints are how all-or-nothing is done, not what is done.
        if "SAVEPOINT" not in sql:
            seen += 1
            if seen == after:
                raise Fault
        return result

    outer = transaction.savepoint()
    try:
        with connection.execute_wrapper(throw):
            function(**call)
    except Fault:
        # Not rolled back by the test: what the operation left is looked at.
        transaction.savepoint_commit(outer)
        return False
    transaction.savepoint_rollback(outer)
    return True


def _everything() -> tuple[dict[str, str], int]:
    return checksums(), Event.objects.count()
