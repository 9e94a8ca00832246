"""Ten residents of a home told on the phone at once, and what an unlike one takes."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cadres.models import Cadre
from recipients.models import Pairing
from tests.browser.conftest import Screen
from tests.browser.steps import Thumb
from tests.visits.homes import residents
from tests.visits.telling import log
from visits.models import HomeVisit

pytestmark = pytest.mark.browser


@pytest.fixture
def ten(cadre: Cadre) -> list[Pairing]:
    long_ago = timezone.localdate() - timedelta(days=60)
    pairings = residents(cadre, started_on=long_ago)
    for pairing in pairings[:3]:
        log(pairing, by=cadre.user, day=long_ago, way="CENTRE")
    return pairings


@pytest.mark.usefixtures("ten")
def test_three_taps_and_a_phrase_tell_of_ten(phone: Screen, cadre: Cadre):
    phone.sign_in(cadre.user.username)
    thumb = Thumb(phone)

    thumb.tap(phone.page.get_by_role("link", name="永昌县敬老院 批量记走访"))
    expect(phone.page.locator("[data-picked]")).to_have_text("10")
    assert phone.too_wide() <= 0
    assert phone.violations() == []
    thumb.says("身体平稳")
    thumb.sends()

    expect(phone.page.get_by_text("10 人的走访已记下。")).to_be_visible()
    assert thumb.taps == 3
    today = HomeVisit.objects.filter(day=timezone.localdate(), way="CENTRE")
    assert today.count() == 10

    phone.page.get_by_role("button", name="撤销").tap()
    expect(phone.page.get_by_text("10 人的走访已撤销")).to_be_visible()
    expect(phone.page.get_by_label("情况记录")).to_have_value("身体平稳")
    assert not today.standing().exists()


def test_one_was_out_one_was_not_visited_and_policies_are_confirmed(
    phone: Screen, cadre: Cadre, ten: list[Pairing]
):
    phone.sign_in(cadre.user.username)
    page = phone.open("visits:round_new", pk=ten[0].pk)
    people = page.locator("[data-person]")
    out, away = people.nth(0), people.nth(9)

    page.get_by_label("七项政策都与上次一致").tap()
    away.locator("[data-one]").tap()
    expect(away.locator("summary")).to_be_hidden()
    out.locator("summary").tap()
    out.get_by_text("未遇").tap()
    expect(out.get_by_label("七项政策与上次一致")).to_be_hidden()
    page.get_by_role("button", name="身体平稳").tap()
    page.get_by_role("button", name="提交走访").tap()
    expect(page.get_by_text("写一句怎么没见到").first).to_be_visible()
    assert phone.violations() == []
    assert phone.too_wide() <= 0
    out.get_by_role("button", name="邻居说外出了").tap()
    page.get_by_role("button", name="提交走访").tap()

    expect(page.get_by_text("9 人的走访已记下。")).to_be_visible()
    told = HomeVisit.objects.filter(day=timezone.localdate())
    assert told.get(outcome="not_met").words == "邻居说外出了"
    assert told.exclude(sheet=None).count() == 2


def test_what_was_begun_is_still_there_after_a_call(
    phone: Screen, cadre: Cadre, ten: list[Pairing]
):
    phone.sign_in(cadre.user.username)
    page = phone.open("visits:round_new", pk=ten[0].pk)
    page.get_by_label("全选").tap()
    page.locator("[data-one]").nth(4).tap()
    page.get_by_label("情况记录").fill("一起包了饺子")

    phone.open("visits:cadre_home")
    page = phone.open("visits:round_new", pk=ten[0].pk)
    page.get_by_role("button", name="继续").tap()

    expect(page.get_by_label("情况记录")).to_have_value("一起包了饺子")
    expect(page.locator("[data-picked]")).to_have_text("1")
