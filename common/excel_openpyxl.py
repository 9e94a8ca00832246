"""The second way to write a ledger: openpyxl, slower and known to everybody."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

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
    Column,
    Frame,
    Sheets,
)


def write_by_openpyxl(
    path: Path,
    sheets: Sheets,
    columns: Sequence[Column[Any]],
    frame: Frame,
    rows_below: int,
) -> None:
    """Write the sheets; the last ``rows_below`` rows stand outside the filter."""
    book = Workbook(write_only=True)
    formats = [NUMBER_FORMATS[column.kind] for column in columns]
    sheet, last_row = None, 0
    for name, rows in sheets:
        if sheet is not None:
            _set_filter(sheet, columns, last_row)
        sheet = book.create_sheet(name)
        _set_up(sheet, columns)
        sheet.append([_typed(sheet, frame.title, _title_font())])
        sheet.append([_typed(sheet, frame.second_line)])
        sheet.append([_heading(sheet, column.title) for column in columns])
        last_row = HEADER_ROW + 1
        for row in rows:
            cells = zip(row, formats, strict=True)
            sheet.append([_styled(sheet, value, form) for value, form in cells])
            last_row += 1
    _set_filter(sheet, columns, last_row - rows_below)
    _add_notes(book, frame)
    book.properties.title, book.properties.creator = frame.title, frame.author
    book.properties.description = frame.notes_in_a_line
    book.save(path)


def _set_up(sheet: Any, columns: Sequence[Column[Any]]) -> None:
    last = get_column_letter(max(2, len(columns)))
    sheet.freeze_panes = f"A{HEADER_ROW + 2}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEADER_ROW + 1}:{HEADER_ROW + 1}"
    sheet.oddFooter.center.text = PAGES
    sheet.row_dimensions[1].height = TITLE_HEIGHT
    sheet.row_dimensions[HEADER_ROW + 1].height = HEADER_HEIGHT
    for row in (1, 2):
        sheet.merged_cells.add(f"A{row}:{last}{row}")
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width


def _set_filter(sheet: Any, columns: Sequence[Column[Any]], last_row: int) -> None:
    last = get_column_letter(len(columns))
    sheet.auto_filter.ref = f"A{HEADER_ROW + 1}:{last}{last_row}"


def _add_notes(book: Any, frame: Frame) -> None:
    sheet = book.create_sheet(NOTES_SHEET)
    sheet.freeze_panes = "A2"
    for letter, width in zip("AB", NOTES_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([_heading(sheet, words) for words in NOTES_HEADINGS])
    for note in frame.notes:
        sheet.append([_typed(sheet, words) for words in note])


def _title_font() -> Font:
    return Font(bold=True, size=TITLE_SIZE)


def _heading(sheet: Any, words: str) -> Any:
    cell = _typed(sheet, words, Font(bold=True))
    thin = Side(style="thin")
    cell.border = Border(thin, thin, thin, thin)
    cell.fill = PatternFill("solid", fgColor=FILL)
    cell.alignment = Alignment("center", "center", wrap_text=True)
    return cell


def _typed(sheet: Any, words: str, font: Font | None = None) -> Any:
    cell = WriteOnlyCell(sheet, words)
    cell.data_type = "s"
    if font:
        cell.font = font
    return cell


def _styled(sheet: Any, value: Any, number_format: str) -> Any:
    if value is None or value == "":
        return None
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        # Typed in by someone: it must arrive as words, never run as a formula.
        cell.data_type = "s"
    cell.number_format = number_format
    return cell
