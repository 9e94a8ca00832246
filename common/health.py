"""Asks each part whether it is well: all at once, a second each, and nobody queues.

An app says what is to be looked at with ``@look``; whoever shows health calls
``examine``. A look that hangs is left behind, and not begun again before it ends.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db import connections

SECONDS = 1.0
SILENT = "一秒内没有回应"


class State(StrEnum):
    """How a part is: well, to be looked after, or keeping the system from working."""

    WELL = "ok"
    WEAK = "due"
    ILL = "late"


@dataclass(frozen=True)
class Finding:
    """What a look found, in words for the administrator."""

    state: State
    words: str


Look = Callable[[], Finding]


@dataclass(frozen=True)
class Line:
    """One part of the system with what was found."""

    name: str
    title: str
    finding: Finding


@dataclass(frozen=True)
class Part:
    """What is looked at, and how bad it is when that look hangs or breaks."""

    title: str
    look: Look
    unseen: State


PARTS: dict[str, Part] = {}
_looking = threading.Lock()
_under_way: dict[str, threading.Thread] = {}
_last: list[Line] = []


def look(name: str, title: str, *, grave: bool = True) -> Callable[[Look], Look]:
    """Register a look at one part; without a grave one there is no work."""

    def register(hand: Look) -> Look:
        PARTS[name] = Part(title, hand, State.ILL if grave else State.WEAK)
        return hand

    return register


def examine() -> list[Line]:
    """Look at every part; while somebody else looks, tell what was found last."""
    if not _looking.acquire(timeout=0 if _last else SECONDS):
        return _last
    try:
        found: dict[str, Finding] = {}
        begun = [_begin(name, found) for name in PARTS]
        until = time.monotonic() + SECONDS
        for thread in begun:
            thread.join(timeout=max(0.0, until - time.monotonic()))
        _last[:] = [
            Line(name, part.title, found.get(name) or Finding(part.unseen, SILENT))
            for name, part in PARTS.items()
        ]
        return list(_last)
    finally:
        _looking.release()


def worst(lines: list[Line]) -> State:
    """Return the state of the whole: that of its weakest part."""
    order = list(State)
    return max((line.finding.state for line in lines), key=order.index)


def _begin(name: str, found: dict[str, Finding]) -> threading.Thread:
    before, part = _under_way.get(name), PARTS[name]
    if before is not None and before.is_alive():
        return before

    def work() -> None:
        try:
            found[name] = part.look()
        except Exception as fault:
            # Its text may hold a value or an address; its kind says enough.
            words = f"检查时出错({type(fault).__name__})"
            found[name] = Finding(part.unseen, words)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work, name=f"health of {name}", daemon=True)
    _under_way[name] = thread
    thread.start()
    return thread
