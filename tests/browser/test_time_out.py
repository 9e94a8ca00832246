"""AU-10 in a real browser: warned in time, signed out, back in, no word lost."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cadres.models import Session, User
from casework.models import Need
from recipients.models import Recipient
from tests.browser.conftest import PASSWORD, Screen
from tests.doors.keys import code_of, give_factor

pytestmark = pytest.mark.browser
WORDS = "房顶漏雨,一下雨就没处睡"


@pytest.fixture
def half_written(desktop: Screen, city_office: User, child: Recipient) -> Page:
    """Return a page with a form that the office has half filled in."""
    desktop.page.clock.install()
    desktop.sign_in("city")
    desktop.page.goto(desktop.base + reverse("casework:need_raise", args=[child.pk]))
    desktop.page.locator("textarea[name=words]").fill(WORDS)
    return desktop.page


def test_five_minutes_before_the_end_the_page_asks_whether_one_is_there(half_written):
    page, box = half_written, half_written.locator("#time-out")
    page.clock.fast_forward("24:00")
    expect(box).to_be_hidden()

    page.clock.fast_forward("01:30")

    expect(box).to_be_visible()
    expect(box).to_contain_text("5 分钟")
    before = Session.objects.get().seen_at
    with page.expect_response("**/me/stay/"):
        page.get_by_role("button", name="继续使用").click()
    expect(box).to_be_hidden()
    assert Session.objects.get().seen_at > before
    page.clock.fast_forward("24:00")
    expect(box).to_be_hidden()


def test_after_the_end_one_signs_in_on_the_page_and_goes_on(half_written, city_office):
    page, box = half_written, half_written.locator("#time-out")
    run_out(page)

    expect(box).to_contain_text("本页填的内容都还在")
    box.get_by_label("密码").fill("wrong-password")
    box.get_by_role("button", name="登录,继续刚才的").click()
    expect(box.get_by_role("alert")).to_contain_text("用户名或密码不对")
    box.get_by_label("密码").fill(PASSWORD)
    box.get_by_role("button", name="登录,继续刚才的").click()
    expect(box).to_be_hidden()

    send(page)
    assert Need.objects.get().words == WORDS


def test_the_second_step_is_asked_in_the_dialog_as_well(half_written, city_office):
    page, box = half_written, half_written.locator("#time-out")
    factor = give_factor(city_office)
    run_out(page)

    box.get_by_label("密码").fill(PASSWORD)
    box.get_by_role("button", name="登录,继续刚才的").click()
    box.get_by_label("动态码").fill(code_of(factor))
    box.get_by_role("button", name="确定,继续刚才的").click()
    expect(box).to_be_hidden()

    send(page)
    assert Need.objects.get().words == WORDS


def run_out(page: Page) -> None:
    """Let half an hour pass, here and on the server."""
    past = timezone.now() - datetime.timedelta(seconds=1)
    Session.objects.update(expires_at=past)
    page.clock.fast_forward("30:01")


def send(page: Page) -> None:
    """Fill in the rest and send the form."""
    form = page.locator("form#need")
    form.locator("[name=kind]").first.evaluate(CHOOSE)
    form.locator("[name=urgency]").first.evaluate(CHOOSE)
    with page.expect_navigation():
        form.evaluate("form => form.requestSubmit()")


CHOOSE = """field => {
  if (field.tagName === "SELECT") field.selectedIndex = 1; else field.checked = true;
}"""
