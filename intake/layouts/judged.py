"""A row as it was read: what it says, and what is wrong with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from common.tables.cells import ERROR, Problem, without_result
from common.tables.layout import Layout
from common.tables.places import AreaBook
from common.tables.text import NO_RESULT, Value, clean

Cells = dict[str, Value]


@dataclass(slots=True)
class JudgedRow:
    """One row of an office's table, decided as far as the table alone can tell."""

    sheet: str
    row: int
    values: dict[str, Any]
    cells: dict[str, str]
    problems: list[Problem]

    @property
    def wrong(self) -> bool:
        return any(problem.severity == ERROR for problem in self.problems)

    @property
    def reason(self) -> str:
        """The code of the first error; '' when there is none."""
        errors = (p.code for p in self.problems if p.severity == ERROR)
        return next(errors, "")


@dataclass(frozen=True, slots=True)
class SheetRead:
    """What became of one sheet: what its columns were taken as, how many rows it had.

    ``first`` and ``last`` are the rows of its head, from 1; ``fields`` go with
    ``heads``, '' for a column that is not read.
    """

    name: str
    first: int
    last: int
    heads: Sequence[str]
    fields: Sequence[str]
    rows: int
    skipped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Blanks:
    """What blank cells mean: nothing, unless the office says so of this file.

    ``repeat``: a place, a unit or a head of household is the one of the row above;
    ``say_no``: in a column of ticks it is a no.
    """

    repeat: bool = False
    say_no: bool = False


NOTHING_MEANT = Blanks()


@dataclass
class Reading:
    """A whole file as it is read; what is said of it is whole after its last row.

    ``raw_rows`` counts all that lies in its sheets, people or not.
    """

    kind: str
    rows: Iterable[JudgedRow] = ()
    raw_rows: int = 0
    notices: list[str] = field(default_factory=list)
    sheets: list[SheetRead] = field(default_factory=list)
    # Heads of yes/no columns in which there are ticks and blanks and nothing else.
    ticked: list[str] = field(default_factory=list)

    @property
    def skipped(self) -> dict[str, int]:
        """Rows that are about nobody, counted by kind."""
        counted: dict[str, int] = {}
        for sheet in self.sheets:
            for why, many in sheet.skipped.items():
                counted[why] = counted.get(why, 0) + many
        return counted


@dataclass(slots=True)
class Context:
    """What a row takes from outside itself."""

    areas: AreaBook
    today: date
    from_1904: bool = False
    # {field: unit in brackets in its head}
    units: Mapping[str, str] = field(default_factory=dict)


Judge = Callable[[Cells, Context], tuple[dict[str, Any], list[Problem]]]


@dataclass(frozen=True)
class Kind:
    """A kind of table: what it looks like, and how one of its rows is judged."""

    layout: Layout
    judge: Judge
    # Fields that the title, the sheet's name or the file's name may tell.
    derived: tuple[str, ...] = ()
    # Fields that are a yes or a no, and nothing where nothing stands.
    yes_no: tuple[str, ...] = ()


def as_text(value: Value) -> str:
    """Return a cell as it was typed, so that it can be read once more."""
    return value if value.__class__ is str else clean(value)


def formulas(cells: Cells, layout: Layout, but: Iterable[str]) -> list[Problem]:
    """Return the problems of cells whose formulas came without a result."""
    return [
        without_result(name, layout.heading_of(name))
        for name, value in cells.items()
        if value == NO_RESULT and name not in but
    ]
