"""Looks through an old workbook (.xls) for what calamine does not tell.

Hidden rows and columns, and whether days are counted from 1904. Runs in the reading
child only; what cannot be made out is not told, for calamine is to judge the file.
"""

import struct
from collections.abc import Iterator
from itertools import islice

from common.tables.scanning import SheetMarks

# Of the container: https://learn.microsoft.com/openspecs/windows_protocols/ms-cfb
DIFAT_IN_HEADER = 109
LAST_SECTOR = 0xFFFFFFFA
ENTRY = 128
STREAMS = ("Workbook", "Book")

# Of the records in it: .../office_file_formats/ms-xls
BOF, EOF = 0x0809, 0x000A
BOUND_SHEET, DATE_MODE, ROW, COLUMN = 0x0085, 0x0022, 0x0208, 0x007D
ROW_HIDDEN, COLUMN_HIDDEN = 0x20, 0x01
COLUMNS = 256
Record = tuple[int, int, int]


def marks_of_xls(content: bytes) -> tuple[list[SheetMarks], bool]:
    """Return the marks of the sheets in their order, and whether days are from 1904."""
    try:
        stream = _stream(content)
        return _read(stream)
    except (struct.error, IndexError, UnicodeDecodeError):
        return [], False


def _read(stream: bytes) -> tuple[list[SheetMarks], bool]:
    begins, from_1904 = [], False
    for kind, at, size in _records(stream, 0):
        if kind == BOUND_SHEET and size >= 4:
            begins.append(struct.unpack_from("<I", stream, at)[0])
        elif kind == DATE_MODE and size >= 2:
            from_1904 = struct.unpack_from("<H", stream, at)[0] == 1
    return [_marks(stream, begin) for begin in begins], from_1904


def _marks(stream: bytes, begin: int) -> SheetMarks:
    marks = SheetMarks()
    for kind, at, size in _records(stream, begin):
        if kind == ROW and size >= 14:
            row, flags = struct.unpack_from("<H10xH", stream, at)
            if flags & ROW_HIDDEN:
                marks.hidden_rows.append(row)
        elif kind == COLUMN and size >= 10:
            first, last, flags = struct.unpack_from("<HH4xH", stream, at)
            if flags & COLUMN_HIDDEN:
                marks.hidden_columns += range(first, min(last + 1, COLUMNS))
    return marks


def _records(stream: bytes, at: int) -> Iterator[Record]:
    """Give (kind, where, how long) of the records of one part: globals, or a sheet."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == BOF) - (kind == EOF)
        if depth == 0:
            return
        # A chart within a sheet is a part of its own.
        if depth == 1:
            yield kind, at + 4, size
        at += 4 + size


def _stream(content: bytes) -> bytes:
    """Return the workbook's own stream out of the container."""
    (shift,) = struct.unpack_from("<H", content, 30)
    size = 1 << min(shift, 12)
    table = _table(content, size)
    (first,) = struct.unpack_from("<I", content, 48)
    directory = _chain(content, table, first, size)
    for at in range(0, len(directory), ENTRY):
        (length,) = struct.unpack_from("<H", directory, at + 64)
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le")
        if name in STREAMS:
            start, whole = struct.unpack_from("<II", directory, at + 116)
            return _chain(content, table, start, size)[:whole]
    return b""


def _table(content: bytes, size: int) -> list[int]:
    """Return which sector follows each sector."""
    numbers = list(struct.unpack_from(f"<{DIFAT_IN_HEADER}I", content, 76))
    (more,) = struct.unpack_from("<I", content, 68)
    for _ in range(len(content) // size):
        if more >= LAST_SECTOR:
            break
        *some, more = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        numbers += some
    found: list[int] = []
    for number in numbers:
        if number < LAST_SECTOR:
            found += struct.unpack_from(f"<{size // 4}I", content, (number + 1) * size)
    return found


def _chain(content: bytes, table: list[int], first: int, size: int) -> bytes:
    parts = (content[(n + 1) * size : (n + 2) * size] for n in _follow(table, first))
    # No chain is longer than the table, unless it bites its own tail.
    return b"".join(islice(parts, len(table)))


def _follow(table: list[int], number: int) -> Iterator[int]:
    while number < LAST_SECTOR:
        yield number
        number = table[number]
