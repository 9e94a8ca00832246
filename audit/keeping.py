"""Holds heads that somebody kept outside against the chain as it stands now."""

from dataclasses import dataclass

from audit import heads, seals
from audit.models import Seal

HELP = "没有认出链头。请把存下来的那一行整行粘贴,要有“第 N 条”和后面的 64 位字符。"


@dataclass(frozen=True)
class Comparison:
    """Whether what was kept agrees with the chain, in a sentence."""

    agrees: bool
    words: str


def compare(text: str) -> Comparison:
    """Compare every head in the text; the first that disagrees is told.

    Only the links are compared: that each still fits its event is the daily walk's.
    """
    marks = heads.marks_of(text)
    if not marks:
        return Comparison(agrees=False, words=HELP)
    links = dict(
        Seal.objects.filter(pos__in=[mark.pos for mark in marks]).values_list(
            "pos", "h"
        )
    )
    for mark in marks:
        if mark.pos not in links:
            return Comparison(agrees=False, words=_lost(mark.pos))
        if bytes(links[mark.pos]).hex() != mark.h:
            words = f"不一致:到第 {mark.pos} 条为止的留痕被改写过,或抄录有误。"
            return Comparison(agrees=False, words=words)
    words = f"一致:到第 {marks[-1].pos} 条为止,与您存下的链头相同。"
    return Comparison(agrees=True, words=words)


def _lost(pos: int) -> str:
    return (
        f"不一致:您存下的是第 {pos} 条,系统里只有 {seals.last_end().pos} 条,"
        "末尾的留痕被删去过。"
    )
