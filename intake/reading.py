"""Reads a file of a kind into drafts; what its cells say is settled on that side."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from cadres.models import Area
from intake import layouts
from intake.drafts import Draft, Flaw, plain
from intake.layouts import (
    NOTHING_MEANT,
    AreaBook,
    Blanks,
    JudgedRow,
    Reading,
    SheetRead,
)
from intake.layouts.choosing import NOTHING_CHOSEN, Chosen
from intake.tables import Table

AT_MOST_NOTICES = 60


@dataclass
class ReadFile:
    """The rows of a file, and what is to be said about the rest of it.

    The rows are read as they are asked for, once; notices and tables are whole after
    the last. ``raw_rows`` counts all that lies in the sheets, people or not.
    """

    drafts: Iterable[Draft]
    notices: list[str]
    tables: list[Table] = field(default_factory=list)
    ticked: list[str] = field(default_factory=list)
    raw_rows: int = 0


def read_file(
    path: Path,
    file_name: str,
    kind: str,
    columns: Chosen = NOTHING_CHOSEN,
    blanks: Blanks = NOTHING_MEANT,
) -> ReadFile:
    """Return the file, its rows as drafts; raises Refused for a file that is none."""
    reading = layouts.read_judged(
        path,
        file_name,
        kind,
        areas=_area_book(),
        today=timezone.localdate(),
        columns=columns,
        blanks=blanks,
    )
    read = ReadFile((), [], raw_rows=reading.raw_rows)
    read.drafts = _drafts(reading, read)
    return read


def _drafts(reading: Reading, read: ReadFile) -> Iterator[Draft]:
    for position, row in enumerate(reading.rows, start=1):
        yield _draft(position, row)
    read.notices += reading.notices[:AT_MOST_NOTICES]
    read.tables += _tables(reading.sheets)
    read.ticked += reading.ticked


def read_again(draft: Draft, cells: Mapping[str, str], kind: str) -> Draft:
    """Return the row with these cells typed anew; its other cells stay."""
    row = layouts.read_row_again(
        kind,
        cells={**draft.cells, **cells},
        sheet=draft.sheet,
        row=draft.number,
        areas=_area_book(),
        today=timezone.localdate(),
    )
    again = _draft(draft.position, row)
    again.cells = {**draft.cells, **cells}
    again.agreed = draft.agreed
    return again


def error_workbook(
    path: Path,
    file_name: str,
    kind: str,
    drafts: Sequence[Draft],
    out: Path,
    columns: Chosen = NOTHING_CHOSEN,
) -> None:
    """Write the same file again with its wrong cells marked and explained."""
    marks = {(draft.sheet, draft.number): draft for draft in drafts}
    layouts.error_workbook(path, file_name, kind, marks, out, columns)


def fields_of(kind: str) -> list[tuple[str, str]]:
    """Return (field, heading) of everything that a column of this kind may be."""
    return layouts.fields_of(kind)


def check_columns(kind: str, fields: Sequence[str]) -> None:
    """Refuse columns that no table of this kind can have."""
    layouts.check_columns(kind, fields)


def template_workbook(kind: str) -> bytes:
    """Return an empty workbook with the columns of this kind."""
    return layouts.template_workbook(kind)


def _area_book() -> AreaBook:
    """Return the townships in use by all the names they go by."""
    areas = Area.objects.in_use().select_related("parent").order_by("code")
    return AreaBook(areas)


def _tables(sheets: Sequence[SheetRead]) -> list[Table]:
    """Return the sheets by their heads: those that have the same are one table."""
    found: dict[tuple[str, ...], Table] = {}
    for sheet in sheets:
        heads = tuple(sheet.heads)
        fields = list(sheet.fields)
        table = Table([], sheet.first, sheet.last, list(heads), fields)
        found.setdefault(heads, table).sheets.append(sheet.name)
    return list(found.values())


def _draft(position: int, row: JudgedRow) -> Draft:
    return Draft(
        position=position,
        sheet=row.sheet,
        number=row.row,
        values={name: plain(value) for name, value in row.values.items()},
        cells={name: str(text) for name, text in row.cells.items()},
        flaws=[
            Flaw(one.column, one.code, one.words, one.severity) for one in row.problems
        ],
    )
