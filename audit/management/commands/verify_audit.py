"""Walks the chain of the trail from its beginning and says whether it holds."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import heads
from audit.verification import verify


class Command(BaseCommand):
    """Ends with 0 and one sentence, or with 1 and the first broken link."""

    help = "校验操作留痕的链;--head 给出另存在外的链头文件,可写多次"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            type=Path,
            metavar="FILE",
            help="另存在系统之外的链头文件(一个文件可有多日)",
        )

    def handle(self, *, head: list[Path], **options: Any) -> None:
        marks = _marks(head)
        begun = time.monotonic()
        verdict = verify(marks, told=self._tell)
        seconds = time.monotonic() - begun
        if self.stderr.isatty():
            self.stderr.write("\r", ending="")
        self.stdout.write(
            f"{verdict.words}用时 {seconds:.1f} 秒,"
            f"每秒 {verdict.events / max(seconds, 0.001):.0f} 条。"
        )
        if not verdict.good:
            raise SystemExit(1)

    def _tell(self, done: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:>12,} 条", ending="")


def _marks(files: list[Path]) -> list[heads.Mark]:
    try:
        marks = heads.marks_in(files)
    except (OSError, UnicodeDecodeError) as fault:
        raise CommandError(f"链头文件读不了:{fault}", returncode=2) from None
    if files and not marks:
        raise CommandError("文件里没有链头(“第 N 条 …”)。", returncode=2)
    return marks
