"""Pages of people who were recommended: naming one, the list, one with its answers."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
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
from common.asking import accepted, status_of
from common.encryption import blind_index
from common.htmx import render_page
from common.keyset import capped_counts, keyset_page
from common.refusals import Refused
from common.toasts import toast
from recipients.enums import RecommendationStatus
from recipients.forms.people import PersonForm
from recipients.forms.recommendations import AnswerForm, RecommendationForm, TieForm
from recipients.models import Recipient, Recommendation
from recipients.operations import recommendations
from recipients.person_facts import PersonFacts
from recipients.views.people import opened, person_form

PAGE_SIZE = 30
MOST_ALIKE = 5
EDITS = Permission.EDIT_RECIPIENTS
ASKS = ["GET", "HEAD", "POST"]
OPERATIONS: dict[str, Callable[..., Recommendation]] = {
    "check": recommendations.check_recommendation,
    "decline": recommendations.decline_recommendation,
    "return": recommendations.return_recommendation,
}
CHECKING = [
    ("check", "核实属实,报县区审批", "核实的情况", "btn-primary"),
    ("decline", "不予纳入", "不予纳入的原因", "btn-light"),
]
RETURNING = [("return", "退回重新核实", "退回的原因", "btn-light")]


@require_safe
@requires(Permission.SIGNED_IN)
def recommendation_list(request: Request) -> HttpResponse:
    """List an office's by where they stand; anyone else's are those they made."""
    lists = _lists(request)
    shown = request.GET.get("list", "")
    shown = shown if shown in lists else next(iter(lists))
    page = keyset_page(
        lists[shown][1].select_related("area__parent", "raised_by"),
        order=("-raised_at", "-id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    counts = capped_counts({name: rows for name, (_, rows) in lists.items()})
    context = {
        "page": page,
        "by_office": shown != "mine",
        "chips": [
            {
                "url": f"?list={name}",
                "label": label,
                "count": counts[name],
                "on": name == shown,
            }
            for name, (label, _) in lists.items()
        ],
    }
    return render_page(
        request,
        "recipients/recommendation_list.html",
        part="recipients/_recommendation_table.html",
        context=context,
    )


@require_http_methods(ASKS)
@requires(Permission.SIGNED_IN)
def recommendation_create(request: Request) -> HttpResponse:
    """Name somebody found; whoever is signed in may."""
    form = RecommendationForm(request.POST or None, today=timezone.localdate())
    deed = partial(recommendations.recommend, by=request.user)
    made = accepted(request, form, deed)
    if made is not None:
        toast(request, "已推荐,由所在地关爱办核实;结果会告诉您。")
        return redirect("recipients:recommendation_detail", made.pk)
    return render(
        request,
        "recipients/recommendation_create.html",
        {"form": form},
        status=status_of(form),
    )


@require_safe
@requires(Permission.SIGNED_IN)
def recommendation_detail(request: Request, pk: UUID) -> HttpResponse:
    return _page(request, _within_reach(request, pk), {})


@require_POST
@requires(EDITS)
def recommendation_move(request: Request, pk: UUID, move: str) -> HttpResponse:
    """Check, decline or return with words; without words it is asked again."""
    found = _within_reach(request, pk)
    if move not in OPERATIONS:
        raise Http404
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, {"form": form, "move": move}, status=422)
    found = OPERATIONS[move](recommendation=found, by=request.user, **form.cleaned_data)
    told = "已退回重新核实" if move == "return" else found.get_status_display()
    toast(request, f"推荐纳入:{told}。")
    return redirect("recipients:recommendation_detail", pk)


@require_POST
@requires(EDITS)
def recommendation_tie(request: Request, pk: UUID) -> HttpResponse:
    """Tie it to the file that the person has already."""
    found = _within_reach(request, pk)
    people = Recipient.objects.visible_to(request.user)
    form = TieForm(request.POST, within_reach=people)
    if not form.is_valid():
        return _page(request, found, {"tie_form": form}, status=422)
    recommendations.tie_recommendation(
        recommendation=found, recipient=form.cleaned_data["code"], by=request.user
    )
    toast(request, "已关联到原有档案,不另建档。")
    return redirect("recipients:recommendation_detail", pk)


@require_http_methods(ASKS)
@requires(EDITS)
def recommendation_file(request: Request, pk: UUID) -> HttpResponse:
    """Open the file of who was recommended, beginning with what was told."""
    found = _within_reach(request, pk)
    recommendations.check_may_include(found, request.user)
    form = PersonForm(
        request.POST or None,
        user=request.user,
        today=timezone.localdate(),
        filed=_told(found),
    )
    context: dict[str, Any] = {"form": form, "recommendation": found}
    deed = partial(
        recommendations.include_recommendation, recommendation=found, by=request.user
    )
    if made := opened(request, context, deed):
        toast(request, "已纳入并建档。")
        return redirect("recipients:recipient_detail", made.recipient_id)
    return person_form(request, context, status=status_of(form))


def _lists(request: Request) -> dict[str, tuple[str, Any]]:
    user = request.user
    seen = Recommendation.objects.visible_to(user)
    mine = ("我推荐的", seen.filter(raised_by=user))
    if user.role != Role.CARE_OFFICE:
        return {"mine": mine}
    own = seen.within_office_of(user)
    return {
        "raised": ("待核实", own.raised()),
        "checked": ("待审批", own.checked()),
        "closed": ("已了结", own.closed()),
        "mine": mine,
    }


def _within_reach(request: Request, pk: UUID) -> Recommendation:
    rows = Recommendation.objects.visible_to(request.user).select_related(
        "area__parent", "raised_by", "checked_by", "included_by", "recipient"
    )
    return get_object_or_404(rows, pk=pk)


def _page(
    request: Request, found: Recommendation, more: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Show all of it to the office of the place, and the state to who made it."""
    seen = Recommendation.objects.visible_to(request.user)
    works = seen.within_office_of(request.user).filter(pk=found.pk).exists()
    decides, why_not = works and found.status == RecommendationStatus.CHECKED, ""
    if decides:
        try:
            recommendations.check_may_include(found, request.user)
        except Refused as refusal:
            decides, why_not = False, str(refusal)
    raised = works and found.status == RecommendationStatus.RAISED
    context = {
        "recommendation": found,
        "works": works,
        "decides": decides,
        "why_not": why_not,
        "moves": CHECKING if raised else RETURNING if decides else [],
        "alike": _alike(request, found) if decides else [],
        "tie_form": TieForm(within_reach=Recipient.objects.visible_to(request.user)),
        **more,
    }
    return render(
        request, "recipients/recommendation_detail.html", context, status=status
    )


def _alike(request: Request, found: Recommendation) -> list[Recipient]:
    """Return files within reach with the same id, or the same name in the township."""
    same = Q(name=found.name, area=found.area_id)
    if found.resident_id:
        same |= Q(resident_id_index=blind_index(found.resident_id))
    people = Recipient.objects.visible_to(request.user).not_left().filter(same)
    return list(people.select_related("area").order_by("code")[:MOST_ALIKE])


def _told(found: Recommendation) -> PersonFacts:
    return PersonFacts(
        name=found.name,
        category=found.category,
        area=found.area,
        address=found.place,
        phone=found.phone,
        resident_id=found.resident_id,
    )
