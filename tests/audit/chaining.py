"""What the tests of the chain share: events, and a way past the guards."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from audit import seals
from audit.models import Event

TABLES = ("audit_event", "audit_seal", "audit_head", "audit_check")


def record_events(number: int) -> None:
    """Commit so many events, and seal them in one batch."""
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
    seals.seal()


@contextmanager
def unguarded() -> Iterator[None]:
    """Take the guards away, as the owner of the tables can; undo it all after."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        transaction.set_rollback(True)


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
