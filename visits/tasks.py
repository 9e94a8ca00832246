"""What the clock does about visits."""

from datetime import datetime

from jobs.registry import sweep
from visits.operations import reminders


@sweep("six_reminders", "逢6上街提醒")
def six_reminders(now: datetime) -> int:
    """Remind cadres on the eve and the morning of a 逢6 day."""
    return reminders.remind_of_sixes(now=now)


@sweep("daily_digest", "每个工作日的走访提醒")
def daily_digest(now: datetime) -> int:
    """Tell each cadre in one line what waits."""
    return reminders.send_digests(now=now)
