"""Whether what many clients were told fits any order of one deed after another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

State = TypeVar("State")


@dataclass(frozen=True)
class Told(Generic[State]):
    """What one client asked for, when, and what it was told.

    ``step`` says what the deed does to a state: the answer, and the state after it.
    """

    client: str
    deed: str
    begun: float
    ended: float
    answer: object
    step: Callable[[State], tuple[object, State]] = field(compare=False)


def order_of(record: Sequence[Told[State]], first: State) -> list[Told[State]] | None:
    """Return an order in which every answer is the right one, or None.

    Of two deeds of which one was answered before the other was begun, it comes first.
    """
    dead: set[tuple[frozenset[int], State]] = set()

    def after(done: frozenset[int], state: State) -> list[int] | None:
        if len(done) == len(record):
            return []
        if (done, state) in dead:
            return None
        left = [number for number in range(len(record)) if number not in done]
        soonest = min(record[number].ended for number in left)
        for number in left:
            one = record[number]
            if one.begun > soonest:
                continue
            answer, then = one.step(state)
            if answer != one.answer:
                continue
            rest = after(done | {number}, then)
            if rest is not None:
                return [number, *rest]
        dead.add((done, state))
        return None

    found = after(frozenset(), first)
    return None if found is None else [record[number] for number in found]
