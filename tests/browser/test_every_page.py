"""Every page as every role on the phone, and at the desk: whole, quiet, in Chinese."""

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from cadres.models import User
from tests.browser.conftest import DESKTOP, NARROW, PHONE, Screen, new_context
from tests.browser.pages import EYES, looks, pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SCREENS = {"phone": PHONE, "desktop": DESKTOP}
ALL_LETTERS = ("std", "xl")
# Every page is dealt to one account, which looks closely at it on both screens;
# everybody has a workbench of their own. A cadre, who has a phone and little else,
# looks closely at all there is on it. With EVERY_EYE=1 all accounts look at all pages
# on the phone, which takes minutes more.
OFTEN = {("cadre", "phone"): ("std",)}
EVERY_EYE = os.environ.get("EVERY_EYE") == "1"
# Other letters that an office in Jinchang writes: kinds of files and keys, units, the
# initials of a name as an example, codes of people, short numbers of batches.
LATIN = re.compile(
    r"\b(?:Excel|CSV|xlsx?|csv|GBK|UTF-8|GB|MB|KB|A4|dB|Enter|Ctrl|Esc|Aa|whh|[A-Z])\b"
    # Names that makers gave to what a person may have in hand.
    r"|\b(?:Linux|Windows|Android|iPhone|Chrome|Edge|Firefox|Safari)\b"
    r"|\bMicrosoft Authenticator\b"
    r"|\b[JY]C-[A-Z]+(?:-\d+)?|\b(?=[0-9a-f]*\d)[0-9a-f]{8}\b"
)
ENGLISH = re.compile(r"[A-Za-z]{2,}\d*")
# What stands on a page as typed or as given, not as the product's own words.
READ_WORDS = """() => {
  const given = 'code, kbd, input, textarea, .mono';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) {
    const over = walker.currentNode.parentElement;
    if (over.closest(given) || over.closest('script, template, noscript')) continue;
    words.push(walker.currentNode.data.trim());
  }
  for (const name of ['title', 'aria-label', 'placeholder'])
    for (const element of document.querySelectorAll(`[${name}]`))
      words.push(element.getAttribute(name));
  words.push(document.title);
  return words.filter(Boolean);
}"""
# WCAG 2.2 exempts a link inside a sentence; a whole tapped label counts as target.
READ_TARGETS = """() => {
  const found = [];
  const all = document.querySelectorAll(
    'a[href], button, select, summary, input:not([type=hidden]), textarea, label.btn');
  for (const element of all) {
    const box = element.getBoundingClientRect();
    if (!element.offsetParent || !box.width) continue;
    if (box.right <= 0 || box.bottom <= 0) continue;
    if (element.matches('.visually-hidden, .visually-hidden-focusable')) continue;
    if (element.matches('input') && element.labels && element.labels.length) {
      const label = element.labels[0].getBoundingClientRect();
      if (Math.max(label.height, box.height) >= 43.5) continue;
    }
    if (element.matches('a') && getComputedStyle(element).display === 'inline') {
      const around = element.parentElement.textContent.trim();
      if (around.length > element.textContent.trim().length) continue;
    }
    if (box.height < 43.5)
      found.push(Math.round(box.height) + ' ' + element.outerHTML.slice(0, 120));
  }
  return found;
}"""

# What crosses the edge of its card, but for what scrolls inside it.
READ_STICKING_OUT = """() => {
  const found = [];
  const shown = 'a, b, button, dd, img, input, label, p, select, span, svg, td, th';
  for (const card of document.querySelectorAll('.card, .fam, .pc, .m-sec')) {
    const edge = card.getBoundingClientRect().right + 0.5;
    const outside = card.parentElement;
    for (const element of card.querySelectorAll(shown)) {
      const box = element.getBoundingClientRect();
      if (!element.offsetParent || !box.width || box.right <= edge) continue;
      if (element.closest('.visually-hidden, .vh, [class*=offcanvas]')) continue;
      let over = element;
      while (over !== outside && getComputedStyle(over).overflowX === 'visible')
        over = over.parentElement;
      if (over === outside) found.push(element.outerHTML.slice(0, 120));
    }
  }
  return found;
}"""

# What crosses the edge of the screen, and what is fixed there but cannot be pushed.
READ_BEYOND = """() => {
  const edge = document.documentElement.clientWidth + 0.5;
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const box = element.getBoundingClientRect();
    if (!element.offsetParent || !box.width || box.right <= edge) continue;
    if (element.closest('.visually-hidden, .vh, [class*=offcanvas]')) continue;
    let over = element.parentElement;
    while (over !== document.body && getComputedStyle(over).overflowX === 'visible')
      over = over.parentElement;
    if (over === document.body)
      found.push(Math.round(box.right) + ' ' + element.outerHTML.slice(0, 120));
  }
  return found.slice(0, 5);
}"""

# A table whose last columns are only seen by who thinks of pushing it sideways; but a
# file that comes in is as wide as it was made, and its names stay pinned.
READ_PUSHED_ASIDE = """() => [...document.querySelectorAll('.table-wrap')]
  .filter(wrap => wrap.offsetParent && wrap.scrollWidth > wrap.clientWidth + 1)
  .filter(wrap => !wrap.querySelector('.table-pin'))
  .map(wrap => `${wrap.scrollWidth - wrap.clientWidth}px of a table out of sight`)"""

# Entries of the side bar that are only seen by who thinks of scrolling it.
READ_HIDDEN_ENTRIES = """() => [...document.querySelectorAll('.ax-side-in a')]
  .filter(entry => entry.getBoundingClientRect().bottom > innerHeight)
  .map(entry => `${entry.textContent} below the side bar's foot`)"""


@pytest.fixture(scope="module")
def keys(demo_city: str, django_db_blocker: Any) -> dict[str, dict[str, str]]:
    """Return the session cookie of each account, signed in behind the scenes."""
    with django_db_blocker.unblock():
        users = User.objects.filter(username__in=EYES)
        return {user.username: _signed_in(user, demo_city) for user in users}


@dataclass
class Visit:
    """One role at one screen, and what was wrong on the pages it saw."""

    screen: Screen
    wrong: list[str]
    # Names of accounts, which are words of no language.
    accounts: frozenset[str] = frozenset()

    def look(self, path: str, *, phone: bool, closely: Collection[str]) -> None:
        """Open the page and note all that is wrong with it.

        Phones are looked at in the largest letters too. ``closely`` are the sizes at
        which what only axe sees is looked for.
        """
        page = self.screen.page
        answer = page.goto(self.screen.base + path)
        # What fills itself after loading is there before anything is judged.
        expect(page.locator("[hx-trigger=load]")).to_have_count(0)
        notes = []
        if answer is None or answer.status != 200:
            notes.append(f"status {answer and answer.status}")
        words = english(page.evaluate(READ_WORDS), self.accounts)
        notes += [f"not Chinese: {word}" for word in words]
        notes += self._shape("std", closely, phone=phone)
        if phone:
            page.evaluate("document.documentElement.dataset.size = 'xl'")
            large = self._shape("xl", closely, phone=phone)
            notes += [f"in the largest letters: {note}" for note in large]
            notes += self._narrow()
        else:
            notes += page.evaluate(READ_HIDDEN_ENTRIES)
            page.evaluate("document.documentElement.dataset.size = 'xl'")
            notes += [f"large: {note}" for note in page.evaluate(READ_PUSHED_ASIDE)]
        notes += self.screen.complaints
        self.screen.complaints.clear()
        self.wrong += [f"{path} {note}" for note in notes]

    def _narrow(self) -> list[str]:
        """Return what sticks out of the narrowest screen, as the letters stand."""
        page = self.screen.page
        page.set_viewport_size(NARROW)
        notes = [f"beyond 320px: {element}" for element in page.evaluate(READ_BEYOND)]
        page.set_viewport_size(PHONE)
        return notes

    def _shape(
        self, letters: str, closely: Collection[str], *, phone: bool
    ) -> list[str]:
        """Return what is wrong with the page as it stands on the screen now."""
        notes = []
        if letters in closely:
            notes = self.screen.violations(again=letters != "std")
        wider = self.screen.too_wide()
        if wider > 0:
            notes.append(f"{wider}px too wide")
        notes += self.screen.page.evaluate(READ_PUSHED_ASIDE)
        if phone:
            low = self.screen.page.evaluate(READ_TARGETS)
            notes += [f"too low: {target}" for target in low]
            out = self.screen.page.evaluate(READ_STICKING_OUT)
            notes += [f"sticks out of its card: {element}" for element in out]
        return notes


def english(words: list[str], accounts: frozenset[str]) -> list[str]:
    """Return the words in which English is left, besides those an office says so."""
    left = {
        said[:60]
        for said in words
        if not accounts >= set(ENGLISH.findall(LATIN.sub("", said)))
    }
    return sorted(left)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("username", EYES)
def test_a_role_finds_every_page_whole(
    browser: Browser, demo_city: str, keys: Any, username: str, screen: str
):
    users = {user.username: user for user in User.objects.filter(username__in=EYES)}
    dealt = _dealt_out(list(users.values()))
    with new_context(browser, SCREENS[screen]) as context:
        context.add_cookies([keys[username]])
        accounts = frozenset(User.objects.values_list("username", flat=True))
        visit = Visit(Screen.opened(context, demo_city), [], accounts)

        for look in looks(users[username]):
            its_own = look.path == "/" or dealt[look.name] == username
            closely = ALL_LETTERS if its_own else OFTEN.get((username, screen), ())
            if not closely and not (EVERY_EYE and screen == "phone"):
                continue
            visit.look(look.path, phone=screen == "phone", closely=closely)

    assert visit.wrong == [], "\n".join(visit.wrong)


def test_between_them_they_see_every_page_there_is(demo_city: str):
    users = User.objects.filter(username__in=EYES)

    seen = {look.name for user in users for look in looks(user)}

    assert {page.name for page in pages()} == seen | {"cadres:login"}


@pytest.mark.parametrize("screen", SCREENS)
def test_the_door_is_whole(browser: Browser, demo_city: str, screen: str):
    with new_context(browser, SCREENS[screen]) as context:
        visit = Visit(Screen.opened(context, demo_city), [])

        visit.look("/login/", phone=screen == "phone", closely=ALL_LETTERS)

    assert visit.wrong == []


def _dealt_out(users: list[User]) -> dict[str, str]:
    """Return for each page one account that looks closely, so that all have a share."""
    seen_by: dict[str, list[str]] = {}
    for user in users:
        for name in {look.name for look in looks(user)}:
            seen_by.setdefault(name, []).append(user.username)
    return {
        name: sorted(eyes)[crc32(name.encode()) % len(eyes)]
        for name, eyes in seen_by.items()
    }


def _signed_in(user: User, address: str) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}
