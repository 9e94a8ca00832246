"""What the clock does about people and their files."""

from datetime import datetime

from django.utils import timezone

from backups import erasures
from jobs.registry import sweep
from recipients.operations import duplicates, tasks
from recipients.operations.retention import propose, replay


@sweep("likely_duplicates", "查找疑似重复的档案")
def likely_duplicates(now: datetime) -> int:
    """Look through the registry for files that may be of one person."""
    return duplicates.find_all()


@sweep("life_tasks", "年满18周岁、残疾等级降低的事项")
def life_tasks(now: datetime) -> int:
    """Ask the offices about who comes of age and whose grade is a lower one now."""
    return tasks.raise_adults(now=now) + tasks.raise_grades(now=now)


@sweep("propose_erasures", "退出满年限的档案提请清除身份信息")
def propose_erasures(now: datetime) -> int:
    """Tell the offices of files whose time is over; they confirm."""
    return propose(today=timezone.localdate(now))


def _erase_again() -> str:
    """Erase whoever was erased since the backup, before anybody is served."""
    number = replay()
    return f"\n再次清除了 {number} 人的身份信息(备份之后清除过)。" if number else ""


erasures.after_restore.append(_erase_again)
