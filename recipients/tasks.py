"""What the clock does about people."""

from datetime import datetime

from jobs.registry import sweep
from recipients.operations import duplicates, tasks


@sweep("likely_duplicates", "查找疑似重复的档案")
def likely_duplicates(now: datetime) -> int:
    """Look through the registry for files that may be of one person."""
    return duplicates.find_all()


@sweep("life_tasks", "年满18周岁的事项")
def life_tasks(now: datetime) -> int:
    """Ask the offices about children who come of age; each waits until decided."""
    return tasks.raise_adults(now=now)
