"""The part of a cadre's page that shows the families: it leaves a hole for this."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from cadres.http import Request, requires
from cadres.models import Cadre
from cadres.permissions import Permission
from common.htmx import render_page
from recipients.acting_carers import leave_to_cover, not_acted_for, with_acting
from recipients.enums import PairingStatus
from recipients.models import ActingCarer, Pairing
from recipients.pairing_rules import STANDING, decides
from recipients.screens import due_state

SHOWN = 100


@require_safe
@requires(Permission.SEE_ORGANISATIONS)
def pairings_of_cadre(request: Request, pk: UUID) -> HttpResponse:
    """Show the cadre's pairings within the account's reach, the active ones first."""
    cadre = get_object_or_404(Cadre.objects.visible_to(request.user), pk=pk)
    pairings = Pairing.objects.visible_to(request.user).filter(cadre=cadre)
    rows = pairings.select_related("recipient__area").order_by("status", "-proposed_on")
    today = timezone.localdate()
    shown = list(rows[:SHOWN])
    with_acting(shown, today)
    items = [
        {
            "pairing": pairing,
            "state": due_state(pairing, today)
            if pairing.status == PairingStatus.ACTIVE
            else None,
        }
        for pairing in shown
    ]
    return render_page(
        request,
        "recipients/recipient_of_cadre.html",
        part="recipients/_recipient_of_cadre.html",
        context={
            "cadre": cadre,
            "items": items,
            "hands_over": _hands_over(request, items),
            "acted_for": _acted_for(request, cadre, today),
            "may_ask_to_act": _may_ask_to_act(request, cadre, today),
        },
    )


def _acted_for(request: Request, cadre: Cadre, today: date) -> list[ActingCarer]:
    """Return for whom the cadre acts now or later, within the account's reach."""
    rows = ActingCarer.objects.visible_to(request.user).to_come(today)
    acted = rows.filter(cadre=cadre).select_related("carer", "pairing__recipient__area")
    return list(acted[:SHOWN])


def _may_ask_to_act(request: Request, cadre: Cadre, today: date) -> bool:
    """Say whether the account may name who acts, for a family that has nobody yet."""
    if not request.user.has_permission(Permission.PROPOSE_PAIRING):
        return False
    rows = Pairing.objects.visible_to(request.user).active().filter(cadre=cadre)
    away = leave_to_cover(cadre, today) is not None
    return away and not_acted_for(rows, today).exists()


def _hands_over(request: Request, items: list[dict[str, Any]]) -> bool:
    """Say whether the account may give all these families to another cadre."""
    may = request.user.has_permission(Permission.REVIEW_PAIRING)
    return (
        may
        and decides(request.user)
        and any(item["pairing"].status in STANDING for item in items)
    )
