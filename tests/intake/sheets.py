"""Makes tables for tests: workbooks and CSV files of any shape, invented people."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from common.resident_id import check_digit
from common.tables.places import AreaBook, PlainArea
from common.townships import TOWNSHIPS
from intake.layouts import JudgedRow, Reading, read_judged

TODAY = date(2026, 11, 24)
AREAS = AreaBook(
    [
        PlainArea("620300000000", "金昌市"),
        PlainArea("620302000000", "金川区"),
        PlainArea("620321000000", "永昌县"),
        *(PlainArea(township.code, township.name) for township in TOWNSHIPS),
    ]
)
Rows = Iterable[Sequence[Any]]


def number(born: str = "19650312", serial: int = 901, area: str = "620321") -> str:
    """Return a valid id with a sequence that nobody has."""
    first17 = f"{area}{born}{serial}"
    return first17 + check_digit(first17)


def workbook(
    path: Path, sheets: dict[str, Rows], merged: dict[str, list[str]] | None = None
) -> Path:
    """Write an .xlsx of these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
        for area in (merged or {}).get(name, []):
            page.merge_cells(area)
    book.save(path)
    return path


def read(path: Path, kind: str = "recipients", *, name: str = "") -> Reading:
    """Read the file as it would be read for an office."""
    reading = read_judged(path, name or path.name, kind, areas=AREAS, today=TODAY)
    reading.rows = list(reading.rows)
    return reading


def reasons(reading: Reading) -> dict[str, int]:
    return dict(Counter(row.reason for row in reading.rows if row.reason))


def codes(row: JudgedRow) -> list[str]:
    return [problem.code for problem in row.problems]
