"""From a file's bytes to judged rows; says what was left out and why."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from common.refusals import Refused
from common.tables.cells import Problem
from common.tables.layout import Header
from common.tables.limits import CELL_LENGTH, ROWS
from common.tables.opening import CSV, TOO_LONG
from common.tables.places import AreaBook
from common.tables.reading import Book, Sheet, open_workbook
from common.tables.records import DITTO, Records
from common.tables.text import NO_RESULT, Value, clean, is_blank
from intake.layouts import cadres, pairings, recipients, rosters, visits
from intake.layouts.choosing import NOTHING_CHOSEN, Chosen, choose_sheets
from intake.layouts.deriving import About, derive
from intake.layouts.judged import (
    NOTHING_MEANT,
    Blanks,
    Cells,
    Context,
    JudgedRow,
    Kind,
    Reading,
    SheetRead,
    as_text,
    formulas,
)
from intake.layouts.notices import notices, of_ticks
from intake.layouts.oddities import long_cell, misplaced, too_long

KINDS: dict[str, Kind] = {
    "recipients": recipients.KIND,
    "cadres": cadres.KIND,
    "pairings": pairings.KIND,
    "visits": visits.KIND,
    **rosters.KINDS,
}
# The departments' lists are too much like each other to be told apart by their heads.
TOLD_APART = ("recipients", "cadres", "pairings", "visits")
FOOT_ROWS = 4
TICKS = frozenset("√✓✔☑")
# What an office writes once for many rows below.
REPEATED = frozenset(["county", "township", "village", "unit", "head"])
# A formula without its result is no harm where we do not keep what it says.
UNKEPT = ("age", "note")


def read_judged(
    path: Path,
    file_name: str,
    kind: str,
    *,
    areas: AreaBook,
    today: date,
    columns: Chosen = NOTHING_CHOSEN,
    blanks: Blanks = NOTHING_MEANT,
) -> Reading:
    """Return the file, its rows judged one by one as they are asked for.

    ``columns`` says, by sheet, what its columns mean where somebody chose it, and
    ``blanks`` what its blank cells do. Raises
    Refused for a file that is none; while rows are given, for too many or for none.
    """
    book = open_workbook(path, file_name)
    known = KINDS[kind]
    reading = Reading(kind)
    others = [KINDS[other].layout for other in TOLD_APART if other != kind]
    tables = [
        _Table(
            *(book, sheet, header, known, Context(areas, today)),
            columns.get(sheet.name, {}),
            blanks,
        )
        for sheet, header in choose_sheets(
            book, known.layout, reading.notices, columns, others
        )
    ]
    reading.raw_rows = sum(len(table.sheet.rows) for table in tables)
    reading.rows = _rows(tables, reading)
    return reading


def _rows(tables: Sequence["_Table"], reading: Reading) -> Iterator[JudgedRow]:
    many = 0
    for table in tables:
        for row in table.read(reading):
            many += 1
            if many > ROWS:
                raise Refused(TOO_LONG)
            yield row
    if not many:
        raise Refused("表头下面没有数据行,请核对文件内容。")


def read_row_again(
    kind: str,
    *,
    cells: Mapping[str, str],
    sheet: str,
    row: int,
    areas: AreaBook,
    today: date,
) -> JudgedRow:
    """Return the row as it would be read with these cells."""
    known = KINDS[kind]
    raw: Cells = dict(cells)
    values, problems = known.judge(raw, Context(areas, today))
    problems = too_long(raw, known.layout) + problems
    return JudgedRow(sheet, row, values, dict(cells), problems)


def check_columns(kind: str, fields: Sequence[str]) -> None:
    """Refuse columns that no table of this kind can have.

    ``fields`` are those that somebody chose for the columns of one table.
    """
    layout = KINDS[kind].layout
    chosen = [name for name in fields if name]
    known = {field.name for field in layout.fields}
    twice = next((name for name in chosen if chosen.count(name) > 1), "")
    if twice:
        heading = layout.heading_of(twice)
        raise Refused(f"有两列都对应到“{heading}”,请只留一列。")
    if not known.issuperset(chosen):
        raise Refused("有一列对应的内容不存在,请重新选择。")
    needed = layout.needed_else or layout.needed
    for group in needed:
        if not any(name in chosen for name in group):
            heading = layout.heading_of(group[0])
            raise Refused(f"没有哪一列对应“{heading}”,请选出来。")


class _Table:
    """One sheet on its way to judged rows."""

    def __init__(
        self,
        book: Book,
        sheet: Sheet,
        header: Header,
        kind: Kind,
        context: Context,
        fields: Mapping[int, str],
        blanks: Blanks,
    ) -> None:
        self.book, self.sheet, self.kind, self.context = book, sheet, kind, context
        self.layout, self.blanks = kind.layout.fitting(header), blanks
        self.records = Records(self.layout, sheet, header, fields)
        self.header = header
        context.from_1904 = sheet.from_1904
        above = [cell for row in sheet.rows[: header.first] for cell in row]
        self.title = " ".join(filter(None, map(clean, above)))
        below = [cell for row in sheet.rows[-FOOT_ROWS:] for cell in row]
        self.foot = " ".join(cell for cell in below if cell.__class__ is str)
        self.derived: dict[str, str] = {}
        # {yes/no field: kinds of cells met in it}
        self.met: dict[str, set[str]] = {name: set() for name in kind.yes_no}
        self._take_header(header)

    def read(self, reading: Reading) -> Iterator[JudgedRow]:
        """Give the rows of the sheet, then tell the reading what is to be said."""
        many, first = 0, self.header
        fields = {column.index: column.name for column in first.columns}
        section = ""
        for index, row, header in self.records:
            if header is not self.header:
                self._take_header(header)
            if self.records.section != section:
                section = self.records.section
                self._derive()
            many += 1
            yield self._judged(index, row)
        reading.sheets.append(
            SheetRead(
                self.sheet.name,
                first.first + 1,
                first.end,
                first.heads,
                [fields.get(index, "") for index in range(len(first.heads))],
                many,
                dict(self.records.skipped),
            )
        )
        reading.notices += notices(
            self.sheet, self.header, self.layout, many, self.records.skipped
        )
        ticked = self._ticked()
        reading.notices += of_ticks(self.sheet, ticked, say_no=self.blanks.say_no)
        reading.ticked += [head for head in ticked if head not in reading.ticked]

    def _take_header(self, header: Header) -> None:
        self.header = header
        columns = header.columns
        self.picks = [(column.name, column.index) for column in columns]
        names = {column.name for column in columns}
        self.repeated = names & REPEATED if self.blanks.repeat else frozenset()
        self.yes_no = [name for name in self.kind.yes_no if name in names]
        self.last: dict[str, Value] = {}
        self.context.units = {column.name: column.unit for column in columns}
        self._derive()
        note = header.by_name.get("note")
        self.note = note.index if note else -1

    def _derive(self) -> None:
        about = About(
            *(self.header, self.title, self.sheet.name, self.book.stem),
            *(self.foot, self.records.section),
        )
        self.derived = derive(self.kind.derived, about, self.context)

    def _judged(self, index: int, row: list[Value]) -> JudgedRow:
        cells: Cells = {name: row[at] for name, at in self.picks}
        last = self.last
        for name, value in cells.items():
            if value.__class__ is str and value.strip() in DITTO:
                cells[name] = last.get(name, "")
        for name in self.repeated:
            if is_blank(cells[name]):
                cells[name] = last.get(name, "")
        self.last = cells
        for name in self.yes_no:
            self._take_tick(cells, name)
        if self.derived:
            cells = {**cells, **self.derived}
            if cells.get("township") == "" and "township" in self.derived:
                cells["township"] = self._from_address(cells)
        values, problems = self.kind.judge(cells, self.context)
        first = self._first_problems(index, row, cells)
        texts = {
            name: value if value.__class__ is str else as_text(value)
            for name, value in cells.items()
        }
        return JudgedRow(
            self.sheet.name,
            index + 1,
            values,
            texts,
            first + problems if first else problems,
        )

    def _take_tick(self, cells: Cells, name: str) -> None:
        """Remember what stands in a yes/no column; a blank may be meant as a no."""
        value = clean(cells[name])
        self.met[name].add("tick" if value in TICKS else "word" if value else "blank")
        if not value and self.blanks.say_no:
            cells[name] = "否"

    def _ticked(self) -> list[str]:
        """Return the heads of yes/no columns with ticks and blanks and nothing else."""
        return [
            self.layout.heading_of(name)
            for name, met in self.met.items()
            if met == {"tick", "blank"}
        ]

    def _first_problems(
        self, index: int, row: list[Value], cells: Cells
    ) -> list[Problem]:
        """Return what is wrong before a cell is even looked at."""
        found: list[Problem] = []
        if self.book.kind == CSV:
            column, width = self.picks[0][0], len(self.header.heads)
            found += misplaced(index, row, self.sheet, width, column)
        for at, value in enumerate(row):
            if value.__class__ is not str:
                continue
            if len(value) > CELL_LENGTH and at != self.note:
                name = next((name for name, i in self.picks if i == at), "")
                found.append(long_cell(name, self.layout))
            elif value == NO_RESULT and not found:
                found += formulas(cells, self.layout, but=UNKEPT)
        return found

    def _from_address(self, cells: Cells) -> str:
        place = self.context.areas.in_address(cells.get("address", "")).value
        return place.name if place else ""
