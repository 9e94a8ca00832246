"""A real Chromium, two sizes of screen, and a guard that hears every complaint."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cadres.models import User

# Playwright keeps an event loop in this thread; Django would refuse to ask the
# database from it, although nothing here is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# A refused form is answered with 422 or 409, and Chromium notes that as an error.
EXPECTED = ("status of 422", "status of 409", "status of 403", "status of 404")
PASSWORD = "jinchang-demo"


@dataclass
class Screen:
    """One person at one screen, and everything the browser complained of."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def open(self, name: str, query: str = "", **parameters: Any) -> Page:
        """Go to the address with this name."""
        self.page.goto(self.base + reverse(name, kwargs=parameters) + query)
        return self.page

    def sign_in(self, username: str) -> Page:
        """Sign in through the log-in page, as a person does."""
        self.open("cadres:login")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(lambda url: "/login/" not in url)
        return self.page

    def assert_accessible(self) -> None:
        """Fail on any violation of WCAG 2.2 AA that axe finds on this page."""
        result = Axe().run(self.page, options=AXE)
        found = [
            f"{violation['id']}: {node['html'][:160]}"
            for violation in result.response["violations"]
            for node in violation["nodes"]
        ]
        assert found == [], self.page.url

    def assert_no_sideways_scroll(self) -> None:
        """Fail when the page is wider than its screen."""
        wider = self.page.locator("html").evaluate(
            "element => element.scrollWidth - element.clientWidth"
        )
        assert wider <= 0, f"{self.page.url} is {wider}px too wide"


AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }
}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert chromium, "请先安装 Chromium(apt-get install chromium)。"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def screens(
    browser: Browser, live_server: Any, transactional_db: None
) -> Iterator[Callable[[dict[str, int]], Screen]]:
    """Open screens of any size; afterwards no console may have complained."""
    opened: list[tuple[BrowserContext, Screen]] = []

    def open_screen(viewport: dict[str, int]) -> Screen:
        context = browser.new_context(
            viewport=viewport,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=viewport == PHONE,
            is_mobile=viewport == PHONE,
            accept_downloads=True,
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        screen = Screen(page, live_server.url)
        page.on("console", lambda said: _note(screen, said.type, said.text))
        page.on("pageerror", lambda error: screen.complaints.append(str(error)))
        page.on("request", lambda request: _own_origin(screen, request.url))
        opened.append((context, screen))
        return screen

    yield open_screen
    for context, screen in opened:
        context.close()
        assert screen.complaints == []


@pytest.fixture
def phone(screens: Callable[[dict[str, int]], Screen]) -> Screen:
    return screens(PHONE)


@pytest.fixture
def desktop(screens: Callable[[dict[str, int]], Screen]) -> Screen:
    return screens(DESKTOP)


def _note(screen: Screen, kind: str, text: str) -> None:
    if kind in ("error", "warning") and not any(words in text for words in EXPECTED):
        screen.complaints.append(f"{kind}: {text}")


def _own_origin(screen: Screen, url: str) -> None:
    if not url.startswith((screen.base, "data:", "blob:")):
        screen.complaints.append(f"left its own origin: {url}")


def sized(user: User, size: str) -> None:
    """Give the account letters of this size."""
    User.objects.filter(pk=user.pk).update(text_size=size)
