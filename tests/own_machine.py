"""IN-15: a guard on sockets, so that nothing a test runs asks anybody outside.

It hears what Python itself opens; libpq and processes of their own are not heard.
"""

import ipaddress
import socket
import sys
from typing import Any

# Where the place that is asked for stands among the arguments of each event.
HEARD = {
    **dict.fromkeys(("socket.connect", "socket.sendto", "socket.sendmsg"), 1),
    **dict.fromkeys(("socket.getaddrinfo", "socket.gethostbyname"), 0),
    "socket.gethostbyaddr": 0,
}
OWN_NAMES = {"", "localhost", socket.gethostname()}
tried: list[str] = []


class LeftTheMachine(Exception):
    """Something asked a host that is not this one."""


def guard() -> None:
    """Refuse and note whatever would leave this machine, from now on."""
    sys.addaudithook(_hear)


def _hear(event: str, told: tuple[Any, ...]) -> None:
    if event in HEARD and not _is_here(told[HEARD[event]]):
        tried.append(f"{event} {told[HEARD[event]]}")
        raise LeftTheMachine(tried[-1])


def _is_here(place: Any) -> bool:
    """Say whether it is a file's name, or this machine by number or name."""
    host = place[0] if isinstance(place, tuple) else place
    if not isinstance(place, tuple) and "/" in str(place):
        return True
    if not isinstance(host, str) or host in OWN_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
