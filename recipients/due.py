"""When a new pairing's first contact is due (the clock's standard, as a default)."""

from datetime import date, timedelta

from recipients.enums import Category

# 特困 and children monthly, the others once a season, where an office set nothing.
DAYS_BETWEEN = {Category.CHILD: 31, Category.DISABLED: 92, Category.DESTITUTE: 31}
DAYS_TO_MEET = 7


def first_due(category: str, started_on: date) -> date:
    """Return the last day on which the first contact is in time."""
    return started_on + timedelta(days=DAYS_BETWEEN[Category(category)])


def due_after_handover(
    category: str, started_on: date, previous_due: date | None
) -> date:
    """Return the day inherited with the family, but leave a week to meet it.

    The person has waited since the last contact, whoever cared for them then.
    """
    standard = first_due(category, started_on)
    if previous_due is None:
        return standard
    return min(standard, max(previous_due, started_on + timedelta(days=DAYS_TO_MEET)))
