"""Resident ids are read forgivingly and refused with a reason."""

import json
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from common.resident_id import (
    IdError,
    age_on,
    check,
    check_digit,
    normalise,
    parse_disability_certificate,
    upgrade_15,
)

TODAY = date(2026, 11, 23)
TRUTH = Path(settings.BASE_DIR) / "tests" / "rosters_sent" / "truth.json"
BIRTHS = st.dates(date(1907, 1, 1), date(2026, 11, 22))


def number_for(birth_on: date, *, area: str = "620321", sequence: int = 901) -> str:
    first17 = f"{area}{birth_on:%Y%m%d}{sequence:03d}"
    return first17 + check_digit(first17)


def refusal(text: str) -> str:
    with pytest.raises(IdError) as refused:
        check(text, today=TODAY)
    assert refused.value.words.endswith("。")
    return refused.value.code


@pytest.mark.parametrize(
    ("number", "birth_on", "sex"),
    [
        ("620321196503129019", date(1965, 3, 12), "1"),
        ("620302201508209020", date(2015, 8, 20), "2"),
        ("620321200811239059", date(2008, 11, 23), "1"),
        ("620302194802299044", date(1948, 2, 29), "2"),
        ("620321202206159068", date(2022, 6, 15), "2"),
        ("62032119751008903X", date(1975, 10, 8), "1"),
    ],
)
def test_a_good_id_tells_birth_and_sex(number, birth_on, sex):
    read = check(number, today=TODAY)

    assert (read.number, read.birth_on, read.sex) == (number, birth_on, sex)
    assert not read.was_15


@pytest.mark.parametrize(
    "typed",
    [
        "62032119751008903x",
        "'62032119751008903X",
        "’62032119751008903X",
        "６２０３２１１９７５１００８９０３Ｘ",
        "620321 19751008 903X",
        "620321-19751008-903x",
        "\u3000620321\u00a019751008903Х\t",
        "\ufeff62032119\u200b751008903X\u2060",
        "620321—19751008—903X",
    ],
)
def test_what_people_type_round_an_id_is_forgiven(typed):
    assert check(typed, today=TODAY).number == "62032119751008903X"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "LENGTH"),
        ("62032119650312901", "LENGTH"),
        ("6203211965031290199", "LENGTH"),
        ("6203211965O3129019", "CHARSET"),
        ("62032119751008903*", "CHARSET"),
        ("6203211975100X903X", "CHARSET"),
        ("62032165031290X", "CHARSET"),
        ("٦٢٠٣٢١١٩٦٥٠٣١٢٩٠١٩", "CHARSET"),
        ("620321196502309012", "BIRTH"),
        ("620321197513019012", "BIRTH"),
        ("620321196500009012", "BIRTH"),
        ("620321190002299012", "BIRTH"),
        ("620321188803129014", "BIRTH"),
        ("620321203001019012", "FUTURE"),
        ("620321196503129010", "CHECKSUM"),
    ],
)
def test_a_bad_id_is_refused_for_its_first_fault(typed, code):
    assert refusal(typed) == code


def test_an_impossible_day_of_an_old_id_is_found_too():
    assert refusal("620321650230901") == "BIRTH"


def test_a_province_that_never_was_is_refused():
    assert refusal(number_for(date(1965, 3, 12), area="190321")) == "PROVINCE"


def test_a_county_that_is_not_known_is_no_reason_to_refuse():
    number = number_for(date(1965, 3, 12), area="629999")

    assert check(number, today=TODAY).number == number


def test_fifteen_digits_become_eighteen():
    read = check("620321 650312 901", today=TODAY)

    assert read.number == "620321196503129019" == upgrade_15("620321650312901")
    assert read.was_15


def test_born_today_is_not_in_the_future():
    assert check(number_for(TODAY), today=TODAY).birth_on == TODAY
    assert refusal(number_for(TODAY + timedelta(days=1))) == "FUTURE"


@given(BIRTHS, st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_never_passes(birth_on, sequence, place, more):
    number = number_for(birth_on, sequence=sequence)
    if place == 17 and number[17] == "X":
        wrong = number[:17] + str(more)
    else:
        wrong = (
            number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
        )

    with pytest.raises(IdError):
        check(wrong, today=TODAY)


@given(BIRTHS, st.integers(0, 999))
def test_the_check_digit_is_that_of_the_standard(birth_on, sequence):
    number = number_for(birth_on, sequence=sequence)

    # ISO 7064 MOD 11-2: the weighted sum with the check character leaves 1.
    total = 0
    for character in number:
        total = (total * 2 + (10 if character == "X" else int(character))) % 11
    assert total == 1
    assert check(number, today=TODAY).birth_on == birth_on


@given(st.text(max_size=40))
def test_any_text_is_an_id_or_is_refused(text):
    with suppress(IdError):
        read = check(text, today=TODAY)
        assert check(read.number, today=TODAY).number == read.number
    assert normalise(normalise(text)) == normalise(text)


def test_age_changes_on_the_birthday():
    assert age_on(date(2008, 11, 23), date(2026, 11, 22)) == 17
    assert age_on(date(2008, 11, 23), date(2026, 11, 23)) == 18
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18
    assert age_on(date(2008, 2, 29), date(2028, 2, 29)) == 20


def test_a_certificate_tells_holder_kind_and_grade():
    read = parse_disability_certificate("620321 19650312 9019 41", today=TODAY)
    again = parse_disability_certificate("62032119650312901941b1", today=TODAY)

    assert read.resident_id.number == "620321196503129019"
    assert (read.kind, read.grade, read.reissued) == ("4", "1", 0)
    assert (again.number, again.reissued) == ("62032119650312901941B1", 1)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("62032119650312901985", "KIND"),
        ("62032119650312901945", "GRADE"),
        ("6203211965031290194", "LENGTH"),
        ("6203211965031290194X", "CHARSET"),
        ("62032119650312901941B", "CHARSET"),
        ("62032119650312901041", "CHECKSUM"),
    ],
)
def test_a_bad_certificate_is_refused_with_its_reason(typed, code):
    with pytest.raises(IdError) as refused:
        parse_disability_certificate(typed, today=TODAY)

    assert refused.value.code == code


def test_every_id_of_the_departments_lists_is_found_good():
    truth = TRUTH.read_text(encoding="utf-8")
    numbers = set(_ids_in(json.loads(truth)))

    assert len(numbers) > 100
    assert all(check(number, today=TODAY).number == number for number in numbers)


def _ids_in(node):
    """Yield the normalised ids of the sampled rows, wherever they stand."""
    if isinstance(node, list):
        for inner in node:
            yield from _ids_in(inner)
    elif isinstance(node, dict):
        normalised = node.get("values")
        if isinstance(normalised, dict) and normalised.get("id"):
            yield normalised["id"]
        for inner in node.values():
            yield from _ids_in(inner)
