"""Days in cells: as days, as serials of Excel, or in one of many spellings."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from common.tables.cells import NOTHING, Read, shown, wrong
from common.tables.text import EMPTY_WORDS, Value, as_number, clean, narrow

BEFORE_FIRST = date(1899, 12, 30)
BEFORE_FIRST_1904 = date(1904, 1, 1)
SERIALS = (1, 100_000)
LARGEST = 1e9
EARLIEST = 1900

_FULL = re.compile(r"(\d{4})[-./年,](\d{1,2})[-./月,](\d{1,2})[日号]?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})[-./年](\d{1,2})月?(?:份)?")
_MONTH_DIGITS = re.compile(r"(\d{4})(\d{2})")
_TWO_DIGITS = re.compile(
    r"\d{2}[-./年]\d{1,2}(?:[-./月]\d{1,2}[日号]?)?|\d{2}年\d{1,2}月"
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
# Taken off before the spaces go: 2025/3/1 10:20 is not the 11th.
_TIME = re.compile(
    r"(?:(?<=[日号])|(?<!\s)\s|T)\s*+(?:上午|下午|AM|PM)?\s*+\d{1,2}[:\uff1a]\d{2}.*$",
    re.IGNORECASE | re.DOTALL,
)
_IN_TITLE = re.compile(
    r"(\d{4})\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})(?!\d|\s*月)"
)
_MONTH_IN_TITLE = re.compile(r"(?<!\d)(\d{4})\s*年\s*(\d{1,2})\s*月")
_REPORTED = re.compile(
    r"(?:填[报表写]|制表|上报|统计|数据截[至止])(?:时间|日期|日)?[::\s]*(?=\d)"
)


class Day(NamedTuple):
    """A day, or a month of which the day was not told (then it is the first)."""

    on: date
    month_only: bool = False

    def __str__(self) -> str:
        return f"{self.on:%Y-%m}" if self.month_only else self.on.isoformat()


def read_date(value: Value, column: str, *, from_1904: bool = False) -> Read:
    """Read a day; the value is a ``Day`` or None."""
    if value == "" or value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _checked(Day(value), column)
    if value.__class__ in (float, int):
        return _read_number(as_number(value), column, from_1904)
    typed = clean(value)
    day = _TIME.sub("", typed) if ":" in typed or "\uff1a" in typed else typed
    return _read_words(narrow(day), typed, column, from_1904)


def day_in(text: str) -> date | None:
    """Return the last full date that stands in a title or a line under it."""
    found = None
    for year, month, day in _IN_TITLE.findall(clean(text)):
        found = _day(year, month, day) or found
    return found


def day_reported(title: str, foot: str) -> date | None:
    """Return the day of which a table speaks, as its title or its foot says.

    Of a month the last day. Below a table only a day that is said to be this counts.
    """
    for text in map(clean, (title, foot)):
        if said := _REPORTED.search(text):
            after = text[said.end() :]
            begins = _IN_TITLE.match(after) or _MONTH_IN_TITLE.match(after)
            if begins and (day := _last_day(*begins.groups())):
                return day
    if day := day_in(title):
        return day
    months = [_last_day(*found) for found in _MONTH_IN_TITLE.findall(clean(title))]
    return next((day for day in reversed(months) if day), None)


@lru_cache(maxsize=8192)
def _read_words(
    text: str,
    typed: str,
    column: str,
    from_1904: bool,  # noqa: FBT001
) -> Read:
    if typed in EMPTY_WORDS or text in EMPTY_WORDS:
        return NOTHING
    if match := _FULL.fullmatch(text) or _DIGITS.fullmatch(text):
        day = _day(match[1], match[2], match[3])
        if day is None:
            words = f"日期“{shown(typed)}”不存在,请核对。"
            return wrong(column, "E_DATE_BAD", words)
        return _checked(Day(day), column)
    if match := _MONTH.fullmatch(text) or _MONTH_DIGITS.fullmatch(text):
        day = _day(match[1], match[2], "1")
        if day is not None:
            return _checked(Day(day, month_only=True), column)
    if _SERIAL.fullmatch(text):
        return _read_number(float(text), column, from_1904)
    if _TWO_DIGITS.fullmatch(text):
        words = f"日期“{shown(typed)}”的年份请写4位。"
        return wrong(column, "E_DATE_BAD", words)
    words = f"日期“{shown(typed)}”看不懂,请写成2024-05-06。"
    return wrong(column, "E_DATE_BAD", words)


def _read_number(number: float, column: str, from_1904: bool) -> Read:  # noqa: FBT001
    if not 0 <= number < LARGEST:
        return wrong(column, "E_DATE_BAD", f"日期“{number:g}”看不懂,请写成2024-05-06。")
    if number == int(number) and len(str(int(number))) in (6, 8):
        return _read_words(str(int(number)), str(int(number)), column, from_1904)
    if EARLIEST <= number < 2100 and number != int(number):
        return _month_number(number, column)
    if SERIALS[0] <= number < SERIALS[1] and not EARLIEST <= number < 2100:
        first = BEFORE_FIRST_1904 if from_1904 else BEFORE_FIRST
        return _checked(Day(first + timedelta(days=int(number))), column)
    words = f"日期“{number:g}”看不懂,请写成2024-05-06。"
    return wrong(column, "E_DATE_BAD", words)


def _month_number(number: float, column: str) -> Read:
    """Read 2024.3, kept as a number; of 2024.1 Excel may have dropped a 0."""
    year, _, month = f"{number:.2f}".rstrip("0").partition(".")
    if month == "1":
        words = f"{number:g}无法区分1月和10月,请写成{year}-01。"
        return wrong(column, "E_DATE_BAD", words)
    day = _day(year, month, "1")
    if day is None:
        return wrong(column, "E_DATE_BAD", f"日期“{number:g}”不存在,请核对。")
    return _checked(Day(day, month_only=True), column)


def _checked(day: Day, column: str) -> Read:
    if day.on.year < EARLIEST:
        return wrong(column, "E_DATE_BAD", f"日期“{day}”早于1900年,请核对。")
    return Read(day)


def _last_day(year: str, month: str, day: str = "") -> date | None:
    """Return the day, or of a month its last."""
    if day:
        return _day(year, month, day)
    first = _day(year, month, "1")
    return first and (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
