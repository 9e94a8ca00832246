"""Pages about one pairing: propose, look, pause, resume, extend, end, hand over."""

import uuid
from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from audit.sentences import sentence
from cadres.enums import Role
from cadres.http import Request, requires
from cadres.permissions import Permission
from common.asking import tried
from common.masks import mask_name
from common.toasts import toast
from recipients.acting_carers import is_to_cover, of_pairing
from recipients.enums import PairingStatus
from recipients.forms.pairings import (
    EndForm,
    ExtendForm,
    PauseForm,
    ResumeForm,
)
from recipients.models import Pairing
from recipients.operations import pairing_changes, undoing
from recipients.pairing_rules import STANDING, decides
from recipients.queries import events_about_pairing

READ = ["GET", "HEAD", "POST"]
EVENTS = 50
CHANGES: dict[str, tuple[type[Form], Callable[..., Any], str]] = {
    "pause": (PauseForm, pairing_changes.pause, "已暂停,对象已列入待结对。"),
    "resume": (ResumeForm, pairing_changes.resume, "已恢复结对。"),
    "end": (EndForm, pairing_changes.end, "已结束,对象已列入待结对。"),
    "extend": (ExtendForm, pairing_changes.extend, "约定到期日已更新。"),
}


@require_safe
@requires(Permission.SEE_PAIRINGS)
def pairing_detail(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _detail(request, within_reach(request, pk))


@require_POST
@requires(Permission.REVIEW_PAIRING)
def pairing_pause(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _change(request, pk, "pause")


@require_POST
@requires(Permission.REVIEW_PAIRING)
def pairing_resume(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _change(request, pk, "resume")


@require_POST
@requires(Permission.REVIEW_PAIRING)
def pairing_end(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _change(request, pk, "end")


@require_POST
@requires(Permission.REVIEW_PAIRING)
def end_undo(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Take the end of this half minute back: what 撤销 of its toast posts to."""
    undoing.take_back_end(pairing=within_reach(request, pk), by=request.user)
    toast(request, "已撤销,结对照旧。")
    return redirect("recipients:pairing_detail", pk=pk)


@require_POST
@requires(Permission.REVIEW_PAIRING)
def pairing_extend(request: Request, pk: uuid.UUID) -> HttpResponse:
    return _change(request, pk, "extend")


def shown_name(request: Request, pairing: Pairing) -> str:
    """Return the person's name, masked for a unit that does not care for them now."""
    name = pairing.recipient.name_for(request.user)
    unit = request.user.role == Role.UNIT_LIAISON
    if unit and pairing.status != PairingStatus.ACTIVE:
        return mask_name(name)
    return name


def _change(request: Request, pk: uuid.UUID, what: str) -> HttpResponse:
    pairing = within_reach(request, pk)
    form_class, operation, words = CHANGES[what]
    form = form_class(request.POST)
    if form.is_valid() and tried(
        form,
        lambda: operation(pairing=pairing, by=request.user, **form.cleaned_data),
    ):
        undo = reverse("recipients:end_undo", args=[pk]) if what == "end" else None
        toast(request, words, undo_url=undo)
        return redirect("recipients:pairing_detail", pk=pk)
    return _detail(request, pairing, status=422, **{what: form})


def within_reach(request: Request, pk: uuid.UUID) -> Pairing:
    rows = Pairing.objects.visible_to(request.user).select_related(
        "recipient__area__parent",
        "recipient__household",
        "cadre__organisation",
        "proposed_by",
        "reviewed_by",
        "previous__cadre",
        "successor__cadre",
    )
    return get_object_or_404(rows, pk=pk)


def _detail(
    request: Request, pairing: Pairing, *, status: int = 200, **bound: Form
) -> HttpResponse:
    version, today = {"version": pairing.version}, timezone.localdate()
    forms = {
        what: bound.get(what) or form_class(initial=version, prefix=None)
        for what, (form_class, _, _) in CHANGES.items()
    }
    for what, form in forms.items():
        form.auto_id = f"id_{what}_%s"
    if "until" not in forms["extend"].data:
        forms["extend"].initial["until"] = pairing.until
    context = {
        "pairing": pairing,
        "forms": forms,
        "failed": next(iter(bound), ""),
        "standing": pairing.status in STANDING,
        "decides": decides(request.user),
        "proposes": request.user.has_permission(Permission.PROPOSE_PAIRING),
        "shown_name": shown_name(request, pairing),
        "successor": getattr(pairing, "successor", None),
        "acting": of_pairing(pairing, today),
        "to_cover": is_to_cover(pairing, today),
        "history": _history(pairing),
    }
    return render(request, "recipients/pairing_detail.html", context, status=status)


ICONS = {
    "pairing.proposed": "pencil-square",
    "pairing.approved": "check-lg",
    "pairing.returned": "arrow-return-left",
    "pairing.ended": "x-lg",
    "pairing.end_undone": "arrow-counterclockwise",
    "pairing.handed_over": "arrow-left-right",
}


def _history(pairing: Pairing) -> list[dict[str, Any]]:
    """Return what happened to the pairing and to its successor, newest first."""
    events = events_about_pairing(pairing)
    return [
        {
            "day": event.at,
            "icon": ICONS.get(event.kind, "clock-history"),
            "title": sentence(event),
            "words": event.reason,
            "by": event.by_name,
        }
        for event in events.order_by("-id")[:EVENTS]
    ]


def form_page(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    failed = request.method == "POST" and "find" not in request.POST
    status = 422 if failed else 200
    return render(request, template, context, status=status)
