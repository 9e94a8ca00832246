"""Removing the identity of those who left long ago; sums and the trail stay."""

from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.enums import Role
from cadres.models import User
from cadres.permissions import Permission, permits
from common.durable import add_lines
from common.refusals import Refused
from jobs.operations import notify
from recipients import erasing
from recipients.models import Recipient

register({"person.erased": "清除了一份退出档案的身份信息"})


@permits(Permission.ERASE)
@transaction.atomic
def erase(*, recipient: Recipient, by: User) -> Recipient:
    """Remove identity from a file whose time is over, and from all that hangs on it.

    Raises Refused for a township's office, and while the file is to be kept.
    """
    if by.area is None or by.area.level == "township":
        raise Refused("请由县区以上关爱办确认清除。")
    person = Recipient.objects.select_for_update(of=("self",)).get(pk=recipient.pk)
    today = timezone.localdate()
    if not Recipient.objects.to_erase(today).filter(pk=person.pk).exists():
        raise Refused("这份档案还没有到清除的时间,或已经清除。")
    _erase(person, today)
    trail.record("person.erased", subject=person, by=by)
    pk = person.pk
    transaction.on_commit(lambda: _note(pk))
    return person


@transaction.atomic
def replay() -> int:
    """Erase again what the ledger tells and a restored database still has."""
    erased = 0
    for pk, on in ledger():
        person = Recipient.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if person is None or person.erased_on is not None:
            continue
        if person.status != "left":
            person.left_on = person.left_on or max(on, person.registered_on)
            person.status, person.left_reason = "left", person.left_reason or "moved"
        _erase(person, on)
        trail.record("person.erased", subject=person, by=None, replayed=True)
        erased += 1
    return erased


def propose(*, today: date) -> int:
    """Tell each county's office how many files have come to their end."""
    told = 0
    offices = User.objects.filter(role=Role.CARE_OFFICE, is_active=True)
    for office in offices.filter(area__level="county").select_related("area"):
        due = Recipient.objects.visible_to(office).to_erase(today).count()
        if due:
            told += notify(
                to=office,
                kind="retention.due",
                period=f"{today:%Y-%m}",
                words=f"有 {due} 份退出档案已满 {settings.RETENTION_YEARS} 年,"
                "请确认清除身份信息。",
                url="/retention/",
            )
    return told


def ledger() -> list[tuple[UUID, date]]:
    """Return whose identity was removed, and when, as told outside the database."""
    path = Path(settings.ERASURE_LEDGER)
    if not path.exists():
        return []
    lines = [line.split() for line in path.read_text().splitlines()]
    # A line cut short by a kill is of an erasure that is in the database.
    return [
        (UUID(line[0]), date.fromisoformat(line[1])) for line in lines if len(line) == 2
    ]


def _erase(person: Recipient, on: date) -> None:
    for remove in erasing.remove_files:
        remove(person.pk)
    # Children before parents: what is removed must hang on nothing.
    for rows in list(erasing.rows_about(person)):
        label = rows.model._meta.label
        if label in erasing.REMOVED:
            rows.delete()
        elif blanks := erasing.blanks(rows.model):
            rows.update(**blanks)
    erasing.blank_person(person, on)
    person.save()


def _note(pk: UUID) -> None:
    line = f"{pk} {timezone.localdate().isoformat()}"
    add_lines(Path(settings.ERASURE_LEDGER), [line])
