"""Whether a server answers at all: one that is stopped or stalled takes lines only."""

import socket
import struct

import psutil

# PostgreSQL says one letter to this before it asks who is there, in any state.
ASK_POSTGRES = struct.pack("!ii", 8, 80877103)
ASK_VALKEY = b"PING\r\n"

# One of these is there as long as PostgreSQL works, or comes to it.
ALIVE_IN = ("walwriter", "startup")

Address = str | tuple[str, int]


def is_silent(address: Address, asked: bytes, *, seconds: float) -> bool:
    """Say whether a server is there and gives no answer within the seconds.

    One that is away, or that refuses, is not silent.
    """
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family) as line:
        line.settimeout(seconds)
        try:
            line.connect(address)
            line.sendall(asked)
            line.recv(1)
        except (TimeoutError, BlockingIOError):
            # The second: so many wait already that no more are let in to wait.
            return True
        except OSError:
            return False
    return False


def is_stuck(server: int) -> bool:
    """Say whether the server lives, and neither works nor recovers.

    So PostgreSQL 18 stays, and refuses everybody for ever, when its disk fails again
    while it recovers from a crash.
    """
    try:
        children = psutil.Process(server).children()
    except psutil.NoSuchProcess:
        return False
    titles = [title_of(child) for child in children]
    return not any(word in title for title in titles for word in ALIVE_IN)


def title_of(process: psutil.Process) -> str:
    """Return what the process says it does; nothing once it has ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
