"""The calendar knows when China works, and the office knows better."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.workdays import holiday_name, is_workday, next_workday


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
        (date(2026, 10, 1), False),
        (date(2026, 10, 6), False),
        (date(2026, 10, 10), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 17), False),
        (date(2026, 2, 23), False),
    ],
)
def test_holidays_and_the_days_worked_for_them_are_known(day, works):
    assert is_workday(day) is works


def test_what_the_office_entered_wins():
    national_day, monday = date(2026, 10, 1), date(2026, 11, 23)

    assert is_workday(national_day, {national_day: True})
    assert not is_workday(monday, {monday: False})


def test_the_next_workday_is_after_the_holiday():
    assert next_workday(date(2026, 10, 1)) == date(2026, 10, 8)
    assert next_workday(date(2026, 11, 23)) == date(2026, 11, 23)


def test_a_month_without_work_is_told():
    never = {date(2026, 11, 1) + timedelta(days=n): False for n in range(60)}

    with pytest.raises(ValueError, match="调休设置"):
        next_workday(date(2026, 11, 1), never)


def test_a_holiday_has_its_name():
    assert holiday_name(date(2026, 10, 1)) == "国庆节"
    assert holiday_name(date(2026, 11, 23)) == ""


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_the_next_workday_is_worked_and_none_before_it(day):
    following = next_workday(day)

    assert is_workday(following)
    assert not any(
        is_workday(day + timedelta(days=n)) for n in range((following - day).days)
    )
