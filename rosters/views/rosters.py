"""Lists of departments: uploading, comparing, what came out."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.asking import accepted
from common.toasts import toast
from jobs.models import Job
from rosters import bringing_in, queries
from rosters.enums import RosterKind, RowOutcome
from rosters.forms import RosterForm
from rosters.models import Difference, Roster
from rosters.operations import reconcile


@require_safe
@requires(Permission.RECONCILE)
def roster_list(request: Request) -> HttpResponse:
    return _rosters(request, RosterForm(initial=_this_month()))


@require_http_methods(["POST"])
@requires(Permission.RECONCILE)
def roster_upload(request: Request) -> HttpResponse:
    form = RosterForm(request.POST, request.FILES)

    def deed(**_: Any) -> Roster | Job:
        return _bring_in(request, form)

    brought = accepted(request, form, deed, field="file")
    if brought is None:
        return _rosters(request, form, status=422)
    if isinstance(brought, Job):
        return redirect(f"/jobs/{brought.pk}/")
    toast(request, f"{brought}已比对。")
    return redirect("rosters:roster_detail", pk=brought.pk)


@require_safe
@requires(Permission.RECONCILE)
def roster_detail(request: Request, pk: object) -> HttpResponse:
    roster = get_object_or_404(Roster.objects.visible_to(request.user), pk=pk)
    differences = Difference.objects.visible_to(request.user).filter(roster=roster)
    context = {
        "roster": roster,
        "tallies": _tallies(roster),
        "progress": queries.progress(differences),
        "townships": queries.by_kind_and_township(differences),
    }
    return render(request, "rosters/roster_detail.html", context)


@require_POST
@requires(Permission.RECONCILE)
def roster_compare(request: Request, pk: object) -> HttpResponse:
    roster = get_object_or_404(Roster.objects.visible_to(request.user), pk=pk)
    roster = reconcile.compare_roster(roster=roster, by=request.user)
    toast(request, f"{roster}已重新比对。")
    return redirect("rosters:roster_detail", pk=roster.pk)


@require_POST
@requires(Permission.RECONCILE)
def registry_check(request: Request) -> HttpResponse:
    month = timezone.localdate().replace(day=1)
    found = reconcile.check_registry_itself(month=month, by=request.user)
    toast(request, f"系统自查完成,发现 {sum(found.values())} 处需要看一看。")
    return redirect("rosters:difference_list")


def _rosters(request: Request, form: RosterForm, *, status: int = 200) -> HttpResponse:
    rosters = Roster.objects.visible_to(request.user).select_related("area", "by")
    on_hand = set(
        Roster.objects.visible_to(request.user)
        .in_force()
        .of_month(timezone.localdate())
        .values_list("kind", flat=True)
    )
    missing = [kind.label for kind in RosterKind if kind not in on_hand]
    context = {
        "form": form,
        "rosters": rosters[:60],
        "missing": missing,
        "limit": settings.UPLOAD_MAX_BYTES,
    }
    return render(request, "rosters/roster_list.html", context, status=status)


def _bring_in(request: Request, form: RosterForm) -> Roster | Job:
    told = form.cleaned_data
    return bringing_in.upload(
        kind=told["kind"],
        month=told["month"],
        file_name=told["file"].name,
        chunks=told["file"].chunks(),
        by=request.user,
    )


def _tallies(roster: Roster) -> list[tuple[str, str, int]]:
    """Return (outcome, its name, rows) in the order offices read them."""
    order = [
        RowOutcome.AGREES,
        RowOutcome.NOT_IN_REGISTRY,
        RowOutcome.DIFFERS,
        RowOutcome.SUSPECTED_DEATH,
        RowOutcome.NOT_ON_FILE,
        RowOutcome.INVALID,
        RowOutcome.REPEATED,
    ]
    rows = [(str(kind), str(kind.label), roster.tallies.get(kind, 0)) for kind in order]
    missing = ("not_in_roster", "系统有名单无", roster.tallies.get("not_in_roster", 0))
    return [*rows[:2], missing, *rows[2:]]


def _this_month() -> dict[str, str]:
    today: date = timezone.localdate()
    return {"month": f"{today:%Y-%m}"}
