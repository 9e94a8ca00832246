"""Seals what the clock would seal; or takes the chain up again after a restore."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import seals


class Command(BaseCommand):
    """The sealer by hand: harmless at any time."""

    help = "把已完成的留痕封入链;从逻辑备份恢复后要先加 --after-restore 运行一次"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--after-restore", action="store_true", help="恢复之后接链")

    def handle(self, *, after_restore: bool, **options: Any) -> str:
        try:
            sealed = seals.resume() if after_restore else seals.seal()
        except seals.SealedElsewhereError as elsewhere:
            raise CommandError(f"留痕来自另一个库:{elsewhere}") from None
        end = seals.last_end()
        return f"封入 {sealed} 条,共 {end.pos} 条,链头 {end.h.hex()}。"
