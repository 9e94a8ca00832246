"""A visit's words are not sent twice by going back, nor lost for want of a signal."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cadres.models import Cadre
from tests import cast
from tests.browser.conftest import Screen
from visits.models import HomeVisit

pytestmark = pytest.mark.browser


@pytest.fixture
def form(phone: Screen, cadre: Cadre) -> Page:
    """Return the form of a visit with a sentence in it."""
    person = cast.make_recipient("王大山")
    cast.make_pairing(person, cadre)
    phone.sign_in(cadre.user.username)
    page = phone.page
    page.goto(phone.base + reverse("visits:visit_new", args=[person.pk]))
    page.get_by_label("情况记录").fill("身体平稳")
    return page


def test_the_form_gone_back_to_is_empty(form: Page):
    form.get_by_role("button", name="提交走访").tap()
    expect(form.locator(".toast-line.is-success")).to_be_visible()

    form.go_back()

    expect(form.get_by_label("情况记录")).to_have_value("")
    assert HomeVisit.objects.count() == 1


def test_without_a_signal_nobody_leaves_the_page(form: Page, phone: Screen):
    send = form.get_by_role("button", name="提交走访")

    form.context.set_offline(True)
    send.tap()
    expect(form.get_by_text("没有网络,还没有提交。")).to_be_visible()
    expect(form.get_by_label("情况记录")).to_have_value("身体平稳")
    assert HomeVisit.objects.count() == 0

    form.context.set_offline(False)
    send.tap()
    expect(form.locator(".toast-line.is-success")).to_be_visible()
    assert HomeVisit.objects.count() == 1
    # The browser notes the asking that failed; that is what was to be seen.
    assert all("/live" in said or "DISCONNECTED" in said for said in phone.complaints)
    phone.complaints.clear()


def test_a_refusal_stays_until_it_is_closed(form: Page):
    form.clock.install()
    form.reload()
    refused = form.locator(".toast-line.is-error")

    for _ in range(2):
        form.evaluate(
            "document.dispatchEvent(new CustomEvent('toast', "
            "{ detail: { words: '没有网络' } }))"
        )
    form.clock.fast_forward(60_000)

    expect(refused).to_have_count(1)
    refused.get_by_role("button", name="关闭").tap()
    expect(refused).to_have_count(0)


def test_what_was_done_is_said_for_a_while(form: Page):
    form.clock.install()
    form.get_by_role("button", name="提交走访").tap()
    done = form.locator(".toast-line.is-success")
    expect(done).to_be_visible()

    form.clock.fast_forward(31_000)

    expect(done).to_have_count(0)
