"""Rows that are fetched while the ones before them are still worked on."""

from collections.abc import Iterator
from itertools import chain, islice
from queue import Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
CHUNK = 2_000
# Chunks that may wait; with the one in hand, all that is ever held.
AHEAD = 2


def read_ahead(rows: Iterator[T]) -> Iterator[T]:
    """Yield the rows in their order; what drawing them raises is raised here.

    The first rows are drawn at once, so that a query begins on the connection of
    whoever asks; only fetching the rest goes on in a thread of its own. For the rows
    of one query: another, asked on the way, would go over a connection of the thread's.
    """
    first = list(islice(rows, CHUNK))
    if len(first) < CHUNK:
        yield from first
        return
    waiting: Queue[list[T] | BaseException] = Queue(AHEAD)
    nobody_listens = Event()
    thread = Thread(target=_draw, args=[rows, waiting, nobody_listens], daemon=True)
    thread.start()
    try:
        yield from first
        yield from chain.from_iterable(iter(lambda: _next(waiting), []))
    finally:
        nobody_listens.set()
        while thread.is_alive():
            # Whoever waits to put something down can do so, and sees that it is over.
            while not waiting.empty():
                waiting.get()
            thread.join(0.01)


def _draw(
    rows: Iterator[T],
    waiting: "Queue[list[T] | BaseException]",
    nobody_listens: Event,
) -> None:
    try:
        while chunk := list(islice(rows, CHUNK)):
            waiting.put(chunk)
            if nobody_listens.is_set():
                return
        waiting.put([])
    except BaseException as fault:
        waiting.put(fault)


def _next(waiting: "Queue[list[T] | BaseException]") -> list[T]:
    drawn = waiting.get()
    if isinstance(drawn, BaseException):
        raise drawn
    return drawn
