"""A real Chromium, two sizes of screen, and a guard that hears every complaint."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from reports.population.city import populate
from reports.population.plan import DEMO_SEED, Plan
from tests.browser.staging import set_the_stage

# Playwright keeps an event loop in this thread; Django would refuse to ask the
# database from it, although nothing here is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE = {"width": 390, "height": 844}
# WCAG 2.2's narrowest, on which the largest letters must still find room.
NARROW = {"width": 320, "height": 640}
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
# The demonstration city with all its stories, but few people: pages stay short.
SMALL_CITY = Plan(
    seed=DEMO_SEED, today=timezone.localdate(), persons=90, cadres=80, stories=True
)


@dataclass
class Screen:
    """One person at one screen, and everything the browser complained of."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def opened(cls, context: BrowserContext, base: str) -> "Screen":
        """Open a page that remembers whatever the browser complains of."""
        context.set_default_timeout(15_000)
        screen = cls(context.new_page(), base)
        page, complaints = screen.page, screen.complaints
        page.on("console", lambda said: _note(screen, said.type, said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: _own_origin(screen, request.url))
        page.on("requestfailed", lambda request: _failed(screen, request))
        return screen

    def open(self, name: str, query: str = "", **parameters: Any) -> Page:
        """Go to the address with this name."""
        self.page.goto(self.base + reverse(name, kwargs=parameters) + query)
        return self.page

    def sign_in(self, username: str, password: str = PASSWORD) -> Page:
        """Sign in through the log-in page, as a person does."""
        self.open("cadres:login")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(lambda url: "/login/" not in url)
        return self.page

    def violations(self, *, again: bool = False) -> list[str]:
        """Return every violation of WCAG 2.2 AA that axe finds on this page.

        ``again``: the page was looked at in other letters before, and only what goes
        by the size of things can have changed.
        """
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(Axe().axe_script)
        options = AXE | {"runOnly": BY_SIZE} if again else AXE
        result = self.page.evaluate("options => axe.run(options)", options)
        return [
            f"{violation['id']}: {node['html'][:160]}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    def too_wide(self) -> int:
        """Return by how many pixels the page is wider than its screen."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth"
            " - document.documentElement.clientWidth"
        )


AXE = {
    "resultTypes": ["violations"],
    "reporter": "no-passes",
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
}
BY_SIZE = {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}


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
        context = new_context(browser, viewport)
        screen = Screen.opened(context, live_server.url)
        opened.append((context, screen))
        return screen

    yield open_screen
    for context, screen in opened:
        context.close()
        assert screen.complaints == []


def new_context(browser: Browser, viewport: dict[str, int]) -> BrowserContext:
    """Return a phone's or a desk's browser, in Chinese, with nothing in its drawers."""
    return browser.new_context(
        viewport=viewport,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        has_touch=viewport == PHONE,
        is_mobile=viewport == PHONE,
        accept_downloads=True,
    )


@pytest.fixture(scope="module")
def demo_city(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Serve a demonstration city to all tests of a module; return its address."""
    with django_db_blocker.unblock():
        # Whatever goes wrong, the tests that follow find an empty database.
        try:
            populate(SMALL_CITY, say=lambda words: None)
            set_the_stage()
            server = LiveServer("localhost")
            server._live_server_modified_settings.enable()
            try:
                yield server.url
            finally:
                server.stop()
                server._live_server_modified_settings.disable()
        finally:
            call_command("flush", interactive=False, verbosity=0)


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


def _failed(screen: Screen, request: Request) -> None:
    # A page left behind ends its own requests; that is no fault of the product.
    if "ERR_ABORTED" not in (request.failure or ""):
        screen.complaints.append(f"failed: {request.url} {request.failure}")
