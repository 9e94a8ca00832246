"""What is not a kill: no connections left, a broker that hangs, a clock that jumps."""

import os
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2

from faults.deployment import Deployment, wait_for
from faults.nemesis import is_done, owe_work
from faults.phones import Heard
from jinchang_care import local
from jinchang_care.services import valkey

PATIENCE = 60.0
SWEEPS = ("six_reminders", "daily_digest", "due_and_overdue", "birthdays_and_expiries")


@dataclass
class Hardship:
    """One hardship: what was heard while it lasted, and how soon all was well."""

    name: str
    heard: dict[str, int]
    accepted: int
    slowest: float
    back: float
    met: bool
    words: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def no_connections(deployment: Deployment, heard: Heard, lasts: float) -> Hardship:
    """Take every connection there is, and drop the ones that pages have."""
    lines: list[Any] = []
    address = local.database_url(deployment.places.root)

    def take() -> None:
        with suppress(psycopg2.OperationalError):
            while True:
                lines.append(psycopg2.connect(address))

    def free() -> None:
        for line in lines:
            line.close()

    take()
    for backend in deployment.processes().get("backend", [])[:8]:
        # Their places are taken at once by us, so that pages find none.
        with suppress(Exception):
            if backend.pid not in {line.info.backend_pid for line in lines}:
                backend.terminate()
    take()
    words = f"占住 {len(lines)} 个连接"
    return last("连接用尽", deployment, heard, free, lasts, words=words)


def broker_hangs(deployment: Deployment, heard: Heard, lasts: float) -> Hardship:
    """Stop the broker as a hanging machine does; visits must not wait for it."""
    before = usual(heard, lasts)
    with _stopped(deployment) as go_on:
        job = owe_work()
        found = last("Valkey 停住不答", deployment, heard, go_on, lasts)
    wait_for(lambda: is_done(job), PATIENCE)
    found.facts["usual"] = before
    found.met = found.met and found.slowest <= before + 1.0 and found.accepted > 0
    found.met = found.met and not found.heard.get("POST 503")
    return found


def clock_jumps() -> dict[str, Any]:
    """Run each sweep for today, tomorrow and yesterday, twice: the second adds none."""
    from django.utils import timezone

    from jinchang_care.celery import app
    from jobs import operations

    app.loader.import_default_modules()
    now = timezone.localtime()
    rows: dict[str, list[int]] = {}
    for name in SWEEPS:
        for days in (0, 1, -1):
            at = now + timedelta(days=days)
            operations.run_sweep(name=name, now=at)
            first = _left_by_sweeps()
            operations.run_sweep(name=name, now=at)
            rows[f"{name} {days:+d}"] = [first, _left_by_sweeps()]
    return {
        "rows": rows,
        "words": "四个时钟任务按今天、明天、昨天各做两遍,第二遍没有多出一行",
        "met": all(one == two for one, two in rows.values()),
    }


def disk_full(deployment: Deployment, heard: Heard, lasts: float) -> Hardship:
    """Fill the disk under the data folder to its last byte, then give it back."""
    ballast = deployment.places.root / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        block = b"\0" * 65536
        while True:
            file.write(block)
    return last("磁盘写满", deployment, heard, ballast.unlink, lasts)


def last(
    name: str,
    deployment: Deployment,
    heard: Heard,
    end: Callable[[], object],
    lasts: float,
    *,
    words: str = "",
) -> Hardship:
    """Let the hardship last, end it, and time what comes back."""
    statuses, begun = heard.statuses.copy(), time.monotonic()
    time.sleep(lasts)
    end()
    ended = time.monotonic()
    met = True
    try:
        wait_for(lambda: heard.served_since(ended) is not None, PATIENCE)
        wait_for(deployment.is_whole, PATIENCE)
    except TimeoutError:
        met = False
    back = time.monotonic() - ended
    with heard.lock:
        accepted = sum(begun <= b < ended for b, _ in heard.accepted)
    said = {key: n for key, n in (heard.statuses - statuses).items() if n}
    rude = any(key.endswith(" 500") for key in said)
    return Hardship(
        name=name,
        heard=said,
        accepted=accepted,
        slowest=heard.slowest(begun, ended),
        back=back,
        met=met and back <= 15 and not rude,
        words=words,
    )


@contextmanager
def _stopped(deployment: Deployment) -> Iterator[Callable[[], None]]:
    server = valkey.server(deployment.places)
    assert server is not None
    os.kill(server.pid, signal.SIGSTOP)

    def go_on() -> None:
        with suppress(ProcessLookupError):
            os.kill(server.pid, signal.SIGCONT)

    try:
        yield go_on
    finally:
        go_on()


def usual(heard: Heard, lasts: float) -> float:
    """Return what the slowest of twenty posts takes when nothing is the matter."""
    calm = time.monotonic()
    time.sleep(lasts)
    with heard.lock:
        waits = [end - begun for begun, end in heard.accepted if begun > calm]
    return statistics.quantiles(waits, n=20)[-1] if len(waits) > 1 else 0.0


def _left_by_sweeps() -> int:
    from jobs.models import Notice
    from visits.models import Campaign, Reminder

    return Notice.objects.count() + Reminder.objects.count() + Campaign.objects.count()


def tmpfs(folder: Path, megabytes: int) -> bool:
    """Mount a small disk on the folder; say whether this machine lets us."""
    import subprocess

    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=711"]
    command += ["tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
