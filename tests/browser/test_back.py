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
