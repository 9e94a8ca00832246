"""Brings in a department's list for a month."""

from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cadres.models import User
from common.refusals import Refused
from rosters.bringing_in import bring_in
from rosters.enums import RosterKind

CHUNK = 1024 * 1024


class Command(BaseCommand):
    """Keeps all rows of a list; ``reconcile`` compares it with the registry."""

    help = "导入部门名单,例如 import_roster dibao 名单.xlsx --month 2026-11 --by city"

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = "、".join(f"{kind}({kind.label})" for kind in RosterKind)
        parser.add_argument("kind", choices=RosterKind.values, help=f"名单:{kinds}")
        parser.add_argument("path", type=Path, help="Excel 或 CSV 文件")
        parser.add_argument("--month", required=True, help="名单月份,如 2026-11")
        parser.add_argument("--by", required=True, help="以哪个账号的名义导入")

    def handle(
        self, *, kind: str, path: Path, month: str, by: str, **options: Any
    ) -> str:
        user = User.objects.filter(username=by, is_active=True).first()
        if user is None:
            raise CommandError(f"没有叫“{by}”的账号,请核对 --by。", returncode=2)
        if not path.is_file():
            raise CommandError(f"找不到文件“{path.name}”,请核对路径。", returncode=2)
        try:
            with path.open("rb") as file:
                roster = bring_in(
                    kind=RosterKind(kind),
                    month=month_of(month),
                    file_name=path.name,
                    chunks=iter(lambda: file.read(CHUNK), b""),
                    by=user,
                )
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        return f"{roster}已收到:{roster.rows_read} 行,请用 reconcile 比对。"


def month_of(text: str) -> date:
    """Return the first day of a month written as 2026-11."""
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        raise CommandError(
            f"月份“{text}”看不懂,请写成 2026-11。", returncode=2
        ) from None
