"""Every page, as every role that may open it, at both sizes and in large letters."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from tests.browser.conftest import DESKTOP, PHONE, Screen, sized
from tests.house import world as worlds
from tests.house.addresses import addresses
from tests.house.matrix import MATRIX, SEES

# Whose eyes see the most pages: between them they may open all of them.
EYES = ["county", "cadre", "admin", "leader", "auditor", "liaison"]
SIZES = [("phone", PHONE, "std"), ("desktop", DESKTOP, "std"), ("large", PHONE, "xl")]


def pages(role: str) -> list[str]:
    """Return the names of the pages that this role may open with GET."""
    return [
        address.name
        for address in addresses()
        if "GET" in MATRIX[address.name].methods
        and MATRIX[address.name].permission is not None
        and worlds.may(role, MATRIX[address.name].permission)
        and (not MATRIX[address.name].row or role in SEES[MATRIX[address.name].row])
        and MATRIX[address.name].is_page
    ]


@pytest.mark.browser
@pytest.mark.parametrize("role", EYES)
@pytest.mark.parametrize(
    ("words", "viewport", "size"), SIZES, ids=[s[0] for s in SIZES]
)
def test_pages_are_accessible_and_fit_their_screen(
    screens: Callable[..., Screen], role: str, words: str, viewport, size: str
):
    world = worlds.build()
    user = world.users[role]
    sized(user, size)
    screen = screens(viewport)
    screen.sign_in(user.username)
    for name in pages(role):
        expected = MATRIX[name]
        near = world.near[expected.row].pk if expected.row else None
        address = next(found for found in addresses() if found.name == name)
        values = {
            parameter: expected.fixed.get(parameter, near)
            for parameter in address.parameters
        }
        screen.page.goto(screen.base + reverse(name, kwargs=values))
        screen.assert_accessible()
        screen.assert_no_sideways_scroll()


@pytest.mark.browser
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_door_is_accessible(screens: Callable[..., Screen], viewport):
    screen = screens(viewport)
    screen.open("cadres:login")

    screen.assert_accessible()
    screen.assert_no_sideways_scroll()
