"""Takes the columns of a file for what the office says they are, and judges again."""

from collections.abc import Callable, Collection, Mapping, Sequence

from django.conf import settings
from django.db import transaction

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from intake import reading
from intake.drafts import Draft
from intake.enums import BatchStatus
from intake.layouts import NOTHING_MEANT, Blanks
from intake.layouts.choosing import Chosen
from intake.models import ImportBatch
from intake.operations.receiving import judge_rows, summary
from intake.progressing import Tell, in_silence
from intake.storing import open_row
from intake.tables import Table, chosen_in, keep_blanks, tables_of
from jobs.operations import owe

READ_AGAIN_JOB = "intake.read_again"
ASKED = "asked"
Place = tuple[str, int]


@permits(Permission.IMPORT)
@transaction.atomic
def choose_columns(
    *,
    batch: ImportBatch,
    fields: Sequence[Sequence[str]],
    blanks: Blanks = NOTHING_MEANT,
    by: User,
) -> ImportBatch:
    """Judge every row anew, with these fields for the columns of each table.

    ``blanks`` says what blank cells mean. A large file is read by the worker. Raises
    Refused when the batch is no longer open, or when a column that must be is missing.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.status != BatchStatus.CHECKED or batch.is_at_work or not batch.stored_as:
        raise Refused(f"这个批次{batch.get_status_display()},不能再改列对应。")
    _check(tables_of(batch), fields, batch.kind)
    batch.settings[ASKED] = [list(names) for names in fields]
    keep_blanks(batch, blanks)
    batch.save(update_fields=["settings"])
    if batch.size <= settings.IMPORT_IN_WORKER_ABOVE_BYTES:
        return judge_again(batch=batch, by=by)
    title = f"重新核对 {batch.file_name}"[:120]
    batch.job_id = owe(READ_AGAIN_JOB, title=title, by=by, subject=batch).pk
    batch.save(update_fields=["job_id"])
    trail.record("import.columns_asked", subject=batch, by=by, about=batch.kind)
    return batch


@permits(Permission.IMPORT)
@transaction.atomic
def judge_again(
    *, batch: ImportBatch, by: User | None, tell: Tell = in_silence
) -> ImportBatch:
    """Read the kept file with the columns asked for; what was typed anew stays."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.status != BatchStatus.CHECKED:
        raise Refused(f"这个批次{batch.get_status_display()},不能再核对。")
    tables = tables_of(batch)
    columns = chosen_in(tables, batch.settings[ASKED])
    corrected = _corrected(batch, chosen_in(tables), columns)
    agreed = _agreed(batch)
    batch.rows.all().delete()
    batch.version += 1
    judge_rows(batch, columns, _amend(corrected, agreed, batch.kind), tell)
    _mark_corrected(batch, corrected)
    trail.record("import.columns", subject=batch, by=by, **summary(batch))
    return batch


def _check(tables: Sequence[Table], fields: Sequence[Sequence[str]], kind: str) -> None:
    if [len(table.fields) for table in tables] != [len(names) for names in fields]:
        raise Refused("文件的列与页面上的不一致,请重新打开“列对应”。")
    for names in fields:
        reading.check_columns(kind, names)


def _corrected(
    batch: ImportBatch, before: Chosen, after: Chosen
) -> dict[Place, dict[str, str]]:
    """Return {place: cells} typed by hand, of columns that mean what they meant."""
    found = {}
    for row in batch.rows.filter(corrected=True):
        draft = open_row(row)
        was = _places(before.get(draft.sheet, {}))
        now = _places(after.get(draft.sheet, {}))
        found[draft.sheet, draft.number] = {
            name: text
            for name, text in draft.cells.items()
            if was.get(name) == now.get(name)
        }
    return found


def _agreed(batch: ImportBatch) -> set[Place]:
    """Return the rows that may do as they say."""
    if not batch.tally("asked"):
        return set()
    asking = batch.rows.exclude(question="").order_by("position")
    drafts = (open_row(row) for row in asking.iterator())
    return {(draft.sheet, draft.number) for draft in drafts if draft.agreed}


def _places(fields: Mapping[int, str]) -> dict[str, int]:
    return {name: index for index, name in fields.items()}


def _amend(
    corrected: Mapping[Place, dict[str, str]], agreed: Collection[Place], kind: str
) -> Callable[[Draft], Draft]:
    def amend(draft: Draft) -> Draft:
        place = draft.sheet, draft.number
        draft.agreed = place in agreed
        cells = corrected.get(place)
        return reading.read_again(draft, cells, kind) if cells else draft

    return amend


def _mark_corrected(batch: ImportBatch, places: Mapping[Place, object]) -> None:
    for sheet, number in places:
        batch.rows.filter(sheet=sheet, number=number).update(corrected=True)
