"""The help: what it puts in quotes stands on the screens under that very name."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from jinchang_care.first_steps import FIRST_STEPS
from reports.help_topics import ROUND, TOPICS, VISIT, Topic
from tests.visits.homes import residents

QUOTED = re.compile("“([^”]+)”")
# The drawing of the red button, whose name is read to who cannot see it.
DRAWN = {"＋": "记走访"}
# What other programs call themselves.
OTHERS = {"腾讯身份验证器", "扫描二维码"}
TOLD_OF = ("reports/help_topics.py", "jinchang_care/first_steps.py")


def test_what_the_help_puts_in_quotes_stands_on_a_screen():
    screens = "\n".join(_sources())
    told = {name for steps in _steps() for name in quoted(steps)}

    assert {name for name in told - OTHERS if name not in screens} == set()


@pytest.mark.django_db
def test_the_help_on_visits_names_what_a_cadre_sees(client, cadre, cadre_user):
    first = residents(cadre, 2)[0]
    client.force_login(cadre_user)
    addresses = [
        *(reverse("visits:cadre_home"), reverse("visits:visit_choose")),
        reverse("visits:visit_new", args=[first.recipient_id]),
        reverse("visits:round_new", args=[first.pk]),
    ]

    pages = "".join(client.get(address).content.decode() for address in addresses)

    told = {name for topic in (VISIT, ROUND) for name in quoted(topic.steps)}
    assert {name for name in told if name not in pages} == set()


def quoted(steps: tuple[str, ...]) -> set[str]:
    found = QUOTED.findall("".join(steps))
    return {DRAWN.get(name, name) for name in found}


def _steps() -> Iterator[tuple[str, ...]]:
    topics: set[Topic] = {topic for role in TOPICS.values() for topic in role}
    yield from (topic.steps for topic in topics)
    yield from FIRST_STEPS.values()


def _sources() -> Iterator[str]:
    base = Path(settings.BASE_DIR)
    own = ("templates", "static/js", "jinchang_care", "reports", "cadres", "common")
    apps = ("intake", "recipients", "policies", "rosters", "casework", "visits")
    for folder in (*own, *apps):
        for file in (base / folder).rglob("*"):
            path = file.relative_to(base).as_posix()
            if file.suffix in {".html", ".js", ".py"} and path not in TOLD_OF:
                yield file.read_text()
