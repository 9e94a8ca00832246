"""Choosing a file: a button, its name and size; without scripts a plain input."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, FilePayload, Page, expect

from cadres.models import User
from tests.browser.conftest import PASSWORD, PHONE, Screen

pytestmark = pytest.mark.browser
PAGES = (("intake:upload", "文件"), ("rosters:roster_list", "名单文件"))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(size: int) -> FilePayload:
    return FilePayload(name="低保名单.xlsx", mimeType=XLSX, buffer=b"x" * size)


@pytest.mark.parametrize(("name", "label"), PAGES)
def test_what_was_chosen_is_said_with_its_size(
    phone: Screen, city_office: User, name: str, label: str
):
    phone.sign_in(city_office.username)
    page = phone.open(name)

    with page.expect_file_chooser() as asked:
        page.locator("label", has_text="选择文件").tap()
    asked.value.set_files(workbook(2048))

    said = page.locator("[data-file-name]")
    expect(said).to_have_text("已选 低保名单.xlsx(2 KB)")
    assert phone.violations() == []
    assert phone.too_wide() <= 0
    page.get_by_label(label).set_input_files([])
    expect(said).to_have_text("")


@pytest.mark.parametrize(("name", "label"), PAGES)
def test_too_large_a_file_is_refused_before_it_is_sent(
    desktop: Screen, city_office: User, settings, name: str, label: str
):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    desktop.sign_in(city_office.username)
    page = desktop.open(name)

    page.get_by_label(label).set_input_files(workbook(1024 * 1024 + 1))

    said = page.locator("[data-file-name]")
    expect(said).to_have_text("低保名单.xlsx(1.0 MB)超过 1 MB,请分成几个文件。")
    assert not page.get_by_label(label).evaluate("input => input.checkValidity()")


@pytest.mark.parametrize(("name", "label"), PAGES)
def test_without_scripts_the_plain_input_is_there(
    browser: Browser, live_server, city_office: User, name: str, label: str
):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page: Page = context.new_page()
    page.goto(f"{live_server.url}{reverse('cadres:login')}")
    page.get_by_label("用户名").fill(city_office.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()

    page.goto(live_server.url + reverse(name))

    box = page.get_by_label(label).bounding_box()
    assert box is not None
    assert box["width"] > 200
    assert box["height"] >= 44
    expect(page.locator("label", has_text="选择文件")).to_be_hidden()
    context.close()
