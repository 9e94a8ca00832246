"""Copies the database's folder in the middle of its work: what a power cut leaves."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg2

from faults.deployment import Deployment
from faults.journal import read
from jinchang_care import local
from jinchang_care.services import postgres
from jinchang_care.services.places import Places

PAUSE = 0.7
HALF = """
    SELECT count(*) FROM visits_homevisit v WHERE
        (SELECT count(*) FROM policies_policycheck c WHERE c.sheet_id = v.sheet_id) <> 7
        OR (SELECT count(*) FROM visits_deed d WHERE d.visit_id = v.id) <> 1
        OR (SELECT count(*) FROM audit_event e WHERE e.kind = 'visit.logged'
            AND e.subject_id = v.id::text) <> 1
"""


@dataclass
class Found:
    """What the copies held, all together."""

    copies: int = 0
    kept: int = 0
    lost: int = 0
    half: int = 0
    longest: float = 0.0


def cut(deployment: Deployment, journals: Path, *, copies: int) -> dict[str, Any]:
    """Hold the server, copy its folder, let it go on; start the copy and look."""
    found = Found()
    for _ in range(copies):
        time.sleep(PAUSE)
        other = Places.of(deployment.places.root.parent / "copy")
        other.make()
        with held(deployment):
            # Nothing is committed now: what was acknowledged is in the folder.
            kept = {line["id"] for line in read(journals) if line["what"] == "kept"}
            source, target = str(deployment.places.cluster), str(other.cluster)
            subprocess.run(["cp", "-a", source, target], check=True)
        begun = time.monotonic()
        with _started(other) as cursor:
            found.longest = max(found.longest, time.monotonic() - begun)
            cursor.execute("SELECT client_id::text FROM visits_homevisit")
            found.lost += len(kept - {row[0] for row in cursor.fetchall()})
            cursor.execute(HALF)
            found.half += cursor.fetchone()[0]
        found.copies, found.kept = found.copies + 1, len(kept)
    words = (
        f"途中复制数据目录 {found.copies} 次,各自启动:丢失 {found.lost}、"
        f"残缺 {found.half},最长 {found.longest:.1f} 秒启动。"
    )
    met = found.lost == found.half == 0 and found.kept > 0
    return {**asdict(found), "words": words, "met": met}


@contextmanager
def held(deployment: Deployment) -> Iterator[None]:
    """Stop every process of PostgreSQL inside the block."""
    server = postgres.postmaster(deployment.places)
    assert server is not None
    # The first to be held is who could start others.
    server.send_signal(signal.SIGSTOP)
    stopped = [server]
    for child in server.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.send_signal(signal.SIGSTOP)
            stopped.append(child)
    try:
        while not all(map(_stands_still, stopped)):
            time.sleep(0.01)
        yield
    finally:
        for process in stopped:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)


def _stands_still(process: psutil.Process) -> bool:
    """Say whether it is held; who had ended before waits for a parent that is."""
    try:
        status = process.status()
    except psutil.NoSuchProcess:
        return True
    return status in (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE)


@contextmanager
def _started(places: Places) -> Iterator[Any]:
    with (places.log / "postgres.log").open("ab") as said:
        server = postgres.start(places, output=said, dies_with_us=True)
    try:
        postgres.wait_until_ready(places, server)
        address = local.database_url(places.root)
        with closing(psycopg2.connect(address)) as line, line.cursor() as cursor:
            yield cursor
    finally:
        postgres.stop(places)
        server.wait()
        shutil.rmtree(places.root)
