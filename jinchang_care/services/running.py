"""Finding the processes of a service by the folder they work in, and ending them."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

import psutil

from jinchang_care.services.account import Account, becoming


def working_in(folder: Path, program: str) -> list[psutil.Process]:
    """Return the program's processes whose working folder is this one.

    A process number in a file may by now belong to anyone; what a process runs and
    where it stands cannot be mistaken. A folder removed under a server counts too.
    """
    names = {str(folder), f"{folder} (deleted)"}
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.cwd() not in names or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if Path(process.exe()).name.removesuffix(" (deleted)") == program:
                found.append(process)
    return found


def launch(
    command: Sequence[str],
    *,
    cwd: Path,
    account: Account,
    output: IO[bytes] | int,
    dies_by: signal.Signals | None,
    environment: Mapping[str, str],
    walks_to: Sequence[Path] = (),
) -> subprocess.Popen[bytes]:
    """Start a service in a session of its own, as the account."""
    way = [Path(command[0]), cwd / "any", *walks_to]
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=becoming(account, dies_by=dies_by, walks_to=way),
    )


def end(
    processes: Iterable[psutil.Process], first: signal.Signals, *, patience: float
) -> None:
    """Ask the processes to leave, and after some patience make them."""
    asked = list(processes)
    _send(asked, first)
    stubborn = _wait_for(asked, patience=patience)
    _send(stubborn, signal.SIGKILL)
    _wait_for(stubborn, patience=5)


def end_group(leader: int, first: signal.Signals, *, patience: float) -> None:
    """End whatever is left of a process group, whether its leader lives or not."""
    members = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if os.getpgid(process.pid) == leader and process.pid != os.getpid():
                members.append(process)
    end(members, first, patience=patience)


def _send(processes: Iterable[psutil.Process], what: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(what)


def _wait_for(
    processes: Sequence[psutil.Process], *, patience: float
) -> list[psutil.Process]:
    """Return those that are still there when patience is at its end."""
    until = time.monotonic() + patience
    left = [process for process in processes if is_alive(process)]
    while left and time.monotonic() < until:
        time.sleep(0.02)
        left = [process for process in left if is_alive(process)]
    return left


def is_alive(process: psutil.Process) -> bool:
    """Say whether it still runs; one that waits for its parent's glance does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
