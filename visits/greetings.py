"""How the phone greets a cadre: by the hour, with the days to the next 逢6."""

from dataclasses import dataclass
from datetime import date, datetime

SIXES = (6, 16, 26)
PARTS_OF_DAY = ((11, "早上好"), (13, "中午好"), (18, "下午好"), (24, "晚上好"))


@dataclass(frozen=True)
class Six:
    """The next 逢6 day and how many days it is away."""

    day: date
    days: int


def greeting(name: str, now: datetime) -> str:
    """Return 赵军,下午好."""
    words = next(words for hour, words in PARTS_OF_DAY if now.hour < hour)
    return f"{name},{words}"


def next_six(today: date) -> Six:
    """Return the nearest 6th, 16th or 26th, today included."""
    ahead = [number for number in SIXES if number >= today.day]
    if ahead:
        day = today.replace(day=ahead[0])
    else:
        month = today.month % 12 + 1
        day = date(today.year + (month == 1), month, SIXES[0])
    return Six(day, (day - today).days)
