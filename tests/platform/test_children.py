"""The keeper ends a process that is there and does not do its work."""

import subprocess
import sys
from pathlib import Path

import pytest

from jinchang_care import local
from jinchang_care.keeping.children import GIVES_WAY, Child, Illness
from jinchang_care.services import postgres
from jinchang_care.services.places import Places
from jinchang_care.services.pulse import is_stuck, title_of
from tests.platform.conftest import kill
from tests.platform.test_keeper import wait_for

ENDLESS = [sys.executable, "-c", "import signal; signal.pause()"]


def begin() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(ENDLESS, start_new_session=True)


def test_who_is_ill_for_too_long_is_ended_noted_and_started_anew(tmp_path: Path):
    incidents, ill = tmp_path / "incidents.log", {"worker": True}
    child = Child(
        "worker",
        begin,
        incidents=incidents,
        illnesses=[Illness("停住不答", lambda process: ill["worker"], 0)],
    )
    child.start()
    first = child.process
    assert first is not None
    wait_for(lambda: first.poll() is not None)
    ill["worker"] = False

    wait_for(lambda: child.look_after() is None and child.process not in {None, first})
    child.make_leave()

    assert '"what": "ill"' in incidents.read_text()


@pytest.mark.parametrize("name", ["worker", "web", "beat", "valkey"])
def test_who_holds_less_gives_way_first_when_memory_runs_out(name, tmp_path: Path):
    child = Child(name, begin, incidents=tmp_path / "incidents.log")
    child.start()
    assert child.process is not None
    told = Path(f"/proc/{child.process.pid}/oom_score_adj").read_text()
    child.make_leave()

    assert int(told) == GIVES_WAY[name] > GIVES_WAY["postgres"]


def test_a_server_without_who_works_or_recovers_is_stuck(places: Places):
    with local.ensure_services(places.root):
        server = postgres.postmaster(places)
        assert server is not None
        well = is_stuck(server.pid)
        # Held, it cannot put another in the place of who is ended.
        server.suspend()
        for child in server.children():
            if "walwriter" in title_of(child):
                kill(child)
        stuck = is_stuck(server.pid)
        server.resume()

    assert (well, stuck) == (False, True)
