"""Pages of needs: the list, one need with its moves, raising one, a person's."""

from collections.abc import Callable
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

from cadres.http import Request, requires
from cadres.models import User
from cadres.permissions import Permission
from casework import operations
from casework.enums import NeedStatus, Whose
from casework.forms import HarmForm, MoveForm, NeedFilterForm, NeedForm
from casework.models import Need
from casework.models.referral import OPEN
from common.asking import accepted, status_of
from common.htmx import render_page
from common.keyset import capped_count, keyset_page
from common.toasts import toast
from recipients.models import Recipient

PAGE_SIZE = 50
REFERABLE = (NeedStatus.ACCEPTED, NeedStatus.RETURNED, NeedStatus.IN_PROGRESS)
# What may be done next: the address, the button, and whether words are asked for.
MOVES: dict[str, list[tuple[str, str, bool]]] = {
    NeedStatus.RAISED: [("accept", "受理", False), ("decline", "不予办理", True)],
    NeedStatus.ACCEPTED: [("begin", "开始办理", False), ("decline", "不予办理", True)],
    NeedStatus.RETURNED: [("begin", "开始办理", False), ("decline", "不予办理", True)],
    NeedStatus.IN_PROGRESS: [("solve", "已办结", True), ("decline", "不予办理", True)],
    NeedStatus.SOLVED: [("confirm", "确认办好", True), ("reopen", "重新办理", True)],
}


def _of_the_person(*, need: Need, by: User) -> Need:
    return operations.say_whose(need=need, whose=Whose.PERSON, by=by)


def _of_the_household(*, need: Need, by: User) -> Need:
    return operations.say_whose(need=need, whose=Whose.HOUSEHOLD, by=by)


OPERATIONS: dict[str, Callable[..., Need]] = {
    "accept": operations.accept_need,
    "begin": operations.begin_need,
    "solve": operations.solve_need,
    "confirm": operations.confirm_need,
    "reopen": operations.reopen_need,
    "decline": operations.decline_need,
    Whose.PERSON: _of_the_person,
    Whose.HOUSEHOLD: _of_the_household,
}
WITHOUT_WORDS = ("accept", "begin", *Whose.values)


@require_safe
@requires(Permission.SEE_NEEDS)
def need_list(request: Request) -> HttpResponse:
    """List the needs within reach, those due first on top; open ones unless asked."""
    today = timezone.localdate()
    form = NeedFilterForm(request.GET, user=request.user, today=today)
    within_reach = Need.objects.visible_to(request.user)
    needs = form.narrow(within_reach) if form.is_valid() else within_reach.none()
    page = keyset_page(
        needs.select_related("recipient__area", "raised_by"),
        order=("due_on", "id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    context = {
        "form": form,
        "page": page,
        "count": capped_count(needs),
        "chips": form.chips(within_reach, request.GET) if form.is_valid() else [],
        "today": today,
    }
    return render_page(
        request,
        "casework/need_list.html",
        part="casework/_need_table.html",
        context=context,
        status=200 if form.is_valid() else 422,
    )


@require_safe
@requires(Permission.SEE_NEEDS)
def need_detail(request: Request, pk: UUID) -> HttpResponse:
    need = _within_reach(request, pk)
    return render(request, "casework/need_detail.html", _detail(request, need))


@require_POST
@requires(Permission.WORK_NEEDS)
def need_move(request: Request, pk: UUID, move: str) -> HttpResponse:
    """Do one move; what a move asks for in words is asked again when missing."""
    need = _within_reach(request, pk)
    if move not in OPERATIONS:
        raise Http404
    form = MoveForm(request.POST, wants_words=move not in WITHOUT_WORDS)
    if not form.is_valid():
        context = {**_detail(request, need), "form": form, "move": move}
        return render(request, "casework/need_detail.html", context, status=422)
    words = {} if move in WITHOUT_WORDS else {"words": form.cleaned_data["words"]}
    need = OPERATIONS[move](need=need, by=request.user, **words)
    toast(request, _said(need, move))
    return redirect("casework:need_detail", need.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.RAISE_NEED)
def need_raise(request: Request, pk: UUID) -> HttpResponse:
    """Raise a need for one person, outside of a visit."""
    recipient = get_object_or_404(Recipient.objects.visible_to(request.user), pk=pk)
    form = NeedForm(request.POST or None)
    deed = partial(operations.raise_need, recipient=recipient, by=request.user)
    need = accepted(request, form, deed)
    if need is not None:
        toast(request, "需求已提出,关爱办会答复。")
        return redirect("casework:need_detail", need.pk)
    context = {"recipient": recipient, "form": form}
    return render(request, "casework/need_raise.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.RAISE_NEED)
def need_report(request: Request, pk: UUID) -> HttpResponse:
    """Report that a child may be harmed; who reported is led back to the person."""
    recipient = get_object_or_404(Recipient.objects.visible_to(request.user), pk=pk)
    form = HarmForm(request.POST or None)
    deed = partial(operations.report_harm, recipient=recipient, by=request.user)
    if accepted(request, form, deed):
        toast(request, "已报告各级关爱办。情况危急请拨打 110。")
        return redirect("recipients:recipient_detail", pk)
    context = {"recipient": recipient, "form": form}
    return render(request, "casework/need_report.html", context, status=status_of(form))


@require_safe
@requires(Permission.SEE_NEEDS)
def of_recipient(request: Request, pk: UUID) -> HttpResponse:
    """Show one person's needs, those still open first."""
    recipient = get_object_or_404(Recipient.objects.visible_to(request.user), pk=pk)
    needs = Need.objects.visible_to(request.user).filter(recipient=recipient)
    today = timezone.localdate()
    context = {
        "recipient": recipient,
        "open_needs": needs.open(),
        "closed_needs": needs.closed().order_by("-closed_on", "id")[:PAGE_SIZE],
        "today": today,
        "raises": request.user.has_permission(Permission.RAISE_NEED),
        "minor": recipient.is_minor(today) and recipient.status != "left",
    }
    return render_page(
        request,
        "casework/need_of_recipient.html",
        part="casework/_need_of_recipient.html",
        context=context,
    )


def _within_reach(request: Request, pk: UUID) -> Need:
    needs = Need.objects.visible_to(request.user)
    return get_object_or_404(
        needs.select_related("recipient__area", "raised_by"), pk=pk
    )


def _detail(request: Request, need: Need) -> dict[str, Any]:
    works = request.user.has_permission(Permission.WORK_NEEDS)
    referrals = list(need.referrals.select_related("department").order_by("-sent_at"))
    away = any(one.status in OPEN for one in referrals)
    return {
        "need": need,
        "moves": MOVES.get(need.status, []) if works and not away else [],
        "referrals": referrals,
        "other": _other(need) if works else None,
        "refers": works and not away and need.status in REFERABLE,
        "today": timezone.localdate(),
    }


def _said(need: Need, move: str) -> str:
    if move in Whose.values:
        return f"已改为{need.get_whose_display()}的需求。"
    return f"需求{need.get_status_display()}。"


def _other(need: Need) -> Whose | None:
    """Return whose the need could be said to be instead, while it can."""
    if need.reported or need.closed_on is not None:
        return None
    return Whose.PERSON if need.whose == Whose.HOUSEHOLD else Whose.HOUSEHOLD
