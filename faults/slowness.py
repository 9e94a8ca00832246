"""Hundreds of clients that send a byte now and then, or never read what they asked."""

import itertools
import socket
import ssl
import threading
from contextlib import suppress
from typing import Any

from faults import proxy
from faults.deployment import BASE, Deployment
from faults.hardships import Hardship, last
from faults.phones import Heard

# AV-10: a visit is accepted beside them as fast as one is used to.
VISIT_SECONDS = 2.0
# Bytes that a reader has room for, so that even a page does not go at once.
ROOM = 2_048
DRIP = 1.0


def slow_clients(
    deployment: Deployment, heard: Heard, lasts: float, *, people: int
) -> Hardship:
    """Let so many clients be slow in every way at the proxy, while phones send."""
    folder = deployment.places.root.parent / "nginx"
    with proxy.before(deployment.port, folder) as port:
        lines, over = [], threading.Event()
        kinds = itertools.cycle(_kinds())
        for _, (said, drips) in zip(range(people), kinds, strict=False):
            with suppress(OSError):
                lines.append((_line(port, said), drips))
        dripping = threading.Thread(target=_drip, args=[lines, over], daemon=True)
        dripping.start()

        def leave() -> None:
            over.set()
            dripping.join()
            for line, _ in lines:
                line.close()

        found = last("许多慢客户端", deployment, heard, leave, lasts)
    found.words = f"nginx 后面,{len(lines)} 个慢客户端(慢头、慢体、不读)。"
    found.facts["lines"] = len(lines)
    refused = sum(found.heard.get(key, 0) for key in ("POST 503", "GET 503"))
    found.met = found.met and found.slowest <= VISIT_SECONDS and found.accepted > 0
    found.met = found.met and not refused and len(lines) == people
    return found


def _kinds() -> list[tuple[bytes, bytes]]:
    """Return what each kind says at once, and then byte by byte."""
    head = f" HTTP/1.1\r\nHost: {proxy.NAME}\r\n".encode()
    largest = max(
        (file for file in (BASE / "static").rglob("*") if file.is_file()),
        key=lambda file: file.stat().st_size,
    )
    address = f"/static/{largest.relative_to(BASE / 'static')}".encode()
    return [
        (b"", b""),
        (b"GET /login/", b"a"),
        (b"POST /login/" + head + b"Content-Length: 9000\r\n\r\n", b"a"),
        (b"POST /login/" + head + b"Transfer-Encoding: chunked\r\n\r\n5\r\n", b"a"),
        (b"GET /login/" + head + b"\r\n", b""),
        (b"GET " + address + head + b"\r\n", b""),
        (b"GET /login/" + head + b"Connection: close\r\n\r\n", b""),
    ]


def _line(port: int, said: bytes) -> Any:
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
    plain.settimeout(10)
    plain.connect(("127.0.0.1", port))
    anyone = ssl.create_default_context()
    anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
    line = anyone.wrap_socket(plain, server_hostname=proxy.NAME)
    line.sendall(said)
    return line


def _drip(lines: list[tuple[Any, bytes]], over: threading.Event) -> None:
    while not over.wait(DRIP):
        for line, byte in lines:
            # Those that were sent away are done with.
            with suppress(OSError):
                line.send(byte)
