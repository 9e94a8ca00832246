"""IN-15: nothing leaves the machine, and what would is found even when hushed up."""

import contextlib
import socket
import urllib.request

import pytest

from tests import own_machine

# Addresses for documentation, where nobody listens: RFC 5737, RFC 2606, RFC 3849.
NUMBER, NAME, LONG_NUMBER = "192.0.2.1", "registry.example", "2001:db8::1"


def connect() -> None:
    with socket.socket() as line:
        line.settimeout(0.1)
        line.connect((NUMBER, 80))


def connect_by_long_number() -> None:
    with socket.socket(socket.AF_INET6) as line:
        line.settimeout(0.1)
        line.connect((LONG_NUMBER, 80))


def send() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as line:
        line.sendto(b"620321", (NUMBER, 53))


def ask_for_the_number() -> None:
    socket.getaddrinfo(NAME, 443)


def fetch() -> None:
    urllib.request.urlopen(f"http://{NAME}/")


@pytest.mark.parametrize(
    "leave",
    [connect, connect_by_long_number, send, ask_for_the_number, fetch],
    ids=lambda one: one.__name__,
)
def test_whatever_would_leave_is_refused_and_noted(leave):
    with pytest.raises(own_machine.LeftTheMachine):
        leave()

    assert own_machine.tried
    own_machine.tried.clear()


def test_what_is_hushed_up_is_noted_all_the_same():
    with contextlib.suppress(Exception):
        connect()

    assert own_machine.tried == [f"socket.connect {(NUMBER, 80)}"]
    own_machine.tried.clear()


def test_this_machine_may_be_asked():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()

    assert own_machine.tried == []
