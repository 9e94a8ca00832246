"""Pages on which many pairings are handed over, household by household."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cadres.http import Request, requires
from cadres.models import Cadre
from cadres.permissions import Permission
from common.asking import status_of, tried
from common.refusals import Refused
from common.toasts import toast
from recipients.acting_carers import days_to_cover
from recipients.forms.handovers import BulkForm, ReleaseForm
from recipients.models import Pairing
from recipients.operations import pairing_handovers
from recipients.operations.acting import set_acting
from recipients.pairing_queues import to_hand_over
from recipients.pairing_rules import STANDING, decides
from recipients.pairing_suggestions import family_of, fits

READ = ["GET", "HEAD", "POST"]
HOUSEHOLDS = 20
OFFERED = 4


@require_http_methods(READ)
@requires(Permission.REVIEW_PAIRING)
def handover_bulk(request: Request) -> HttpResponse:
    """Offer for each household that waits the cadres who fit; hand over what is chosen.

    Of a cadre who is only away the families may be acted for instead (代管).
    Each household is one deed: some may be refused while the others are done.
    """
    homes = _homes(request)
    form = BulkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done, refused = _hand_over(request, homes, form.cleaned_data)
        words = f"已办理 {done} 户。" + "".join(refused[:3])
        toast(request, words, refused=bool(refused))
        return redirect("recipients:handover_bulk")
    context = {
        "homes": [_row(pairings, request) for pairings in homes],
        "form": form,
        "decides": decides(request.user),
    }
    status = status_of(form)
    return render(request, "recipients/handover_bulk.html", context, status=status)


@require_http_methods(READ)
@requires(Permission.REVIEW_PAIRING)
def cadre_release(request: Request, pk: UUID) -> HttpResponse:
    """End all of a cadre's pairings at once: out of office, or dead."""
    cadre = get_object_or_404(
        Cadre.objects.visible_to(request.user).select_related("organisation"), pk=pk
    )
    form = ReleaseForm(request.POST or None, initial={"on": timezone.localdate()})
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(
            form,
            lambda: pairing_handovers.release_cadre(
                cadre=cadre, by=request.user, **form.cleaned_data
            ),
        )
    ):
        toast(request, "已办理离任,原结对的对象列入待结对。")
        return redirect("cadres:cadre_detail", pk)
    standing = Pairing.objects.visible_to(request.user).filter(
        cadre=cadre, status__in=STANDING
    )
    context = {
        "cadre": cadre,
        "form": form,
        "heading": f"{cadre}立即离任",
        "explanation": f"{standing.count()} 件结对当天结束,对象列入待结对,账号停用。"
        "能先交接的,请先交接。",
    }
    status = status_of(form)
    return render(request, "cadres/cadre_ask.html", context, status=status)


def _homes(request: Request) -> list[list[Pairing]]:
    """Return the pairings that wait, by household and cadre, the first twenty."""
    rows = (
        to_hand_over(Pairing.objects.visible_to(request.user))
        .select_related("recipient__area__parent", "recipient__household")
        .select_related("cadre__organisation")
        .order_by("recipient__area_id", "recipient__household_id", "cadre_id", "pk")
    )
    found: list[list[Pairing]] = []
    together = groupby(rows[: HOUSEHOLDS * 5], key=_together)
    for _, pairings in together:
        found.append(list(pairings))
    return found[:HOUSEHOLDS]


def _together(pairing: Pairing) -> tuple[Any, ...]:
    return (pairing.recipient.household_id, pairing.cadre_id, pairing.kind)


def _row(pairings: list[Pairing], request: Request) -> dict[str, Any]:
    first = pairings[0]
    offered = [
        one
        for one in fits(family_of(first.recipient), kind=first.kind, limit=OFFERED + 1)
        if one.cadre.pk != first.cadre_id and not one.related and not one.over
    ]
    return {
        "key": first.pk,
        "pairings": pairings,
        "cadre": first.cadre,
        "days": days_to_cover(first.cadre, pairings, timezone.localdate()),
        "how": request.POST.get(f"how_{first.pk}", ""),
        "fits": offered[:OFFERED],
    }


def _hand_over(
    request: Request, homes: list[list[Pairing]], told: dict[str, Any]
) -> tuple[int, list[str]]:
    """Hand over each household for which a cadre was chosen; tell what was refused."""
    done, refused = 0, []
    cadres = Cadre.objects.visible_to(request.user).active()
    for pairings in homes:
        chosen = request.POST.get(f"to_{pairings[0].pk}", "")
        cadre = _chosen(cadres, chosen)
        if cadre is None:
            continue
        try:
            _do(request, pairings, cadre, told)
        except Refused as refusal:
            refused.append(f"{pairings[0].recipient}:{refusal}")
        else:
            done += 1
    return done, refused


def _do(
    request: Request, pairings: list[Pairing], cadre: Cadre, told: dict[str, Any]
) -> None:
    """Hand the household over, or let the cadre act for the rest of the leave."""
    days = days_to_cover(pairings[0].cadre, pairings, timezone.localdate())
    if days is None or request.POST.get(f"how_{pairings[0].pk}") != "acting":
        pairing_handovers.hand_over_household(
            pairings=pairings, cadre=cadre, by=request.user, **told
        )
        return
    set_acting(
        pairings=pairings,
        cadre=cadre,
        from_on=days[0],
        until_on=days[1],
        words=told["words"],
        by=request.user,
    )


def _chosen(cadres: Any, text: str) -> Cadre | None:
    try:
        key = UUID(text)
    except ValueError:
        return None
    found: Cadre | None = cadres.filter(pk=key).first()
    return found
