"""The process that opens a stranger's file: little memory, little time, no way back.

Run as ``python -m common.tables.child KIND PATH SECONDS``. It writes lines of JSON to
its standard output: a line for each sheet, then its rows in groups, and at the end
a line that says so. Whatever happens to it happens to nobody else.
"""

import csv
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from common.refusals import Refused
from common.tables import limits
from common.tables.delimited import records
from common.tables.legacy import marks_of_xls
from common.tables.opening import (
    BOMB,
    CSV,
    DAMAGED,
    PASSWORD,
    TOO_LONG,
    XLS,
    XLSX,
    is_large,
)
from common.tables.pieces import rows_in_pieces, too_wide
from common.tables.rows import ROWS_A_LINE
from common.tables.scanning import SheetMarks, marks_of
from common.tables.text import NO_RESULT


def main(kind: str, path: str, seconds: int) -> None:
    """Write the file's sheets and rows, or one line with the words of a refusal."""
    confine(seconds)
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", write_through=False)
    try:
        _tell(kind, Path(path), out)
        out.write('{"end":true}\n')
    except Refused as refusal:
        _write(out, {"refused": str(refusal)})
    except MemoryError:
        _write(out, {"refused": BOMB})
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, KeyError):
        _write(out, {"refused": DAMAGED})
    except zlib_errors():
        _write(out, {"refused": DAMAGED})
    out.flush()


def confine(seconds: int) -> None:
    """Take away from this process what a reader does not need."""
    memory = limits.READER_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def zlib_errors() -> type[Exception]:
    """Return what a broken stream raises; imported late, for it is rarely met."""
    import zlib

    return zlib.error


def _tell(kind: str, path: Path, out: TextIO) -> None:
    if kind == CSV:
        _tell_records(path, out)
    else:
        _tell_workbook(kind, path, out)


def _tell_records(path: Path, out: TextIO) -> None:
    broken: dict[int, bool] = {}
    rows = records(path.read_bytes(), broken)
    _write(out, {"sheet": "", "visible": True, "merged": [], "hidden": []})
    _tell_rows(rows, {}, out)
    _write(out, {"broken": list(broken.items())})


def _tell_workbook(kind: str, path: Path, out: TextIO) -> None:
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
    )

    marks: dict[str, SheetMarks] = {}
    from_1904 = False
    with path.open("rb") as file:
        if kind == XLSX:
            marks, from_1904 = marks_of(file)
            file.seek(0)
        try:
            workbook = CalamineWorkbook.from_filelike(file)
            if kind == XLS:
                marks, from_1904 = _marks_of_old(workbook, path)
            large = path if kind == XLSX and is_large(path) else None
            _tell_sheets(workbook, marks, from_1904=from_1904, large=large, out=out)
        except PasswordError as fault:
            raise Refused(PASSWORD) from fault
        except CalamineError as fault:
            raise Refused(DAMAGED) from fault


def _marks_of_old(workbook: Any, path: Path) -> tuple[dict[str, SheetMarks], bool]:
    """Return {sheet name: its marks}; the records know sheets by their order."""
    found, from_1904 = marks_of_xls(path.read_bytes())
    names = [about.name for about in workbook.sheets_metadata]
    if len(names) != len(found):
        return {}, from_1904
    return dict(zip(names, found, strict=True)), from_1904


def _tell_sheets(
    workbook: Any,
    marks: dict[str, SheetMarks],
    *,
    from_1904: bool,
    large: Path | None,
    out: TextIO,
) -> None:
    """Tell the sheets one after the other; those of a ``large`` file by pieces."""
    if len(workbook.sheets_metadata) > limits.SHEETS:
        raise Refused(f"工作表超过{limits.SHEETS}张,请拆分后再上传。")
    for about in workbook.sheets_metadata:
        if str(about.typ).rpartition(".")[2] != "WorkSheet":
            continue
        visible = str(about.visible).endswith(".Visible")
        marked = marks.get(about.name, SheetMarks())
        told = {
            "sheet": about.name,
            "visible": visible,
            "from_1904": from_1904,
            "hidden": marked.hidden_rows[:1000],
            "hidden_columns": marked.hidden_columns,
        }
        if not visible:
            _write(out, {**told, "merged": []})
            continue
        without_result = _by_row(marked.without_result)
        if large is not None:
            _write(out, {**told, "merged": marked.merged})
            rows = rows_in_pieces(large, marked.path, about.name)
            _tell_rows(rows, without_result, out)
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.width > limits.COLUMNS:
            raise Refused(too_wide(about.name, sheet.width))
        merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or []]
        _write(out, {**told, "merged": merged})
        _tell_rows(_rows(sheet), without_result, out)


def _by_row(places: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row, column in places:
        found.setdefault(row, []).append(column)
    return found


def _rows(sheet: Any) -> Iterator[list[Any]]:
    """Give the rows from the very first, each from column A."""
    if sheet.start is None:
        return
    margin = [""] * sheet.start[1]
    if margin:
        for row in sheet.iter_rows():
            yield margin + row
    else:
        yield from sheet.iter_rows()


def _tell_rows(
    rows: Iterable[list[Any]], without_result: dict[int, list[int]], out: TextIO
) -> None:
    """Write the rows in groups, and stop after many blank ones."""
    group: list[list[Any]] = []
    blank = filled = 0
    for number, row in enumerate(rows):
        if number in without_result:
            _mark(row, without_result[number])
        if row.count("") == len(row):
            blank += 1
            if blank > limits.BLANK_ROWS:
                break
        else:
            blank, filled = 0, filled + 1
        if filled > limits.RAW_ROWS:
            raise Refused(TOO_LONG)
        group.append(row)
        if len(group) == ROWS_A_LINE:
            _write(out, group)
            group = []
    if group:
        _write(out, group)


def _mark(row: list[Any], columns: list[int]) -> None:
    for column in columns:
        if column < len(row) and row[column] == "":
            row[column] = NO_RESULT


_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, default=lambda value: _written(value)
).encode


def _write(out: TextIO, line: Any) -> None:
    out.write(_encode(line))
    out.write("\n")


def _written(value: Any) -> Any:
    """Return a day so that the other side can tell it from a text."""
    if isinstance(value, datetime):
        return {"day": value.date().isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, timedelta):
        return value.total_seconds() / 86_400
    return str(value)


if __name__ == "__main__":
    csv.field_size_limit(limits.MIB)
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
