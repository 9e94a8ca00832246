"""Which 逢6 day is kept where: the setting of the nearest office holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cadres.models import Area
from visits.calendar import SIXES, effective_day
from visits.enums import SixRule
from visits.models import DayOverride, SixSetting

CITY = "620300000000"
DIGITS = (12, 9, 6, 4)
CODE_LENGTH = 12
# No day is moved further: the longest rest is shorter than a month.
MOVED_AT_MOST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Keeping:
    """What becomes of a 逢6 day on a holiday, and how long a visit still counts."""

    rule: str = SixRule.KEEP
    grace_days: int = 2


def keepings() -> dict[str, Keeping]:
    """Return what the offices have set, by the code of their area."""
    return {
        setting.area_id: Keeping(setting.rule, setting.grace_days)
        for setting in SixSetting.objects.all()
    }


def keeping_in(area: str, known: Mapping[str, Keeping]) -> Keeping:
    """Return what holds in an area: its own setting, or the nearest above it."""
    for digits in DIGITS:
        found = known.get(area[:digits].ljust(CODE_LENGTH, "0"))
        if found is not None:
            return found
    return Keeping()


def overrides() -> dict[date, bool]:
    """Return the days the office has made working days or days off."""
    return dict(DayOverride.objects.values_list("day", "working"))


def places_by_nominal(day: date) -> dict[date, list[str]]:
    """Return {逢6 day: codes of the areas} for those that are kept on this day."""
    known, changed = keepings(), overrides()
    codes = list(Area.objects.values_list("code", flat=True))
    found: dict[date, list[str]] = {}
    for nominal in nominals(day - MOVED_AT_MOST, day + MOVED_AT_MOST):
        places = [
            code
            for code in codes
            if effective_day(nominal, keeping_in(code, known).rule, changed) == day
        ]
        if places:
            found[nominal] = places
    return found


def nominals(first: date, last: date) -> list[date]:
    """Return the 6th, 16th and 26th from the first day to the last."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.day in SIXES]


def next_nominal(nominal: date) -> date:
    """Return the 逢6 day after this one, as the calendar has it."""
    return nominals(nominal + timedelta(days=1), nominal + timedelta(days=11))[0]
