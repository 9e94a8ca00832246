"""AU-02, AU-03, AZ-06: whoever guesses learns nothing and locks nobody out."""

import random
import time
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cadres.enums import Role
from cadres.models import User
from tests import cast
from tests.fuzz.asking import quiet
from tests.fuzz.conftest import SCALE
from tests.house import world as worlds

pytestmark = pytest.mark.django_db
GUESSES = 1_000 if SCALE >= 1 else 120
TRIES, ALIKE = (200, 1.1) if SCALE >= 1 else (7, 1.3)
# What a telephone book and a list of passwords would try.
WORDS = ("12345678", "jinchang2026", "永昌县", "password", "guanai123")


def enter(username: str, password: str, address: str) -> int:
    sent = {"username": username, "password": password}
    return Client(REMOTE_ADDR=address).post("/login/", sent).status_code


def in_turns(ask: Callable[[str, int], None], *whom: str) -> dict[str, float]:
    """Return the least seconds of asking for each, in turns.

    They are this process's own, and the least of them what others on the machine
    lengthened least.
    """
    spent: dict[str, list[float]] = {one: [] for one in whom}
    for number in range(TRIES):
        for one, seconds in spent.items():
            begun = time.process_time()
            ask(one, number)
            seconds.append(time.process_time() - begun)
    return {one: min(seconds) for one, seconds in spent.items()}


def test_spraying_over_many_accounts_opens_none_and_locks_no_office_out(
    settings, admin, city_office, chance: random.Random
):
    settings.AXES_ENABLED = True
    User.objects.bulk_create(
        User(username=f"c{number:04d}", role=Role.CADRE, password="!")
        for number in range(GUESSES)
    )

    with quiet():
        answers = [
            enter(f"c{number:04d}", chance.choice(WORDS), "10.9.9.9")
            for number in range(GUESSES)
        ]
        usual = enter("city", "jinchang-demo", "10.0.0.1")

    assert answers[:50] == [422] * 50
    # Afterwards one in ten seconds is looked at at all.
    assert answers[51:].count(429) >= 0.9 * len(answers[51:])
    assert set(answers) == {422, 429}
    assert usual == 302
    assert Event.objects.filter(kind="address.slowed").count() == 1


def test_a_wrong_answer_takes_as_long_whoever_is_named(settings, leader, auditor):
    settings.PASSWORD_HASHERS = ["cadres.authentication.OwnArgon2Hasher"]
    for user in (leader, auditor):
        user.set_password(cast.__name__)
        user.save()
    User.objects.filter(pk=auditor.pk).update(is_active=False)

    def ask(name: str, number: int) -> None:
        enter(name, "wrong", f"10.1.{number // 250}.{number % 250}")

    with quiet():
        least = in_turns(ask, "leader", "auditor", "nobody")
    assert max(least.values()) / min(least.values()) < ALIKE, least


def test_who_is_far_is_looked_for_as_long_as_who_is_not_there(
    world: worlds.World, client: Client
):
    client.force_login(world.users["liaison"])
    nobody = cast.resident_id()
    far = world.far["recipient"].resident_id

    def ask(number: str, _: int) -> None:
        assert client.get(reverse("reports:search"), {"q": number}).status_code == 200

    # The first of all asks more than those after it.
    ask(nobody, 0)
    least = in_turns(ask, far, nobody)

    assert max(least.values()) / min(least.values()) < ALIKE, least
