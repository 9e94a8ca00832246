"""The first way to write a ledger: rust_xlsxwriter, ten times as fast as openpyxl.

It writes the cells; what it cannot do (properties, a filter that ends above the foot)
is put in afterwards while the file is copied.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from isal.isal_zlib import DEFLATED, compressobj
from rustpy_xlsxwriter import FastExcel, Format

from common.excel_parts import (
    A4,
    FILL,
    HEADER_HEIGHT,
    HEADER_ROW,
    NOTES_HEADINGS,
    NOTES_SHEET,
    NOTES_WIDTHS,
    NUMBER_FORMATS,
    PAGES,
    TITLE_HEIGHT,
    TITLE_SIZE,
    Cells,
    Column,
    Frame,
    Sheets,
)

CHUNK = 1 << 20
# What stands below the cells of a sheet is a few thousand bytes long.
TAIL = 1 << 16
DATED = ("date", "datetime", "month")
# Excel counts a 29 February 1900 that never was: days before it are left to the writer.
DAY_0 = date(1899, 12, 30).toordinal()
FIRST_SURE = date(1900, 3, 1).toordinal()
# Files a quarter larger than zlib makes them by default, in a tenth of the time.
COMPRESSION = 1
RAW = -15
FILTER = re.compile(rb'(<autoFilter ref="[A-Z]+\d+:[A-Z]+)(\d+)("/>)')
FILTER_NAME = re.compile(
    rb'(<definedName name="_xlnm._FilterDatabase" localSheetId="(\d+)"'
    rb"[^>]*>[^<]*\$)(\d+)(</definedName>)"
)
AUTHOR = re.compile(rb"<dc:creator>.*?</dc:creator>|<dc:creator/>")
PROPERTIES = "docProps/core.xml"
Change = Callable[[bytes], bytes]


def write_by_rust(
    path: Path,
    sheets: Sheets,
    columns: Sequence[Column[Any]],
    frame: Frame,
    rows_below: int,
) -> None:
    """Write the sheets; the last ``rows_below`` rows stand outside the filter."""
    draft = path.with_name(f".{path.stem}.draft.xlsx")
    try:
        ledgers = _write_cells(draft, sheets, columns, frame)
        _finish(draft, path, frame, ledgers=ledgers, rows_below=rows_below)
    finally:
        draft.unlink(missing_ok=True)


def _write_cells(
    draft: Path, sheets: Sheets, columns: Sequence[Column[Any]], frame: Frame
) -> int:
    titles = [column.title for column in columns]
    book, ledgers = FastExcel(str(draft)), 0
    for name, rows in sheets:
        dated = _with_serials(rows, columns)
        book.sheet(name, _records(dated, titles), **_looks(columns, frame))
        ledgers += 1
    notes = [dict(zip(NOTES_HEADINGS, note, strict=True)) for note in frame.notes]
    book.sheet(
        NOTES_SHEET,
        notes or [dict.fromkeys(NOTES_HEADINGS)],
        column_widths=list(NOTES_WIDTHS),
        header_format=_heading_format(),
    )
    book.freeze(row=HEADER_ROW + 1).freeze(row=1, sheet=NOTES_SHEET).save()
    return ledgers


def _records(rows: Iterator[Cells], titles: list[str]) -> Iterator[dict[str, object]]:
    empty = True
    for row in rows:
        empty = False
        yield dict(zip(titles, row, strict=True))
    if empty:
        # The writer takes its headings from the first record.
        yield dict.fromkeys(titles)


def _with_serials(
    rows: Iterator[Cells], columns: Sequence[Column[Any]]
) -> Iterator[Cells]:
    """Put days as the numbers that Excel keeps them as; the column's format shows days.

    The writer would do so itself, in ten times the time.
    """
    places = [place for place, column in enumerate(columns) if column.kind in DATED]
    for row in rows:
        for place in places:
            row[place] = _serial(row[place])
        yield row


def _serial(value: object) -> object:
    if not isinstance(value, date) or value.toordinal() < FIRST_SURE:
        return value
    days = value.toordinal() - DAY_0
    if isinstance(value, datetime):
        return days + (value - datetime.combine(value, time())) / timedelta(days=1)
    return days


def _looks(columns: Sequence[Column[Any]], frame: Frame) -> dict[str, Any]:
    title = Format().set_bold().set_font_size(TITLE_SIZE).set_align("center")
    last = max(1, len(columns) - 1)
    return {
        "header_row": HEADER_ROW,
        "header_format": _heading_format(),
        "column_widths": [float(column.width) for column in columns],
        "column_formats": [
            Format().set_num_format(NUMBER_FORMATS[column.kind]) for column in columns
        ],
        "merge_ranges": [
            (0, 0, 0, last, frame.title, title),
            (1, 0, 1, last, frame.second_line),
        ],
        "row_heights": {0: TITLE_HEIGHT, HEADER_ROW: HEADER_HEIGHT},
        "autofilter": True,
        "page_setup": {
            "landscape": True,
            "paper_size": A4,
            "repeat_rows": (HEADER_ROW, HEADER_ROW),
            "fit_to_pages": (1, 0),
            "footer": f"&C{PAGES}",
        },
        "ignore_errors": [column.title for column in columns if column.kind == "text"],
    }


def _heading_format() -> Format:
    return (
        Format()
        .set_bold()
        .set_background_color(f"#{FILL}")
        .set_align("center")
        .set_align("vertical_center")
        .set_text_wrap()
        .set_border("thin")
    )


def _finish(
    draft: Path, path: Path, frame: Frame, *, ledgers: int, rows_below: int
) -> None:
    """Copy the draft with its filter shortened and its properties told."""
    changes: dict[str, Change] = {
        f"xl/worksheets/sheet{ledgers}.xml": lambda xml: FILTER.sub(
            lambda found: found[1] + _less(found[2], rows_below) + found[3], xml
        ),
        "xl/workbook.xml": lambda xml: FILTER_NAME.sub(
            lambda found: _shortened_name(found, ledgers, rows_below), xml
        ),
    }
    with ZipFile(draft) as old, _new_zip(path) as new:
        for part in old.infolist():
            if part.filename == PROPERTIES:
                new.writestr(PROPERTIES, _properties(frame, old.read(part)))
                continue
            # The cells of a million rows may come to more than 2 GB.
            target = new.open(part.filename, "w", force_zip64=True)
            # zipfile has no door for another compressor. Where this name is gone, its
            # own is used, and the file is right all the same.
            target._compressor = compressobj(COMPRESSION, DEFLATED, RAW)  # type: ignore[attr-defined]
            with old.open(part) as source, target:
                _copy(source, target, changes.get(part.filename))


def _new_zip(path: Path) -> ZipFile:
    return ZipFile(path, "w", ZIP_DEFLATED, compresslevel=COMPRESSION)


def _copy(source: IO[bytes], target: IO[bytes], change: Change | None) -> None:
    """Copy in pieces; what is to be changed stands at the end, below the cells."""
    held = b""
    while piece := source.read(CHUNK):
        held += piece
        target.write(held[:-TAIL])
        held = held[-TAIL:]
    target.write(change(held) if change else held)


def _less(row: bytes, rows_below: int) -> bytes:
    # Without any row the filter still spans the headings.
    return b"%d" % max(HEADER_ROW + 1, int(row) - rows_below)


def _shortened_name(found: re.Match[bytes], ledgers: int, rows_below: int) -> bytes:
    if int(found[2]) != ledgers - 1:
        return found[0]
    return found[1] + _less(found[3], rows_below) + found[4]


def _properties(frame: Frame, drafted: bytes) -> bytes:
    """Return the drafted properties with title, author and notes told in them."""
    told = (
        f"<dc:title>{escape(frame.title)}</dc:title>"
        f"<dc:creator>{escape(frame.author)}</dc:creator>"
        f"<dc:description>{escape(frame.notes_in_a_line)}</dc:description>"
    ).encode()
    return AUTHOR.sub(lambda found: told, drafted, count=1)
