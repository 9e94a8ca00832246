"""What is looked at to say whether the system is well."""

import shutil
import stat
from datetime import timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from celery import current_app
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from backups import queries as backups
from common.encryption import Unreadable, unseal
from common.health import Finding, State, look
from jobs import clock
from jobs.models import Job
from jobs.registry import SWEEPS
from recipients.models import Recipient

# By its own name, so that a value that does not open is heard of here.
_SEALED: Any = Recipient._meta.get_field("resident_id")
GIGABYTE = 1024**3
LITTLE_SPACE, NO_SPACE = 2 * GIGABYTE, GIGABYTE // 4
LATE_AFTER = timedelta(minutes=5)


@look("database", "数据库")
def database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_is_in_recovery(), current_setting('transaction_read_only'),"
            " (SELECT count(*) FROM pg_stat_activity), "
            " current_setting('max_connections')::int"
        )
        copy, read_only, lines, most = cursor.fetchone()
    if copy or read_only == "on":
        return Finding(State.ILL, "数据库现在只读,不能保存")
    state = State.WEAK if lines > most * 0.8 else State.WELL
    return Finding(state, f"有回应,连接 {lines} / {most}")


@look("schema", "数据库结构")
def schema() -> Finding:
    missing = _steps() - MigrationRecorder(connection).applied_migrations().keys()
    if missing:
        return Finding(State.ILL, f"还有 {len(missing)} 步没有升级,请重新启动系统")
    return Finding(State.WELL, "已是最新")


@look("keys", "密钥")
def keys() -> Finding:
    """Open one sealed value: the keys at hand are those it was sealed with."""
    try:
        for pk, sealed in Recipient.objects.values_list("pk", "resident_id")[:1]:
            if sealed:
                unseal(bytes(sealed), bound_to=_SEALED.place(pk))
    except Unreadable:
        return Finding(State.ILL, "现有密钥打不开已加密的内容,请核对密钥文件")
    file = Path(settings.DATA_DIR) / "secrets" / "keys.json"
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Finding(State.WEAK, "密钥文件别人也能读,请把权限改为 600")
    return Finding(State.WELL, "可用")


@look("disk", "磁盘")
def disk() -> Finding:
    free = shutil.disk_usage(settings.DATA_DIR).free
    words = f"数据目录还剩 {free / GIGABYTE:.1f} GB"
    if free < NO_SPACE:
        return Finding(State.ILL, f"{words},快要不能保存了")
    return Finding(State.WEAK if free < LITTLE_SPACE else State.WELL, words)


@look("work", "后台任务", grave=False)
def work() -> Finding:
    now = timezone.now()
    oldest = Job.objects.due(now).order_by("due_at").values_list("due_at").first()
    if oldest is not None and now - oldest[0] > LATE_AFTER:
        minutes = int((now - oldest[0]).total_seconds() // 60)
        return Finding(State.WEAK, f"最早的一件已等 {minutes} 分钟")
    return Finding(State.WELL, "没有积压")


@look("clock", "时钟任务", grave=False)
def hours() -> Finding:
    late = clock.missed(timezone.now())
    if late:
        titles = "、".join(SWEEPS[name].title for name in late)
        return Finding(State.WEAK, f"到点没有做:{titles},正在补做")
    return Finding(State.WELL, "都按时做了")


@look("copies", "备份", grave=False)
def copies() -> Finding:
    state = backups.state(timezone.now())
    if state.problems:
        words = "".join(problem.words for problem in state.problems)
        return Finding(State.WEAK, words)
    if state.made is None:
        return Finding(State.WELL, "新装好的系统,还没到第一次备份的时间")
    if state.checked is None:
        return Finding(State.WELL, "按时做了,还没到试着恢复的时间")
    return Finding(State.WELL, "按时做了,也试着恢复过")


@look("broker", "任务传递", grave=False)
def broker() -> Finding:
    """Visits and pages work without it; only what is done later waits."""
    try:
        with current_app.connection_for_write() as line:
            channel: Any = line.default_channel
            channel.client.ping()
    except Exception:
        return Finding(State.WEAK, "没有回应;页面照常,后台任务稍后执行")
    return Finding(State.WELL, "有回应")


@cache
def _steps() -> set[tuple[str, str]]:
    """Return all steps of the schema that this code knows; read once.

    By the names of their files: to import them all takes longer than a look may.
    """
    return {
        (app.label, step.name)
        for app in apps.get_app_configs()
        for step in iter_modules(_folders(app.label))
        if not step.ispkg
    }


def _folders(app_label: str) -> list[str]:
    name, _ = MigrationLoader.migrations_module(app_label)
    found = find_spec(name) if name else None
    return list(found.submodule_search_locations or ()) if found else []
