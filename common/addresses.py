"""Where a request came from, believing only the proxies that stand before us."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_SERVER",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)
BELIEVED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")


class ProxyMiddleware:
    """Takes away whatever a visitor could have written about where they are.

    Left are the address and the scheme, and only when the nearest of PROXY_COUNT
    proxies is one of PROXY_PEERS. It stands before everything that reads them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trusted = comes_from_a_proxy(request)
        for name in FORWARDED:
            if not (trusted and name in BELIEVED):
                request.META.pop(name, None)
        return self.get_response(request)


def comes_from_a_proxy(request: HttpRequest) -> bool:
    """Say whether the other end of the line is a proxy of ours."""
    if not settings.PROXY_COUNT:
        return False
    peer = request.META.get("REMOTE_ADDR", "")
    if not peer:
        # A unix socket: only this machine can write to it.
        return True
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(peer) for peer in settings.PROXY_PEERS)


def client_address(request: HttpRequest) -> str:
    """Return the visitor's address: what the outermost of our proxies saw.

    Each proxy writes on the right, so that what the visitor wrote stands further
    left than PROXY_COUNT reaches.
    """
    peer: str = request.META.get("REMOTE_ADDR", "") or "127.0.0.1"
    if not comes_from_a_proxy(request):
        return peer
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    hops = [hop.strip() for hop in told if hop.strip()]
    if len(hops) < settings.PROXY_COUNT:
        return peer
    try:
        return str(ipaddress.ip_address(hops[-settings.PROXY_COUNT]))
    except ValueError:
        return peer
