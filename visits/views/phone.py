"""A cadre's own pages: home, families, what waits, what was told."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.greetings import greeting
from common.htmx import render_page
from common.keyset import keyset_page
from visits.models import HomeVisit
from visits.operations.taking_back import may_take_back
from visits.places import Place, places_of
from visits.queries import Family, drafts_of, families_of, six_ahead

FILTERS = {"late": "超期", "due": "本周到期", "ok": "本月已走访、联系"}


@require_safe
@requires(Permission.LOG_VISIT)
def cadre_home(request: Request) -> HttpResponse:
    """Show the family to see first, the others, and what waits."""
    now = timezone.localtime()
    today = now.date()
    families = families_of(request.user, today)
    context = {
        "greeting": greeting(request.user.name, now),
        "six": six_ahead(families, today),
        "today": today,
        "first": families[0] if families else None,
        "others": families[1:],
        "places": [place for place in _places(families) if place.is_home],
        **_waiting(request, families),
    }
    return render(request, "visits/cadre_home.html", context)


@require_safe
@requires(Permission.LOG_VISIT)
def my_recipients(request: Request) -> HttpResponse:
    """List the account's families, due first, narrowed by a chip."""
    today = timezone.localdate()
    families = families_of(request.user, today)
    wanted = request.GET.get("due", "")
    counts = Counter(family.due.kind for family in families)
    context = {
        "families": [
            family
            for family in families
            if wanted not in FILTERS or family.due.kind == wanted
        ],
        "total": len(families),
        "places": _places(families),
        "choices": [
            {"value": kind, "label": words, "count": counts[kind]}
            for kind, words in FILTERS.items()
        ],
    }
    return render_page(
        request,
        "visits/my_recipients.html",
        part="visits/_my_families.html",
        context=context,
    )


@require_safe
@requires(Permission.LOG_VISIT)
def todo(request: Request) -> HttpResponse:
    families = families_of(request.user, timezone.localdate())
    return render(request, "visits/todo.html", _waiting(request, families))


@require_safe
@requires(Permission.LOG_VISIT)
def my_visits(request: Request) -> HttpResponse:
    """List what the account has told, newest first, and its drafts."""
    own = (
        HomeVisit.objects.visible_to(request.user)
        .filter(entered_by=request.user)
        .select_related("recipient", "campaign")
        .prefetch_related("deeds")
    )
    page = keyset_page(
        own, order=("-day", "-id"), cursor=request.GET.get("after"), size=20
    )
    undoable = {row.pk for row in page.rows if may_take_back(row, request.user)}
    return render_page(
        request,
        "visits/my_visits.html",
        part="visits/_my_visit_rows.html",
        context={
            "page": page,
            "undoable": undoable,
            "drafts": request.user.visit_drafts.select_related("recipient"),
        },
    )


def _places(families: list[Family]) -> list[Place]:
    """Return where several of the families live, for 批量记走访."""
    return places_of(pairing for family in families for pairing in family.pairings)


def _waiting(request: Request, families: list[Family]) -> dict[str, Any]:
    """Return what waits for the account: reminders, needs, drafts."""
    return {
        "reminded": [family for family in families if family.reminders],
        "late": [family for family in families if family.due.kind == "late"],
        "needs": [(family, need) for family in families for need in family.needs],
        "drafts": list(drafts_of(request.user)),
    }
