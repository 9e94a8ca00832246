"""A day in an address, as 2026-11-23."""

from datetime import date


class DayConverter:
    """Turns a day of an address into a date and back; no day at all is a 404."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


def years_before(day: date, years: int) -> date:
    """Return the day so many years ago; whoever was born later is younger."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
