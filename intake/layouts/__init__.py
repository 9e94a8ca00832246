"""What the tables of offices look like, and how their rows are read and judged."""

from common.tables.cells import Problem
from common.tables.places import AreaBook, PlainArea
from intake.layouts.judged import NOTHING_MEANT, Blanks, JudgedRow, Reading, SheetRead
from intake.layouts.reading import (
    KINDS,
    check_columns,
    read_judged,
    read_row_again,
)
from intake.layouts.workbooks import error_workbook, fields_of, template_workbook

__all__ = [
    "KINDS",
    "NOTHING_MEANT",
    "AreaBook",
    "Blanks",
    "JudgedRow",
    "PlainArea",
    "Problem",
    "Reading",
    "SheetRead",
    "check_columns",
    "error_workbook",
    "fields_of",
    "read_judged",
    "read_row_again",
    "template_workbook",
]
