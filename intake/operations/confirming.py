"""Imports the good rows of a batch: all of them or none."""

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused, Stale
from intake import storing
from intake.drafts import Tally
from intake.enums import ACCEPTED, BatchStatus, Outcome
from intake.models import ImportBatch
from intake.operations.receiving import summary
from intake.progressing import Tell, in_silence
from intake.registry import importer_for
from jobs.operations import owe

CONFIRM_JOB = "intake.confirm"
# Any fixed number: two imports are confirmed one after the other.
UNIQUE_VIOLATION = "23505"
_TURN = 620_300_003


@permits(Permission.IMPORT)
@transaction.atomic
def ask_to_confirm(
    *, batch: ImportBatch, version: int | None = None, by: User
) -> ImportBatch:
    """Import the good rows, in the worker when the file is large."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    _check_open(batch, version)
    if batch.size <= settings.IMPORT_IN_WORKER_ABOVE_BYTES:
        return confirm(batch=batch, by=by)
    job = owe(CONFIRM_JOB, title=f"导入 {batch.file_name}"[:120], by=by, subject=batch)
    batch.job_id, batch.version = job.pk, batch.version + 1
    batch.save(update_fields=["job_id", "version"])
    trail.record("import.asked", subject=batch, by=by, **summary(batch))
    return batch


@permits(Permission.IMPORT)
def confirm(*, batch: ImportBatch, by: User, tell: Tell = in_silence) -> ImportBatch:
    """Write the good rows, judged once more, all in one transaction.

    Raises Refused when it was imported already, or when somebody opened a file for
    one of these people at this very moment.
    """
    try:
        return _confirm(batch=batch, by=by, tell=tell)
    except IntegrityError as fault:
        if not is_clash(fault):
            raise
        raise Refused("刚才有人改动了其中的人,请再点一次导入。") from None


def is_clash(fault: BaseException) -> bool:
    """Say whether somebody wrote the same id or number at this very moment."""
    return isinstance(fault, IntegrityError) and UNIQUE_VIOLATION in fault.args


def take_turn() -> None:
    """Wait until no other import is being written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])


@transaction.atomic
def _confirm(*, batch: ImportBatch, by: User, tell: Tell) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    batch.move_to(BatchStatus.CONFIRMED)
    take_turn()
    importer, tally = importer_for(batch.kind), Tally()
    judge = importer.judging(by=by, lock=True)
    for drafts, stored in storing.load_in_turn(batch, importer.rows_at_once):
        judge(drafts)
        importer.apply(drafts, batch=batch, by=by)
        storing.store_again(drafts, stored)
        tally.add(drafts)
        tell(tally.rows, batch.rows_read)
    batch.tallies, batch.done_at = tally.counted, timezone.now()
    batch.version, batch.job_id = batch.version + 1, None
    batch.save()
    trail.record("import.confirmed", subject=batch, by=by, **summary(batch))
    return batch


def _check_open(batch: ImportBatch, version: int | None) -> None:
    if batch.status != BatchStatus.CHECKED:
        raise Refused(f"这个批次{batch.get_status_display()},不能再导入。")
    if batch.is_at_work:
        raise Refused("这个批次正在导入,请稍候。")
    if version is not None and version != batch.version:
        raise Stale(
            "这个批次刚才有人改过,请看过现在的结果再导入。",
            [("可导入行数", "", str(sum(batch.tally(kind) for kind in ACCEPTED)))],
        )
    if not batch.tally(Outcome.NEW) + batch.tally(Outcome.CHANGED):
        raise Refused("没有需要导入的行。")
