"""What differs: by kind and township, and what to do first about each."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.asking import accepted
from common.htmx import render_page
from common.keyset import capped_count, keyset_page
from common.toasts import toast
from rosters import deeds, queries
from rosters.enums import ClosingDeed, DifferenceKind, DifferenceStatus
from rosters.filters import DifferenceFilter
from rosters.forms import SettleForm
from rosters.models import Difference
from rosters.operations import settling


@require_safe
@requires(Permission.RECONCILE)
def difference_list(request: Request) -> HttpResponse:
    within_reach = Difference.objects.visible_to(request.user)
    filters = DifferenceFilter(request.GET, queryset=within_reach, user=request.user)
    found = filters.qs if filters.is_valid() else within_reach.none()
    page = keyset_page(
        found.select_related("area", "recipient", "row", "roster", "row__area"),
        order=("area_id", "kind", "id"),
        cursor=request.GET.get("after"),
    )
    whole = filters.without("kind", "status")
    context = {
        "filters": filters,
        "page": page,
        "total": capped_count(found),
        "deaths": capped_count(
            within_reach.open().filter(kind=DifferenceKind.SUSPECTED_DEATH)
        ),
        "kinds": _chips(request, within_reach, filters),
        "townships": queries.by_kind_and_township(whole),
        "kind_names": DifferenceKind.labels,
        "progress": queries.progress(whole),
    }
    return render_page(
        request,
        "rosters/difference_list.html",
        part="rosters/_difference_table.html",
        context=context,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.RECONCILE)
def difference_settle(request: Request, pk: object) -> HttpResponse:
    difference = get_object_or_404(
        Difference.objects.visible_to(request.user).select_related(
            "recipient__area", "row__area", "roster", "area"
        ),
        pk=pk,
    )
    fitting = deeds.fitting(difference)
    if request.method != "POST":
        return _settle_page(request, difference, SettleForm(deeds=fitting))
    form = SettleForm(request.POST, deeds=fitting)
    if _mends_the_file(request, difference, form):
        toast(request, f"请改好后保存:{deeds.advice(difference)}")
        return redirect(_file_of(difference))
    deed = partial(deeds.settle_with, difference=difference, by=request.user)
    if accepted(request, form, deed):
        toast(request, f"“{difference}”已处理。")
        # One goes on with the next of the same kind.
        listed = reverse("rosters:difference_list")
        return redirect(f"{listed}?kind={difference.kind}")
    return _settle_page(request, difference, form, status=422)


@require_POST
@requires(Permission.RECONCILE)
def difference_reopen(request: Request, pk: object) -> HttpResponse:
    difference = get_object_or_404(Difference.objects.visible_to(request.user), pk=pk)
    settling.reopen(difference=difference, by=request.user)
    toast(request, f"“{difference}”已恢复为待处理。")
    return redirect("rosters:difference_settle", pk=difference.pk)


def _mends_the_file(request: Request, found: Difference, form: SettleForm) -> bool:
    """Say whether 更正 was chosen for what is still to be put right by hand."""
    return (
        form.is_valid()
        and form.cleaned_data["deed"] == ClosingDeed.CORRECTED
        and request.user.has_permission(Permission.EDIT_RECIPIENTS)
        and deeds.is_to_mend(found)
    )


def _file_of(difference: Difference) -> str:
    """Return the address of the form that changes the file and comes back here."""
    back = reverse("rosters:difference_settle", args=[difference.pk])
    edit = reverse("recipients:recipient_edit", args=[difference.recipient_id])
    return f"{edit}?next={back}"


def _settle_page(
    request: Request, difference: Difference, form: SettleForm, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "difference": difference,
        "form": form,
        "sides": queries.sides(difference),
        "masked_id": queries.masked_id(difference),
        "advice": deeds.advice(difference),
        "mended": difference.status == DifferenceStatus.OPEN
        and difference.kind in deeds.BY_HAND
        and not deeds.is_to_mend(difference),
    }
    return render(request, "rosters/difference_settle.html", context, status=status)


def _chips(request: Request, within_reach: Any, filters: Any) -> list[dict[str, Any]]:
    counts = queries.counts_by_kind(filters.without("kind"))
    chosen = request.GET.get("kind", "")
    return [
        {
            "value": kind,
            "label": label,
            "count": counts.get(kind, 0),
            "on": kind == chosen,
        }
        for kind, label in DifferenceKind.choices
        if kind in counts or kind == chosen
    ]
