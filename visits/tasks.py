"""What the clock does about visits."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from jobs.registry import sweep
from recipients import erasing
from visits import photo_files
from visits.models import VisitPhoto
from visits.operations import offices, reminders
from visits.operations.unreachable import ask_about_unreachable

ORPHANED = timedelta(hours=1)


def _remove_photos_of(pk: UUID) -> None:
    """Remove the files of a person's photos once their rows are gone for good."""
    photos = VisitPhoto.objects.filter(visit__recipient=pk)
    names = list(photos.values_list("stored_as", flat=True))

    def remove() -> None:
        for name in names:
            photo_files.remove(name)

    transaction.on_commit(remove)


erasing.remove_files.append(_remove_photos_of)


@sweep("six_reminders", "逢6上街提醒")
def six_reminders(now: datetime) -> int:
    """Remind cadres on the eve and the morning of a 逢6 day."""
    return reminders.remind_of_sixes(now=now)


@sweep("daily_digest", "每个工作日的走访提醒")
def daily_digest(now: datetime) -> int:
    """Tell each cadre in one line what waits."""
    return reminders.send_digests(now=now)


@sweep("due_and_overdue", "到期和超期的走访、需求,活动拟定")
def due_and_overdue(now: datetime) -> int:
    """Raise what is due, tell the offices what is late, propose festivals."""
    return offices.look_at_what_is_due(now=now)


@sweep("birthdays_and_expiries", "将满18岁和残疾人证将到期")
def birthdays_and_expiries(now: datetime) -> int:
    """Tell the offices of birthdays to 18 and of certificates that end."""
    return offices.tell_of_birthdays_and_expiries(now=now)


@sweep("unreachable", "60天联系不上的对象提请核实")
def unreachable(now: datetime) -> int:
    """Ask the offices about the people whom nobody has reached for 60 days."""
    return ask_about_unreachable(now=now)


@sweep("purge_photos", "清理没有登记的照片文件")
def purge_photos(now: datetime) -> int:
    """Remove files whose upload never came to its end, an hour later."""
    old = list(photo_files.names_older_than((now - ORPHANED).timestamp()))
    known = set(
        VisitPhoto.objects.filter(stored_as__in=old).values_list("stored_as", flat=True)
    )
    orphans = [name for name in old if name not in known]
    for name in orphans:
        photo_files.remove(name)
    return len(orphans)
