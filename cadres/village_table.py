"""The official table of divisions, as .xlsx or .csv: code, class, name."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from cadres.models.area import CODE_LENGTH

CODE, NAME = "统计用区划代码", "名称"
ENCODINGS = ("utf-8-sig", "gb18030")
LARGEST = 50 * 1024 * 1024
HEADER_WITHIN = 10


class TableError(ValueError):
    """The file is no such table; the text says what to do."""


@dataclass(frozen=True)
class VillageRow:
    """One village of the table: its twelve digits and its name."""

    code: str
    name: str


def read_villages(path: Path) -> list[VillageRow]:
    """Return the rows of villages; upper levels are left out. Raises TableError."""
    if not path.is_file():
        raise TableError(f"没有找到文件 {path.name}。")
    if path.stat().st_size > LARGEST:
        raise TableError("文件超过 50 MB,不像区划代码表,请核对。")
    lines = _csv(path) if path.suffix.lower() == ".csv" else _workbook(path)
    return list(_villages(lines))


def _villages(lines: list[list[str]]) -> Iterator[VillageRow]:
    header, code_at, name_at = _header(lines)
    for number, line in enumerate(lines[header + 1 :], start=header + 2):
        code, name = _cell(line, code_at), _cell(line, name_at)
        if code or name:
            _check(number, code, name)
            if not code.endswith("000"):
                yield VillageRow(code, name)


def _header(lines: list[list[str]]) -> tuple[int, int, int]:
    """Return where the header stands, and in it the code and the name."""
    for number, line in enumerate(lines[:HEADER_WITHIN]):
        if CODE in line and NAME in line:
            return number, line.index(CODE), line.index(NAME)
    raise TableError(f"没有找到表头,须有“{CODE}”和“{NAME}”两列。")


def _check(number: int, code: str, name: str) -> None:
    if len(code) != CODE_LENGTH or not code.isdecimal():
        raise TableError(f"第 {number} 行的区划代码应为 12 位数字,请核对。")
    if not name:
        raise TableError(f"第 {number} 行没有名称。")


def _cell(line: list[str], place: int) -> str:
    return line[place] if place < len(line) else ""


def _csv(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        rows = csv.reader(io.StringIO(text))
        return [[_text(cell) for cell in row] for row in rows]
    raise TableError("看不懂文件的编码,请另存为 UTF-8 的 csv 或 xlsx。")


def _workbook(path: Path) -> list[list[str]]:
    try:
        book = CalamineWorkbook.from_path(str(path))
        rows = book.get_sheet_by_index(0).to_python()
    except PasswordError:
        raise TableError("工作簿有密码,请去掉密码后再导入。") from None
    except (CalamineError, OSError):
        raise TableError("打不开这个文件,请另存为 xlsx 或 csv 后再试。") from None
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: Any) -> str:
    """Return a cell as text; twelve digits are often kept as a number."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
