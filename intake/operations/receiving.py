"""Takes a file in: keeps it, reads it, judges every row; imports nothing yet."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from audit import trail
from cadres.models import Area, User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from intake import originals, storing
from intake.drafts import Draft, Tally, in_turn
from intake.enums import BatchKind, BatchStatus
from intake.layouts.choosing import NOTHING_CHOSEN, Chosen
from intake.models import ImportBatch
from intake.originals import Kept
from intake.progressing import Tell, in_silence
from intake.reading import read_file
from intake.registry import importer_for
from intake.tables import blanks_of, keep_tables
from jobs.operations import owe

CITY = "620300000000"
READ_JOB = "intake.read"


@permits(Permission.IMPORT)
def receive(
    *, kind: BatchKind, file_name: str, chunks: Iterable[bytes], by: User
) -> ImportBatch:
    """Keep the file and judge its rows; a large one is read by the worker.

    Raises Refused, and keeps nothing, when the file cannot be read.
    """
    importer_for(kind).check_account(by)
    kept = originals.keep(chunks)
    try:
        return _take_in(kind=kind, file_name=file_name, kept=kept, by=by)
    except BaseException:
        originals.remove(kept.name)
        raise


@permits(Permission.IMPORT)
@transaction.atomic
def check(
    *, batch: ImportBatch, by: User | None, tell: Tell = in_silence
) -> ImportBatch:
    """Read a file that is kept already, and judge its rows for the preview."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    batch.move_to(BatchStatus.CHECKED)
    judge_rows(batch, tell=tell)
    trail.record("import.checked", subject=batch, by=by, **summary(batch))
    return batch


@permits(Permission.IMPORT)
@transaction.atomic
def fail(*, batch: ImportBatch, words: str, by: User | None) -> ImportBatch:
    """Set the file aside with the sentence that says why it could not be read."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    batch.move_to(BatchStatus.FAILED)
    batch.failure = words[:300]
    batch.save(update_fields=["status", "failure"])
    trail.record("import.failed", subject=batch, by=by)
    return batch


def new_batch(kind: BatchKind, file_name: str, kept: Kept, by: User) -> ImportBatch:
    """Return a batch, not saved yet, for a file that is kept."""
    return ImportBatch(
        kind=kind,
        file_name=file_name[-200:],
        stored_as=kept.name,
        content_hash=kept.content_hash,
        size=kept.size,
        by=by,
        area=by.area or Area.objects.get(pk=CITY),
    )


def summary(batch: ImportBatch) -> dict[str, Any]:
    """Return what the trail tells of a batch: what and how many, never who."""
    return {"about": batch.kind, "rows": batch.rows_read, "tallies": batch.tallies}


def judge_rows(
    batch: ImportBatch,
    columns: Chosen = NOTHING_CHOSEN,
    amend: Callable[[Draft], Draft] = lambda draft: draft,
    tell: Tell = in_silence,
) -> None:
    """Read the kept file into the rows of a batch that has none, and judge them."""
    with originals.opened(batch.stored_as) as path:
        read = read_file(path, batch.file_name, batch.kind, columns, blanks_of(batch))
    importer, tally = importer_for(batch.kind), Tally()
    judge = importer.judging(by=batch.by, lock=False)
    for drafts in in_turn(map(amend, read.drafts), importer.rows_at_once):
        judge(drafts)
        storing.store(batch, drafts)
        tally.add(drafts)
        tell(tally.rows, read.raw_rows)
    batch.rows_read = tally.rows
    batch.tallies, batch.notices = tally.counted, read.notices
    keep_tables(batch, read.tables, read.ticked)
    batch.job_id = None
    batch.save()


def judge_stored(
    batch: ImportBatch, amend: Callable[[Draft], Draft], *, whose: User
) -> None:
    """Judge the rows of an open batch once more, each as ``amend`` returns it."""
    importer, tally = importer_for(batch.kind), Tally()
    judge = importer.judging(by=whose, lock=False)
    for drafts, stored in storing.load_in_turn(batch, importer.rows_at_once):
        amended = [amend(draft) for draft in drafts]
        judge(amended)
        storing.store_again(amended, stored)
        tally.add(amended)
    batch.tallies, batch.version = tally.counted, batch.version + 1
    batch.save(update_fields=["tallies", "version"])


def open_batch(pk: UUID) -> ImportBatch:
    """Return the batch, held; raises Refused when its rows can be no others now."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=pk)
    if batch.status != BatchStatus.CHECKED or batch.is_at_work:
        raise Refused(f"这个批次{batch.get_status_display()},不能再改。")
    return batch


@transaction.atomic
def _take_in(*, kind: BatchKind, file_name: str, kept: Kept, by: User) -> ImportBatch:
    batch = new_batch(kind, file_name, kept, by)
    if kept.size <= settings.IMPORT_IN_WORKER_ABOVE_BYTES:
        batch.save()
        batch.move_to(BatchStatus.CHECKED)
        judge_rows(batch)
        trail.record("import.checked", subject=batch, by=by, **summary(batch))
        return batch
    job = owe(READ_JOB, title=f"读表 {file_name}"[:120], by=by, subject=batch)
    batch.job_id = job.pk
    batch.save()
    trail.record("import.received", subject=batch, by=by, about=kind, bytes=kept.size)
    return batch
