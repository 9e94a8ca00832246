"""The trail: added to, never changed, never written outside a deed."""

import pytest
from django.db import DatabaseError, connection, transaction

from audit import trail
from audit.models import Event
from recipients.models import Recipient


@pytest.fixture
def event(child: Recipient, yongchang_office) -> Event:
    return trail.record("recipient.seen", subject=child, by=yongchang_office)


def test_an_event_knows_who_whom_and_where_but_no_name(
    event: Event, child, yongchang_office
):
    assert event.by == str(yongchang_office.pk)
    assert event.subject_words == f"关爱对象 {child.code}"
    assert event.area == child.area_id
    assert child.name not in event.subject_words


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_event SET reason = 'x'",
        "DELETE FROM audit_event",
    ],
)
def test_the_database_refuses_to_change_the_past(event: Event, tampering: str):
    with (
        pytest.raises(DatabaseError, match="only ever added"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(tampering)


def test_the_database_refuses_to_empty_the_trail(event: Event):
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE audit_event ENABLE ALWAYS TRIGGER events_are_never_emptied"
        )
        with (
            pytest.raises(DatabaseError, match="only ever added"),
            transaction.atomic(),
        ):
            cursor.execute("TRUNCATE audit_event")


@pytest.mark.django_db(transaction=True)
def test_an_event_is_not_written_by_itself(child, yongchang_office):
    with pytest.raises(RuntimeError, match="together with its deed"):
        trail.record("recipient.seen", subject=child, by=yongchang_office)


def test_private_values_are_masked_in_what_changed(child: Recipient):
    after = Recipient.objects.get(pk=child.pk)
    after.name, after.status = "李大伟", "paused"

    changed = trail.changes(child, after, ["name", "status", "category"])

    assert changed == {"name": ["***", "***"], "status": ["on_file", "paused"]}
