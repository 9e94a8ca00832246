"""Days of the scheme: 逢6 days, lunar dates, festivals, and when a visit is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from lunar_python import Lunar, Solar

from common.workdays import NONE, is_workday, next_workday
from visits.enums import SixRule

SIXES = (6, 16, 26)
WEEKDAYS = "一二三四五六日"
DAYS_IN_WEEK = 7
MAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class SixDay:
    """A 逢6 day: the day it is called by, and the day on which people go out."""

    nominal_on: date
    day: date
    days: int = 0

    @property
    def is_moved(self) -> bool:
        return self.day != self.nominal_on

    @property
    def words(self) -> str:
        return f"{self.day.month}月{self.day.day}日 星期{WEEKDAYS[self.day.weekday()]}"


@dataclass(frozen=True, slots=True)
class Festival:
    """A day on which a family is owed a visit, and for whom."""

    code: str
    name: str
    day: date
    categories: tuple[str, ...] = ()
    from_age: int = 0


def day_words(day: date) -> str:
    """Return 11月23日 星期一 农历十月十五."""
    weekday = WEEKDAYS[day.weekday()]
    return f"{day.month}月{day.day}日 星期{weekday} {lunar_words(day)}"


@lru_cache(maxsize=1024)
def lunar_words(day: date) -> str:
    """Return 农历十月十五."""
    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return f"农历{lunar.getMonthInChinese()}月{lunar.getDayInChinese()}"


def effective_day(
    nominal: date, rule: str = SixRule.KEEP, overrides: Mapping[date, bool] = NONE
) -> date | None:
    """Return the day on which a 逢6 day is kept, or None when it is left out."""
    if rule == SixRule.KEEP or is_workday(nominal, overrides):
        return nominal
    if rule == SixRule.NEAREST:
        return _nearest_workday(nominal, overrides)
    if rule == SixRule.NEXT:
        return next_workday(nominal, overrides)
    return None


def six_days(
    year: int,
    month: int,
    rule: str = SixRule.KEEP,
    overrides: Mapping[date, bool] = NONE,
) -> list[SixDay]:
    """Return the month's 逢6 days that are kept, in order."""
    nominals = [date(year, month, six) for six in SIXES]
    kept = [(nominal, effective_day(nominal, rule, overrides)) for nominal in nominals]
    return [SixDay(nominal, day) for nominal, day in kept if day is not None]


def next_six_day(
    today: date, rule: str = SixRule.KEEP, overrides: Mapping[date, bool] = NONE
) -> SixDay | None:
    """Return today's or the next 逢6 day with the days until then.

    None when a year of them is left out.
    """
    year, month = _month_before(today)
    for _ in range(14):
        for six in six_days(year, month, rule, overrides):
            if six.day >= today:
                return SixDay(six.nominal_on, six.day, (six.day - today).days)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return None


@lru_cache(maxsize=32)
def festivals(year: int) -> tuple[Festival, ...]:
    """Return the year's festivals by day; in a leap month the first of its number."""
    days = (
        Festival("NEW_YEAR", "元旦", date(year, 1, 1)),
        Festival("SPRING", "春节", lunar_day(year, 1, 1)),
        Festival("LANTERN", "元宵节", lunar_day(year, 1, 15)),
        Festival("LABOUR", "劳动节", date(year, 5, 1)),
        Festival("DISABLED", "全国助残日", disabled_persons_day(year), ("DISABLED",)),
        Festival("CHILDREN", "儿童节", date(year, 6, 1), ("CHILD",)),
        Festival("DRAGON_BOAT", "端午节", lunar_day(year, 5, 5)),
        Festival("MID_AUTUMN", "中秋节", lunar_day(year, 8, 15)),
        Festival("NATIONAL", "国庆节", date(year, 10, 1)),
        Festival("DOUBLE_NINTH", "重阳节", lunar_day(year, 9, 9), from_age=60),
    )
    return tuple(sorted(days, key=lambda festival: festival.day))


def lunar_day(year: int, month: int, day: int) -> date:
    """Return the day of a lunar date; of a doubled month the first is meant."""
    solar = Lunar.fromYmd(year, month, day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def disabled_persons_day(year: int) -> date:
    """Return the third Sunday of May (残疾人保障法 第十四条)."""
    first = date(year, MAY, 1)
    return first + timedelta(days=(SUNDAY - first.weekday()) % DAYS_IN_WEEK + 14)


def owed_in_year(a_year: int, started_on: date, year: int) -> int:
    """Return how many of a year's contacts a pairing owes in that year.

    By its days, rounded up, at least one; none before it starts.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    if started_on > last:
        return 0
    all_days = (last - first).days + 1
    own_days = (last - max(first, started_on)).days + 1
    return max(1, -(-a_year * own_days // all_days))


def _nearest_workday(nominal: date, overrides: Mapping[date, bool]) -> date | None:
    """Return the nearest working day of the month, of two the earlier.

    Another 逢6 day is never taken; None when the month has no other working day.
    """
    for distance in range(1, 31):
        for step in (-distance, distance):
            day = nominal + timedelta(days=step)
            if day.month != nominal.month or day.day in SIXES:
                continue
            if is_workday(day, overrides):
                return day
    return None


def _month_before(today: date) -> tuple[int, int]:
    # Postponed over a month's end, a 逢6 day of the month before may still come.
    before = today.replace(day=1) - timedelta(days=1)
    return before.year, before.month
