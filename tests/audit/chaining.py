"""What the tests of the chain share: events, and a way past the guards."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from audit import seals
from audit.models import Event
from audit.roles import ONLY_ADDED


def record_events(number: int) -> None:
    """Commit so many events, and seal them in one batch."""
    commit_events(number)
    seal_all()


def commit_events(number: int) -> None:
    with transaction.atomic():
        Event.objects.bulk_create(
            Event(
                kind="person.seen",
                by="7",
                by_name="王科长",
                subject_type="recipients.recipient",
                subject_id=str(place),
                reason=f"第{place}次",
            )
            for place in range(number)
        )


def seal_all() -> int:
    """Seal all there is: nobody else writes here, whatever others' tests do.

    The server counts the transactions of all its databases, those of xdist's other
    workers among them, and would have us wait for theirs.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (following,) = cursor.fetchone()
    return seals.seal(before=following)


@contextmanager
def unguarded() -> Iterator[None]:
    """Take the guards away, as the owner of the tables can; undo it all after."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table in ONLY_ADDED:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        transaction.set_rollback(True)


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
