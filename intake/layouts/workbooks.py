"""The workbooks that go back to an office: its own file marked, and templates."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from common.tables.cells import ERROR
from common.tables.layout import Header
from common.tables.reading import open_workbook
from common.tables.returning import Mark
from common.tables.returning import error_workbook as write_marked
from common.tables.template import template_workbook as write_template
from common.townships import TOWNSHIPS
from intake.layouts.choosing import NOTHING_CHOSEN, Chosen, choose_sheets
from intake.layouts.reading import KINDS

# Where a thing stands that has no column of its own.
STANDS_IN = {"dis_grade": "dis_kind", "dis_kind": "dis_grade", "dibao": "dibao_class"}
LABELS = {
    "new": "新增",
    "changed": "更新",
    "same": "未变",
    "repeated": "重复",
    "wrong": "错误",
}


class Flawed(Protocol):
    """A remark on a cell, whoever made it."""

    column: str
    words: str
    severity: str


class Judged(Protocol):
    """A row with what became of it."""

    @property
    def sheet(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def outcome(self) -> str: ...
    @property
    def flaws(self) -> Sequence[Flawed]: ...


def error_workbook(
    path: Path,
    file_name: str,
    kind: str,
    rows: Iterable[Any] | Mapping[Any, Any],
    out: Path,
    columns: Chosen = NOTHING_CHOSEN,
) -> None:
    """Write the file again to ``out``, with every row's outcome and its wrong cells."""
    book = open_workbook(path, file_name)
    chosen = choose_sheets(book, KINDS[kind].layout, [], columns)
    headers = {sheet.name: header for sheet, header in chosen}
    judged = rows.values() if isinstance(rows, Mapping) else rows
    marks = {
        (row.sheet, row.number): _mark(row, headers[row.sheet])
        for row in judged
        if row.sheet in headers
    }
    write_marked(path, book, chosen, marks, out)


def template_workbook(kind: str) -> bytes:
    """Return an empty workbook of this kind, with the townships to choose from."""
    townships = tuple(township.name for township in TOWNSHIPS)
    return write_template(KINDS[kind].layout, {"township": townships})


def fields_of(kind: str) -> list[tuple[str, str]]:
    """Return (field, heading) of everything that a column of this kind may be."""
    return [(field.name, field.heading) for field in KINDS[kind].layout.fields]


def _mark(row: Judged, header: Header) -> Mark:
    mark = Mark(LABELS.get(str(row.outcome), str(row.outcome)))
    for flaw in row.flaws:
        column = header.by_name.get(flaw.column) or header.by_name.get(
            STANDS_IN.get(flaw.column, "")
        )
        mark.reasons.append(flaw.words)
        if column is not None:
            is_error = flaw.severity == ERROR
            earlier = mark.cells.get(column.index)
            words = f"{earlier[0]}\n{flaw.words}" if earlier else flaw.words
            wrong = is_error or bool(earlier and earlier[1])
            mark.cells[column.index] = (words, wrong)
    return mark
