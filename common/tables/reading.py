"""Opens a workbook in a process of its own and gives its sheets, row by row."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from common.refusals import Refused
from common.tables import limits
from common.tables.opening import BOMB, CSV, DAMAGED, kind_of, seconds_for
from common.tables.rows import Row, Rows, decode

ROOT = Path(__file__).resolve().parent.parent.parent
TOO_SLOW = "文件太复杂,读不下来。请只保留数据,另存为新的工作簿(.xlsx)后再上传。"


@dataclass
class Sheet:
    """One table of a book; rows are counted from 0, as are columns."""

    name: str
    visible: bool
    rows: Sequence[Row] = field(default_factory=Rows)
    # (first row, first column, last row, last column)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    from_1904: bool = False
    # {row whose quotes do not match: whether it has as many cells as the others}
    broken: dict[int, bool] = field(default_factory=dict)


@dataclass
class Book:
    """A workbook, or the one table of a CSV file."""

    kind: str
    file_name: str
    sheets: list[Sheet]

    @property
    def stem(self) -> str:
        return self.file_name.rpartition(".")[0] or self.file_name


def open_workbook(path: Path, file_name: str) -> Book:
    """Return the whole book; raises Refused with a sentence saying what to do."""
    kind = kind_of(path)
    book = Book(kind, file_name, [])
    book.sheets.extend(_sheets(kind, path))
    if kind == CSV and not any(sheet.rows for sheet in book.sheets):
        raise Refused("文件是空的,请重新选择。")
    return book


def _sheets(kind: str, path: Path) -> Iterator[Sheet]:
    rows, sheet = Rows(), Sheet("", visible=False)
    for line in _lines(kind, path):
        if line.startswith(b"["):
            rows.add(line)
            continue
        told = decode(line.decode("utf-8"))
        if "sheet" in told:
            rows = Rows()
            sheet = Sheet(
                told["sheet"],
                told["visible"],
                rows,
                merged=[tuple(one) for one in told["merged"]],
                hidden_rows=told["hidden"],
                hidden_columns=told.get("hidden_columns", []),
                from_1904=told.get("from_1904", False),
            )
            yield sheet
        elif "broken" in told:
            sheet.broken.update(told["broken"])
        elif "refused" in told:
            raise Refused(told["refused"])


def _lines(kind: str, path: Path) -> Iterator[bytes]:
    """Give what the child says; a child that dies had too much to carry."""
    with _child(kind, path) as (process, output):
        last = b""
        for line in output:
            last = line
            yield line
        code = process.wait()
    if last.startswith((b'{"end"', b'{"refused"')):
        return
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Refused(TOO_SLOW)
    # Out of memory a reader is aborted; one that gives up by itself met nonsense.
    raise Refused(BOMB if code < 0 else DAMAGED)


@contextmanager
def _child(
    kind: str, path: Path
) -> Iterator[tuple["subprocess.Popen[bytes]", IO[bytes]]]:
    command = [sys.executable, "-m", "common.tables.child", kind, str(path.absolute())]
    process = subprocess.Popen(
        [*command, str(seconds_for(path))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "MALLOC_ARENA_MAX": "1"},
    )
    watch = threading.Timer(limits.PATIENCE, process.kill)
    watch.daemon = True
    watch.start()
    assert process.stdout is not None
    try:
        yield process, process.stdout
    finally:
        watch.cancel()
        process.stdout.close()
        process.kill()
        process.wait()
