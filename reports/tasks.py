"""Jobs that are asked for on the pages of this app."""

import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cadres.models import User
from common import sealed_files
from common.refusals import Refused
from jobs import operations
from jobs.clock import RUN_JOB
from jobs.models import Job
from jobs.registry import does, sweep
from reports.ledgers import LEDGERS
from reports.operations import approvals, chain, exports, keeping
from reports.writing import write

FOLDER = "exports"
KEPT_FOR = timedelta(days=7)


@does(RUN_JOB)
def run_clock(job: Job) -> None:
    """Run one sweep because somebody asked for it."""
    rows = operations.run_sweep(name=job.options["name"], now=timezone.now())
    with transaction.atomic():
        operations.finish(
            job=job,
            outcome=f"{timezone.localtime():%H:%M} 运行完成,处理 {rows} 行。",
            result_url="/clock/",
        )


@does("reports.export")
def make_export(job: Job) -> None:
    """Build a large ledger; the file is kept for a week."""
    by = cast(User, job.by)
    if not by.role_is_in_force(timezone.localdate()):
        raise Refused("账号已停用或角色已到期,不能导出。")
    options = job.options
    scope = exports.scope_from(options, user=by)
    if approval := options.get("approval"):
        scope = replace(scope, approved_by=approvals.approver_of(approval, by))
    exports.check_second_person(ledger=options["ledger"], scope=scope)
    ledger = LEDGERS[options["ledger"]]
    total = ledger.number(scope)
    name = f"{FOLDER}/{uuid4().hex}.xlsx"
    with tempfile.TemporaryFile() as plain:
        rows = write(
            ledger,
            scope,
            plain,
            reason=options["reason"],
            told=lambda done: operations.progress(
                job, step="正在写入", done=done, total=total
            ),
        )
        plain.seek(0)
        sealed_files.keep(plain, Path(settings.MEDIA_ROOT) / name)
    with transaction.atomic():
        exports.record_export(
            ledger=options["ledger"],
            scope=scope,
            reason=options["reason"],
            rows=rows,
            by=by,
        )
        operations.finish(
            job=job,
            outcome=f"共 {rows} 行。",
            result_file=name,
            file_name=f"{ledger.name}_{timezone.localdate():%Y%m%d}.xlsx",
            expires_at=timezone.now() + KEPT_FOR,
            rows_done=rows,
            rows_total=rows,
        )


@sweep("purge_exports", "清理过期的导出文件")
def purge_exports(now: datetime) -> int:
    """Remove the files of exports past their week; harmless to run twice."""
    old = Job.objects.filter(expires_at__lt=now).exclude(result_file="")
    removed = 0
    for job in old.iterator():
        (Path(settings.MEDIA_ROOT) / job.result_file).unlink(missing_ok=True)
        removed += Job.objects.filter(pk=job.pk).update(result_file="")
    return removed


@sweep("check_trail", "校验操作留痕")
def check_trail(now: datetime) -> int:
    """Walk the trail's chain and print its head; those who watch hear of a break."""
    return chain.check().events


@sweep("keep_figures", "统计大地区工作台的数字")
def keep_figures(now: datetime) -> int:
    """Count what the workbenches of large areas show, so that nobody waits."""
    return keeping.keep_figures(now=now)
