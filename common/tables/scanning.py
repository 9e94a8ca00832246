"""Looks through the XML of a workbook for what calamine does not tell.

Formulas without a result, cells that hold an error, hidden rows, and whether days are
counted from 1904. Runs in the reading child only.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from common.refusals import Refused
from common.tables import limits
from common.tables.opening import DAMAGED, TOO_LONG

CHUNK = 1 << 20
DECLARATIONS = 4096
LONGEST_ROW = 32 << 20

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBER = re.compile(rb'\br="(\d+)"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_RESULT = re.compile(rb"<(?:\w+:)?v(?: [^>]*)?>[^<]")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_MERGED = re.compile(
    rb'mergeCell\b[^>]*\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_SPAN = re.compile(rb'\b(min|max)="(\d{1,5})"')
_1904 = re.compile(rb'\bdate1904="(?:1|true)"')


@dataclass
class SheetMarks:
    """What the XML says of one sheet; rows and columns are counted from 0."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    without_result: list[tuple[int, int]] = field(default_factory=list)
    # (first row, first column, last row, last column)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    # Where the sheet lies in the archive.
    path: str = ""


def marks_of(file: IO[bytes]) -> tuple[dict[str, SheetMarks], bool]:
    """Return {sheet name: its marks} and whether days are counted from 1904."""
    with zipfile.ZipFile(file) as archive:
        _check_declarations(archive)
        workbook = archive.read("xl/workbook.xml")
        paths = _paths(archive, workbook)
        known = set(archive.namelist())
        found = {
            name: _sheet_marks(archive, path)
            for name, path in paths.items()
            if path in known
        }
    return found, bool(_1904.search(workbook))


def _check_declarations(archive: zipfile.ZipFile) -> None:
    """Refuse XML that declares entities: no spreadsheet program writes any."""
    for entry in archive.infolist():
        if entry.filename.endswith((".xml", ".rels", ".vml")):
            with archive.open(entry) as part:
                head = part.read(DECLARATIONS)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise Refused(
                    "文件里有不该出现的声明,可能有害,没有打开。"
                    "请用Excel另存为新的工作簿后再上传。"
                )


def _paths(archive: zipfile.ZipFile, workbook: bytes) -> dict[str, str]:
    """Return {sheet name: where it lies in the archive}."""
    try:
        relations = archive.read("xl/_rels/workbook.xml.rels")
    except KeyError as fault:
        raise Refused(DAMAGED) from fault
    targets = {}
    for tag in _RELATION.findall(relations):
        attributes = dict(_ATTRIBUTE.findall(tag))
        target = attributes.get(b"Target", b"").decode("utf-8", "replace")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        targets[attributes.get(b"Id", b"")] = path
    found = {}
    for tag in _SHEET.findall(workbook):
        attributes = dict(_ATTRIBUTE.findall(tag))
        key = next((v for k, v in attributes.items() if k.endswith(b":id")), b"")
        if key in targets:
            found[_unescaped(attributes.get(b"name", b""))] = targets[key]
    return found


def _unescaped(name: bytes) -> str:
    text = name.decode("utf-8", "replace")
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"')):
        text = text.replace(entity, character)
    return text.replace("&apos;", "'").replace("&amp;", "&")


def _sheet_marks(archive: zipfile.ZipFile, path: str) -> SheetMarks:
    marks = SheetMarks(path=path)
    filled = 0
    with archive.open(path) as part:
        for block in blocks(part):
            filled += _filled_rows(block)
            if filled > limits.RAW_ROWS:
                raise Refused(TOO_LONG)
            if b"hidden=" in block:
                _find_hidden(block, marks)
            if b"<f" in block or b":f" in block or b't="e"' in block:
                _find_without_result(block, marks)
            if b"mergeCell" in block:
                marks.merged += map(_range, _MERGED.findall(block))
    return marks


def _filled_rows(block: bytes) -> int:
    """Return how many rows the piece has, or 0 where most are mere formatting."""
    rows = block.count(b"row>")
    values = (block.count(b"v>") + block.count(b"t>")) // 2
    return rows if values >= rows else 0


def blocks(part: IO[bytes]) -> Iterator[bytes]:
    """Give the sheet in pieces that end where a row ends."""
    kept = b""
    while chunk := part.read(CHUNK):
        piece = kept + chunk
        cut = piece.rfind(b"row>") + 4
        if cut < 4:
            if len(piece) > LONGEST_ROW:
                raise Refused(DAMAGED)
            kept = piece
            continue
        yield piece[:cut]
        kept = piece[cut:]
    yield kept


def _find_hidden(block: bytes, marks: SheetMarks) -> None:
    for attributes in _ROW.findall(block):
        if _HIDDEN.search(attributes) and (number := _NUMBER.search(attributes)):
            marks.hidden_rows.append(int(number[1]) - 1)
    for attributes in _COLUMN.findall(block):
        span = dict(_SPAN.findall(attributes))
        if _HIDDEN.search(attributes) and len(span) == 2:
            last = min(int(span[b"max"]), limits.COLUMNS)
            marks.hidden_columns += range(int(span[b"min"]) - 1, last)


def _find_without_result(block: bytes, marks: SheetMarks) -> None:
    for attributes, content in _CELL.findall(block):
        wrong = b't="e"' in attributes
        formula = b"<f" in content or b":f" in content
        if (wrong or (formula and not _RESULT.search(content))) and (
            place := _PLACE.search(attributes)
        ):
            marks.without_result.append((int(place[2]) - 1, _column(place[1])))


def _range(corners: tuple[bytes, ...]) -> tuple[int, int, int, int]:
    left, top, right, bottom = corners
    return int(top) - 1, _column(left), int(bottom) - 1, _column(right)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
