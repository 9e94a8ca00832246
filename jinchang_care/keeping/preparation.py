"""Brings schema, static files and first rows up to date; run before every start."""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from jinchang_care.keeping import migrating


def prepare() -> None:
    """Do what is missing; each step costs little when there is nothing to do."""
    import django

    migrating.wait_briefly_for_locks()
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from audit import seals

    _step("数据库结构", migrating.migrate)
    _step("数据库连接数", _refuse_too_few_lines)
    _step("核对密钥", _prove_keys)
    _step("操作留痕", seals.resume_if_restored)
    _step("静态文件", lambda: _collect_static(settings.BASE_DIR, settings.STATIC_ROOT))
    if settings.DEMO:
        _step("演示城市", lambda: call_command("setup_demo"))
    else:
        _step("演示账号", _refuse_demo_accounts)
        _step("首个管理员", lambda: call_command("setup_first_admin"))


def _refuse_demo_accounts() -> None:
    """Stop where everybody knows a password: a demo city is not to be gone on with."""
    from cadres.models import User

    if User.objects.filter(demo=True, is_active=True).exists():
        raise SystemExit(
            "这个数据库里有演示账号(密码公开),不能作为正式系统启动;"
            "请换一个空的 DATA_DIR 或数据库。"
        )


def _refuse_too_few_lines() -> None:
    """Stop where pages would one day find no connection left to the database."""
    from django.db import connection

    from jinchang_care import serving

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(setting::int * CASE name WHEN 'max_connections' THEN 1"
            " ELSE -1 END) FROM pg_settings"
            " WHERE name IN ('max_connections', 'superuser_reserved_connections')"
        )
        (allowed,) = cursor.fetchone()
    if serving.lines_needed() > allowed:
        raise SystemExit(
            f"数据库只容许 {allowed} 个连接,而网页和任务最多要用"
            f" {serving.lines_needed()} 个:请调小 WEB_WORKERS、WEB_THREADS,"
            "或调大数据库的 max_connections。"
        )


def _step(name: str, work: Callable[[], object]) -> None:
    sys.stdout.write(f"    {name} …\n")
    sys.stdout.flush()
    work()


def _prove_keys() -> None:
    from sealing.canary import prove

    prove()


def _collect_static(base: Path, target: Path) -> None:
    """Collect and compress the static files, unless they are as they were."""
    import django
    import django_htmx
    from django.core.management import call_command

    stamp = Path(target) / ".stamp"
    digest = hashlib.sha256(f"{django.VERSION} {django_htmx.__file__}".encode())
    for file in sorted((base / "static").rglob("*")):
        found = file.stat()
        digest.update(f"{file}|{found.st_size}|{found.st_mtime_ns}\n".encode())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", "--noinput", "--clear", verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest.hexdigest())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinchang_care.settings")
    prepare()
