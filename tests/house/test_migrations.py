"""AV-16: a step of the schema can be taken back, begun again, and holds no one up."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from jinchang_care.keeping.migrating import migrate
from tests.house.steps import BEFORE_ANY_RELEASE, heavy

OURS = {
    app.label
    for app in apps.get_app_configs()
    if Path(app.path).parent == settings.BASE_DIR
}
STEPS = MigrationLoader(None).disk_migrations


@pytest.mark.parametrize(
    ("app", "name"), sorted(key for key in STEPS if key[0] in OURS)
)
def test_every_step_of_the_schema_can_be_taken_back(app: str, name: str):
    operations = STEPS[app, name].operations

    assert [one.describe() for one in operations if not one.reversible] == []


BESIDE = sorted(key for key in STEPS if key[0] in OURS and not STEPS[key].atomic)


@pytest.mark.django_db(transaction=True)
def test_a_step_that_holds_a_full_table_is_named_with_what_it_does():
    found = {key: heavy(*key) for key in sorted(STEPS) if key[0] in OURS}

    assert {key: does for key, does in found.items() if does} == BEFORE_ANY_RELEASE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", BESIDE)
def test_a_step_beside_the_writers_is_begun_again_wherever_it_was_killed(key):
    step = _taken_back(key)
    for killed_after in count(1):
        try:
            with connection.execute_wrapper(_killed(after=killed_after)):
                _apply(step)
        except InterruptedError:
            continue
        break

    assert killed_after > len(step.operations)
    assert _broken_indexes() == []


@pytest.mark.django_db(transaction=True)
def test_steps_give_way_to_who_holds_a_table_and_are_taken_after(
    capsys: pytest.CaptureFixture[str],
):
    key = ("audit", "0004_find_events_quickly")
    _taken_back(key)
    MigrationRecorder(connection).record_unapplied(*key)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")

    with _held("audit_event"), pytest.raises(SystemExit, match="一直被占用"):
        migrate(tries=2, pause=0)
    before = MigrationRecorder(connection).applied_migrations()
    migrate(tries=2, pause=0)
    after = MigrationRecorder(connection).applied_migrations()
    connection.close()

    assert "让一让" in capsys.readouterr().out
    assert (key in before, key in after) == (False, True)
    assert _broken_indexes() == []


def _taken_back(key: tuple[str, str]) -> Any:
    """Make the database what it was before this step, and return the step."""
    step = STEPS[key]
    with connection.schema_editor(atomic=False) as editor:
        step.unapply(_state_before(step), editor)
    return step


def _apply(step: Any) -> None:
    with connection.schema_editor(atomic=False) as editor:
        step.apply(_state_before(step), editor)


def _state_before(step: Any) -> Any:
    return MigrationLoader(connection).project_state(step.dependencies)


def _killed(*, after: int) -> Any:
    """Let so many statements be done, and not tell of the last."""
    numbers = count(1)

    def execute(execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        if sql.split()[0] in ("CREATE", "DROP") and next(numbers) == after:
            raise InterruptedError
        return done

    return execute


def _broken_indexes() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
        )
        return [name for (name,) in cursor.fetchall()]


@contextmanager
def _held(table: str) -> Iterator[None]:
    """Have somebody else hold the table inside the block."""
    held, finished = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            held.set()
            finished.wait(timeout=20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(timeout=20)
    yield
    finished.set()
    holder.join()
