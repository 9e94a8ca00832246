"""All that a role can send: the forms on its pages, and addresses no form shows."""

import uuid
from dataclasses import dataclass, field

from django.test import Client
from django.urls import reverse

from cadres.permissions import Permission
from tests.fuzz.asking import let_go, quiet
from tests.fuzz.pages import Form, forms_on
from tests.house import world as worlds
from tests.house.addresses import Address, addresses
from tests.house.matrix import MATRIX


@dataclass
class Surface:
    """A role's client, its forms, and its addresses with rows of its own in them."""

    client: Client
    posts: list[Form] = field(default_factory=list)
    lists: list[Form] = field(default_factory=list)
    gets: list[str] = field(default_factory=list)
    # What stands at each address that answers with text.
    pages: dict[str, str] = field(default_factory=dict)


def of(role: str, world: worlds.World) -> Surface:
    """Walk the pages that the role may open, and note every form on them."""
    client = Client(raise_request_exception=False)
    with quiet():
        return _walked(client, role, world)


def _walked(client: Client, role: str, world: worlds.World) -> Surface:
    if role != "stranger":
        client.force_login(world.users[role])
    found = Surface(client)
    shown: dict[tuple[str, frozenset[str]], Form] = {}
    for address in addresses():
        url = url_of(address, world)
        if "GET" not in MATRIX[address.name].methods:
            continue
        answer = client.get(url)
        let_go(answer)
        if answer.status_code != 200:
            continue
        found.gets.append(url)
        if answer.streaming:
            continue
        found.pages[url] = answer.content.decode()
        if "html" not in answer.headers["Content-Type"]:
            continue
        for form in forms_on(found.pages[url], url):
            shown[form.action.split("?")[0], frozenset(form.fields)] = form
    found.posts = [form for form in shown.values() if form.method == "post"]
    found.lists = [form for form in shown.values() if form.method == "get"]
    found.posts += _unshown(role, world, {form.action for form in found.posts})
    return found


def url_of(address: Address, world: worlds.World) -> str:
    """Return the address with the rows of Hexibao in it."""
    expected = MATRIX[address.name]
    values: dict[str, object] = {}
    for parameter in address.parameters:
        if parameter in expected.fixed:
            values[parameter] = expected.fixed[parameter]
        else:
            kind = expected.others.get(parameter, expected.row)
            row = world.near.get(kind)
            values[parameter] = row.pk if row else uuid.uuid4()
    return reverse(address.name, kwargs=values)


def _unshown(role: str, world: worlds.World, shown: set[str]) -> list[Form]:
    """Return a bare form for each POST that the role may make and no page shows."""
    urls = [
        url_of(address, world)
        for address in addresses()
        if "POST" in MATRIX[address.name].methods
        and _may(role, MATRIX[address.name].permission)
    ]
    return [Form(action=url, method="post") for url in urls if url not in shown]


def _may(role: str, permission: Permission | None) -> bool:
    if permission is None or role == "stranger":
        return permission is None
    return worlds.may(role, permission)
