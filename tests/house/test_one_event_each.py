"""PR-08: whatever shows or takes out a person's facts leaves exactly one event."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from tests.house import world as worlds

Ask = Callable[[Client, worlds.World], object]
AGENT = "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36"


@pytest.fixture
def world(db) -> worlds.World:
    return worlds.build()


def _person(world: worlds.World, name: str) -> str:
    return reverse(f"recipients:{name}", args=[world.near["recipient"].pk])


DEEDS: dict[str, tuple[str, str, Ask]] = {
    "page opened": (
        "county",
        "person.seen",
        lambda client, world: client.get(_person(world, "recipient_detail")),
    ),
    "value unmasked": (
        "county",
        "person.unmasked",
        lambda client, world: client.post(
            _person(world, "recipient_unmask"), {"field": "phone", "reason": "应急"}
        ),
    ),
    "search by a whole id": (
        "county",
        "person.searched",
        lambda client, world: client.get(
            reverse("reports:search"), {"q": world.near["recipient"].resident_id}
        ),
    ),
    "search by a whole phone": (
        "county",
        "person.searched",
        lambda client, world: client.get(
            reverse("reports:search"), {"q": world.near["recipient"].phone}
        ),
    ),
    "list filtered by a whole id": (
        "county",
        "person.searched",
        lambda client, world: client.get(
            reverse("recipients:recipient_list"),
            {"q": world.near["recipient"].resident_id},
        ),
    ),
    "export": (
        "county",
        "export.made",
        lambda client, world: client.post(
            reverse("reports:export_list"),
            {"ledger": "recipients", "reason": "报民政局月报"},
        ),
    ),
    "print": (
        "county",
        "page.printed",
        lambda client, world: client.post(
            reverse("reports:page_printed"),
            {"path": _person(world, "recipient_detail")},
        ),
    ),
    "a row of others": (
        "neighbour",
        "access.refused",
        lambda client, world: client.get(_person(world, "recipient_detail")),
    ),
    "a deed on a row of others": (
        "neighbour",
        "access.refused",
        lambda client, world: client.post(
            _person(world, "recipient_unmask"), {"field": "phone", "reason": "应急"}
        ),
    ),
    "a page of other roles": (
        "leader",
        "access.refused",
        lambda client, world: client.get(_person(world, "recipient_detail")),
    ),
    "a person's trail": (
        "auditor",
        "trail.looked_up",
        lambda client, world: client.get(
            reverse("reports:trail_person", args=[world.near["recipient"].pk])
        ),
    ),
    "the trail taken out": (
        "auditor",
        "trail.exported",
        lambda client, world: client.post(
            reverse("reports:trail_export"), {"reason": "年度审计抽查"}
        ),
    ),
}


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_it_is_one_event_with_who_what_when_whence_and_no_value(
    deed: str, world: worlds.World
):
    role, kind, ask = DEEDS[deed]
    client = Client(headers={"user-agent": AGENT}, REMOTE_ADDR="10.20.30.40")
    client.force_login(world.users[role])
    before = Event.objects.count()

    answer = ask(client, world)
    for close in answer._resource_closers:
        close()

    assert Event.objects.count() == before + 1
    event = Event.objects.latest("id")
    assert (event.kind, event.by) == (kind, str(world.users[role].pk))
    assert (event.address, event.device) == ("10.20.30.0/24", "视窗电脑 谷歌浏览器")
    person = world.near["recipient"]
    told = str([vars(event)[field.attname] for field in Event._meta.concrete_fields])
    for secret in (person.resident_id, person.phone, person.name):
        assert secret not in told


def test_a_search_by_name_and_a_list_that_has_no_such_page_are_no_events(
    world: worlds.World,
):
    client = Client()
    client.force_login(world.users["county"])

    client.get(reverse("reports:search"), {"q": "李小伟"})
    client.get(reverse("recipients:recipient_list"), {"after": "rubbish"})

    assert not Event.objects.exists()
