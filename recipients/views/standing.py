"""Leaving and coming back, resting, living together, and seeing a value in full."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cadres.http import Request, requires
from cadres.permissions import Permission
from cadres.proof import proven
from common.asking import status_of, tried
from common.htmx import render_page
from common.refusals import Refused
from common.toasts import toast
from recipients.forms.standing import (
    JoinForm,
    LeaveForm,
    PauseForm,
    UnmaskForm,
    WordsForm,
)
from recipients.models import Recipient
from recipients.operations import households, standing, undoing
from recipients.operations.looks import FIELDS, unmask
from recipients.operations.people import first_guardian
from recipients.screens import masked
from recipients.views.people import person_within_reach
from recipients.views.person import person_to_look_at

NO_STORE = "no-store, max-age=0"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_RECIPIENTS)
def recipient_leave(request: Request, pk: UUID) -> HttpResponse:
    person = person_within_reach(request, pk)
    today = timezone.localdate()
    form = LeaveForm(
        request.POST or None, initial={"on": today, "version": person.version}
    )
    page = {
        "heading": f"{person}退出",
        "button": "办理退出",
        "explanation": "退出后不再列入在册、提醒和台账;"
        "在结的结对同日结束,待审核的退回。档案保留,可以恢复。",
    }
    undo = reverse("recipients:leave_undo", args=[pk])
    words = "已办理退出,档案保留。"
    return _asked(request, person, form, page, standing.leave, words, undo_url=undo)


@require_POST
@requires(Permission.EDIT_RECIPIENTS)
def leave_undo(request: Request, pk: UUID) -> HttpResponse:
    """Take the leaving of this half minute back: what 撤销 of its toast posts to."""
    person = person_within_reach(request, pk)
    undoing.take_back_leaving(recipient=person, by=request.user)
    toast(request, "已撤销退出。")
    return redirect("recipients:recipient_detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_RECIPIENTS)
def recipient_return(request: Request, pk: UUID) -> HttpResponse:
    person = person_within_reach(request, pk)
    page = {
        "heading": f"{person}恢复在册",
        "button": "恢复在册",
        "explanation": "沿用原来的档案和编号;恢复后列入待结对。",
    }
    return _asked(
        request,
        person,
        _words_form(request, person),
        page,
        standing.return_to_file,
        "已恢复在册。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_RECIPIENTS)
def recipient_pause(request: Request, pk: UUID) -> HttpResponse:
    person = person_within_reach(request, pk)
    page = {
        "heading": f"{person}暂停",
        "button": "暂停",
        "explanation": "暂停期间结对保留,不列入待结对,不算超期。",
    }
    form = PauseForm(request.POST or None, initial={"version": person.version})
    return _asked(request, person, form, page, standing.pause_person, "已暂停。")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_RECIPIENTS)
def recipient_fade(request: Request, pk: UUID) -> HttpResponse:
    person = person_within_reach(request, pk)
    page = {
        "heading": f"{person}渐退",
        "button": "开始渐退",
        "explanation": "已不再困难的,保留在册、照常走访六个月;"
        "期满列入“人生事项”,核实后退出或继续。",
    }
    form = _words_form(request, person)
    return _asked(request, person, form, page, standing.begin_fading, "已开始渐退。")


@require_POST
@requires(Permission.EDIT_RECIPIENTS)
def recipient_resume(request: Request, pk: UUID) -> HttpResponse:
    person = person_within_reach(request, pk)
    standing.resume_person(recipient=person, by=request.user)
    toast(request, "已恢复。")
    return redirect("recipients:recipient_detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_RECIPIENTS)
def recipient_household(request: Request, pk: UUID) -> HttpResponse:
    """Let the person live with another: asks for the other's number."""
    person = person_within_reach(request, pk)
    form = JoinForm(request.POST or None)

    def join(*, recipient: Recipient, code: str, by: Any) -> None:
        within_reach = Recipient.objects.visible_to(request.user)
        member = within_reach.filter(code=code).exclude(pk=recipient.pk).first()
        if member is None:
            raise Refused("管辖范围内没有这个编号的对象。")
        households.join_household(recipient=recipient, member=member, by=by)

    page = {
        "heading": f"{person}并入家庭",
        "button": "并入",
        "explanation": "同住的对象算一户,默认由一位干部结对,一次走访可以一并记录。",
    }
    return _asked(request, person, form, page, join, "已并入家庭。")


@require_POST
@requires(Permission.EDIT_RECIPIENTS)
def recipient_split(request: Request, pk: UUID) -> HttpResponse:
    person = person_within_reach(request, pk)
    households.split_household(recipient=person, by=request.user)
    toast(request, "已单独立户。")
    return redirect("recipients:recipient_detail", pk)


@require_POST
@requires(Permission.UNMASK)
@proven
def recipient_unmask(request: Request, pk: UUID) -> HttpResponse:
    """Show one value in full to who says why; never stored, hidden after a minute."""
    person = person_to_look_at(request, pk)
    form = UnmaskForm(request.POST)
    context: dict[str, Any] = {"person": person, "form": form}
    status = 422
    if form.is_valid():
        told = form.cleaned_data
        context |= {
            "value": unmask(recipient=person, by=request.user, **told),
            "masked": masked(person, first_guardian(person), told["field"]),
            "label": FIELDS[told["field"]],
            "callable_number": told["field"] in ("phone", "guardian_phone"),
        }
        status = 200
    response = render_page(
        request,
        "recipients/recipient_unmask.html",
        part="recipients/_recipient_unmask.html",
        context=context,
        status=status,
    )
    response.headers["Cache-Control"] = NO_STORE
    return response


def _words_form(request: Request, person: Recipient) -> WordsForm:
    return WordsForm(request.POST or None, initial={"version": person.version})


def _asked(
    request: Request,
    person: Recipient,
    form: forms.Form,
    page: dict[str, str],
    deed: Callable[..., Any],
    done: str,
    undo_url: str | None = None,
) -> HttpResponse:
    """Show the form; do the deed with what it told; keep its words on a refusal."""
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(
            form,
            lambda: deed(recipient=person, by=request.user, **form.cleaned_data),
        )
    ):
        toast(request, done, undo_url=undo_url)
        return redirect("recipients:recipient_detail", person.pk)
    context = {"person": person, "form": form, **page}
    template = "recipients/recipient_ask.html"
    return render(request, template, context, status=status_of(form))
