"""The form of a difference asks for a day of leaving only of those who leave."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cadres.models import User
from recipients.models import Recipient
from rosters.enums import DifferenceKind
from rosters.models import Difference
from tests.browser.conftest import Screen

pytestmark = pytest.mark.browser


def test_the_day_of_leaving_comes_and_goes_with_its_deed(
    desktop: Screen, yongchang_office: User, child: Recipient
):
    found = Difference.objects.create(
        kind=DifferenceKind.TURNED_18,
        month=timezone.localdate().replace(day=1),
        recipient=child,
        area=child.area,
        fields=["birth_on"],
    )
    desktop.sign_in(yongchang_office.username)
    page = desktop.page
    page.goto(desktop.base + reverse("rosters:difference_settle", args=[found.pk]))
    expect(page.get_by_label("退出日期")).to_be_hidden()

    page.get_by_label("处理方式").select_option(label="退出")
    expect(page.get_by_label("退出日期")).to_be_visible()

    page.get_by_label("处理方式").select_option(label="无需处理")
    expect(page.get_by_label("退出日期")).to_be_hidden()
