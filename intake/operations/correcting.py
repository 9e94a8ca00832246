"""Puts a wrong cell right in the preview, without another upload."""

from collections.abc import Mapping

from django.db import transaction

from audit import trail
from cadres.models import User
from common.refusals import Refused
from intake import storing
from intake.drafts import Tally
from intake.enums import BatchStatus
from intake.models import ImportBatch, ImportRow
from intake.reading import read_again
from intake.registry import importer_for

LONGEST_CELL = 500


@transaction.atomic
def correct_row(*, row: ImportRow, cells: Mapping[str, str], by: User) -> ImportRow:
    """Take the cells as typed anew and judge the row, and those that hang on it.

    Raises Refused when the batch is no longer open.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=row.batch_id)
    if batch.status != BatchStatus.CHECKED or batch.is_at_work:
        raise Refused(f"这个批次{batch.get_status_display()},不能再改。")
    if any(len(text) > LONGEST_CELL for text in cells.values()):
        raise Refused(f"内容过长(最多 {LONGEST_CELL} 字)。")
    importer, tally = importer_for(batch.kind), Tally()
    judge = importer.judging(by=by, lock=False)
    for drafts, stored in storing.load_in_turn(batch, importer.rows_at_once):
        at = row.position - drafts[0].position
        if 0 <= at < len(drafts):
            drafts[at] = read_again(drafts[at], dict(cells), batch.kind)
        judge(drafts)
        storing.store_again(drafts, stored)
        tally.add(drafts)
    batch.tallies, batch.version = tally.counted, batch.version + 1
    batch.save(update_fields=["tallies", "version"])
    row = ImportRow.objects.select_related("batch").get(pk=row.pk)
    row.corrected = True
    row.save(update_fields=["corrected"])
    trail.record(
        "import.corrected", subject=row, by=by, columns=sorted(cells), now=row.outcome
    )
    return row
