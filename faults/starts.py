"""Starts and stops the whole product again and again, and sees what each leaves."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from faults.deployment import Deployment
from faults.journal import Journal
from faults.lines import tell_well
from jinchang_care.services.running import working_in

# AV-18: thirty in five minutes; a stop that finishes what is open.
SECONDS_EACH, SECONDS_TO_STOP = 10.0, 10.0


def start_and_stop(
    deployment: Deployment, cadres: Sequence[Any], journals: Path, *, times: int
) -> dict[str, Any]:
    """Stop and start so many times; after each start a visit is accepted."""
    from django.db import connection

    connection.close()
    begun, stops, left, told = time.monotonic(), [0.0], 0, 0
    for number in range(times):
        stopping = time.monotonic()
        assert deployment.keeper is not None
        deployment.keeper.terminate()
        deployment.keeper.wait(timeout=60)
        stops.append(time.monotonic() - stopping)
        left += len(_left(deployment))
        deployment.start()
        journal = Journal(journals / f"start{number:02}.jsonl")
        told += tell_well(cadres[number % len(cadres)], deployment.port, journal)
        journal.close()
    taken = time.monotonic() - begun
    words = (
        f"{times} 次停下再启动共 {taken:.0f} 秒,最慢的停下 {max(stops):.1f} 秒;"
        f"每次启动后的走访存下 {told} 次,停下后还在的进程 {left} 个。"
    )
    return {
        "seconds": taken,
        "slowest_stop": max(stops),
        "told": told,
        "left": left,
        "words": words,
        "met": told == times and not left and max(stops) <= SECONDS_TO_STOP,
        "within_five_minutes": taken <= SECONDS_EACH * times,
    }


def _left(deployment: Deployment) -> list[psutil.Process]:
    return [
        *working_in(deployment.places.cluster, "postgres"),
        *working_in(deployment.places.valkey, "valkey-server"),
    ]
