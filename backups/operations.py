"""Writes down how a backup, a trial or a return went, and tells when it went wrong."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from audit import trail
from backups.models import BackupRecord, RecordKind
from cadres.enums import Role
from cadres.models import User
from cadres.permissions import Permission, permits
from jobs import operations as jobs

CLOCK_PAGE = "/clock/"


@dataclass(frozen=True)
class Outcome:
    """How it went, as it is to be written down."""

    kind: RecordKind
    set_name: str = ""
    good: bool = True
    words: str = ""
    rows: int = 0
    files: int = 0
    size: int = 0
    started_at: datetime = field(default_factory=timezone.now)


@permits(Permission.BACK_UP)
@transaction.atomic
def note(*, outcome: Outcome, by: User | None) -> BackupRecord:
    """Leave the row and its event; when it went wrong, administrators are told."""
    record = BackupRecord.objects.create(
        kind=outcome.kind,
        set_name=outcome.set_name,
        good=outcome.good,
        words=outcome.words[:300],
        rows=outcome.rows,
        files=outcome.files,
        size=outcome.size,
        started_at=outcome.started_at,
        finished_at=max(timezone.now(), outcome.started_at),
        by=by,
    )
    trail.record(
        f"backup.{outcome.kind}{'' if outcome.good else '_failed'}",
        subject=record,
        by=by,
        reason=outcome.words[:200],
        rows=outcome.rows,
        files=outcome.files,
    )
    if not outcome.good:
        told = f"{record.get_kind_display()}没有成功:{outcome.words}"
        tell_admins(kind=f"backup.{outcome.kind}", period=str(record.pk), words=told)
    return record


def tell_admins(*, kind: str, period: str, words: str) -> int:
    """Ring the bell of every administrator once a period; return how many rang."""
    admins = User.objects.filter(role=Role.ADMIN, is_active=True)
    return sum(
        jobs.notify(
            to=admin, kind=kind, period=period, words=words[:300], url=CLOCK_PAGE
        )
        for admin in admins
    )
