"""Populates an empty system with as many invented people and visits as wanted."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.population.bulk import without_checks
from reports.population.city import has_people, populate
from reports.population.plan import Plan


class Command(BaseCommand):
    """Writes a reproducible population, in bounded memory."""

    help = "批量生成虚构人口,供测速用;只能在没有关爱对象的系统里运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recipients", type=int, required=True, help="关爱对象数")
        parser.add_argument("--cadres", type=int, required=True, help="干部数")
        parser.add_argument("--visits", type=int, required=True, help="走访次数")
        parser.add_argument("--seed", type=int, default=1, help="随机种子")

    def handle(
        self,
        *,
        recipients: int,
        cadres: int,
        visits: int,
        seed: int,
        **options: Any,
    ) -> str:
        """Populate, unless there are people already."""
        if min(recipients, cadres) < 1 or visits < 0:
            raise CommandError("关爱对象和干部至少各 1 个,走访不能是负数。")
        if has_people():
            raise CommandError("系统里已有关爱对象,请换一个空的数据目录再生成。")
        plan = Plan(
            seed=seed,
            today=timezone.localdate(),
            persons=recipients,
            cadres=cadres,
            visits=visits,
            stories=False,
        )
        began = time.monotonic()
        with without_checks():
            rows = populate(plan, self._say).rows
        seconds = max(time.monotonic() - began, 0.001)
        told = rows.get("HomeVisit", 0)
        return (
            f"已生成关爱对象 {rows['Recipient']} 人 {rows['Household']} 户、"
            f"干部 {rows['Cadre']} 人、走访 {told} 次,"
            f"用时 {seconds:.1f} 秒,每秒 {told / seconds:.0f} 次走访。"
        )

    def _say(self, words: str) -> None:
        self.stdout.write(f"  {words}")
