"""Pages of referrals: a department's list, one matter, sending and closing it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cadres.enums import Role
from cadres.http import Request, requires
from cadres.permissions import Permission
from casework.enums import ReferralStatus
from casework.forms import CloseForm, MoveForm, ReferralFilterForm, ReferralForm
from casework.matters import known_of, need_words
from casework.models import Need, Referral
from casework.operations import referrals
from common.asking import accepted, status_of
from common.htmx import render_page
from common.keyset import capped_count, keyset_page
from common.toasts import toast

PAGE_SIZE = 50
A_WEEK = timedelta(days=7)
# What a department may do next: the address, the button, whether words are asked for.
MOVES: dict[str, list[tuple[str, str, bool]]] = {
    ReferralStatus.SENT: [("accept", "受理", False), ("return", "退回", True)],
    ReferralStatus.ACCEPTED: [("answer", "答复", True), ("return", "退回", True)],
}
OPERATIONS: dict[str, Callable[..., Referral]] = {
    "accept": referrals.accept_referral,
    "return": referrals.return_referral,
    "answer": referrals.answer_referral,
}


@require_safe
@requires(Permission.SEE_REFERRALS)
def referral_list(request: Request) -> HttpResponse:
    """List a department's matters, or an office's, those due first on top."""
    form = ReferralFilterForm(request.GET)
    rows = form.narrow(Referral.objects.visible_to(request.user))
    page = keyset_page(
        rows.select_related("need__recipient__area", "department"),
        order=("due_on", "id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    for row in page.rows:
        row.shown_words = need_words(row)  # type: ignore[attr-defined]
    context = {
        "page": page,
        "count": capped_count(rows),
        "choices": form.chips(),
        "today": timezone.localdate(),
        "of_department": request.user.role == Role.DEPARTMENT,
    }
    return render_page(
        request,
        "casework/referral_list.html",
        part="casework/_referral_table.html",
        context=context,
        status=200 if form.is_valid() else 422,
    )


@require_safe
@requires(Permission.SEE_REFERRALS)
def referral_detail(request: Request, pk: UUID) -> HttpResponse:
    """Show one matter; that a department looked stays in the trail."""
    referral = _within_reach(request, pk)
    if request.user.role == Role.DEPARTMENT:
        referrals.see_referral(referral=referral, by=request.user)
    return _page(request, referral, {})


@require_POST
@requires(Permission.WORK_REFERRALS)
def referral_move(request: Request, pk: UUID, move: str) -> HttpResponse:
    referral = _within_reach(request, pk)
    if move not in OPERATIONS:
        raise Http404
    form = MoveForm(request.POST, wants_words=move != "accept")
    if not form.is_valid():
        return _page(request, referral, {"form": form, "move": move}, status=422)
    words = {} if move == "accept" else {"words": form.cleaned_data["words"]}
    referral = OPERATIONS[move](referral=referral, by=request.user, **words)
    toast(request, f"转办{referral.get_status_display()}。")
    return redirect("casework:referral_detail", pk)


@require_POST
@requires(Permission.WORK_NEEDS)
def referral_close(request: Request, pk: UUID) -> HttpResponse:
    """Close what the department answered: solved, or to be worked at further."""
    referral = _within_reach(request, pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, referral, {"close_form": form}, status=422)
    told = form.cleaned_data
    referrals.close_referral(
        referral=referral,
        solved=told["outcome"] == "solved",
        words=told["words"],
        by=request.user,
    )
    toast(request, "转办已办结。")
    return redirect("casework:need_detail", referral.need_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_NEEDS)
def need_refer(request: Request, pk: UUID) -> HttpResponse:
    """Send a need to a department."""
    needs = Need.objects.visible_to(request.user)
    need = get_object_or_404(needs.select_related("recipient__area"), pk=pk)
    form = ReferralForm(
        request.POST or None,
        user=request.user,
        initial={"due_on": max(need.due_on, timezone.localdate() + A_WEEK)},
    )
    deed = partial(referrals.send_referral, need=need, by=request.user)
    sent = accepted(request, form, deed)
    if sent is not None:
        toast(request, f"已转办给{sent.department}。")
        return redirect("casework:need_detail", pk)
    context = {"need": need, "form": form, "today": timezone.localdate()}
    return render(request, "casework/need_refer.html", context, status=status_of(form))


def _within_reach(request: Request, pk: UUID) -> Referral:
    rows = Referral.objects.visible_to(request.user).select_related(
        "need__recipient__area__parent",
        "need__recipient__household",
        "department",
        "sent_by",
        "handled_by",
    )
    return get_object_or_404(rows, pk=pk)


def _page(
    request: Request, referral: Referral, more: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    works = request.user.has_permission(Permission.WORK_REFERRALS)
    closes = request.user.has_permission(Permission.WORK_NEEDS)
    context = {
        "referral": referral,
        "known": known_of(referral) if works else [],
        "need_words": need_words(referral),
        "of_department": works,
        "moves": MOVES.get(referral.status, []) if works else [],
        "closes": closes and referral.status == ReferralStatus.ANSWERED,
        "close_form": CloseForm(),
        "today": timezone.localdate(),
        **more,
    }
    return render(request, "casework/referral_detail.html", context, status=status)
