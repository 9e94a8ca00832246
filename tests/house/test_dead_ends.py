"""No page shows a link or a button that its reader is refused."""

import re

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from tests.fuzz import surface
from tests.fuzz.asking import let_go, quiet
from tests.house import world as worlds
from tests.house.addresses import addresses
from tests.house.matrix import MATRIX

LEADS = re.compile(r'\b(?:href|action|formaction|hx-get|hx-post)="(/[^"?#]*)')


@pytest.fixture
def world(db) -> worlds.World:
    return worlds.build()


# One of each role: what may be opened goes by the role, not by the area.
@pytest.mark.parametrize(
    "role", ["county", "liaison", "cadre", "department", "leader", "admin", "auditor"]
)
def test_whatever_a_page_offers_its_reader_may_open(role: str, world: worlds.World):
    client = Client(raise_request_exception=False)
    client.force_login(world.users[role])
    user, closed, looked = world.users[role], set(), 0

    with quiet():
        for address in addresses():
            if "GET" not in MATRIX[address.name].methods:
                continue
            answer = client.get(surface.url_of(address, world))
            if answer.status_code == 200 and not answer.streaming:
                looked += 1
                leads = LEADS.findall(answer.content.decode(errors="ignore"))
                closed |= {(address.name, to) for to in leads if not _opens(to, user)}
            let_go(answer)

    assert closed == set()
    assert looked


def _opens(lead: str, user: worlds.User) -> bool:
    """Say whether the role may use what stands at this address, if it is ours."""
    try:
        view = resolve(lead).func
    except Resolver404:
        return True
    permission = getattr(view, "permission", None)
    return permission is None or user.has_permission(permission)
