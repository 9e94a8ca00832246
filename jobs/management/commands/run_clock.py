"""Runs one task of the clock by hand."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jobs.operations import run_sweep
from jobs.registry import SWEEPS


class Command(BaseCommand):
    """Does what beat does, now or as of another moment."""

    help = "手动运行一项时钟任务,例如 run_clock six_reminders --at 2026-11-25T07:30"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="任务名,不带此项之外的参数即为现在运行")
        parser.add_argument("--at", help="当作这个时刻运行,如 2026-11-25T07:30")

    def handle(self, *, name: str, at: str | None, **options: Any) -> str:
        if name not in SWEEPS:
            known = "、".join(sorted(SWEEPS))
            raise CommandError(f"没有叫“{name}”的时钟任务,现有:{known}")
        rows = run_sweep(name=name, now=_moment(at))
        return f"{SWEEPS[name].title}:处理 {rows} 行。"


def _moment(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"时刻“{text}”看不懂,请写成 2026-11-25T07:30") from None
    return moment if moment.tzinfo else timezone.make_aware(moment)
