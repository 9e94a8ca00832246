"""Every 逢6 day, festival and due day falls where the office expects it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.workdays import is_workday
from recipients.due import next_due_on
from visits.calendar import (
    SIXES,
    day_words,
    disabled_persons_day,
    effective_day,
    festivals,
    lunar_words,
    next_six_day,
    owed_in_year,
    six_days,
)
from visits.enums import SixRule

NOMINALS = st.builds(
    date, st.integers(2020, 2035), st.integers(1, 12), st.sampled_from(SIXES)
)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("nominal", "rule", "kept"),
    [
        (date(2026, 6, 6), SixRule.KEEP, date(2026, 6, 6)),
        (date(2026, 6, 6), SixRule.NEAREST, date(2026, 6, 5)),
        (date(2026, 6, 6), SixRule.NEXT, date(2026, 6, 8)),
        (date(2026, 6, 6), SixRule.SKIP, None),
        (date(2026, 9, 6), SixRule.NEAREST, date(2026, 9, 7)),
        (date(2026, 12, 26), SixRule.NEAREST, date(2026, 12, 25)),
        (date(2026, 10, 6), SixRule.NEAREST, date(2026, 10, 8)),
        (date(2026, 10, 6), SixRule.NEXT, date(2026, 10, 8)),
        (date(2026, 11, 6), SixRule.SKIP, date(2026, 11, 6)),
    ],
)
def test_a_six_day_on_a_holiday_follows_the_setting(nominal, rule, kept):
    assert effective_day(nominal, rule) == kept


def test_of_two_days_as_near_the_earlier_is_taken():
    # Sunday 6 September, with the Monday after it a day off by hand.
    overrides = {date(2026, 9, 5): True}

    assert effective_day(date(2026, 9, 6), SixRule.NEAREST, overrides) == date(
        2026, 9, 5
    )


def test_national_day_goes_by_what_the_office_entered():
    overrides = {date(2026, 10, 7): True, date(2026, 10, 5): True}

    kept = effective_day(date(2026, 10, 6), SixRule.NEAREST, overrides)

    assert kept == date(2026, 10, 5)


def test_the_nearest_day_stays_within_the_month():
    nothing_before = {date(2026, 6, day): False for day in range(1, 6)}

    kept = effective_day(date(2026, 6, 6), SixRule.NEAREST, nothing_before)

    assert kept == date(2026, 6, 8)


def test_the_nearest_day_is_never_another_six_day():
    only_sixes = {date(2026, 6, day): day in (16, 26) for day in range(1, 31)}

    assert effective_day(date(2026, 6, 6), SixRule.NEAREST, only_sixes) is None


@given(NOMINALS, st.sampled_from(SixRule.values))
def test_a_moved_six_day_is_a_workday(nominal, rule):
    kept = effective_day(nominal, rule)

    if kept is None:
        assert rule == SixRule.SKIP
        assert not is_workday(nominal)
    elif kept != nominal:
        assert is_workday(kept)
        assert not is_workday(nominal)
        assert rule != SixRule.NEAREST or kept.month == nominal.month


@given(NOMINALS)
def test_no_workday_is_nearer_than_the_one_taken(nominal):
    kept = effective_day(nominal, SixRule.NEAREST)

    assert kept is not None
    for distance in range(abs((kept - nominal).days)):
        for step in (-distance, distance):
            day = nominal + timedelta(days=step)
            other = day.day in SIXES and day != nominal
            assert other or day.month != nominal.month or not is_workday(day)


def test_a_month_has_three_six_days_unless_some_are_left_out():
    assert [six.day.day for six in six_days(2026, 6)] == [6, 16, 26]
    assert [six.day.day for six in six_days(2026, 6, SixRule.SKIP)] == [16, 26]


def test_today_may_be_the_next_six_day():
    six = next_six_day(date(2026, 11, 26))

    assert six is not None
    assert (six.day, six.days) == (date(2026, 11, 26), 0)


def test_the_next_six_day_may_lie_in_the_next_year():
    six = next_six_day(date(2026, 12, 27))

    assert six is not None
    assert (six.day, six.days) == (date(2027, 1, 6), 10)


@given(DAYS, st.sampled_from(SixRule.values))
def test_the_next_six_day_is_the_first_that_is_still_to_come(today, rule):
    six = next_six_day(today, rule)

    assert six is not None
    assert six.days == (six.day - today).days >= 0
    months = {(day.year, day.month) for day in (today, six.nominal_on)}
    earlier = [s.day for y, m in months for s in six_days(y, m, rule)]
    assert not [day for day in earlier if today <= day < six.day]


def test_a_lunar_date_is_told_in_words():
    assert lunar_words(date(2026, 11, 23)) == "农历十月十五"
    assert lunar_words(date(2026, 2, 17)) == "农历正月初一"
    assert lunar_words(date(2025, 8, 1)) == "农历闰六月初八"
    assert day_words(date(2026, 11, 23)) == "11月23日 星期一 农历十月十五"


def test_festivals_of_a_year_fall_on_their_days():
    days = {festival.name: festival.day for festival in festivals(2026)}

    assert days == {
        "元旦": date(2026, 1, 1),
        "春节": date(2026, 2, 17),
        "元宵节": date(2026, 3, 3),
        "劳动节": date(2026, 5, 1),
        "全国助残日": date(2026, 5, 17),
        "儿童节": date(2026, 6, 1),
        "端午节": date(2026, 6, 19),
        "中秋节": date(2026, 9, 25),
        "国庆节": date(2026, 10, 1),
        "重阳节": date(2026, 10, 18),
    }
    assert [f.day for f in festivals(2026)] == sorted(days.values())


def test_some_festivals_are_for_some_people():
    by_name = {festival.name: festival for festival in festivals(2026)}

    assert by_name["儿童节"].categories == ("CHILD",)
    assert by_name["全国助残日"].categories == ("DISABLED",)
    assert by_name["重阳节"].from_age == 60
    assert by_name["春节"].categories == ()


def test_of_a_doubled_month_the_first_is_the_festival():
    # 2028 has two fifth months: the Dragon Boat Festival is in the first.
    days = {festival.name: festival.day for festival in festivals(2028)}

    assert days["端午节"] == date(2028, 5, 28)


@given(st.integers(2000, 2099))
def test_the_day_of_disabled_persons_is_a_third_sunday(year):
    day = disabled_persons_day(year)

    assert (day.month, day.weekday()) == (5, 6)
    assert 15 <= day.day <= 21


def test_the_next_contact_is_due_after_the_last_or_after_the_start():
    started = date(2026, 3, 1)

    assert next_due_on(None, started, 92) == date(2026, 6, 1)
    assert next_due_on(date(2026, 5, 10), started, 31) == date(2026, 6, 10)
    assert next_due_on(date(2025, 5, 10), started, 92) == date(2026, 6, 1)


def test_a_pairing_of_the_autumn_owes_a_part_of_the_year():
    assert owed_in_year(4, date(2025, 1, 1), 2026) == 4
    assert owed_in_year(4, date(2026, 10, 1), 2026) == 2
    assert owed_in_year(2, date(2026, 12, 31), 2026) == 1
    assert owed_in_year(4, date(2027, 1, 1), 2026) == 0
