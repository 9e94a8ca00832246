"""AZ-06: narrowing, ordering and searching tell nothing of what is sealed or far."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.privacy import classes
from tests import cast
from tests.house import world as worlds

# What is offered as a filter, in codes, is shown in the list as well.
OFFERED = ("category", "kind", "also", "dibao", "disability_kind", "disability_grade")
SEALED = sorted(
    name
    for name, level in classes()["recipients.Recipient"].items()
    if level == "sensitive" and name not in OFFERED
)
ORDERINGS = ("ordering", "order", "order_by", "sort", "o")
PEOPLE = "/recipients/"


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.build()


@pytest.fixture
def desk(world: worlds.World) -> Client:
    client = Client()
    client.force_login(world.users["county"])
    return client


def shown(desk: Client, **asked: str) -> list[object]:
    page = desk.get(PEOPLE, asked)
    assert page.status_code == 200
    return [person.pk for person in page.context["people"]]


def test_a_sealed_field_neither_narrows_nor_orders(desk: Client, world):
    usual, told = shown(desk), []

    for field in SEALED:
        value = str(getattr(world.near["recipient"], field))
        narrowed = dict.fromkeys((field, f"{field}__startswith", f"{field}__gt"), value)
        for asked in (
            narrowed,
            dict.fromkeys(narrowed, "0"),
            dict.fromkeys(ORDERINGS, field),
            dict.fromkeys(ORDERINGS, f"-{field}"),
        ):
            if shown(desk, **asked) != usual:
                told.append((field, asked))

    assert len(usual) > 1
    assert told == []


def test_a_part_of_an_id_or_a_phone_finds_nobody(desk: Client, world):
    person = world.near["recipient"]

    for part in (person.phone[:7], person.phone[-4:], person.resident_id[:14]):
        page = desk.get(PEOPLE, {"q": part})
        assert person.name not in page.content.decode()


def test_who_is_far_is_looked_for_as_who_is_not_there_at_all(client: Client, world):
    # An office or a cadre is told that somebody is on file, for an urgent look.
    client.force_login(world.users["liaison"])
    far = world.far["recipient"]
    asked = reverse("reports:search")
    answers, questions = [], []
    for number in (cast.resident_id(), far.resident_id, cast.resident_id()):
        with CaptureQueriesContext(connection) as seen:
            page = client.get(asked, {"q": number})
        answers.append(page.content.decode().replace(number, "…"))
        questions.append([one["sql"].split(" ")[0] for one in seen])

    # The first one of all asks more: what is kept from then on is not known yet.
    assert questions[1] == questions[2]
    assert far.code not in answers[1]
