"""What the worker does with files: reads large ones, imports large ones, and sweeps."""

from datetime import datetime

from django.db import transaction

from common.refusals import Refused
from intake import operations, purging
from intake.enums import BatchStatus
from intake.models import ImportBatch
from intake.operations.choosing import READ_AGAIN_JOB
from intake.operations.confirming import CONFIRM_JOB
from intake.operations.receiving import READ_JOB
from intake.progressing import telling
from jobs.models import Job
from jobs.operations import finish
from jobs.registry import does, sweep


@does(READ_JOB)
def read_batch(job: Job) -> None:
    """Read and judge a large file; a file that is none says so in its batch."""
    batch = ImportBatch.objects.get(pk=job.subject_id)
    try:
        with telling(job, "读表并核对") as tell, transaction.atomic():
            batch = operations.check(batch=batch, by=batch.by, tell=tell)
            finish(
                job=job,
                outcome=f"读入 {batch.rows_read} 行,请核对后导入。",
                result_url=f"/imports/{batch.pk}/",
                rows_done=batch.rows_read,
                rows_total=batch.rows_read,
            )
    except Refused as refusal:
        if batch.status == BatchStatus.READ:
            operations.fail(batch=batch, words=str(refusal), by=batch.by)
        raise


@does(READ_AGAIN_JOB)
def read_batch_again(job: Job) -> None:
    """Judge a large file anew with other columns: all its rows, or as they were."""
    batch = ImportBatch.objects.get(pk=job.subject_id)
    by = job.by or batch.by
    with telling(job, "按新的列对应重新核对") as tell, transaction.atomic():
        batch = operations.judge_again(batch=batch, by=by, tell=tell)
        finish(
            job=job,
            outcome=f"读入 {batch.rows_read} 行,请核对后导入。",
            result_url=f"/imports/{batch.pk}/",
            rows_done=batch.rows_read,
            rows_total=batch.rows_read,
        )


@does(CONFIRM_JOB)
def confirm_batch(job: Job) -> None:
    """Import a large file: its rows and the word that it is done, or neither."""
    batch = ImportBatch.objects.get(pk=job.subject_id)
    by = job.by or batch.by
    with telling(job, "导入") as tell, transaction.atomic():
        batch = operations.confirm(batch=batch, by=by, tell=tell)
        finish(
            job=job,
            outcome=f"已导入,共 {batch.rows_read} 行。",
            result_url=f"/imports/{batch.pk}/",
            rows_done=batch.rows_read,
            rows_total=batch.rows_read,
        )


@sweep("purge_files", "清理旧的导入文件")
def purge_files(now: datetime) -> int:
    """Forget what was typed in files of half a year ago; the outcomes stay."""
    return purging.purge(now)
