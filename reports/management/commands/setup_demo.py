"""Makes the demonstration city, once."""

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.population.city import has_people, populate
from reports.population.plan import demo_plan


class Command(BaseCommand):
    """Populates an empty system with an invented city."""

    help = "建立演示城市和演示账号;系统里已有关爱对象时什么也不做。"

    def handle(self, **options: Any) -> str:
        """Make the city unless there are people already."""
        if has_people():
            return "已有关爱对象,演示城市不再建立。"
        began = time.monotonic()
        made = populate(demo_plan(timezone.localdate()), self._say)
        seconds = time.monotonic() - began
        rows = made.rows
        return (
            f"演示城市已建好:关爱对象 {rows['Recipient']} 人 {rows['Household']} 户,"
            f"干部 {rows['Cadre']} 人,走访 {rows['HomeVisit']} 次,"
            f"用时 {seconds:.0f} 秒。"
        )

    def _say(self, words: str) -> None:
        self.stdout.write(f"      {words}")
