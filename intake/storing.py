"""Keeps the rows of a batch sealed, and opens them again as drafts."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from common.rows import uuid7
from common.sealed_fields import json_in
from intake.copying import change_many, copy_in
from intake.drafts import Draft, read_back
from intake.models import ImportBatch, ImportRow

_CONTENT = ImportRow._meta.get_field("content")
_BEFORE = ImportRow._meta.get_field("before")
JUDGED = (
    *("outcome", "reason", "warned", "question"),
    *("target_id", "content", "before"),
)
SHEET_LENGTH = 60
# {position: (key of the row, how it was judged)}
Stored = dict[int, tuple[UUID, str]]


def store(batch: ImportBatch, drafts: Sequence[Draft]) -> None:
    """Write every row of the file with what became of it."""
    fields = ("id", "batch", "position", "sheet", "number", *JUDGED)
    copy_in(ImportRow, fields, (_whole(batch, draft) for draft in drafts))


def load(batch: ImportBatch) -> tuple[list[Draft], Stored]:
    """Return all rows in order, and {position: (key, how it was judged)}."""
    return next(load_in_turn(batch, None), ([], {}))


def load_in_turn(
    batch: ImportBatch, many: int | None
) -> Iterator[tuple[list[Draft], Stored]]:
    """Give so many rows at a time, as ``load``; all at once when ``many`` is None."""
    last = 0
    while True:
        rows = batch.rows.filter(position__gt=last).order_by("position")
        drafts, stored = _opened(rows if many is None else rows[:many])
        if not drafts:
            return
        yield drafts, stored
        last = drafts[-1].position


def _opened(rows: Any) -> tuple[list[Draft], Stored]:
    drafts, stored = [], {}
    columns = rows.values_list(
        *("pk", "position", "sheet", "number", "target_id"),
        *("content", "outcome", "question"),
    )
    for pk, position, sheet, number, target, content, *judged in columns.iterator():
        text = _CONTENT.opened(content, pk=pk)
        draft = read_back(
            text, position=position, sheet=sheet, number=number, target=target
        )
        draft.outcome, draft.question = judged
        drafts.append(draft)
        stored[position] = (pk, _marks(draft))
    return drafts, stored


def store_again(drafts: Iterable[Draft], stored: Stored) -> None:
    """Write the rows whose judgement is not what was stored, or that changed a file."""
    differing = [
        (stored[draft.position][0], draft)
        for draft in drafts
        if draft.before or _marks(draft) != stored[draft.position][1]
    ]
    if differing:
        rows = ((pk, *_judged(pk, draft)) for pk, draft in differing)
        change_many(ImportRow, JUDGED, rows)


def open_row(row: ImportRow) -> Draft:
    """Return one stored row as a draft."""
    draft = read_back(
        row.content,
        position=row.position,
        sheet=row.sheet,
        number=row.number,
        target=row.target_id,
    )
    draft.outcome, draft.question = row.outcome, row.question
    draft.before = json_in(row.before)
    return draft


def _whole(batch: ImportBatch, draft: Draft) -> tuple[Any, ...]:
    pk = uuid7()
    sheet = draft.sheet[:SHEET_LENGTH]
    judged = _judged(pk, draft)
    return (pk, batch.pk, draft.position, sheet, draft.number, *judged)


def _judged(pk: UUID, draft: Draft) -> tuple[Any, ...]:
    before = json.dumps(draft.before, ensure_ascii=False) if draft.before else ""
    return (
        str(draft.outcome),
        draft.reason,
        draft.warned,
        str(draft.question),
        draft.target,
        _CONTENT.sealed(draft.written(), pk=pk),
        _BEFORE.sealed(before, pk=pk),
    )


def _marks(draft: Draft) -> str:
    """Return everything by which two judgements of a row may differ."""
    return f"{draft.outcome!s} {draft.target} {draft.written()}"
