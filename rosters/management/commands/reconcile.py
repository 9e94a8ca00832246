"""Compares the month's lists with the registry."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cadres.models import User
from rosters.management.commands.import_roster import month_of
from rosters.models import Roster
from rosters.operations import reconcile

# The order and the words that checks from outside look for.
LINE = [
    ("agrees", "一致"),
    ("not_in_registry", "名单有系统无"),
    ("not_in_roster", "系统有名单无"),
    ("differs", "信息不一致"),
    ("suspected_death", "疑似死亡"),
    ("not_on_file", "不在册"),
    ("invalid", "无效行"),
    ("repeated", "名单内重复"),
]


class Command(BaseCommand):
    """Prints a line for each list, and what the registry shows of itself."""

    help = "比对当月部门名单与系统底数,例如 reconcile --month 2026-11"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", required=True, help="名单月份,如 2026-11")
        parser.add_argument("--by", help="以哪个账号的名义比对;不写即由时钟比对")

    def handle(self, *, month: str, by: str | None, **options: Any) -> str:
        user = User.objects.filter(username=by, is_active=True).first() if by else None
        if by and user is None:
            raise CommandError(f"没有叫“{by}”的账号,请核对 --by。", returncode=2)
        found = reconcile.check_registry_itself(month=month_of(month), by=user)
        rosters = reconcile.reconcile(month=month_of(month), by=user)
        for roster in rosters:
            self.stdout.write(_line(roster))
        return f"系统自查发现 {sum(found.values())} 处;比对名单 {len(rosters)} 份。"


def _line(roster: Roster) -> str:
    counted = " · ".join(f"{name} {roster.tallies.get(key, 0)}" for key, name in LINE)
    head = f"{roster.get_kind_display()} {roster.month:%Y-%m}"
    return f"{head}: 名单 {roster.rows_read} · {counted}"
