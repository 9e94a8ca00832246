"""Pages on which somebody takes a carer's place for some days, and gives it back."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cadres.http import Request, requires
from cadres.models import Cadre, CadreLeave
from cadres.permissions import Permission
from common.asking import accepted, status_of, tried
from common.toasts import toast
from recipients.acting_carers import days_to_cover, not_acted_for
from recipients.forms.acting import ActingForm, LeaveForm, ReturnActingForm
from recipients.models import ActingCarer, Pairing
from recipients.operations import acting as operations
from recipients.pairing_choices import choices, typed
from recipients.pairing_rules import decides
from recipients.pairing_suggestions import family_of
from recipients.views.pairings import form_page, shown_name, within_reach

READ = ["GET", "HEAD", "POST"]


@require_http_methods(READ)
@requires(Permission.PROPOSE_PAIRING)
def cadre_acting(request: Request, pk: UUID) -> HttpResponse:
    """Name who acts for all of a cadre's families that have nobody; all or nothing."""
    cadre = get_object_or_404(
        Cadre.objects.visible_to(request.user).select_related("organisation"), pk=pk
    )
    rows = Pairing.objects.visible_to(request.user).active().filter(cadre=cadre)
    rows = not_acted_for(rows, timezone.localdate())
    pairings = rows.select_related("recipient__area", "cadre").order_by(
        "recipient__area_id", "recipient__pinyin", "id"
    )
    return _asking(request, cadre, list(pairings))


@require_http_methods(READ)
@requires(Permission.PROPOSE_PAIRING)
def pairing_acting(request: Request, pk: UUID) -> HttpResponse:
    """Name who acts for the carer of one pairing."""
    pairing = within_reach(request, pk)
    return _asking(request, pairing.cadre, [pairing])


@require_POST
@requires(Permission.REVIEW_PAIRING)
def acting_agree(request: Request, pk: UUID) -> HttpResponse:
    acting = _within_reach(request, pk)
    operations.agree_acting(acting=acting, by=request.user)
    toast(request, f"已同意,由{acting.cadre}代管。")
    return redirect("recipients:pairing_detail", acting.pairing_id)


@require_http_methods(READ)
@requires(Permission.REVIEW_PAIRING)
def acting_return(request: Request, pk: UUID) -> HttpResponse:
    """Send a proposal back, and say why."""
    acting = _within_reach(request, pk)
    form = ReturnActingForm(request.POST or None)
    deed = partial(operations.return_acting, acting=acting, by=request.user)
    if accepted(request, form, deed):
        toast(request, "已退回。")
        return redirect("recipients:pairing_detail", acting.pairing_id)
    context = {"acting": acting, "form": form}
    return render(
        request, "recipients/acting_return.html", context, status=status_of(form)
    )


@require_POST
@requires(Permission.REVIEW_PAIRING)
def acting_end(request: Request, pk: UUID) -> HttpResponse:
    acting = _within_reach(request, pk)
    operations.end_acting(acting=acting, by=request.user)
    toast(request, f"已结束,{acting.cadre}不再代管。")
    return redirect("recipients:pairing_detail", acting.pairing_id)


@require_http_methods(READ)
@requires(Permission.EDIT_CADRES)
def leave_change(request: Request, pk: UUID) -> HttpResponse:
    """Let a cadre come back earlier or later than was put down."""
    rows = CadreLeave.objects.visible_to(request.user)
    leave = get_object_or_404(rows.select_related("cadre__organisation"), pk=pk)
    form = LeaveForm(request.POST or None, initial={"until_on": leave.until_on})
    deed = partial(operations.change_leave, leave=leave, by=request.user)
    if accepted(request, form, deed):
        toast(request, "已改止日。")
        return redirect("cadres:cadre_detail", leave.cadre_id)
    context = {
        "cadre": leave.cadre,
        "form": form,
        "heading": f"{leave.cadre}:改{leave.get_kind_display()}的止日",
        "explanation": "提前回来的,代管同时结束;延长的,没人代管的日子列入“需交接”。",
    }
    status = status_of(form)
    return render(request, "cadres/cadre_ask.html", context, status=status)


def _asking(request: Request, carer: Cadre, pairings: list[Pairing]) -> HttpResponse:
    """Ask who acts for the carer; set it, or propose it where others decide."""
    today = timezone.localdate()
    days = days_to_cover(carer, pairings, today)
    first = {"from_on": days[0], "until_on": days[1]} if days else {}
    form = ActingForm(user=request.user, **({"initial": first} | typed(request)))
    done = "已安排代管。" if decides(request.user) else "代管已提出,等待审核。"
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, lambda: _act(request, pairings, form.cleaned_data))
    ):
        toast(request, done)
        return redirect("recipients:pairing_detail", pairings[0].pk)
    for pairing in pairings:
        pairing.shown = shown_name(request, pairing)  # type: ignore[attr-defined]
    family = family_of(pairings[0].recipient) if pairings else None
    kind = pairings[0].kind if pairings else ""
    context = {
        "carer": carer,
        "leave": days is not None,
        "pairings": pairings,
        "form": form,
        "decides": decides(request.user),
        **choices(request, family, kind, without=[carer.pk]),
    }
    return form_page(request, "recipients/acting_ask.html", context)


def _act(request: Request, pairings: Sequence[Pairing], told: dict[str, Any]) -> None:
    may = decides(request.user)
    deed = operations.set_acting if may else operations.propose_acting
    deed(pairings=pairings, by=request.user, **told)


def _within_reach(request: Request, pk: UUID) -> ActingCarer:
    rows = ActingCarer.objects.visible_to(request.user)
    rows = rows.select_related("cadre", "carer", "pairing__recipient")
    return get_object_or_404(rows, pk=pk)
