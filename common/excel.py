"""Ledgers as .xlsx files: real dates and numbers, words that stay words, flat memory.

openpyxl makes the workbook without its rows; they are drawn from an iterator and put
into it as they come (docs/decisions/0015).
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

from django.utils import timezone

from common.excel_book import write_book
from common.excel_parts import Cells, Column, Frame, Kind, T

__all__ = ["Column", "Frame", "Kind", "write_ledger"]

ROWS_A_SHEET = 1_000_000
LONGEST_TEXT = 32_767
FIRST_YEAR = 1900
TOTAL = "合计"
# XML 1.0 has no place for these; Excel calls a file that holds one broken.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BREAKS = re.compile("\r\n?")


def write_ledger(
    out: IO[bytes],
    rows: Iterable[T],
    columns: Sequence[Column[T]],
    frame: Frame,
    *,
    told: Callable[[int], None] = lambda done: None,
) -> int:
    """Write the rows below title and headings; return how many there were.

    ``told`` hears now and then how many rows are written. Raises ValueError when two
    columns have one heading.
    """
    if len({column.title for column in columns}) < len(columns):
        raise ValueError("Two columns of a ledger have the same heading.")
    counter = _Counter(columns, told)
    frame = _cleaned(frame)
    sheets = _sheets(counter.count(rows), counter, frame)
    write_book(out, sheets, columns, frame, rows_below=counter.rows_below(frame))
    return counter.done


class _Counter:
    """Makes cells of rows as they go by, counts them and adds up what is asked for."""

    EVERY = 1_000

    def __init__(
        self, columns: Sequence[Column[Any]], told: Callable[[int], None]
    ) -> None:
        # Looked up once and not for each cell: a ledger has millions of them.
        self.readers = [column.value for column in columns]
        kinds = list(enumerate(column.kind for column in columns))
        self.words = [place for place, kind in kinds if kind == "text"]
        self.others = [
            (place, CLEANERS[kind]) for place, kind in kinds if kind != "text"
        ]
        self.sums: dict[int, Decimal] = {
            place: Decimal(0) for place, column in enumerate(columns) if column.total
        }
        self.done = 0
        self.told = told

    def count(self, rows: Iterable[T]) -> Iterator[Cells]:
        for row in rows:
            cells = [read(row) for read in self.readers]
            self._clean(cells)
            self.done += 1
            if self.done % self.EVERY == 0:
                self.told(self.done)
            for place in self.sums:
                # By its digits: a sum of cents as floats would drift.
                self.sums[place] += Decimal(str(cells[place] or 0))
            yield cells

    def _clean(self, cells: Cells) -> None:
        if not _are_plain([cells[place] for place in self.words]):
            for place in self.words:
                cells[place] = _words(cells[place])
        for place, clean in self.others:
            cells[place] = clean(cells[place])

    def below(self, frame: Frame) -> Iterator[Cells]:
        """Yield the sums and the foot; only when all rows have gone by."""
        width = len(self.readers)
        if self.sums:
            totals: Cells = [_number(self.sums.get(place)) for place in range(width)]
            yield [TOTAL, *totals[1:]]
        for words in frame.foot:
            yield [words, *[None] * (width - 1)]

    def rows_below(self, frame: Frame) -> int:
        return bool(self.sums) + len(frame.foot)


def _sheets(
    rows: Iterator[Cells], counter: _Counter, frame: Frame
) -> dict[str, Iterator[Cells]]:
    """Cut the rows into sheets that Excel can hold, the foot on the last one.

    The sheets must be drawn in their order: they share one iterator.
    """
    more = range(2, 1 + max(1, -(-frame.expected // ROWS_A_SHEET)))
    names = [frame.sheet, *(f"{frame.sheet}({number})" for number in more)]
    sheets: dict[str, Iterator[Cells]] = {
        name: islice(rows, ROWS_A_SHEET) for name in names[:-1]
    }
    return {**sheets, names[-1]: chain(rows, counter.below(frame))}


def _cleaned(frame: Frame) -> Frame:
    return replace(
        frame,
        title=_clean(frame.title),
        second_line=_clean(frame.second_line),
        foot=[_clean(words) for words in frame.foot],
        notes=[(_clean(label), _clean(words)) for label, words in frame.notes],
        author=_clean(frame.author),
    )


def _clean(text: str) -> str:
    return ILLEGAL.sub("", BREAKS.sub("\n", text))[:LONGEST_TEXT]


def _are_plain(words: list[Any]) -> bool:
    """Say whether there is nothing to look for: in nearly every row."""
    try:
        joined = "".join(words)
    except TypeError:
        return False
    return len(joined) <= LONGEST_TEXT and joined.isprintable()


def _words(value: object) -> object:
    if value is None:
        return None
    return _clean(value if isinstance(value, str) else str(value)) or None


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _moment(value: object) -> object:
    """Return the moment on this city's clock; Excel knows no zones and no 1899."""
    if isinstance(value, datetime) and value.tzinfo:
        value = timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, date) and value.year < FIRST_YEAR:
        return value.isoformat()
    return value


CLEANERS: dict[Kind, Callable[[object], object]] = {
    "int": _number,
    "money": _number,
    "date": _moment,
    "datetime": _moment,
    "month": _moment,
}
