"""IN-12: broken, endless and slow requests are refused by the real gunicorn."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.platform.test_keeper import wait_for, web_answers

BASE = Path(__file__).resolve().parent.parent.parent
HOST = b"Host: 127.0.0.1\r\n"
THREADS = 4
TOO_LONG = 52 * 1024 * 1024
REFUSED = (b"400", b"405", b"414", b"431", b"501")
POST = b"POST / HTTP/1.1\r\n" + HOST
BROKEN = {
    "two lengths of a body": POST
    + b"Content-Length: 4\r\nContent-Length: 9\r\n\r\nabcd",
    "length and chunks": POST
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length that is none": POST + b"Content-Length: -4\r\n\r\n",
    "unknown encoding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a header of 64 KB": b"GET / HTTP/1.1\r\nX: " + b"a" * 65_536 + b"\r\n\r\n",
    "a thousand headers": b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 1_000 + b"\r\n",
    "an address of 100 KB": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
    "a line feed alone": b"GET / HTTP/1.1\nHost: 127.0.0.1\n\n",
    "a header without a name": b"GET / HTTP/1.1\r\n: x\r\n\r\n",
    "a header that goes on": b"GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A port at which gunicorn serves a small page, as it would serve the product."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "tests.platform.endless:application"],
        cwd=BASE,
        env=os.environ
        | {"PORT": str(port), "WEB_WORKERS": "1", "WEB_THREADS": str(THREADS)},
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: web_answers(port))
        yield port
    finally:
        server.terminate()
        server.wait(timeout=15)


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_request_is_refused_or_ended(port: int, what: str):
    answer = said(port, BROKEN[what])

    assert answer == b"" or answer.split()[1] in REFUSED, answer[:200]
    assert web_answers(port)


def test_those_that_send_a_byte_now_and_then_hold_a_thread_each_and_no_more(port):
    # More of them than there are threads are for the proxy to wait for: docs/deploy.
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(THREADS - 1)]
    waited = []
    for turn in range(10):
        for line in slow:
            line.sendall(b"GET / HTTP/1.1"[turn : turn + 1])
        begun = time.monotonic()
        assert web_answers(port)
        waited.append(time.monotonic() - begun)
    for line in slow:
        line.close()

    assert sorted(waited)[-2] < 1


def test_a_body_that_is_too_long_is_not_read(port: int):
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as line:
        line.sendall(POST + f"Content-Length: {TOO_LONG}\r\n\r\n".encode())
        answer = line.recv(65_536)
        sent = pushed(line)

    assert answer
    assert sent < TOO_LONG // 4


def said(port: int, request: bytes) -> bytes:
    """Send it, and return what is answered until the line is closed or quiet."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=1)) as line:
        try:
            line.sendall(request)
            return line.recv(65_536)
        except (TimeoutError, ConnectionError):
            return b""


def pushed(line: socket.socket) -> int:
    """Return how many bytes the other side takes before it hangs up."""
    sent = 0
    try:
        while sent < TOO_LONG:
            sent += line.send(b"x" * 65_536)
    except (TimeoutError, ConnectionError):
        pass
    return sent
