"""What a ledger is made of: its columns, and what stands around its rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

T = TypeVar("T")
Kind = Literal["text", "int", "money", "date", "datetime", "month"]
Cells = list[object]


@dataclass(frozen=True)
class Column(Generic[T]):
    """A heading, how to read the value below it from one row, and what it is.

    With ``total`` the column's sum stands in a row 合计 below the others.
    """

    title: str
    value: Callable[[T], object]
    width: float = 12
    kind: Kind = "text"
    total: bool = False


@dataclass(frozen=True)
class Frame:
    """What stands around the rows: title, second line, foot, and the 说明 sheet.

    ``expected`` is how many rows there will be; above a million they take a second
    sheet. ``author`` and the notes are told in the file's properties too.
    """

    title: str
    second_line: str = ""
    foot: Sequence[str] = ()
    notes: Sequence[tuple[str, str]] = ()
    sheet: str = "台账"
    expected: int = 0
    author: str = ""

    @property
    def notes_in_a_line(self) -> str:
        return ";".join(f"{label}:{words}" for label, words in self.notes)
