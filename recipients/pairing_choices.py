"""The cadres a page offers to choose from: those who fit, or those searched for."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from cadres.enums import Role
from cadres.models import Cadre, User
from common.hidden_numbers import shown
from common.search_text import grams
from recipients.pairing_suggestions import (
    Family,
    Fit,
    family_less,
    fit,
    fits,
    with_load,
)

OFFERED = 8
LONGEST = 20


def choices(
    request: HttpRequest,
    family: Family | None,
    kind: str,
    *,
    without: Sequence[Any] = (),
) -> dict[str, Any]:
    """Return what the part of choices wants: the fits, what was searched, the pick."""
    user: User = request.user  # type: ignore[assignment]
    sought = _words(request)
    picked = request.POST.get("cadre", "") or request.GET.get("cadre", "")
    found: list[Fit]
    if sought or family is None or user.role == Role.UNIT_LIAISON:
        found = _judged(_sought(user, sought), family)
    else:
        found = fits(family, kind=kind, limit=OFFERED)
    offered = [one for one in found if one.cadre.pk not in without]
    return {"fits": offered, "q": sought, "picked_cadre": picked}


def typed(request: HttpRequest) -> dict[str, Any]:
    """Return what a form begins with: what was sent, or, where only a cadre was
    looked for, the same words as they stood, not judged yet."""
    if "find" in request.POST:
        return {"initial": request.POST.dict()}
    return {"data": request.POST or None}


def _words(request: HttpRequest) -> str:
    if request.POST.get("find") == "all":
        return ""
    words = shown(request.POST.get("q") or request.GET.get("q") or "")
    return words.replace("\0", "").strip()[:LONGEST]


def _sought(user: User, sought: str) -> QuerySet[Cadre]:
    """Return the cadres within reach whose name, pinyin or initials begin so."""
    rows = Cadre.objects.visible_to(user).active()
    if not sought:
        return rows
    latin = sought.lower()
    pieces = grams(sought)
    match = Q(pinyin__startswith=latin) | Q(initials__startswith=latin)
    if pieces:
        match |= Q(grams__contains=pieces)
    return rows.filter(match)


def _judged(cadres: QuerySet[Cadre], family: Family | None) -> list[Fit]:
    first = cadres.order_by("pinyin", "id").values("pk")[:LONGEST]
    rows = with_load(Cadre.objects.filter(pk__in=first)).select_related("organisation")
    judged = [fit(family, cadre) if family else family_less(cadre) for cadre in rows]
    return sorted(judged, key=lambda one: one.order)
