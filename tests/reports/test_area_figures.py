"""Large areas are counted by the clock, and the pages say as of when."""

import datetime
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cadres.models import Area
from recipients.models import Recipient
from reports import area_figures
from reports.area_figures import AreaFigures, figures_of
from reports.models import KeptFigures
from reports.tasks import keep_figures
from tests import cast
from tests.visits.telling import log

TODAY = timezone.localdate()
NOW = timezone.now()


@pytest.fixture
def yongchang(areas) -> Area:
    return Area.objects.get(pk="620321000000")


@pytest.fixture
def large(monkeypatch) -> None:
    monkeypatch.setattr(area_figures, "COUNTED_AT_ONCE", 0)


def test_an_ordinary_office_is_counted_whenever_somebody_looks(child, yongchang: Area):
    assert keep_figures(NOW) == 0

    found = figures_of(yongchang, TODAY)

    assert (found.people.persons, found.counted_at) == (1, None)


def test_a_large_area_shows_what_the_clock_has_counted(
    large, pairing, yongchang: Area, yongchang_office, client: Client
):
    log(pairing, day=TODAY, by=pairing.cadre.user)
    # The county and the city; in the other county lives nobody.
    assert keep_figures(NOW) == 2
    cast.make_recipient("李后来")
    client.force_login(yongchang_office)

    page = client.get(reverse("reports:home"))

    assert page.context["people"].persons == 1
    assert "数字截至" in page.content.decode()


def test_kept_figures_come_back_as_they_were_counted(pairing, yongchang: Area):
    log(pairing, day=TODAY, by=pairing.cadre.user)
    counted = area_figures.count(yongchang, TODAY)

    told = json.loads(json.dumps(counted.as_json()))

    assert counted.visited.done == 1
    assert AreaFigures.from_json(told, NOW) == AreaFigures(
        **{**vars(counted), "counted_at": NOW}
    )


@pytest.mark.parametrize(
    "change",
    [
        {"counted_at": NOW - datetime.timedelta(minutes=16)},
        {"day": TODAY - datetime.timedelta(days=1)},
    ],
    ids=["longer ago than three rounds", "yesterday's"],
)
def test_what_was_kept_too_long_is_counted_anew(
    large, child, yongchang: Area, change: dict[str, object]
):
    keep_figures(NOW)
    Recipient.objects.update(status="left", left_on=TODAY, left_reason="moved")
    KeptFigures.objects.update(**change)

    found = figures_of(yongchang, TODAY)

    assert (found.people.persons, found.counted_at) == (0, None)


def test_the_clock_counts_twice_and_keeps_one_row_an_area(
    large, child, yongchang: Area
):
    keep_figures(NOW)
    cast.make_recipient("李后来")

    assert keep_figures(NOW) == 2

    assert KeptFigures.objects.count() == 2
    assert figures_of(yongchang, TODAY).people.persons == 2
