"""Changes the keys of all sealed fields while everybody works on."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import models

from common.keyring import ALGORITHMS
from common.refusals import Refused
from sealing import files, operations
from sealing.canary import prove
from sealing.models import Purpose, SealingKey
from sealing.rows import renew, tables

# How long rows that others hold, and transactions begun before, are waited for.
PATIENCE = 60.0
PAUSE = 1.0
T = TypeVar("T")


class Command(BaseCommand):
    """A new field key, with --index a new index key; the old destroyed if asked."""

    help = "更换加密密钥:新密钥立即启用,旧数据分批重新加密;--remove-old 销毁旧密钥。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--algorithm", choices=ALGORITHMS, help="aes 或 sm4(国密)")
        parser.add_argument("--index", action="store_true", help="同时更换检索密钥")
        parser.add_argument("--resume", action="store_true", help="接着做上次没做完的")
        parser.add_argument(
            "--remove-old",
            action="store_true",
            help="销毁旧密钥;更换之前做的备份从此读不出来",
        )
        parser.add_argument("--by", help="由哪个账号负责")

    def handle(
        self,
        *,
        algorithm: str | None,
        index: bool,
        resume: bool,
        remove_old: bool,
        by: str | None,
        **options: Any,
    ) -> str:
        """Do it all; killed anywhere, --resume goes on where it was."""
        prove()
        who = _account(by)
        ring = settings.SECRETS.ring()
        chosen = algorithm or ring.field_keys[ring.active_field_key].algorithm
        if not resume:
            operations.begin_field_key(algorithm=chosen, by=who)
        begun = time.monotonic()
        rows = self._reseal()
        seconds = max(time.monotonic() - begun, 0.001)
        self.stdout.write(f"重新加密 {rows} 行,每秒 {rows / seconds:,.0f} 行。")
        if index:
            self._reindex(chosen, who)
        if index or resume:
            self._reindex_late()
        if not remove_old:
            return "完成。旧密钥保留,用来读更换之前的备份;不再需要时加 --remove-old。"
        words = "、".join(str(key) for key in self._remove_old(who)) or "无"
        return f"完成。已销毁的旧密钥:{words}。"

    def _reseal(self) -> int:
        """Walk until nothing needs an old key; rows that others hold come last."""
        total, until = 0, time.monotonic() + PATIENCE
        while True:
            for table in tables():
                for done in renew(table, indexes=False):
                    total += done.rows
            files.renew()
            still = map(operations.still_need, _retired_field_keys())
            left = "、".join(filter(None, still))
            if not left:
                return total
            if time.monotonic() > until:
                raise CommandError(
                    f"还有 {left}没有重新加密(被占用或无法读取),"
                    "请稍后用 --resume 继续;旧密钥没有销毁。"
                )
            time.sleep(PAUSE)

    def _reindex(self, algorithm: str, who: models.Model | None) -> None:
        def change() -> float:
            begun = time.monotonic()
            operations.change_index_key(algorithm=algorithm, by=who)
            return time.monotonic() - begun

        waited = _in_time(change, time.monotonic() + PATIENCE)
        self.stdout.write(f"检索密钥已更换,写入等待 {waited:.1f} 秒。")
        time.sleep(PAUSE)

    def _reindex_late(self) -> None:
        """Index what was written by the key before: by whoever waited, or after a kill.

        A kill before the file of keys says which is used leaves the others at the old.
        """
        for table in tables():
            if table.indexed:
                for _ in renew(table, indexes=True):
                    pass

    def _remove_old(self, who: models.Model | None) -> list[SealingKey]:
        until = time.monotonic() + PATIENCE
        return [
            _in_time(
                partial(operations.remove_key, key=key, by=who),
                until,
                meanwhile=self._reseal,
                otherwise="旧密钥没有销毁。",
            )
            for key in SealingKey.objects.kept().exclude(retired_at=None)
        ]


def _in_time(
    deed: Callable[[], T],
    until: float,
    *,
    meanwhile: Callable[[], object] = lambda: None,
    otherwise: str = "",
) -> T:
    """Do it, again while it is refused; CommandError when its time is over."""
    while True:
        try:
            return deed()
        except Refused as refusal:
            if time.monotonic() > until:
                raise CommandError(f"{refusal}{otherwise}") from None
            time.sleep(PAUSE)
            meanwhile()


def _retired_field_keys() -> list[SealingKey]:
    keys = SealingKey.objects.kept().filter(purpose=Purpose.FIELD)
    return list(keys.exclude(retired_at=None))


def _account(name: str | None) -> models.Model | None:
    if name is None:
        return None
    found: models.Model | None = get_user_model().objects.filter(username=name).first()
    if found is None:
        raise CommandError(f"没有账号 {name}。")
    return found
