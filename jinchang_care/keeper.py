"""Keeps database, broker, web, worker and beat alive under one command."""

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from pathlib import Path
from types import FrameType

from jinchang_care import local
from jinchang_care.keeping.children import Child, Illness, Start
from jinchang_care.keeping.speech import announce, repeat, say
from jinchang_care.services import postgres, valkey
from jinchang_care.services.account import Account, becoming
from jinchang_care.services.places import Places, ServicesError
from jinchang_care.services.pulse import ASK_POSTGRES, ASK_VALKEY, is_silent, is_stuck

BASE = Path(__file__).resolve().parent.parent
OURSELVES = Account(os.geteuid(), os.getegid())
# Together below the ten seconds that a person is willing to wait after Ctrl-C.
PATIENCE_WITH_WORK, PATIENCE_WITH_SERVICES = 6.0, 3.0
PATIENCE_WITH_PORT = 12.0
# Shorter waits end by themselves; a service that hangs for longer is started anew.
HUNG_SECONDS = float(os.environ.get("HUNG_SECONDS", "30"))
OFF = {"0", "false", "no", "off"}
CELERY = ("-m", "celery", "--app=jinchang_care", "--quiet")
WEB = ("-m", "gunicorn", "-c", "gunicorn.conf.py", "jinchang_care.wsgi:application")
WORKER = (
    *(*CELERY, "worker", "--concurrency=2", "--prefetch-multiplier=1"),
    *("--without-gossip", "--without-mingle", "--loglevel=WARNING"),
)
# Said at every start under root, and no news: root is what a container has.
NO_NEWS = "ignore:You're running the worker with superuser"


class Keeper:
    """Starts what the system needs, restarts what dies, and stops all at one word."""

    def __init__(self, places: Places, *, port: int) -> None:
        self.places = places
        self.port = port
        self.asked_to_leave = 0
        self.services: list[Child] = []
        self.work: list[Child] = []

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            self._start_services()
            self._prepare()
            if not self.asked_to_leave:
                self._wait_for_port()
                self._start_work()
            self._watch()
        finally:
            self._stop()

    def _start_services(self) -> None:
        places = self.places
        if not os.environ.get("REDIS_URL"):
            say("keeper", "启动 Valkey …")
            self.services.append(
                self._child(
                    "valkey",
                    lambda: valkey.start(
                        places, output=subprocess.PIPE, dies_with_us=True
                    ),
                    illnesses=[_silence(places.valkey_socket, ASK_VALKEY)],
                )
            )
            valkey.wait_until_ready(places, self.services[-1].process)
        if not os.environ.get("DATABASE_URL"):
            fresh = not places.cluster.exists()
            say("keeper", "建立并启动 PostgreSQL …" if fresh else "启动 PostgreSQL …")
            self.services.append(
                self._child(
                    "postgres",
                    lambda: postgres.start(
                        places, output=subprocess.PIPE, dies_with_us=True
                    ),
                    # A fast shutdown: open sessions are ended, nothing is lost.
                    farewell=signal.SIGINT,
                    illnesses=[
                        _silence(places.postgres_socket, ASK_POSTGRES),
                        Illness("停在恢复中", is_stuck, 5),
                    ],
                )
            )
            postgres.wait_until_ready(places, self.services[-1].process)

    def _prepare(self) -> None:
        if self.asked_to_leave:
            return
        say("keeper", "准备数据库和页面 …")
        preparation = self._spawn("-m", "jinchang_care.keeping.preparation")
        assert preparation.stdout is not None
        listener = repeat("keeper", preparation.stdout)
        while preparation.poll() is None:
            if self.asked_to_leave:
                preparation.terminate()
            time.sleep(0.05)
        listener.join(timeout=2)
        if preparation.returncode and not self.asked_to_leave:
            raise ServicesError("准备没有完成,原因见上面几行。改正后再运行即可接着做。")

    def _wait_for_port(self) -> None:
        """Let the workers of a killed web server go; refuse when it is someone else."""
        until = time.monotonic() + PATIENCE_WITH_PORT
        while not self.asked_to_leave and _is_taken(self.port):
            if time.monotonic() > until:
                raise ServicesError(
                    f"端口 {self.port} 已被别的程序占用。"
                    f"请停下它,或换一个端口:PORT={self.port + 1} make run"
                )
            time.sleep(0.2)

    def _start_work(self) -> None:
        beat = self.places.root / "beat"
        beat.mkdir(mode=0o700, exist_ok=True)
        schedule = f"--schedule={beat / 'schedule'}"
        commands = {
            "web": WEB,
            "worker": WORKER,
            "beat": (*CELERY, "beat", schedule, "--pidfile=", "--loglevel=WARNING"),
        }
        for name, arguments in commands.items():
            start = partial(
                self._spawn, *arguments, SERVING="1", PYTHONWARNINGS=_warnings()
            )
            self.work.append(self._child(name, start))

    def _watch(self) -> None:
        ready = False
        while not self.asked_to_leave:
            for child in [*self.services, *self.work]:
                try:
                    child.look_after()
                except (ServicesError, OSError) as error:
                    say("keeper", f"{child.name}:{error}")
                    time.sleep(1)
            if not ready and _answers(self.port):
                ready = True
                self._welcome()
            time.sleep(0.1)

    def _welcome(self) -> None:
        announce(f"Ready: http://127.0.0.1:{self.port}")
        if os.environ.get("DEMO", "1").lower() in OFF:
            return
        accounts = self._spawn("manage.py", "demo_accounts")
        assert accounts.stdout is not None
        with accounts.stdout as lines:
            for line in lines:
                announce(line.decode(errors="replace").rstrip())
        accounts.wait()

    def _stop(self) -> None:
        say("keeper", "正在停止 …")
        self._dismiss(self.work, patience=PATIENCE_WITH_WORK)
        self._dismiss(self.services, patience=PATIENCE_WITH_SERVICES)
        say("keeper", "已全部停止。")

    def _dismiss(self, children: Sequence[Child], *, patience: float) -> None:
        """Let the children finish; asked a second time, or too late, end them."""
        for child in children:
            child.ask_to_leave()
        until = time.monotonic() + patience
        while not all(child.has_left() for child in children):
            if time.monotonic() > until or self.asked_to_leave > 1:
                break
            time.sleep(0.05)
        for child in children:
            child.make_leave()

    def _child(
        self,
        name: str,
        start: Start,
        farewell: signal.Signals = signal.SIGTERM,
        illnesses: Sequence[Illness] = (),
    ) -> Child:
        child = Child(
            name,
            start,
            incidents=self.places.incidents,
            farewell=farewell,
            illnesses=illnesses,
        )
        child.start()
        return child

    def _spawn(self, *arguments: str, **more: str) -> "subprocess.Popen[bytes]":
        surroundings = {"PYTHONUNBUFFERED": "1", "DATA_DIR": str(self.places.root)}
        surroundings |= more
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=BASE,
            env=os.environ | surroundings | {"PORT": str(self.port)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=becoming(OURSELVES, dies_by=signal.SIGTERM),
        )

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_leave += 1


def _silence(place: Path, asked: bytes) -> Illness:
    def has_it(process: int) -> bool:
        return is_silent(str(place), asked, seconds=3)

    return Illness(f"停住不答已有 {HUNG_SECONDS:.0f} 秒", has_it, HUNG_SECONDS)


def _warnings() -> str:
    """Return which of Python's warnings are shown: as asked, less what is no news."""
    asked = os.environ.get("PYTHONWARNINGS", "")
    return f"{asked},{NO_NEWS}" if asked else NO_NEWS


def _is_taken(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _answers(port: int) -> bool:
    """Say whether the web serves pages: any answer but an error of its own."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/")
        return line.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _port() -> int:
    value = os.environ.get("PORT") or "8000"
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise ServicesError(f"PORT={value} 不是端口号,请给 1 到 65535 之间的数。")
    return int(value)


def _set_up(places: Places) -> None:
    """Do what the first start does, and leave nothing running."""
    # Leave by the ordinary way out, so that services started here are stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with local.ensure_services(places.root):
        preparation = subprocess.run(
            [sys.executable, "-m", "jinchang_care.keeping.preparation"],
            cwd=BASE,
            env=os.environ | {"DATA_DIR": str(places.root)},
            check=False,
        )
    if preparation.returncode:
        raise ServicesError("准备没有完成,原因见上面几行。改正后再运行即可接着做。")


def _keep(places: Places) -> None:
    port = _port()
    with local.occupied(
        places.root,
        on_wait=lambda: say("keeper", "等正在使用数据库的命令结束 …"),
    ):
        Keeper(places, port=port).run()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set-up", action="store_true", help="prepare, then stop")
    arguments = parser.parse_args()
    places = Places.of(Path(os.environ.get("DATA_DIR") or BASE / "var"))
    try:
        if arguments.set_up:
            _set_up(places)
        else:
            _keep(places)
    except ServicesError as error:
        announce(f"{error}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
