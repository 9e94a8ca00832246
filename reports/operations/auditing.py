"""What the auditor does with the trail is itself in the trail."""

from datetime import timedelta
from typing import IO

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.models import Event, EventQuerySet
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients.models import Recipient
from reports.operations.exports import check_reason
from reports.trail_file import write_trail

ONE_LOOK = timedelta(hours=1)
MOST_ROWS = 100_000


@permits(Permission.AUDIT)
@transaction.atomic
def look_up_person(*, recipient: Recipient, by: User) -> bool:
    """Leave that the account asked who saw this person; once an hour is enough."""
    before = Event.objects.about(recipient).filter(
        kind="trail.looked_up", by=str(by.pk), at__gte=timezone.now() - ONE_LOOK
    )
    if before.exists():
        return False
    trail.record("trail.looked_up", subject=recipient, by=by)
    return True


@permits(Permission.AUDIT)
@transaction.atomic
def export_trail(
    *, events: EventQuerySet, reason: str, out: IO[bytes], told: str, by: User
) -> int:
    """Write these events to a file, and record that they were taken out.

    Raises Refused without a reason, or for more than a file should hold.
    """
    check_reason(reason)
    if events.order_by()[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise Refused(f"一次最多导出 {MOST_ROWS} 条,请缩小日期范围。")
    rows = write_trail(events, out, reason=reason, told=told, by=by)
    trail.record(
        "trail.exported", subject=by, by=by, reason=reason.strip()[:200], rows=rows
    )
    return rows


@permits(Permission.SIGNED_IN)
@transaction.atomic
def note_print(*, page: str, recipient: Recipient | None, by: User) -> None:
    """Leave that the account printed a page; a person's page by its person."""
    trail.record("page.printed", subject=recipient or by, by=by, page=page)
