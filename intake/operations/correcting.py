"""Puts a row of the preview right, or lets it do as it says, without another upload."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from intake.drafts import Draft
from intake.enums import Question
from intake.models import ImportBatch, ImportRow
from intake.operations.receiving import judge_stored, open_batch
from intake.reading import read_again

LONGEST_CELL = 500


@permits(Permission.IMPORT)
@transaction.atomic
def correct_row(*, row: ImportRow, cells: Mapping[str, str], by: User) -> ImportRow:
    """Take the cells as typed anew and judge the row, and those that hang on it.

    Raises Refused when the batch is no longer open.
    """
    batch = open_batch(row.batch_id)
    if any(len(text) > LONGEST_CELL for text in cells.values()):
        raise Refused(f"内容过长(最多 {LONGEST_CELL} 字)。")

    def amend(draft: Draft) -> Draft:
        if draft.position != row.position:
            return draft
        return read_again(draft, dict(cells), batch.kind)

    judge_stored(batch, amend, whose=by)
    row = ImportRow.objects.select_related("batch").get(pk=row.pk)
    row.corrected = True
    row.save(update_fields=["corrected"])
    trail.record(
        "import.corrected", subject=row, by=by, columns=sorted(cells), now=row.outcome
    )
    return row


@permits(Permission.IMPORT)
@transaction.atomic
def answer(
    *,
    batch: ImportBatch,
    question: Question,
    agreed: bool,
    row: ImportRow | None = None,
    by: User,
) -> ImportBatch:
    """Let the rows that ask this do as they say, or not; ``row`` is one of them alone.

    Raises Refused when the batch is no longer open.
    """
    batch = open_batch(batch.pk)

    def amend(draft: Draft) -> Draft:
        meant = row is None or draft.position == row.position
        if not meant or draft.question != question:
            return draft
        return replace(draft, agreed=agreed)

    judge_stored(batch, amend, whose=by)
    trail.record(
        "import.answered",
        subject=batch,
        by=by,
        about=batch.kind,
        question=Question(question).label,
        agreed=agreed,
        row=row.number if row else None,
    )
    return batch
