"""Several desks in the same moment, on real connections: one person, one file."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from cadres.models import Area, User
from recipients.enums import Category
from recipients.models import Household, Recipient
from recipients.operations import people
from recipients.operations.people import AlreadyFiled
from recipients.person_facts import PersonFacts
from tests import cast

DESKS = 8
NUMBER = "620321196503129019"


def _open(name: str, township: str, number: str, by: User) -> str:
    facts = PersonFacts(
        name=name,
        category=Category.DESTITUTE,
        area=Area.objects.get(pk=township),
        resident_id=number,
    )
    try:
        return people.register_person(facts=facts, by=by).code
    except AlreadyFiled:
        return "filed"
    finally:
        connection.close()


def at_once(calls: list[tuple[Any, ...]]) -> list[str]:
    with ThreadPoolExecutor(len(calls)) as desks:
        return [done.result() for done in [desks.submit(_open, *c) for c in calls]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "townships", [[cast.HEXIBAO], [cast.HEXIBAO, "620321104000", "620321107000"]]
)
def test_one_person_gets_one_file_however_many_try(yongchang_office, townships):
    places = [townships[number % len(townships)] for number in range(DESKS)]

    done = at_once([("王秀花", place, NUMBER, yongchang_office) for place in places])

    assert done.count("filed") == DESKS - 1
    assert Recipient.objects.count() == Household.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_each_file_of_a_township_gets_a_number_of_its_own(yongchang_office):
    numbers = [cast.resident_id() for _ in range(DESKS)]

    done = at_once(
        [("某人", cast.HEXIBAO, number, yongchang_office) for number in numbers]
    )

    assert sorted(done) == [f"YC-HXB-{number:04d}" for number in range(1, DESKS + 1)]
