"""The sheet of all parts in a real browser: no violation, no complaint, no overflow."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
SIZES = {
    "phone": (390, 844, "std"),
    "phone, largest letters": (390, 844, "xl"),
    "small phone": (320, 640, "std"),
    "tablet": (900, 700, "std"),
    "desk": (1440, 900, "std"),
    "desk, largest letters": (1440, 900, "xl"),
}


@pytest.fixture
def sheet(live_server, settings, transactional_db, areas, city_office, browser):
    """Return what opens the sheet at a size, signed in, gathering complaints."""
    settings.ROOT_URLCONF = "tests.browser.sheet.urls"
    client = Client()
    client.force_login(city_office)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    contexts = []

    def opened(size: str = "desk", query: str = "") -> Page:
        width, height, letters = SIZES[size]
        city_office.text_size = letters
        city_office.save()
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": key, "url": live_server.url}])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{live_server.url}/sheet/?{query}")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", SIZES)
def test_the_sheet_is_accessible_quiet_and_not_too_wide(sheet, size):
    page = sheet(size, "bad=1&toast=1")

    found = Axe().run(page).response["violations"]

    told = [(one["id"], one["nodes"][0]["html"][:120]) for one in found]
    assert told == []
    assert page.complaints == []
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0


def test_targets_on_the_phone_are_large_enough(sheet):
    page = sheet("phone")

    low = page.evaluate(
        """[...document.querySelectorAll(
             'main .btn, .m-tab a, .m-tab button, .m-tools a, .m-tools button, .chip')]
           .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 43.5)
           .map((e) => e.outerHTML.slice(0, 80))"""
    )

    assert low == []


def test_a_refused_deed_leaves_its_place_and_says_why(sheet):
    page = sheet()

    page.get_by_role("button", name="试一试变更").click()

    page.locator("#refusal").get_by_text("刚被别人改过。").wait_for()
    assert page.locator("#swap button").count() == 3


def test_a_part_is_swapped_with_the_csrf_header(sheet):
    page = sheet()

    page.get_by_role("button", name="试一试替换").click()

    page.get_by_text("换好了").wait_for()


def test_a_missing_part_becomes_a_toast_with_its_number(sheet):
    page = sheet()

    page.get_by_role("button", name="试一试没有").click()

    page.locator("#toasts").get_by_text("错误编号").wait_for()


def test_the_slash_key_leads_to_the_search(sheet):
    page = sheet()

    page.keyboard.press("/")

    assert page.locator("[data-search]").evaluate("e => e === document.activeElement")


def test_a_phrase_is_put_in_and_taken_out_again(sheet):
    page = sheet("phone")
    chip = page.get_by_role("button", name="身体平稳")

    chip.click()
    page.get_by_role("button", name="打扫卫生").click()
    assert page.locator("#n").input_value() == "身体平稳;打扫卫生"

    chip.click()
    assert page.locator("#n").input_value() == "打扫卫生"


def test_yesterday_sets_the_day_and_hides_the_calendar(sheet):
    page = sheet("phone")
    assert page.locator("#day").is_hidden()
    today = page.locator("#day").input_value()

    page.get_by_text("昨天", exact=True).click()

    assert page.locator("#day").input_value() < today
    page.get_by_text("选日期", exact=True).click()
    page.locator("#day").wait_for(state="visible")


def test_an_unfinished_form_is_offered_again(sheet):
    page = sheet()
    page.locator("#id_name").fill("王小花")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")

    page.reload()
    page.get_by_role("button", name="继续", exact=True).click()
    assert page.locator("#id_name").input_value() == "王小花"


def test_another_accounts_words_are_wiped_and_never_offered(sheet):
    page = sheet()
    page.evaluate(
        """localStorage.setItem('draft:somebody-else:new', '[["name", "王小花"]]')"""
    )

    page.reload()
    page.locator("form[data-draft]").wait_for()

    kept = "Object.keys(localStorage).filter((key) => key.startsWith('draft:'))"
    assert page.evaluate(kept) == []
    assert page.get_by_role("button", name="继续", exact=True).count() == 0


def test_many_rows_are_ticked_at_once(sheet):
    page = sheet()

    page.get_by_label("全选").check()

    assert page.locator("[data-picked]").inner_text() == "2"
    assert page.get_by_role("button", name="批量导出").is_enabled()


def test_what_was_revealed_hides_after_a_minute(sheet):
    page = sheet()
    page.clock.install()
    page.reload()
    assert page.locator("[data-revealed]").inner_text() == "620321196503129018"

    page.clock.run_for(61_000)

    assert page.locator("[data-revealed]").inner_text() == "6203**********0018"


def test_everything_is_within_reach_on_the_phone(sheet):
    page = sheet("phone")

    page.get_by_role("button", name="更多").click()

    page.locator("#more").get_by_role("link", name="操作留痕").wait_for()
