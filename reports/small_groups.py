"""Hides groups of one to four in sums, and whatever they could be worked out from."""

from dataclasses import dataclass

from reports.indicators import SMALLEST_SHOWN


@dataclass(frozen=True)
class Column:
    """One column as it may be published: None where a figure is hidden."""

    cells: list[int | None]
    total: int | None


def protect(figures: list[int]) -> Column:
    """Hide the small groups of a column so that none can be told from the rest.

    Whoever adds up knows that hidden cells come to the total less what is shown, and
    that none of them is nothing. One hidden cell is then known, and so are all when
    that rest gives each no more than one: then the smallest of the others is hidden
    too, and where there is none left, the total.
    """
    hidden = {at for at, number in enumerate(figures) if _is_small(number)}
    total: int | None = sum(figures)
    while hidden and _solvable([figures[at] for at in hidden]):
        others = [
            at for at, number in enumerate(figures) if number and at not in hidden
        ]
        if not others:
            total = None
            break
        hidden.add(min(others, key=lambda at: figures[at]))
    if total is not None and _is_small(total):
        total = None
    cells = [None if at in hidden else number for at, number in enumerate(figures)]
    return Column(cells, total)


def _is_small(number: int) -> bool:
    return 0 < number < SMALLEST_SHOWN


def _solvable(numbers: list[int]) -> bool:
    """Say whether their sum alone tells each of these numbers, all above nothing."""
    return len(numbers) == 1 or sum(numbers) == len(numbers)
