"""The visit form on a phone: what is tapped first is whole on the first screen."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cadres.models import Cadre
from tests import cast
from tests.browser.conftest import Screen
from tests.visits.telling import log

pytestmark = pytest.mark.browser


def test_the_phrases_are_whole_above_the_bar(phone: Screen, cadre: Cadre):
    person = cast.make_recipient("王大山")
    started = timezone.localdate() - timedelta(days=60)
    pairing = cast.make_pairing(person, cadre, started_on=started)
    # The last visit's words take two lines.
    told = "上门走访,米面油够用,煤已拉好;提醒防煤烟,约好下月再来。"
    log(pairing, by=cadre.user, day=started, words=told)
    phone.sign_in(cadre.user.username)
    page = phone.open("visits:visit_new", pk=person.pk)

    chip = page.get_by_role("group", name="常用语").locator(".chip:visible").first
    bar = page.locator(".m-bar").bounding_box()
    box = chip.bounding_box()

    assert box["y"] + box["height"] <= bar["y"]


def test_ways_and_outcomes_are_folded_side_by_side(phone: Screen, cadre: Cadre):
    person = cast.make_recipient("王大山")
    cast.make_pairing(person, cadre)
    phone.sign_in(cadre.user.username)
    page = phone.open("visits:visit_new", pk=person.pk)
    ways, outcomes = page.get_by_text("更多方式"), page.get_by_text("没见到人、被拒绝")

    assert ways.bounding_box()["y"] == outcomes.bounding_box()["y"]
    outcomes.tap()
    page.locator("label[for=outcome_refused]").tap()

    expect(page.locator("#outcome_refused")).to_be_checked()
    assert outcomes.bounding_box()["y"] > ways.bounding_box()["y"]
    assert phone.too_wide() <= 0
