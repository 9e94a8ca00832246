"""Watches the memory of each process, and the connections, under steady load."""

import statistics
import time
from contextlib import suppress
from typing import Any

import psutil

from faults.deployment import Deployment
from jinchang_care import serving

EVERY = 2.0
# AV-20: once warm, no process grows faster than this; MB a minute.
SLOPE = 1.0
WARM_AFTER = 1 / 4
WATCHED = ("web master", "web worker", "celery", "beat", "valkey")


def watch(deployment: Deployment, seconds: float) -> dict[str, Any]:
    """Return each process's growth in MB a minute, once warm, and the connections."""
    begun = time.monotonic()
    seen: dict[str, list[tuple[float, float]]] = {}
    lines: list[int] = []
    while (at := time.monotonic() - begun) < seconds:
        found = deployment.processes()
        lines.append(len(found.get("backend", [])))
        for name, process in _watched(found):
            with suppress(psutil.Error):
                held = process.memory_info().rss / 2**20
                seen.setdefault(f"{name} {process.pid}", []).append((at / 60, held))
        time.sleep(EVERY)
    slopes, largest = {}, {}
    for name, points in seen.items():
        if len(points) < len(lines) / 2:
            # It came or went on the way, and its growth is that of its first pages.
            continue
        warm = points[int(len(points) * WARM_AFTER) :]
        slope, _ = statistics.linear_regression(*zip(*warm, strict=True))
        slopes[name], largest[name] = round(slope, 2), round(max(p[1] for p in points))
    steepest = max(slopes.values())
    words = (
        f"{seconds / 60:.0f} 分钟,增长最快的进程每分钟 {steepest:+.2f} MB,"
        f"数据库连接最多 {max(lines)} 个。"
    )
    met = steepest <= SLOPE and max(lines) <= serving.lines_needed()
    return {
        "slopes": slopes,
        "largest_mb": largest,
        "lines": [lines[len(lines) // 2], lines[-1]],
        "words": words,
        "met": met,
    }


def _watched(
    found: dict[str, list[psutil.Process]],
) -> list[tuple[str, psutil.Process]]:
    return [(name, process) for name in WATCHED for process in found.get(name, [])]
