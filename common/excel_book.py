"""Puts the rows of a ledger into the workbook that openpyxl makes without them."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import count
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from isal.isal_zlib import DEFLATED, compressobj
from openpyxl.utils import get_column_letter

from common.excel_cells import pieces_of
from common.excel_frame import HEADER_ROW, write_frame
from common.excel_parts import Cells, Column, Frame

DATED = ("date", "datetime", "month")
# Files a quarter larger than zlib makes them by default, in a tenth of the time.
COMPRESSION = 1
RAW = -15
END_OF_ROWS = b"</sheetData>"
END = b"</worksheet>"


def write_book(
    out: IO[bytes],
    sheets: dict[str, Iterator[Cells]],
    columns: Sequence[Column[Any]],
    frame: Frame,
    *,
    rows_below: int,
) -> None:
    """Write the sheets; the last ``rows_below`` rows stand outside the filter.

    The sheets are drawn in their order. What goes wrong on the way leaves half a file.
    """
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as book:
        _write(book, sheets, columns, frame, rows_below)


def _write(
    book: ZipFile,
    sheets: dict[str, Iterator[Cells]],
    columns: Sequence[Column[Any]],
    frame: Frame,
    rows_below: int,
) -> None:
    last_rows = dict.fromkeys(sheets, HEADER_ROW)
    around, styles = _around(last_rows, columns, frame)
    days = [place for place, column in enumerate(columns) if column.kind in DATED]
    for place, (name, rows) in enumerate(sheets.items(), start=1):
        part, numbers = f"xl/worksheets/sheet{place}.xml", count(HEADER_ROW + 1)
        with _target(book, part) as target:
            target.write(around.read(part).partition(END_OF_ROWS)[0])
            for piece in pieces_of(zip(rows, numbers, strict=False), styles, days):
                target.write(piece)
            last = next(numbers) - 1
            below = rows_below if place == len(sheets) else 0
            last_rows[name] = max(HEADER_ROW, last - below)
            # What stands below the rows says how many they are: it is made once more.
            around, _ = _around(last_rows, columns, frame)
            tail = around.read(part).partition(END_OF_ROWS)[2]
            unmarked = _numbers_as_words(columns, last)
            target.write(END_OF_ROWS + tail.replace(END, unmarked + END))
    for part in around.namelist():
        if part not in book.namelist():
            book.writestr(part, around.read(part))


def _around(
    last_rows: dict[str, int], columns: Sequence[Column[Any]], frame: Frame
) -> tuple[ZipFile, list[int]]:
    made = BytesIO()
    styles = write_frame(made, last_rows, columns, frame)
    return ZipFile(made), styles


def _target(book: ZipFile, part: str) -> Any:
    # The cells of a million rows may come to more than 2 GB.
    target = book.open(part, "w", force_zip64=True)
    # zipfile has no door for another compressor. Where this name is gone, its own is
    # used, and the file is right all the same.
    target._compressor = compressobj(COMPRESSION, DEFLATED, RAW)  # type: ignore[attr-defined]
    return target


def _numbers_as_words(columns: Sequence[Column[Any]], last: int) -> bytes:
    """Tell Excel that ids and phones are words on purpose: no green corners."""
    letters = [
        get_column_letter(place)
        for place, column in enumerate(columns, start=1)
        if column.kind == "text"
    ]
    if not letters or last <= HEADER_ROW:
        return b""
    ranges = " ".join(f"{letter}{HEADER_ROW + 1}:{letter}{last}" for letter in letters)
    ignored = f'<ignoredError sqref="{ranges}" numberStoredAsText="1"/>'
    return f"<ignoredErrors>{ignored}</ignoredErrors>".encode()
