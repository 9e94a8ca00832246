"""IG-01 and IG-02: every operation is all or nothing, and leaves one event."""

import re

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import Event
from tests.house import world as worlds
from tests.house.catalogue import NOT_DEEDS, SAMPLES, operations
from tests.house.test_matrix import _checksums as checksums

OPERATIONS = {
    name: function for name, function in operations().items() if name not in NOT_DEEDS
}


TOLD = """
CREATE FUNCTION house_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM audit_event WHERE id > TG_ARGV[0]::bigint
            AND xid = pg_current_xact_id()::text::bigint
    ) THEN
        RAISE EXCEPTION 'a row of % was changed without an event', TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$
"""
WATCH = """
CREATE CONSTRAINT TRIGGER house_told AFTER INSERT OR UPDATE OR DELETE ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION house_told({last})
"""
# Of the functions that a SELECT of ours calls, only these leave something behind.
BESIDE = re.compile(
    r"\s*(?:SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO|DECLARE|FETCH|CLOSE"
    r"|\(?SELECT\s(?!.*\b(?:set_config|nextval|setval|pg_advisory\w*)\b))",
    re.DOTALL,
)


class Fault(Exception):
    """What a test throws into an operation."""


@pytest.fixture
def world(db) -> worlds.World:
    return worlds.build()


def test_every_operation_has_a_sample():
    assert set(OPERATIONS) == set(SAMPLES)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_leaves_one_event_and_changes_nothing_without_it(
    name: str, world: worlds.World
):
    call = SAMPLES[name](world)
    before = Event.objects.count()
    _watch_every_table()

    OPERATIONS[name](**call)

    assert Event.objects.count() == before + 1
    _look_at_what_was_changed()


def test_a_row_that_is_changed_without_an_event_is_found(world: worlds.World):
    person = world.near["recipient"]
    _watch_every_table()

    type(person).objects.filter(pk=person.pk).update(village="别处")

    with pytest.raises(DatabaseError, match="changed without an event"):
        _look_at_what_was_changed()


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


def _watch_every_table() -> None:
    """Have the database ask, when all is done, for an event of this transaction."""
    with connection.cursor() as cursor:
        # Foreign keys that wait to be checked would forbid new triggers.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(TOLD)
        cursor.execute("SELECT coalesce(max(id), 0) FROM audit_event")
        (last,) = cursor.fetchone()
        for table in connection.introspection.table_names(cursor):
            if not table.startswith("audit_"):
                cursor.execute(WATCH.format(table=table, last=last))


def _look_at_what_was_changed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _run_with_fault(function, call, *, after: int) -> bool:
    """Run it, throw after the n-th statement; say whether it got to its end."""
    seen = 0

    def throw(execute, sql, params, many, context):
        nonlocal seen
        result = execute(sql, params, many, context)
        # Savepoints are how all-or-nothing is done, not what is done; and after a
        # question there is nothing that was not there before it.
        if not BESIDE.match(str(sql)):
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
