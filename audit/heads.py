"""Heads of the chain written down outside the database, a file a day.

Someone else's copy of a head is what proves that nothing before it was rewritten: a
chain can be made anew by whoever has everything, but not what was printed before.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

LINE = re.compile(r"第\s*(\d+)\s*条\s+([0-9a-f]{64})")
TEXT = """\
结对关爱 · 金昌 操作留痕链头
{at:%Y-%m-%d %H:%M:%S} 第 {pos} 条 {h}
请另存一份到本系统以外。核对:在“留痕校验”页粘贴上一行,
或由技术人员运行 manage.py verify_audit --head 本文件
"""


@dataclass(frozen=True)
class Mark:
    """What one line outside says: at this position the chain had this value."""

    pos: int
    h: str


def folder() -> Path:
    """Return where the heads are printed: CHAIN_DIR, or ``chain`` beside the data."""
    return Path(settings.CHAIN_DIR)


def marks_in(files: Iterable[Path]) -> list[Mark]:
    """Read every head in these files; one file may hold those of many days."""
    return marks_of("\n".join(file.read_text(encoding="utf-8") for file in files))


def marks_of(text: str) -> list[Mark]:
    """Read every head in a text; an empty trail has no link to compare with."""
    found = {Mark(int(pos), h) for pos, h in LINE.findall(text) if int(pos)}
    return sorted(found, key=lambda mark: mark.pos)


def kept_here() -> list[Mark]:
    """Return the heads that this deployment has printed itself."""
    return marks_in(sorted(folder().glob("*.txt")))


def words_for(pos: int, h: str, at: datetime) -> str:
    """Return the text of a head as it is printed."""
    return TEXT.format(at=timezone.localtime(at), pos=pos, h=h)


def put_down(pos: int, h: str, at: datetime) -> Path:
    """Write the day's head into its file; the first of a day stands."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = place / f"{timezone.localtime(at):%Y-%m-%d}.txt"
    if file.exists():
        return file
    draft = file.with_suffix(f".{os.getpid()}")
    with draft.open("w", encoding="utf-8") as out:
        out.write(words_for(pos, h, at))
        out.flush()
        os.fsync(out.fileno())
    draft.rename(file)
    return file
