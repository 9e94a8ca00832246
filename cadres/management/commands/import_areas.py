"""Reads the official table of divisions, for its villages."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cadres.models import User
from cadres.operations.villages import import_villages
from cadres.village_table import TableError, read_villages
from common.refusals import Refused


class Command(BaseCommand):
    """Adds villages and takes over their new names."""

    help = "导入村社区:xlsx 或 csv,列为 统计用区划代码、城乡分类代码、名称。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE", help="区划代码表")
        parser.add_argument("--by", required=True, help="由谁负责(用户名)")
        parser.add_argument("--dry-run", action="store_true", help="只看结果,不写入")

    @transaction.atomic
    def handle(self, *, path: Path, by: str, dry_run: bool, **options: Any) -> str:
        clerk = User.objects.filter(username=by).first()
        if clerk is None:
            raise CommandError(f"没有用户名为“{by}”的账号。")
        try:
            rows = read_villages(path)
            tally = import_villages(rows=rows, by=clerk)
        except (TableError, Refused) as refusal:
            raise CommandError(str(refusal)) from None
        transaction.set_rollback(dry_run)
        done = "将" if dry_run else "已"
        return (
            f"{done}新增 {tally.added} · 更名 {tally.renamed} · 未变 {tally.same}"
            f" · 不在本市 {tally.elsewhere} · 合计 {tally.total}"
        )
