"""Runs one side of a comparison in a process of its own, and weighs that process."""

import gc
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.stage import BASE_DIR, Stage

KILOBYTES = 1024


@dataclass(frozen=True)
class Weighed:
    """What a side took: seconds at work, and the most megabytes it ever held.

    ``idle_mb`` is what it held before it began; ``result`` what it returned.
    """

    seconds: float
    idle_mb: float
    peak_mb: float
    result: Any


def in_a_child(stage: Stage, database: str, side: str, *arguments: Any) -> Weighed:
    """Run ``side`` ("benchmarks.exports:ours") with these arguments, as JSON."""
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.children", side, json.dumps(arguments)],
        cwd=BASE_DIR,
        env=stage.environment(database),
        stdout=subprocess.PIPE,
        check=True,
    )
    return Weighed(**json.loads(finished.stdout.splitlines()[-1]))


def main(side: str, arguments: str) -> None:
    import django

    django.setup()
    module, _, name = side.partition(":")
    run: Callable[..., Any] = getattr(import_module(module), name)
    # As the worker does, whose work this is.
    gc.freeze()
    idle = _peak_mb()
    began = time.perf_counter()
    result = run(*json.loads(arguments))
    seconds = time.perf_counter() - began
    told = {"seconds": seconds, "idle_mb": idle, "peak_mb": _peak_mb()}
    print(json.dumps({**told, "result": result}))


def _peak_mb() -> float:
    """Return the most memory that this process or one it waited for has held."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(_own_peak(), children) / KILOBYTES


def _own_peak() -> int:
    # What getrusage says of this process includes what its parent held when it was
    # started; the kernel's own word for this program alone is VmHWM.
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    words = status.read_text().split()
    return int(words[words.index("VmHWM:") + 1])


if __name__ == "__main__":
    main(*sys.argv[1:])
