"""Makes a backup."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backups.checking import back_up
from backups.management.accounts import account
from common.refusals import Refused


class Command(BaseCommand):
    """Writes a sealed set of database and files, while the system is in use."""

    help = "备份数据库和文件,加密,边用边备;例如 backup --to /mnt/backup --by admin"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", type=Path, default=settings.BACKUP_DIR, help="放到哪个目录"
        )
        parser.add_argument("--by", help="以哪个账号的名义,会记入留痕")

    def handle(self, *, to: Path, by: str | None, **options: Any) -> str:
        try:
            record = back_up(Path(to).resolve(), by=account(by))
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        return (
            f"已备份到 {Path(to) / record.set_name}:"
            f"{record.rows} 行 · {record.files} 个文件 · {record.size} 字节。"
        )
