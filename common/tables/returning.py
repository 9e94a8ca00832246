"""A person's own table sent back: wrong cells marked, reasons written beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from common.refusals import Refused
from common.tables.layout import Header
from common.tables.opening import XLSX
from common.tables.reading import Book, Sheet
from common.tables.text import NO_RESULT, Value

OUTCOME, REASON = "导入结果", "原因"
# Beyond this openpyxl would need gigabytes to keep the looks of the file.
STYLED_BYTES = 4 * 1024 * 1024
LONGEST = 32_000
WRONG = PatternFill("solid", fgColor="FFC7CE")
ODD = PatternFill("solid", fgColor="FFEB9C")
BOLD = Font(bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")
AUTHOR = "导入核对"


@dataclass
class Mark:
    """What a row is told: its outcome, and a remark for each cell it concerns."""

    outcome: str
    reasons: list[str] = field(default_factory=list)
    # {column from 0: (words, is an error)}
    cells: dict[int, tuple[str, bool]] = field(default_factory=dict)


# {(sheet, row from 1): mark}
Marks = Mapping[tuple[str, int], Mark]
Chosen = Sequence[tuple[Sheet, Header]]


def error_workbook(
    original: Path, book: Book, chosen: Chosen, marks: Marks, out: Path
) -> Path:
    """Write the table again with its marks; an .xlsx keeps its looks if it is small."""
    if book.kind == XLSX and original.stat().st_size <= STYLED_BYTES:
        _mark_original(original, chosen, marks, out)
    else:
        _write_anew(book, chosen, marks, out)
    return out


def _mark_original(original: Path, chosen: Chosen, marks: Marks, out: Path) -> None:
    try:
        with original.open("rb") as file:
            workbook = load_workbook(file)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise Refused("原文件无法再次打开,不能生成错误清单。") from fault
    for sheet, header in chosen:
        page = workbook[sheet.name]
        at = max(page.max_column, len(header.labels)) + 1
        _write_head(page, header.first + 1, at)
        for (name, row), mark in marks.items():
            if name == sheet.name:
                _mark_row(page, row, at, mark)
        _keep_texts(page)
    workbook.save(out)


def _write_head(page: Any, row: int, at: int) -> None:
    for offset, words in enumerate((OUTCOME, REASON)):
        cell = page.cell(row=row, column=at + offset, value=words)
        cell.font = BOLD
    page.column_dimensions[page.cell(row=row, column=at + 1).column_letter].width = 60


def _mark_row(page: Any, row: int, at: int, mark: Mark) -> None:
    page.cell(row=row, column=at, value=mark.outcome)
    reason = page.cell(row=row, column=at + 1)
    _set_text(reason, "\n".join(mark.reasons))
    reason.alignment = WRAPPED
    for column, (words, is_error) in mark.cells.items():
        cell = page.cell(row=row, column=column + 1)
        cell.fill = WRONG if is_error else ODD
        # A cell under a merged one cannot carry a remark of its own.
        if type(cell).__name__ != "MergedCell":
            cell.comment = Comment(words, AUTHOR)


def _keep_texts(page: Any) -> None:
    """Keep as text what a person typed as text and Excel would take for a formula."""
    for row in page.iter_rows():
        for cell in row:
            if cell.data_type == "s" and str(cell.value)[:1] in ("=", "+", "-", "@"):
                cell.quotePrefix = True


def _write_anew(book: Book, chosen: Chosen, marks: Marks, out: Path) -> None:
    workbook = Workbook(write_only=True)
    for sheet, header in chosen:
        page = workbook.create_sheet(_title(sheet.name or book.stem))
        width = max((len(row) for row in sheet.rows), default=0)
        for index, row in enumerate(sheet.rows):
            mark = marks.get((sheet.name, index + 1))
            page.append(list(_cells(page, row, width, mark, index == header.first)))
    workbook.save(out)


def _cells(
    page: Any,
    row: Sequence[Value],
    width: int,
    mark: Mark | None,
    is_head: bool,  # noqa: FBT001
) -> Iterable[Any]:
    remarks = mark.cells if mark else {}
    for column in range(width):
        value = row[column] if column < len(row) else ""
        cell = _cell(page, value)
        if column in remarks:
            words, is_error = remarks[column]
            cell.fill = WRONG if is_error else ODD
            cell.comment = Comment(words, AUTHOR)
        yield cell
    if is_head:
        yield from (_cell(page, OUTCOME), _cell(page, REASON))
    elif mark:
        yield from (_cell(page, mark.outcome), _cell(page, "\n".join(mark.reasons)))


def _cell(page: Any, value: Value) -> Any:
    cell = WriteOnlyCell(page)
    if isinstance(value, str):
        _set_text(cell, "" if value == NO_RESULT else value)
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
    else:
        cell.value = value
    return cell


def _set_text(cell: Any, text: str) -> None:
    """Set text that stays text, whatever it begins with."""
    kept = "".join(c for c in text[:LONGEST] if c >= " " or c in "\t\n")
    if not kept:
        return
    cell.value = kept
    cell.data_type = "s"
    cell.number_format = "@"
    if kept[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True


def _title(name: str) -> str:
    return "".join("_" if c in "[]:*?/\\" else c for c in name)[:31] or "Sheet1"
