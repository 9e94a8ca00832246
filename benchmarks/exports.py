"""The ledger of people as a workbook, beside openpyxl's write-only mode."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.children import Weighed, in_a_child
from benchmarks.figures import Figure
from benchmarks.sizes import Size
from benchmarks.stage import MANY, Stage

AT_LEAST = 5
TURNS = 2
# What may be held more for five times the rows, and the ledger still be called flat.
AT_MOST_MORE = 1.1


def measure(size: Size, stage: Stage) -> Iterator[Figure]:
    """Write so many rows of one ledger, and many more, each in its own process."""
    path = stage.data_dir / "ledger.xlsx"
    held = []
    for rows in size.exported:
        # In turn, and the better of two: the first look at a fresh table reads it from
        # the disk, and would be held against whoever comes first.
        turns = [
            (_side(stage, "by_us", path, rows), _side(stage, "by_openpyxl", path, rows))
            for _ in range(TURNS)
        ]
        ours, baseline = (
            min(side, key=lambda weighed: weighed.seconds)
            for side in zip(*turns, strict=True)
        )
        held.append(ours.peak_mb)
        yield Figure(
            id=f"export_{rows}",
            words="关爱对象台账导出",
            size=rows,
            unit="行/秒",
            ours=rows / ours.seconds,
            baseline=rows / baseline.seconds,
            target=AT_LEAST,
            peak_mb=ours.peak_mb,
            baseline_mb=baseline.peak_mb,
        )
    path.unlink()
    yield Figure(
        id="export_memory",
        words=f"台账导出的内存,与{size.exported[0]:,}行相比",
        size=size.exported[-1],
        unit="MB",
        ours=held[-1],
        baseline=held[0],
        target=AT_MOST_MORE,
        at_least=False,
    )


def _side(stage: Stage, name: str, path: Path, rows: int) -> Weighed:
    side = in_a_child(stage, MANY, f"benchmarks.exports:{name}", str(path), rows)
    if side.result != rows:
        raise RuntimeError(f"{name} wrote {side.result} rows and not {rows}.")
    return side


def by_us(path: str, rows: int) -> int:
    """Write the first rows of the ledger as it is always written."""
    from django.db import transaction

    from common.excel import write_ledger
    from common.read_ahead import read_ahead
    from reports.writing import frame_of

    ledger, scope = _ledger()
    frame = frame_of(ledger, scope, reason="测速用的台账", expected=rows)
    with transaction.atomic():
        found = read_ahead(islice(ledger.rows(scope), rows))
        with Path(path).open("wb") as out:
            return write_ledger(out, found, ledger.columns(scope), frame)


def by_openpyxl(path: str, rows: int) -> int:
    """Write the same cells of the same query, without any format."""
    from django.db import transaction
    from openpyxl import Workbook

    ledger, scope = _ledger()
    columns = ledger.columns(scope)
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([column.title for column in columns])
    done = 0
    with transaction.atomic():
        for row in islice(ledger.rows(scope), rows):
            sheet.append([column.value(row) for column in columns])
            done += 1
    book.save(path)
    return done


def _ledger() -> tuple[Any, Any]:
    from benchmarks.accounts import city_office
    from reports.ledgers import LEDGERS
    from reports.scope import Scope

    return LEDGERS["recipients"], Scope(user=city_office())
