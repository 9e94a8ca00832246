"""Brings a backup back: proven first, into a new database, compared, then named."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone
from psycopg2 import errors as pg
from psycopg2 import sql

from backups import files, sets, tables
from backups.server import Line, Server, program_version, server_version
from backups.sets import BackupSet
from common.refusals import Refused

DRAFT = "_restoring"
LONGEST_NAME = 63
SEND_AWAY = """
SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()
"""
LOCK = 0x6A696E63  # one restore at a time into a database


def restore(
    backup: BackupSet,
    target: Server,
    *,
    overwrite: bool = False,
    told: Callable[[str], object] = lambda words: None,
) -> str:
    """Restore the set into the target; return what its old database is called now.

    The target is not touched until all of the set is proven and the restored tables
    are found to be what was backed up. An old database is put aside, never dropped.
    """
    told("核对备份 …")
    backup.prove()
    draft = target.called_there(f"{target.name[: LONGEST_NAME - 20]}{DRAFT}")
    with target.beside() as line, _alone(line, target):
        _require_it_may(line, backup, target, overwrite=overwrite)
        with _new_database(line, draft):
            told("恢复数据库 …")
            _fill(backup, draft)
            told("核对恢复结果 …")
            compare(backup, draft)
            return _take_its_place(line, draft, target)


@contextmanager
def restored(backup: BackupSet, scratch: Server) -> Iterator[Server]:
    """Restore the set into a database that goes away after the block."""
    backup.prove()
    with scratch.beside() as line, _alone(line, scratch), _new_database(line, scratch):
        try:
            _fill(backup, scratch)
            yield scratch
        finally:
            _drop(line, scratch)


def compare(backup: BackupSet, server: Server) -> None:
    """Refuse unless every table and the head of the trail are as backed up."""
    wanted = backup.manifest
    with server.connected() as line:
        found, head = tables.states(line), tables.head_of_trail(line)
    names = sorted(found.keys() | wanted.tables.keys())
    wrong = [name for name in names if found.get(name) != wanted.tables.get(name)]
    if wrong:
        raise Refused(f"恢复出来的表与备份时不一致:{'、'.join(wrong[:5])}。没有采用。")
    if head != wanted.trail_head:
        raise Refused("恢复出来的留痕链头与备份时不一致,没有采用。")


def bring_files(backup: BackupSet, into: Path) -> int:
    """Bring the files of the set back below a folder; return how many there are."""
    with backup.opened(sets.FILES) as text:
        wrong = files.unpack(text, wanted=backup.manifest.files, into=into)
    if wrong:
        raise Refused(f"有 {len(wrong)} 个文件没有恢复成功,请再运行一次。")
    return len(backup.manifest.files)


def _require_it_may(
    line: Line, backup: BackupSet, target: Server, *, overwrite: bool
) -> None:
    theirs, made_on = server_version(line), int(backup.manifest.versions["postgresql"])
    if theirs < made_on:
        raise Refused(
            f"备份来自 PostgreSQL {made_on},目标服务器是 {theirs},"
            "不能恢复到更旧的版本。"
        )
    if program_version("pg_restore") < made_on:
        raise Refused(
            f"需要 PostgreSQL {made_on} 的 pg_restore,请用 POSTGRES_PROGRAMS 指明。"
        )
    with line.cursor() as cursor:
        cursor.execute(
            "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        if cursor.fetchone() != (True,):
            raise Refused(
                "这个数据库账号没有建库权限(CREATEDB),请换一个有此权限的账号。"
            )
        cursor.execute("SELECT rolname FROM pg_roles")
        missing = set(backup.manifest.roles) - {row[0] for row in cursor.fetchall()}
    if missing:
        raise Refused(f"目标服务器上还没有账号 {'、'.join(sorted(missing))},请先建立。")
    if _exists(line, target):
        _require_it_may_replace(line, target, overwrite=overwrite)


def _require_it_may_replace(line: Line, target: Server, *, overwrite: bool) -> None:
    if not overwrite and not is_empty(target):
        raise Refused(
            f"数据库 {target.name} 里已有数据,没有动它。"
            "确定要替换时请加 --overwrite(原库会改名保留)。"
        )
    if _in_use(line, target):
        raise Refused(
            f"数据库 {target.name} 正在使用,请先停止系统(网页、后台、时钟)再恢复。"
        )


def is_empty(server: Server) -> bool:
    """Say whether a database has no table of anybody's."""
    with server.connected() as line, line.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n"
            " ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')"
            " AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
        )
        return cursor.fetchone() == (0,)


def _fill(backup: BackupSet, draft: Server) -> None:
    with tempfile.TemporaryFile() as errors:
        hand = draft.start(
            "pg_restore",
            *("--no-owner", "--exit-on-error", "--single-transaction"),
            f"--dbname={draft.name}",
            errors=errors,
            stdin=subprocess.PIPE,
        )
        assert hand.stdin is not None
        try:
            with hand.stdin, backup.opened(sets.DATABASE) as text:
                while piece := text.read(256 * 1024):
                    hand.stdin.write(piece)
        except BrokenPipeError:
            pass  # it has said why, and left
        except BaseException:
            hand.kill()
            raise
        finally:
            code = hand.wait()
        if code:
            errors.seek(0)
            words = errors.read().decode(errors="replace").strip().splitlines()
            raise Refused(f"pg_restore 没有完成:{words[0] if words else code}")
    with draft.connected() as line, line.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def _new_database(line: Line, draft: Server) -> Iterator[None]:
    """Have an empty database of that name; when the block fails it goes again."""
    _drop(line, draft)
    with line.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(draft.name)
            )
        )
    try:
        yield
    except BaseException:
        _drop(line, draft)
        raise


def _take_its_place(line: Line, draft: Server, target: Server) -> str:
    aside = ""
    try:
        with line.cursor() as cursor:
            if _exists(line, target):
                aside = f"{target.name[:40]}_{timezone.localtime():%Y%m%d%H%M%S}"
                _rename(cursor, target.name, aside)
            _rename(cursor, draft.name, target.name)
    except pg.ObjectInUse:
        raise Refused(
            f"数据库 {target.name} 正在使用,请先停止系统再恢复。没有动它。"
        ) from None
    return aside


def _rename(cursor: object, old: str, new: str) -> None:
    statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    cursor.execute(  # type: ignore[attr-defined]
        statement.format(sql.Identifier(old), sql.Identifier(new))
    )


def _drop(line: Line, server: Server) -> None:
    """Drop a database of ours; what a killed restore left in it is sent away first.

    Not WITH (FORCE), which stumbles over autovacuum: a plain drop waits for that.
    """
    statement = sql.SQL("DROP DATABASE IF EXISTS {}")
    with line.cursor() as cursor:
        cursor.execute(SEND_AWAY, [server.name])
        cursor.execute(statement.format(sql.Identifier(server.name)))


def _exists(line: Line, server: Server) -> bool:
    with line.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [server.name])
        return cursor.fetchone() is not None


def _in_use(line: Line, server: Server) -> bool:
    with line.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = %s"
            " AND backend_type = 'client backend' LIMIT 1",
            [server.name],
        )
        return cursor.fetchone() is not None


@contextmanager
def _alone(line: Line, server: Server) -> Iterator[None]:
    """Hold the right to bring something back under this name."""
    with line.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCK, server.name]
        )
        if cursor.fetchone() != (True,):
            raise Refused("另一个恢复正在进行,请等它完成。")
        yield
