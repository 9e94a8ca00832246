"""One command keeps five processes alive, and one word stops them all."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg2

from jinchang_care import local
from jinchang_care.local import WEB_ROLE
from jinchang_care.services import postgres, valkey
from jinchang_care.services.places import Places
from jinchang_care.services.running import end, is_alive
from tests.platform.conftest import kill, servers

BASE = Path(__file__).resolve().parent.parent.parent
COMMAND = [sys.executable, "-m", "jinchang_care.keeper"]
WORK = {"web": "gunicorn", "worker": "worker", "beat": "beat"}


def test_what_is_killed_comes_back_and_one_word_stops_all(places: Places, port: int):
    with keeper_on(places, port) as keeper:
        wait_for(lambda: web_answers(port), patience=60)
        before = children(keeper)
        for name in ("web", "worker", "beat"):
            kill(before[name])
        kill(valkey.server(places))
        kill(postgres.postmaster(places))

        wait_for(lambda: len(children(keeper)) == 3 and len(servers(places)) == 2)
        wait_for(lambda: web_answers(port))
        after = children(keeper)
        second = subprocess.run(
            COMMAND, cwd=BASE, env=surroundings(places, port), capture_output=True
        )
        everyone = [*keeper.children(recursive=True)]
        begun = time.monotonic()
        keeper.terminate()
        wait_for(lambda: not is_alive(keeper))

    assert {after[name].pid for name in WORK}.isdisjoint(
        before[name].pid for name in WORK
    )
    assert (second.returncode, "已经在运行" in second.stdout.decode()) == (1, True)
    assert time.monotonic() - begun < 10
    assert not any(is_alive(process) for process in everyone)
    assert "death" in places.incidents.read_text()


def test_it_starts_again_after_it_or_everyone_was_killed(places: Places, port: int):
    with keeper_on(places, port) as keeper:
        wait_for(lambda: web_answers(port), patience=60)
        left_behind = keeper.children(recursive=True)
        keeper.kill()
        # Those it leaves behind follow it.
        wait_for(lambda: not any(is_alive(process) for process in left_behind))

    with keeper_on(places, port) as keeper:
        wait_for(lambda: web_answers(port))
        everyone = [keeper, *keeper.children(recursive=True)]
        end(everyone, signal.SIGKILL, patience=5)
    # One that was just being forked is not among them, and goes by itself.
    wait_for(lambda: not web_answers(port))

    with keeper_on(places, port) as keeper:
        wait_for(lambda: web_answers(port))

        assert len(servers(places)) == 2
        # Whoever works is heard of once it asks something.
        wait_for(lambda: roles_at_work(places) == {WEB_ROLE})


def roles_at_work(places: Places) -> set[str]:
    """Return as whom web, worker and beat have connected."""
    address = local.database_url(places.root, role="postgres")
    with closing(psycopg2.connect(address)) as line, line.cursor() as cursor:
        cursor.execute(
            "SELECT usename FROM pg_stat_activity "
            "WHERE datname = 'jinchang' AND usename <> 'postgres'"
        )
        return {role for (role,) in cursor.fetchall()}


def surroundings(places: Places, port: int) -> dict[str, str]:
    mine = {"DATA_DIR": str(places.root), "PORT": str(port), "DEMO": "0"}
    others = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    kept = {name: text for name, text in os.environ.items() if name not in others}
    return kept | mine


@contextmanager
def keeper_on(places: Places, port: int) -> Iterator[psutil.Process]:
    """Run a keeper as a person does, and show what it said if something goes wrong."""
    said = places.root.parent / "said.txt"
    with said.open("w") as output:
        child = subprocess.Popen(
            COMMAND,
            cwd=BASE,
            env=surroundings(places, port),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield psutil.Process(child.pid)
    except BaseException:
        sys.stdout.write(said.read_text())
        raise
    finally:
        if child.poll() is None:
            child.terminate()
        child.wait(timeout=20)


def children(keeper: psutil.Process) -> dict[str, psutil.Process]:
    """Return the three processes that do the work, by name."""
    found: dict[str, psutil.Process] = {}
    for child in keeper.children():
        # One that has just died shows no words any more.
        with contextlib.suppress(psutil.Error):
            words = child.cmdline()
            found |= {name: child for name, word in WORK.items() if word in words}
    return found


def web_answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as line:
        try:
            line.request("GET", "/")
            return line.getresponse().status < 500
        except OSError:
            return False


def wait_for(true: Callable[[], bool], *, patience: float = 20) -> None:
    until = time.monotonic() + patience
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)
