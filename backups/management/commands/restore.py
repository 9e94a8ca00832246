"""Brings a backup back."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connections
from django.utils import timezone

from audit import seals
from backups import erasures, operations, restoring, sets
from backups.keys import private_key
from backups.looking import looking_at
from backups.management.accounts import account
from backups.models import RecordKind
from backups.operations import Outcome
from backups.server import Server
from backups.sets import BackupSet
from common.refusals import Refused

FILES_LEFT = "上传的文件没有恢复,需要时请用 --files 指明目录。"


class Command(BaseCommand):
    """Proves a set, restores it into a database, and compares before it counts."""

    help = (
        "从备份恢复:先核对整份备份,再恢复到 --into 指定的数据库并逐表比对;"
        "例如 restore /mnt/backup --into jinchang"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source", type=Path, metavar="FROM", help="备份,或放备份的目录(取最新)"
        )
        parser.add_argument("--into", required=True, help="数据库名,或 postgres 地址")
        parser.add_argument(
            "--overwrite", action="store_true", help="已有数据也恢复(原库改名保留)"
        )
        parser.add_argument("--files", type=Path, help="文件恢复到哪个目录")
        parser.add_argument("--key", type=Path, help="备份私钥在哪个文件")
        parser.add_argument("--by", help="以哪个账号的名义,会记入留痕")

    def handle(self, *, source: Path, into: str, **options: Any) -> str:
        begun = timezone.now()
        try:
            key = private_key(options["key"])
            place = sets.newest_in(Path(source).resolve())
            backup = sets.open_set(place, key=key)
            erasures.bring(place.parent, key=key)
            target = Server.called(into)
            # Our own session must not stand in the way of its database.
            connections.close_all()
            aside = restoring.restore(
                backup, target, overwrite=options["overwrite"], told=self.stderr.write
            )
            number = _bring_files(backup, target, options["files"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        outcome = Outcome(
            RecordKind.RESTORED,
            set_name=backup.manifest.name,
            rows=backup.manifest.rows,
            files=number,
            started_at=begun,
        )
        with _files_of(options["files"]):
            words = looking_at(target, partial(_afterwards, outcome, by=options["by"]))
        return _told(backup, target, number, aside) + words


def _bring_files(backup: BackupSet, target: Server, folder: Path | None) -> int:
    """Bring the files too; of another database's nobody has said where they go."""
    if folder is None and target != Server.ours():
        return 0
    return restoring.bring_files(backup, Path(folder or settings.MEDIA_ROOT))


def _afterwards(outcome: Outcome, *, by: str | None) -> str:
    """Write down the return; whoever was erased since the backup is erased again."""
    try:
        # Transactions count from low numbers here: the chain is taken up again.
        seals.resume()
        operations.note(outcome=outcome, by=account(by))
        return "".join(erase_again() for erase_again in erasures.after_restore)
    except ProgrammingError:
        return (
            "\n这份备份来自更旧的版本,请接着运行 manage.py migrate,"
            "再运行 manage.py replay_erasures,然后才能启动。"
        )


@contextmanager
def _files_of(folder: Path | None) -> Iterator[None]:
    """Let files be looked for where they were brought, inside the block."""
    before = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = folder or before
    try:
        yield
    finally:
        settings.MEDIA_ROOT = before


def _told(backup: BackupSet, target: Server, number: int, aside: str) -> str:
    kept = f"原数据库改名为 {aside}。" if aside else ""
    kept += "" if number or not backup.manifest.files else FILES_LEFT
    return (
        f"已从 {backup.manifest.name} 恢复到 {target.name}:{backup.manifest.rows} 行"
        f" · {number} 个文件,{len(backup.manifest.tables)} 张表与备份时一致。{kept}"
    )
