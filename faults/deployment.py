"""A deployment of its own to be ill-treated: the real keeper on a scratch folder."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import psutil

from jinchang_care.services import postgres, valkey
from jinchang_care.services.places import Places
from jinchang_care.services.running import end, working_in

T = TypeVar("T")
BASE = Path(__file__).resolve().parent.parent
PEOPLE = 64
PATIENCE = 300.0
# Words on the command lines of what the keeper starts.
WORDS = {"web master": "gunicorn", "celery": "worker", "beat": "beat"}
BACKEND = "postgres: jinchang: jinchang"


class Deployment:
    """The product as a person runs it, with people in it and phones to send from."""

    def __init__(self, root: Path, keeper: str = "jinchang_care.keeper") -> None:
        self.places, self.program = Places.of(root), keeper
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.keeper: psutil.Popen | None = None

    def surroundings(self) -> dict[str, str]:
        others = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
        kept = {name: text for name, text in os.environ.items() if name not in others}
        mine = {"DATA_DIR": str(self.places.root), "PORT": str(self.port), "DEMO": "0"}
        return kept | mine

    def start(self) -> None:
        self.places.make()
        with (self.places.root / "keeper.txt").open("a") as said:
            self.keeper = psutil.Popen(
                [sys.executable, "-m", self.program],
                cwd=BASE,
                env=self.surroundings(),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(self.is_whole, PATIENCE)

    def populate(self, people: int = PEOPLE, visits: int = 0) -> list[dict[str, str]]:
        """Put invented people in, and return the phones' sessions."""
        counts = {"recipients": people, "cadres": max(people // 2, PEOPLE)}
        counts["visits"] = visits
        self.manage("seed", *(f"--{name}={count}" for name, count in counts.items()))
        self._become_django()
        from benchmarks.visits import cadres

        return cadres()

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=BASE,
            env=self.surroundings(),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    def stop(self) -> None:
        if self.keeper is not None and self.keeper.is_running():
            self.keeper.terminate()
            with suppress(psutil.TimeoutExpired):
                self.keeper.wait(timeout=20)
        left = [
            *working_in(self.places.cluster, "postgres"),
            *working_in(self.places.valkey, "valkey-server"),
        ]
        end(left, signal.SIGKILL, patience=5)

    def remove(self) -> None:
        for folder in (self.places.sockets, self.places.root):
            shutil.rmtree(folder, ignore_errors=True)

    def processes(self) -> dict[str, list[psutil.Process]]:
        """Return what runs now, by what it is."""
        assert self.keeper is not None
        found: dict[str, list[psutil.Process]] = {}
        for child in self.keeper.children():
            for name, word in WORDS.items():
                if word in _words(child):
                    found.setdefault(name, []).append(child)
        for master in found.get("web master", []):
            found["web worker"] = _children(master)
        for main in found.get("celery", [])[:]:
            found["celery"] += _children(main)
        server, broker = postgres.postmaster(self.places), valkey.server(self.places)
        if server is not None:
            found["postmaster"] = [server]
            found["backend"] = [
                child
                for child in _children(server)
                if " ".join(_words(child)).startswith(BACKEND)
            ]
        if broker is not None:
            found["valkey"] = [broker]
        return found

    def running(self, what: str, patience: float = 60.0) -> list[psutil.Process]:
        """Return those that run of this kind, as soon as there is one."""
        return first_found(lambda: self.processes().get(what), patience)

    def is_whole(self) -> bool:
        """Say whether everything that should run does, and the web answers."""
        if self.keeper is not None and not self.keeper.is_running():
            raise RuntimeError(f"The keeper has gone; see {self.places.root}.")
        found = self.processes()
        return (
            {"web master", "celery", "beat", "postmaster", "valkey"} <= found.keys()
            and len(found["web worker"]) >= 2
            and len(found["celery"]) >= 3
            and valkey.answers(self.places)
            and self._listens()
        )

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def _become_django(self) -> None:
        """Let this very process ask the deployment's database."""
        os.environ["DATA_DIR"] = str(self.places.root)
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "jinchang_care.settings"
        import django

        django.setup()


def wait_for(true: Callable[[], bool], patience: float) -> float:
    """Return the seconds until it is true, or raise TimeoutError."""
    begun = time.monotonic()
    while not true():
        if time.monotonic() - begun > patience:
            raise TimeoutError(f"waited in vain for {true}")
        time.sleep(0.05)
    return time.monotonic() - begun


def first_found(look: Callable[[], T | None], patience: float) -> T:
    """Return what the looking finds as soon as it finds any, or raise TimeoutError."""
    found: list[T] = []

    def there() -> bool:
        if something := look():
            found.append(something)
        return bool(found)

    wait_for(there, patience)
    return found[0]


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children())
    except psutil.Error:
        return []


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []
