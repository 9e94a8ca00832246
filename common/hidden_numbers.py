"""What was typed into a search box, as it may stand in an address.

Whole numbers and pieces of them are sealed for a day: an address lies in histories,
logs and referers. Names, pinyin and codes stay words, so that a result can be kept.
"""

import base64
import binascii
import time

from django import forms
from django.conf import settings
from django.http import QueryDict

from common.encryption import Unreadable, seal_bytes, unseal_bytes
from common.search_text import Kind, SearchQuery, plain

MARK = "~"
PLACE = "a search box"
LASTS = 24 * 60 * 60
# Fewer digits than these are of no number that is private.
DIGITS = 7
# What is typed, as against what is chosen: areas and days are told by digits too.
TYPED = ("q", "who", "subject")
GONE = "查找已过期"


def hidden(typed: str) -> str:
    """Return the words as they are, and sealed where they hold a number."""
    digits = sum(character.isdigit() for character in plain(typed))
    if digits < DIGITS or SearchQuery.parse(typed).kind == Kind.CODE:
        return typed
    ring = settings.SECRETS.ring()
    key = ring.field_keys[ring.active_field_key]
    sealed = seal_bytes(f"{int(time.time())} {typed}".encode(), key, PLACE)
    return MARK + base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def shown(asked: str) -> str:
    """Return what was typed, from what stands in the address."""
    if not asked.startswith(MARK):
        return asked
    text = asked.removeprefix(MARK)
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        at, _, typed = unseal_bytes(sealed, PLACE).decode().partition(" ")
    except (Unreadable, ValueError, binascii.Error):
        return GONE
    return typed if time.time() - int(at) < LASTS else GONE


def address_of(asked: QueryDict) -> str:
    """Return the query string of a search, with no number in it."""
    told = QueryDict(mutable=True)
    for name, values in asked.lists():
        told.setlist(name, [_told(name, value) for value in values])
    return told.urlencode()


def _told(name: str, value: str) -> str:
    is_one = SearchQuery.parse(value).kind in (Kind.RESIDENT_ID, Kind.PHONE)
    return hidden(value) if is_one or name in TYPED else value


class SearchInput(forms.TextInput):
    """A box for what is looked for; its form is posted to ``find``."""

    input_type = "search"

    def __init__(self, placeholder: str = "") -> None:
        attributes = {"autocomplete": "off", "enterkeyhint": "search"}
        super().__init__(
            attributes | ({"placeholder": placeholder} if placeholder else {})
        )

    def value_from_datadict(self, data, files, name):  # type: ignore[no-untyped-def]
        value = super().value_from_datadict(data, files, name)
        return shown(value) if isinstance(value, str) else value
