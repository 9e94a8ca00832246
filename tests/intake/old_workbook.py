"""Writes the smallest .xls there is, with rows and columns hidden, for tests."""

import struct
from collections.abc import Collection, Sequence
from pathlib import Path

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
LEAST = 4096


def old_workbook(
    path: Path,
    rows: Sequence[Sequence[str]],
    *,
    hidden_rows: Collection[int] = (),
    hidden_columns: Collection[int] = (),
) -> Path:
    """Write one sheet of texts; rows and columns are counted from 0."""
    stream = _workbook(rows, hidden_rows, hidden_columns)
    stream += bytes(max(LEAST - len(stream), -len(stream) % SECTOR))
    path.write_bytes(_container(stream))
    return path


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _workbook(
    rows: Sequence[Sequence[str]],
    hidden_rows: Collection[int],
    hidden_columns: Collection[int],
) -> bytes:
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    end, name = _record(0x000A), "名册"
    told = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    length = len(begin) + 4 + 6 + len(told) + len(end)
    bound = _record(0x0085, struct.pack("<IH", length, 0) + told)
    sheet = [_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))]
    sheet += [
        _record(0x007D, struct.pack("<HHHHHH", at, at, 2000, 15, 1, 0))
        for at in hidden_columns
    ]
    sheet += [
        _record(0x0208, struct.pack("<HHHHHHHH", at, 0, 9, 300, 0, 0, 0x20, 15))
        for at in hidden_rows
    ]
    sheet += [
        _record(0x0204, struct.pack("<HHHHB", at, column, 15, len(text), 1) + wide)
        for at, row in enumerate(rows)
        for column, text in enumerate(row)
        if (wide := text.encode("utf-16-le"))
    ]
    return b"".join([begin, bound, end, *sheet, end])


def _container(stream: bytes) -> bytes:
    """Put the stream into an OLE file: a table, a directory, then the stream."""
    many = len(stream) // SECTOR
    table = [FAT, END, *range(3, many + 2), END]
    table += [FREE] * (SECTOR // 4 - len(table))
    root = _entry("Root Entry", 5, END, 0, child=1)
    book = _entry("Workbook", 2, 2, len(stream))
    directory = root + book + bytes(SECTOR - len(root + book))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, LEAST, END, 0, END, 0)
    head += struct.pack("<109I", 0, *[FREE] * 108)
    return head + struct.pack(f"<{SECTOR // 4}I", *table) + directory + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    told = name.encode("utf-16-le")
    entry = told + bytes(64 - len(told))
    entry += struct.pack("<HBBIII", len(told) + 2, kind, 1, FREE, FREE, child)
    return entry + bytes(36) + struct.pack("<III", start, size, 0)
