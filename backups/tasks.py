"""What the clock does for backups: makes them, tries them, and says when it cannot."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from audit.sentences import register
from backups import checking, making, operations, queries
from jobs.registry import sweep

register(
    {
        "backup.made": "做了一次备份",
        "backup.made_failed": "备份没有成功",
        "backup.checked": "试着恢复了最近的备份,一致",
        "backup.checked_failed": "试着恢复最近的备份,没有成功",
        "backup.restored": "从备份恢复了数据",
        "backup.restored_failed": "从备份恢复没有成功",
    }
)
# Delivered twice, or run by hand beside the clock, it makes one backup.
ENOUGH_FOR = timedelta(hours=1)


@sweep("backup", "每日备份")
def back_up(now: datetime) -> int:
    """Make the day's backup, and let the oldest beyond the number kept go."""
    if queries.recently_made(now, within=ENOUGH_FOR):
        return 0
    folder = Path(settings.BACKUP_DIR)
    try:
        record = checking.back_up(folder, by=None)
        making.keep_newest(folder, number=settings.BACKUP_KEEP)
    except making.Busy:
        return 0
    return record.rows


@sweep("backup_check", "每周恢复自查")
def check_backup(now: datetime) -> int:
    """Bring the newest backup back into a scratch database, and compare."""
    return checking.check_newest(Path(settings.BACKUP_DIR), now=now).rows


@sweep("backup_watch", "备份是否正常")
def watch(now: datetime) -> int:
    """Tell administrators of what is wrong with the copies, once a day each."""
    day = timezone.localdate(now).isoformat()
    return sum(
        operations.tell_admins(
            kind=f"backup.{problem.kind}"[:40], period=day, words=problem.words
        )
        for problem in queries.state(now).problems
    )
