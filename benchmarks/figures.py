"""A measured figure, its baseline and its target; tables and files of them."""

import json
import os
import platform
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

HEADINGS = ("项目", "规模", "本系统", "基线", "单位", "倍数", "应为", "达到", "内存MB")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Figure:
    """One claim, measured; ``target`` is of the ratio, or of ours without a baseline.

    ``ours`` and ``baseline`` have one unit; ``peak_mb`` is ours, in megabytes.
    """

    id: str
    words: str
    size: int
    unit: str
    ours: float
    baseline: float | None
    target: float | None
    at_least: bool = True
    peak_mb: float | None = None
    baseline_mb: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.ours / self.baseline if self.baseline else None

    @property
    def met(self) -> bool | None:
        """Say whether the target is reached; None when nothing was promised."""
        if self.target is None:
            return None
        measured = self.ours if self.ratio is None else self.ratio
        return measured >= self.target if self.at_least else measured <= self.target

    def cells(self) -> tuple[str, ...]:
        """Return the figure as the table shows it, in the order of HEADINGS."""
        sign = "≥" if self.at_least else "≤"
        met = {True: "是", False: "否", None: ""}[self.met]
        memory = [_plain(mb) for mb in (self.peak_mb, self.baseline_mb) if mb]
        return (
            *(self.words, f"{self.size:,}", _plain(self.ours), _plain(self.baseline)),
            *(self.unit, _plain(self.ratio)),
            *("" if self.target is None else f"{sign} {self.target:g}", met),
            " / ".join(memory),
        )


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as lines of text in columns."""
    lines = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(_width(line[at]) for line in lines) for at in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell))
            for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def write(path: Path, figures: Sequence[Figure], *, size: str) -> None:
    """Write the figures where other programs find them."""
    claims = [
        {**asdict(figure), "ratio": figure.ratio, "met": figure.met}
        for figure in figures
    ]
    told = {"size": size, "machine": machine(), "claims": claims}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def machine() -> dict[str, Any]:
    """Describe what it was measured on, in general words."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / MEGABYTE / 1024),
        "python": platform.python_version(),
    }


def _plain(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _width(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)
