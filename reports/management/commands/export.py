"""Takes a ledger out as an Excel file."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cadres.models import Area, User
from cadres.permissions import Permission
from common.durable import written
from common.refusals import Refused
from reports.ledgers import LEDGERS
from reports.operations import exports
from reports.scope import Scope


class Command(BaseCommand):
    """Writes one of the ledgers, with the reach of the account it is made for."""

    help = "导出台账,例如 export recipients --out 台账.xlsx --by city --reason 月报"

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = "、".join(f"{one.code}({one.name})" for one in LEDGERS.values())
        parser.add_argument("ledger", choices=list(LEDGERS), help=f"台账:{names}")
        parser.add_argument("--out", type=Path, required=True, help="写到哪个文件")
        parser.add_argument("--by", required=True, help="以哪个账号的名义导出")
        parser.add_argument("--reason", required=True, help="用途,会记入留痕")
        parser.add_argument("--area", help="区划代码,只导出这里的")
        parser.add_argument("--from", dest="since", help="从哪天,如 2026-10-01")
        parser.add_argument("--to", dest="until", help="到哪天,如 2026-10-31")
        parser.add_argument("--full-ids", action="store_true", help="导出完整号码")

    def handle(self, *, ledger: str, out: Path, **options: Any) -> str:
        path, user = Path(out), _account(options["by"])
        scope = Scope(
            user=user,
            area=_area(options["area"]),
            since=_day(options["since"]),
            until=_day(options["until"]),
            full_ids=options["full_ids"],
        )
        draft = path.with_name(f".{path.name}.draft")
        draft.unlink(missing_ok=True)
        try:
            with written(draft) as file:
                rows = exports.export(
                    ledger=ledger,
                    scope=scope,
                    reason=options["reason"],
                    out=file,
                    by=user,
                )
            draft.replace(path)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        finally:
            draft.unlink(missing_ok=True)
        return f"{LEDGERS[ledger].name}:{rows} 行,已写入 {path.name}。"


def _account(username: str) -> User:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or not user.has_permission(Permission.EXPORT):
        raise CommandError(f"账号“{username}”不存在或不能导出。", returncode=2)
    return user


def _area(code: str | None) -> Area | None:
    if not code:
        return None
    area = Area.objects.filter(pk=code.ljust(12, "0")).first()
    if area is None:
        raise CommandError(f"没有代码为“{code}”的区划。", returncode=2)
    return area


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"日期“{text}”看不懂,请写成 2026-10-31。", returncode=2
        ) from None
