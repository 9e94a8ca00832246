"""What a ledger is made of: its columns, and what stands around its rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

T = TypeVar("T")
Kind = Literal["text", "int", "money", "date", "datetime", "month"]
Cells = list[object]
Sheets = Iterator[tuple[str, Iterator[Cells]]]

# Counted from 0: the title, the second line, the headings.
HEADER_ROW = 2
NUMBER_FORMATS: dict[Kind, str] = {
    "text": "@",
    "int": "0",
    "money": "#,##0.00",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
    "month": "yyyy-mm",
}
NOTES_SHEET = "说明"
NOTES_HEADINGS = ("项目", "内容")
NOTES_WIDTHS = (16.0, 90.0)
TITLE_HEIGHT, HEADER_HEIGHT = 28.0, 30.0
TITLE_SIZE = 16
A4 = 9
PAGES = "第 &P / &N 页"
FILL = "EAF1F9"


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
