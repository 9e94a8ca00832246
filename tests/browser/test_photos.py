"""Photos of a visit as a phone gives them: one at a time, seen before they are sent."""

import io

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from cadres.models import Cadre
from recipients.models import Pairing
from tests import cast
from tests.browser.conftest import Screen
from visits.models import VisitPhoto

pytestmark = pytest.mark.browser


@pytest.fixture
def form(phone: Screen, cadre: Cadre) -> Page:
    """Return the form of a visit to somebody of the cadre's own."""
    person = cast.make_recipient("王大山")
    pairing: Pairing = cast.make_pairing(person, cadre)
    phone.sign_in(cadre.user.username)
    path = reverse("visits:visit_new", args=[pairing.recipient_id])
    phone.page.goto(phone.base + path)
    return phone.page


def photo(name: str, colour: str) -> FilePayload:
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(out, "JPEG")
    return FilePayload(name=name, mimeType="image/jpeg", buffer=out.getvalue())


def test_a_second_photo_joins_the_first_and_each_may_be_left_out(form: Page):
    picker, shown = form.locator("#photos"), form.locator("[data-photos-shown] img")

    for name, colour in (("门.jpg", "red"), ("院.jpg", "green"), ("炉.jpg", "blue")):
        picker.set_input_files([photo(name, colour)])
    expect(shown).to_have_count(3)
    expect(form.get_by_text("已选 3 张。")).to_be_visible()
    form.get_by_role("button", name="不要这张:院.jpg").tap()
    expect(form.get_by_text("已选 2 张。")).to_be_visible()

    form.get_by_label("情况记录").fill("身体平稳")
    form.get_by_role("button", name="提交走访").tap()
    expect(form.locator(".toast-line.is-success")).to_be_visible()
    assert VisitPhoto.objects.count() == 2


def test_the_seventh_photo_stays_behind_and_that_is_said(form: Page):
    many = [photo(f"{number}.jpg", "red") for number in range(7)]

    form.locator("#photos").set_input_files(many)

    expect(form.get_by_text("最多 6 张,多选的没有带上。")).to_be_visible()
    expect(form.locator("[data-photos-shown] img")).to_have_count(6)
