"""Nobody who is invented could be somebody."""

from datetime import date
from random import Random

import pytest

from common.invented import Inventor
from common.invented_places import units, villages
from common.invented_words import NEEDS, need_words, visit_words
from common.resident_id import age_on, check
from common.townships import TOWNSHIPS

TODAY = date(2026, 11, 23)
ALL_TOWNSHIPS = [(township.code, township.name) for township in TOWNSHIPS]
WAYS = ("HOME", "PHONE", "VIDEO", "ERRAND", "HOSPITAL", "CENTRE", "OFFICE")


@pytest.fixture(scope="module")
def crowd():
    return list(Inventor(7, today=TODAY).people(20_000))


def test_every_invented_id_is_valid_and_marked(crowd):
    for person in crowd:
        read = check(person.resident_id, today=TODAY)
        assert (read.birth_on, read.sex) == (person.birth_on, person.sex)
        assert person.resident_id[14] == "9"


def test_no_id_and_no_phone_is_given_twice(crowd):
    assert len({person.resident_id for person in crowd}) == len(crowd)
    assert len({person.phone for person in crowd}) == len(crowd)


def test_phones_are_the_invented_ones(crowd):
    near, far = crowd[:10_000], crowd[10_000:]

    assert all(person.phone.startswith("1990000") for person in near)
    assert all(person.phone.startswith("1990") for person in far)
    assert {len(person.phone) for person in crowd} == {11}


def test_the_same_seed_gives_the_same_people(crowd):
    again = list(Inventor(7, today=TODAY).people(100))
    others = list(Inventor(8, today=TODAY).people(100))

    assert again == crowd[:100]
    assert others != again


def test_names_are_as_mixed_as_people_are(crowd):
    surnames = [person.name[0] for person in crowd]
    by_ethnicity = {person.ethnicity for person in crowd}

    assert surnames.count("王") > surnames.count("侯") > 0
    assert any("·" in person.name for person in crowd)
    assert any(person.name.startswith(("尉迟", "欧阳")) for person in crowd)
    assert by_ethnicity == {"01", "03", "04", "05", "48"}
    assert len({person.name for person in crowd}) > 10_000


@pytest.mark.parametrize("ages", [(0, 17), (18, 59), (60, 95), (17, 17)])
def test_people_are_as_old_as_wished(ages):
    people = Inventor(1, today=TODAY).people(500, ages=ages)

    assert {
        ages[0] <= age_on(person.birth_on, TODAY) <= ages[1] for person in people
    } == {True}


def test_ages_are_right_on_a_leap_day_too():
    leap_day = date(2028, 2, 29)
    people = Inventor(1, today=leap_day).people(2_000, ages=(4, 4))

    assert {age_on(person.birth_on, leap_day) for person in people} == {4}


def test_when_ids_run_out_it_is_told():
    inventor = Inventor(1, today=TODAY)

    with pytest.raises(ValueError, match="No id is left"):
        list(inventor.people(400_000, ages=(5, 5)))


def test_each_township_has_ten_villages_of_its_own():
    made = villages(ALL_TOWNSHIPS, Random(1))
    all_villages = [village for some in made.values() for village in some]

    assert len(all_villages) == 180
    assert len({village.name for village in all_villages}) == 180
    for code, some in made.items():
        assert {village.code[:9] for village in some} == {code[:9]}
        assert all(village.code[9] == "2" for village in some)
        assert {len(village.code) for village in some} == {12}


def test_streets_have_communities_and_towns_have_villages():
    made = villages(ALL_TOWNSHIPS, Random(1))

    assert all(village.name.endswith("社区") for village in made["620302001000"])
    assert all(village.name.endswith("村") for village in made["620321101000"])


def test_an_address_lies_in_its_village():
    inventor = Inventor(1, today=TODAY)

    assert inventor.address("沙枣庄村").startswith("沙枣庄村")
    assert inventor.address("同心里社区").endswith("室")


def test_the_city_has_its_units_by_different_names():
    made = units(ALL_TOWNSHIPS)

    assert len(made) == len({unit.name for unit in made}) == 274
    assert {unit.area[:6] for unit in made} == {"620300", "620302", "620321"}
    assert sum(unit.name.endswith("人民政府") for unit in made) == 18


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("category", ["CHILD", "DISABLED", "DESTITUTE"])
def test_visits_are_told_in_hundreds_of_ways(way, category):
    random = Random(1)

    assert len({visit_words(random, way, category) for _ in range(3_000)}) > 300


@pytest.mark.parametrize("kind", NEEDS)
def test_needs_have_words_of_their_kind(kind):
    assert need_words(Random(1), kind) in NEEDS[kind]
