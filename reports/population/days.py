"""On which days a family was seen: seasons, 逢6 days, and some that wait."""

from datetime import date, timedelta
from random import Random

from recipients.due import DAYS_BETWEEN
from recipients.enums import Category
from visits.calendar import SIXES

# How long the wait was as a rule, before the standards were held to.
USUAL = {Category.CHILD: 38, Category.DISABLED: 118, Category.DESTITUTE: 41}
# More in winter and around the festivals, fewer when the harvest is in.
SEASON = (0.8, 0.75, 0.95, 1.0, 0.95, 0.95, 1.15, 1.05, 1.1, 1.2, 0.95, 0.85)
ON_A_SIX = 0.42
LONGEST_OVERDUE = 24
FURTHEST_BACK = 9_000
A_MONTH = 31
SATURDAY = 5


def shortest(categories: list[Category]) -> Category:
    """Return the category whose people are to be seen most often."""
    return min(categories, key=lambda category: DAYS_BETWEEN[category])


def contact_days(
    random: Random,
    category: Category,
    since: date,
    today: date,
    limit: int | None,
    *,
    late: bool = False,
) -> list[date]:
    """Return the days of contacts from the newest back to ``since``, or ``limit``.

    A family was seen within the standard's time, unless it is ``late``.
    """
    standard = DAYS_BETWEEN[category]
    waited = (today - since).days
    if late:
        gap = standard + 1 + int(random.random() * LONGEST_OVERDUE)
    else:
        # In time is in time for the category; most were seen well before the day.
        gap = int(random.random() ** 1.2 * (standard - 1))
    if gap > waited and limit is None:
        return []
    day = today - timedelta(days=gap)
    if not late:
        day = _usual_day(random, day, today, latest_gap=standard)
    return days_before(random, category, day, since, limit)


def days_before(
    random: Random, category: Category, last: date, since: date, limit: int | None
) -> list[date]:
    """Return ``last`` and the days before it, newest first, none before ``since``."""
    days: list[date] = []
    day = last
    # So many contacts that they would reach beyond living memory come closer.
    longest = FURTHEST_BACK // max(limit or 1, 1)
    while (day >= since) if limit is None else (len(days) < limit):
        days.append(day)
        wait = USUAL[category] * SEASON[day.month - 1] * (0.6 + random.random() * 0.8)
        earlier = day - timedelta(days=min(max(3, int(wait)), longest))
        if longest > A_MONTH:
            before = day - timedelta(days=1)
            earlier = _usual_day(random, earlier, before, latest_gap=FURTHEST_BACK)
        day = earlier
    return days


def _usual_day(random: Random, day: date, before: date, *, latest_gap: int) -> date:
    """Move a day to the nearest 逢6 day or off the weekend, as people go out."""
    if random.random() < ON_A_SIX:
        six = min(SIXES, key=lambda number: abs(number - day.day))
        moved = day.replace(day=six)
    elif day.weekday() >= SATURDAY and random.random() < 0.7:
        moved = day - timedelta(days=day.weekday() - SATURDAY + 1)
    else:
        return day
    return moved if moved <= before and (before - moved).days < latest_gap else day
