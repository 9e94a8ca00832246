"""What the import commands have in common: read, judge, write, say how many."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from django.core.management.base import BaseCommand
from django.utils import timezone

from cadres.models import User
from cadres.permissions import Permission
from common.masks import mask_text
from common.refusals import Refused
from intake.drafts import Draft, named
from intake.enums import BatchKind, Outcome, Question
from intake.layouts import Blanks
from intake.operations import Brought, bring_in
from intake.queries import ASKING
from intake.reading import error_workbook

REFUSED, WRONG_CALL = 1, 2
LISTED = 200


class ImportCommand(BaseCommand):
    """Imports the good rows of one file and reports the others."""

    kind: ClassVar[BatchKind]
    # The flag that lets rows that ask do as they say, and what it does.
    agreeing: ClassVar[tuple[str, str] | None] = None
    help = "导入一个文件:正确的行入库,错误的行逐行说明"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE", help="要导入的文件")
        parser.add_argument("--by", required=True, help="以哪个账号导入(用户名)")
        parser.add_argument("--dry-run", action="store_true", help="只核对,不入库")
        parser.add_argument(
            "--strict", action="store_true", help="有一行错误就都不导入"
        )
        if self.agreeing:
            flag, words = self.agreeing
            parser.add_argument(flag, dest="agreed", action="store_true", help=words)
        parser.add_argument(
            "--fill-down",
            action="store_true",
            help="乡镇、村、单位、户主的空白格沿用上一行",
        )
        parser.add_argument(
            "--blank-is-no", action="store_true", help="只打√的列,空白表示“否”"
        )
        parser.add_argument("--errors", type=Path, help="把错误标在同一文件上另存")

    def handle(self, **options: Any) -> str:
        path: Path = options["path"]
        clerk = self._clerk(options["by"])
        if not path.is_file():
            self._leave(f"没有找到文件“{path.name}”。", WRONG_CALL)
        try:
            brought = bring_in(
                kind=self.kind,
                path=path,
                strict=options["strict"],
                dry_run=options["dry_run"],
                agreed=options.get("agreed", False),
                blanks=Blanks(options["fill_down"], options["blank_is_no"]),
                on_step=self._step,
                by=clerk,
            )
            if options["errors"]:
                self._write_errors(path, options["errors"], brought)
        except Refused as refusal:
            self._leave(str(refusal), REFUSED)
        self._report(brought)
        if options["strict"] and not options["dry_run"] and brought.batch is None:
            self.stdout.write(_tallied(brought))
            self._leave("有错误行,按 --strict 一行也没有导入。", REFUSED)
        return _tallied(brought)

    def _clerk(self, username: str) -> User:
        clerk = User.objects.filter(username=username).select_related("area").first()
        if clerk is None:
            self._leave(f"没有叫“{username}”的账号。", WRONG_CALL)
        in_force = clerk.role_is_in_force(timezone.localdate())
        if not (in_force and clerk.has_permission(Permission.IMPORT)):
            self._leave(f"账号“{username}”不能导入。", WRONG_CALL)
        return clerk

    def _report(self, brought: Brought) -> None:
        for words in brought.notices:
            self.stdout.write(words)
        asked = [draft for draft in brought.drafts if draft.question]
        if asked:
            self.stdout.write(self._said_of(asked))
        wrong = [draft for draft in brought.drafts if draft.outcome == Outcome.WRONG]
        for draft in wrong[:LISTED]:
            self.stdout.write(_told(draft))
        if len(wrong) > LISTED:
            self.stdout.write(f"……另有 {len(wrong) - LISTED} 行错误,用 --errors 查看。")

    def _said_of(self, asked: list[Draft]) -> str:
        """Name the rows that ask, what was done of it, and how to have it otherwise."""
        asking = ASKING[Question(asked[0].question)]
        done = asking.yes if asked[0].agreed else asking.no
        flag = f",加 {self.agreeing[0]} 可{asking.yes}" if self.agreeing else ""
        other = "" if asked[0].agreed else flag
        return f"{named(asked)}{asking.words}已按“{done}”处理{other}。"

    def _write_errors(self, path: Path, out: Path, brought: Brought) -> None:
        error_workbook(path, path.name, self.kind, brought.drafts, out)

    def _step(self, words: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"{words}…")

    def _leave(self, words: str, code: int) -> NoReturn:
        self.stderr.write(words)
        raise SystemExit(code)


def _told(draft: Draft) -> str:
    """Name the row, the column and what to do; never what stood in the cell."""
    where = f"{draft.sheet} 第{draft.number}行".strip()
    flaws = "".join(f"[{f.column}] {mask_text(f.words)}" for f in draft.flaws[:1])
    return f"{where} {flaws}"


def _tallied(brought: Brought) -> str:
    counted = brought.tallies
    parts = [f"{kind.label} {counted[kind]}" for kind in Outcome]
    return " · ".join([*parts, f"合计 {len(brought.drafts)}"])
