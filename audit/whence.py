"""Whence a deed came: a coarse address and a kind of device, for the trail.

Coarse on purpose: enough to see that it was not the usual place, too little to
follow a person about.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from axes.helpers import get_client_ip_address
from django.http import HttpRequest, HttpResponse

NET_V4, NET_V6 = 24, 48
LONGEST_AGENT = 500
SYSTEMS = (
    ("鸿蒙手机", re.compile(r"HarmonyOS|OpenHarmony")),
    ("安卓手机", re.compile(r"Android")),
    ("苹果手机", re.compile(r"iPhone|iPad")),
    ("视窗电脑", re.compile(r"Windows")),
    ("麒麟等电脑", re.compile(r"Linux|X11")),
    ("苹果电脑", re.compile(r"Macintosh")),
)
BROWSERS = (
    ("微信", re.compile(r"MicroMessenger")),
    ("微软浏览器", re.compile(r"Edg[A-Z]*/")),
    ("360浏览器", re.compile(r"360[SE]E|QihooBrowser")),
    ("腾讯浏览器", re.compile(r"QQBrowser")),
    ("火狐浏览器", re.compile(r"Firefox/")),
    ("谷歌浏览器", re.compile(r"Chrome/")),
    ("苹果浏览器", re.compile(r"Safari/")),
)


class Whence(NamedTuple):
    """Where a deed came from; empty for the clock, a worker or a command."""

    address: str = ""
    device: str = ""


_now: ContextVar[Whence | None] = ContextVar("whence", default=None)


def whence() -> Whence:
    """Return where what is being done now came from."""
    return _now.get() or Whence()


@contextmanager
def coming_from(place: Whence) -> Iterator[None]:
    """Let what is done inside come from this place."""
    token = _now.set(place)
    try:
        yield
    finally:
        _now.reset(token)


def coarse(address: str) -> str:
    """Return the network an address is in, without the last part that names one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    bits = NET_V4 if isinstance(found, ipaddress.IPv4Address) else NET_V6
    return str(ipaddress.ip_network(f"{found}/{bits}", strict=False))


def device(agent: str) -> str:
    """Name system and browser in a word each; nothing that tells two of them apart."""
    told = agent[:LONGEST_AGENT]
    words = [_first(SYSTEMS, told), _first(BROWSERS, told)]
    return " ".join(word for word in words if word) or ("其他" if told else "")


class WhenceMiddleware:
    """Lets the trail know where the request came from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        place = Whence(
            coarse(get_client_ip_address(request) or ""),
            device(request.headers.get("User-Agent", "")),
        )
        with coming_from(place):
            return self.get_response(request)


def _first(table: tuple[tuple[str, re.Pattern[str]], ...], told: str) -> str:
    return next((word for word, mark in table if mark.search(told)), "")
