"""How well the copies are: when one was last made, and last shown to be good."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Min

from backups.models import BackupRecord, RecordKind
from cadres.models import User

BACKUP_WITHIN = timedelta(hours=26)
CHECK_WITHIN = timedelta(days=8)
NOT_MADE = "超过 26 小时没有成功的备份。"
NOT_CHECKED = "超过 8 天没有成功的恢复自查。"


@dataclass(frozen=True)
class Problem:
    """One thing that an administrator must see to."""

    kind: str
    words: str


@dataclass(frozen=True)
class BackupState:
    """What the clock's page shows of backups, and what is wrong with them."""

    made: BackupRecord | None
    checked: BackupRecord | None
    problems: list[Problem]

    @property
    def is_well(self) -> bool:
        return not self.problems


def state(now: datetime) -> BackupState:
    """Return how well the copies are at this moment."""
    last_made, last_checked = _last(RecordKind.MADE), _last(RecordKind.CHECKED)
    problems = [
        problem
        for problem in (
            _old(RecordKind.MADE, now, BACKUP_WITHIN, NOT_MADE),
            _old(RecordKind.CHECKED, now, CHECK_WITHIN, NOT_CHECKED),
            _failed(last_made),
            _failed(last_checked),
            _archive_problem(),
        )
        if problem
    ]
    return BackupState(last_made, last_checked, problems)


def recently_made(now: datetime, *, within: timedelta) -> bool:
    """Say whether a good backup was finished a short while ago."""
    made = BackupRecord.objects.of(RecordKind.MADE).good()
    return made.filter(finished_at__gt=now - within).exists()


def _last(kind: RecordKind) -> BackupRecord | None:
    return BackupRecord.objects.of(kind).first()


def _failed(record: BackupRecord | None) -> Problem | None:
    if record is None or record.good:
        return None
    words = f"最近一次{record.get_kind_display()}没有成功:{record.words}"
    return Problem(f"{record.kind}_failed", words)


def _old(
    kind: RecordKind, now: datetime, limit: timedelta, words: str
) -> Problem | None:
    """Name it a problem when the last good one, or else the system, is too old."""
    good = BackupRecord.objects.of(kind).good().first()
    since = good.started_at if good else _first_day()
    if since is None or now - since <= limit:
        return None
    return Problem(f"{kind}_old", words)


def _first_day() -> datetime | None:
    first: datetime | None = User.objects.aggregate(first=Min("created_at"))["first"]
    return first


def _archive_problem() -> Problem | None:
    """Say when PostgreSQL cannot put its log of changes away, while it is to do so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('archive_mode') <> 'off'"
            " AND last_failed_time > coalesce(last_archived_time, '-infinity')"
            " FROM pg_stat_archiver"
        )
        failing = cursor.fetchone() == (True,)
    if not failing:
        return None
    return Problem("archive_failing", "数据库日志归档失败,请检查归档目录和磁盘。")
