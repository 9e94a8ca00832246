"""Which days people work in China: weekends, public holidays and 调休.

The notice for a year comes out late in the year before: what the office has entered
by hand wins over what the library knows.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

SATURDAY = 5
# No holiday of China, with its weekends, is longer.
LONGEST_REST = 31

Overrides = Mapping[date, bool]
NONE: Overrides = {}


def is_workday(day: date, overrides: Overrides = NONE) -> bool:
    """Say whether people work that day; ``overrides`` map a day to yes or no."""
    if day in overrides:
        return overrides[day]
    days_off, worked_weekends = _year(day.year)
    if day.weekday() >= SATURDAY:
        return day in worked_weekends
    return day not in days_off


def holiday_name(day: date) -> str:
    """Return the holiday's Chinese name, or nothing on an ordinary day."""
    return _year(day.year)[0].get(day, "")


def next_workday(day: date, overrides: Overrides = NONE) -> date:
    """Return the day itself or the first working day after it."""
    for later in range(LONGEST_REST + 1):
        candidate = day + timedelta(days=later)
        if is_workday(candidate, overrides):
            return candidate
    raise ValueError(f"{day}之后{LONGEST_REST}天内没有工作日,请检查调休设置。")


@lru_cache(maxsize=64)
def _year(year: int) -> tuple[dict[date, str], frozenset[date]]:
    """Return the year's days off by name, and the weekends that are worked."""
    known = country_holidays("CN", years=year, language="zh_CN")
    return dict(known), frozenset(known.weekend_workdays)
