"""The rows of a sheet as the reading child told them, opened a few at a time."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, overload

from common.tables.text import Value

Row = list[Value]
# How many rows the child tells in a line; only a sheet's last line has fewer.
ROWS_A_LINE = 200
OPEN_LINES = 3


class Rows(Sequence[Row]):
    """Rows kept as lines of JSON: a tenth of what they would be as lists.

    Meant to be gone through from top to bottom. A row that was changed stays changed
    while its neighbours are looked at, and is as it was when asked for much later.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._lines: list[bytes] = []
        self._open: dict[int, list[Row]] = {}
        self._many: int | None = None

    def add(self, line: bytes) -> None:
        """Take one more line of rows as the child wrote it."""
        self._lines.append(line)
        self._many = None

    def __len__(self) -> int:
        if self._many is None:
            full = len(self._lines) - 1
            last = len(self._line(full)) if self._lines else ROWS_A_LINE
            self._many = full * ROWS_A_LINE + last
        return self._many

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [self[index] for index in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        return self._line(at // ROWS_A_LINE)[at % ROWS_A_LINE]

    def _line(self, number: int) -> list[Row]:
        found = self._open.get(number)
        if found is None:
            found = decode(self._lines[number].decode("utf-8"))
            if len(self._open) == OPEN_LINES:
                del self._open[min(self._open)]
            self._open[number] = found
        return found


def _day(told: dict[str, Any]) -> Any:
    return date.fromisoformat(told["day"]) if "day" in told else told


decode: Callable[[str], Any] = json.JSONDecoder(object_hook=_day).decode
