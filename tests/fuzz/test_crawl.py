"""AZ-05, PR-06: no page, file or answer names anybody outside the reach, or in full."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from cadres.permissions import Permission
from recipients.models import Recipient
from reports.ledgers import LEDGERS
from tests.fuzz import surface
from tests.fuzz.asking import encoded, let_go, quiet
from tests.fuzz.conftest import SCALE
from tests.fuzz.pages import TYPED, Form, forms_on
from tests.house import world as worlds
from tests.house.addresses import addresses
from tests.house.marked import FAMILY, Marks, mark, text_of
from tests.house.matrix import MATRIX

# One of each kind of reach in every run, all of them by `make fuzz`.
SAMPLE = ("county", "cadre", "department")
ROLES = worlds.ROLES if SCALE >= 1 else SAMPLE
# Whose pages name nobody: they see sums, codes or nothing.
SEE_NO_NAMES = {"stranger", "leader", "auditor"}


@pytest.fixture
def marks(world: worlds.World) -> Marks:
    return mark(world)


@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_a_role_may_get_names_those_outside_or_a_whole_number(
    role: str, world: worlds.World, marks: Marks
):
    user = world.users.get(role)
    outside = marks.outside(user) if user else marks.names()
    named, shown, met = [], [], set()

    with quiet():
        for url, text in _all_answers(role, world):
            met |= {name for name in marks.names() if name in text}
            named += [(url, name) for name in outside if name in text]
            shown += [(url, number) for number in marks.whole_numbers_in(text)]

    assert named == []
    assert shown == []
    assert bool(met) == (role not in SEE_NO_NAMES), "nothing was looked at"


def test_the_marks_of_the_two_counties_are_told_apart(
    world: worlds.World, marks: Marks
):
    far = _name_of(world, "far")

    assert far in marks.outside(world.users["county"])
    assert far not in marks.outside(world.users["neighbour"])
    assert _name_of(world, "near") not in marks.outside(world.users["county"])


def _name_of(world: worlds.World, whose: str) -> str:
    return Recipient.objects.get(pk=getattr(world, whose)["recipient"].pk).name


def _all_answers(role: str, world: worlds.World) -> Iterator[tuple[str, str]]:
    """Yield every answer to a look, to a search for everybody, and every file."""
    client = Client(raise_request_exception=False)
    if role != "stranger":
        client.force_login(world.users[role])
    lists: dict[str, Form] = {}
    for url in _looks(world):
        text = _told(client, url)
        yield url, text
        lists |= {form.action: form for form in forms_on(text, url)}
    for url in _searches(lists):
        yield url, _told(client, url)
    if role != "stranger" and worlds.may(role, Permission.EXPORT):
        for ledger in LEDGERS:
            yield ledger, _export(client, ledger)


def _looks(world: worlds.World) -> list[str]:
    """Return every address with rows of either county in it."""
    theirs = worlds.World(world.users, near=world.far)
    return [
        surface.url_of(address, whose)
        for address in addresses()
        if "GET" in MATRIX[address.name].methods
        for whose in ((world, theirs) if MATRIX[address.name].row else (world,))
    ]


def _searches(lists: dict[str, Form]) -> Iterator[str]:
    """Yield each list narrowed to the name that everybody bears."""
    for form in lists.values():
        for name, field in form.fields.items():
            if form.method == "get" and field.kind in TYPED:
                yield f"{form.action}?{encoded([(name, FAMILY)])}"


def _told(client: Client, url: str) -> str:
    answer = client.get(url)
    try:
        return text_of(answer)
    finally:
        let_go(answer)


def _export(client: Client, ledger: str) -> str:
    asked = {"ledger": ledger, "reason": "报市局台账"}
    answer = client.post(reverse("reports:export_list"), asked)
    assert answer.streaming, answer.status_code
    return text_of(answer)
