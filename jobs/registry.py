"""Which function does which kind of job, and which sweep has which name.

Higher apps register theirs in their ``tasks`` module, which Celery imports.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from jobs.models import Job

JobHand = Callable[[Job], None]
SweepHand = Callable[[datetime], int]


@dataclass(frozen=True)
class Sweep:
    """Something the clock does: harmless to run twice, at once, or late."""

    name: str
    title: str
    hand: SweepHand


JOB_HANDS: dict[str, JobHand] = {}
SWEEPS: dict[str, Sweep] = {}


def does(kind: str) -> Callable[[JobHand], JobHand]:
    """Register the function that does jobs of this kind."""

    def register(hand: JobHand) -> JobHand:
        JOB_HANDS[kind] = hand
        return hand

    return register


def sweep(name: str, title: str) -> Callable[[SweepHand], SweepHand]:
    """Register a sweep; it is given the moment it runs for, and returns rows done."""

    def register(hand: SweepHand) -> SweepHand:
        SWEEPS[name] = Sweep(name, title, hand)
        return hand

    return register
