"""Reads a sheet too large to be held whole as many small workbooks, one by one.

calamine keeps every cell of a sheet at once: 300,000 rows of 18 cells take 509 MB.
So rows are cut from the sheet's XML a few thousand at a time, and each lot is put
into a workbook of its own beside the texts and styles of the old one. Runs in the
reading child only.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from common.refusals import Refused
from common.tables import limits
from common.tables.opening import DAMAGED
from common.tables.scanning import blocks

_OPENING = re.compile(rb"(.*?<((?:\w+:)?)worksheet\b[^>]*>).*?sheetData\s*>", re.DOTALL)
_CLOSING = re.compile(rb"</(?:\w+:)?sheetData")
_NUMBERED = re.compile(rb'<(?:\w+:)?(?:row|c)\b[^>]*\br="')
LOOKED_AT = 2048


def rows_in_pieces(path: Path, part: str, name: str) -> Iterator[list[Any]]:
    """Give the rows of the sheet ``name``, which lies in ``part`` of the archive.

    Rows begin at column A; only so many blank ones are given as the reader looks at.
    """
    given = 0
    with zipfile.ZipFile(path) as archive:
        around = _around(archive, part)
        for xml in _pieces(archive, part):
            sheet = _opened(around, part, xml).get_sheet_by_name(name)
            if sheet.start is None:
                continue
            top, left = sheet.start
            if not _NUMBERED.search(xml, 0, xml.find(b"sheetData") + LOOKED_AT):
                top += given
            yield from ([""] for _ in range(min(top - given, limits.BLANK_ROWS + 1)))
            if sheet.width > limits.COLUMNS:
                raise Refused(too_wide(name, sheet.width))
            margin, rows = [""] * left, sheet.to_python(skip_empty_area=True)
            for row in rows:
                yield margin + row
            given = top + len(rows)


def too_wide(name: str, width: int) -> str:
    """Return the sentence for a sheet of more columns than we look at."""
    return (
        f"工作表“{name}”有{width}列,超过上限{limits.COLUMNS}列。"
        "请删去多余的列(包括右侧的空白列)后再上传。"
    )


def _around(archive: zipfile.ZipFile, part: str) -> dict[str, bytes]:
    """Return everything of the archive that a sheet needs to be read."""
    return {
        name: archive.read(name)
        for name in archive.namelist()
        if name != part and name.endswith((".xml", ".rels"))
        if not name.startswith(("xl/worksheets/", "xl/drawings/", "xl/theme/"))
    }


def _opened(around: dict[str, bytes], part: str, xml: bytes) -> Any:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in around.items():
            archive.writestr(name, content)
        archive.writestr(part, xml)
    packed.seek(0)
    return CalamineWorkbook.from_filelike(packed)


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Give the sheet as small sheets of whole rows."""
    opening, kept, size = b"", [], 0
    with archive.open(part) as file:
        for block in blocks(file):
            rows = block
            if not opening:
                found = _OPENING.match(block)
                if found is None:
                    raise Refused(DAMAGED)
                mark = found[2]
                opening = found[1] + b"<" + mark + b"sheetData>"
                closing = b"</" + mark + b"sheetData></" + mark + b"worksheet>"
                rows = block[found.end() :]
            end = _CLOSING.search(rows)
            kept.append(rows[: end.start()] if end else rows)
            size += len(rows)
            if size >= limits.PIECE_BYTES or end:
                yield b"".join([opening, *kept, closing])
                kept, size = [], 0
            if end:
                return
    if kept:
        yield b"".join([opening, *kept, closing])
