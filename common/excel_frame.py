"""What stands around the rows of a ledger: a workbook without them, by openpyxl."""

from collections.abc import Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from common.excel_parts import Column, Frame, Kind

# Counted from 1: the title, the second line, the headings.
HEADER_ROW = 3
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


def write_frame(
    file: IO[bytes],
    last_rows: dict[str, int],
    columns: Sequence[Column[Any]],
    frame: Frame,
) -> list[int]:
    """Write the workbook that the rows are put into; return each column's style.

    ``last_rows`` names the sheets of rows, which come before all others, with the last
    row of each that its filter reaches.
    """
    book = Workbook(write_only=True)
    for name, last_row in last_rows.items():
        sheet = book.create_sheet(name)
        _set_up(sheet, columns, last_row)
        sheet.append([_words(sheet, frame.title, _title_font())])
        sheet.append([_words(sheet, frame.second_line)])
        sheet.append([_heading(sheet, column.title) for column in columns])
    styles = [_style(sheet, column.kind) for column in columns]
    _add_notes(book, frame)
    book.properties.title, book.properties.creator = frame.title, frame.author
    book.properties.description = frame.notes_in_a_line
    book.save(file)
    return styles


def _set_up(sheet: Any, columns: Sequence[Column[Any]], last_row: int) -> None:
    last = get_column_letter(len(columns))
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.oddFooter.center.text = PAGES
    sheet.row_dimensions[1].height = TITLE_HEIGHT
    sheet.row_dimensions[HEADER_ROW].height = HEADER_HEIGHT
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{last_row}"
    for row in (1, 2):
        sheet.merged_cells.add(f"A{row}:{get_column_letter(max(2, len(columns)))}{row}")
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width


def _style(sheet: Any, kind: Kind) -> int:
    cell = WriteOnlyCell(sheet)
    cell.number_format = NUMBER_FORMATS[kind]
    return int(cell.style_id)


def _add_notes(book: Any, frame: Frame) -> None:
    sheet = book.create_sheet(NOTES_SHEET)
    sheet.freeze_panes = "A2"
    for letter, width in zip("AB", NOTES_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([_heading(sheet, words) for words in NOTES_HEADINGS])
    for note in frame.notes:
        sheet.append([_words(sheet, words) for words in note])


def _title_font() -> Font:
    return Font(bold=True, size=TITLE_SIZE)


def _heading(sheet: Any, words: str) -> Any:
    cell = _words(sheet, words, Font(bold=True))
    thin = Side(style="thin")
    cell.border = Border(thin, thin, thin, thin)
    cell.fill = PatternFill("solid", fgColor=FILL)
    cell.alignment = Alignment("center", "center", wrap_text=True)
    return cell


def _words(sheet: Any, words: str, font: Font | None = None) -> Any:
    cell = WriteOnlyCell(sheet, words)
    # Typed in by someone: it must arrive as words, never run as a formula.
    cell.data_type = "s"
    if font:
        cell.font = font
    return cell
