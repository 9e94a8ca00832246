"""A scratch deployment for each test, with real servers of its own."""

import contextlib
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from jinchang_care.services import postgres, valkey
from jinchang_care.services.places import Places
from jinchang_care.services.running import end


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder that root's humbler account may walk through, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="jc-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def places(scratch: Path) -> Iterator[Places]:
    places = Places.of(scratch / "var")
    yield places
    clear_away(places)


@pytest.fixture
def port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def clear_away(places: Places) -> None:
    """End whatever a test left running on its own folders."""
    end(servers(places), signal.SIGKILL, patience=5)
    postgres.clear(places)
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(places.sockets)


def servers(places: Places) -> list[psutil.Process]:
    found = [postgres.postmaster(places), valkey.server(places)]
    return [server for server in found if server is not None]


def kill(process: psutil.Process | None) -> None:
    """End it as the power would, and wait until it is gone."""
    assert process is not None
    end([process], signal.SIGKILL, patience=5)
