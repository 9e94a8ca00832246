"""Holds heads that somebody kept outside against the chain as it stands now."""

from dataclasses import dataclass

from audit import heads, seals
from audit.models import Seal


@dataclass(frozen=True)
class Comparison:
    """Whether what was kept agrees with the chain, in a sentence."""

    agrees: bool
    words: str


def compare(text: str) -> Comparison:
    """Compare every head in the text, which has some; the first that disagrees is told.

    Only the links are compared: that each still fits its event is the daily walk's.
    """
    marks, end = heads.marks_of(text), seals.last_end().pos
    within = [mark.pos for mark in marks if mark.pos <= end]
    links = dict(Seal.objects.filter(pos__in=within).values_list("pos", "h"))
    for mark in marks:
        if mark.pos not in links:
            words = (
                f"不一致:您存下的是第 {mark.pos} 条,系统里只有 {end} 条,"
                "末尾的留痕被删去过。"
            )
            return Comparison(agrees=False, words=words)
        if bytes(links[mark.pos]).hex() != mark.h:
            words = f"不一致:到第 {mark.pos} 条为止的留痕被改写过,或抄录有误。"
            return Comparison(agrees=False, words=words)
    words = f"一致:到第 {marks[-1].pos} 条为止,与您存下的链头相同。"
    return Comparison(agrees=True, words=words)
