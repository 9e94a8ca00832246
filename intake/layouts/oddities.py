"""What is wrong with a row before the meaning of any cell is looked at."""

from common.tables.cells import ERROR, WARNING, Problem
from common.tables.layout import Layout
from common.tables.limits import CELL_LENGTH
from common.tables.reading import Sheet
from common.tables.text import Value, is_blank
from intake.layouts.judged import Cells


def misplaced(
    index: int, row: list[Value], sheet: Sheet, width: int, column: str
) -> list[Problem]:
    """Say of a record of a CSV file that its cells may not be where they belong."""
    if index in sheet.broken:
        words = "这一行的引号没有成对,"
        if sheet.broken[index]:
            return [Problem(column, "W_QUOTES", f"{words}请核对各格。", WARNING)]
        return [Problem(column, "E_QUOTES", f"{words}各格可能错位,请改正后再上传。")]
    beyond = sum(not is_blank(cell) for cell in row[width:])
    if not beyond:
        return []
    words = f"这一行比表头多{beyond}格,可能有一格里带着分隔符,请改正后再上传。"
    return [Problem(column, "E_CELLS", words)]


def too_long(cells: Cells, layout: Layout) -> list[Problem]:
    """Return the cells that hold more than anybody would read; remarks may."""
    return [
        long_cell(name, layout)
        for name, value in cells.items()
        if name != "note" and len(str(value)) > CELL_LENGTH
    ]


def long_cell(name: str, layout: Layout) -> Problem:
    heading = layout.heading_of(name) if name else "这一行"
    words = f"“{heading}”有一格内容过长(最多{CELL_LENGTH}字),请缩短。"
    return Problem(name or "note", "E_TOO_LONG", words, ERROR)
