"""The office's list of visits, and one visit with all that belongs to it."""

from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cadres.http import Request, requires
from cadres.permissions import Permission
from casework.models import Need
from common.htmx import render_page
from common.keyset import COUNTED_UP_TO, capped_count, capped_counts, keyset_page
from policies.enums import Policy
from policies.queries import checks_by_policy
from visits.filters import VisitFilterForm
from visits.models import HomeVisit, HomeVisitQuerySet, VisitPhoto
from visits.operations.photos import MOST, may_add_photos, why_no_photos
from visits.operations.taking_back import may_take_back
from visits.operations.writing import need_key

PAGE_SIZE = 50


@require_safe
@requires(Permission.SEE_VISITS)
def visit_list(request: Request) -> HttpResponse:
    """List the visits within reach, newest first, as asked for in the address."""
    form = VisitFilterForm(request.GET, user=request.user)
    within_reach = HomeVisit.objects.visible_to(request.user).standing()
    visits = form.narrow(within_reach) if form.is_valid() else within_reach.none()
    count = capped_count(visits)
    page = keyset_page(
        visits.select_related(
            "recipient__area", "cadre", "organisation", "campaign"
        ).prefetch_related("deeds"),
        order=("-day", "-id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    return render_page(
        request,
        "visits/visit_list.html",
        part="visits/_visit_table.html",
        context={
            "form": form,
            "page": page,
            "chips": (
                _chips(request, form, within_reach, count) if form.is_valid() else []
            ),
            "exports": request.user.has_permission(Permission.EXPORT),
            "reminds": request.user.has_permission(Permission.REMIND_CADRE),
            "count": count,
            "households": _households(form, visits, count),
        },
        status=200 if form.is_valid() else 422,
    )


def _chips(
    request: Request, form: VisitFilterForm, visits: HomeVisitQuerySet, count: int
) -> list[dict[str, Any]]:
    """Return the chips of days, each with how many visits it would show.

    Of more visits than are counted only today's: months would say 10,000+ as well.
    """
    chips = form.day_chips(request.GET, timezone.localdate())
    periods = [chip for chip in chips if "period" in chip]
    counts = capped_counts(
        {
            chip["label"]: form.narrow(
                visits, since=chip["period"].since, until=chip["period"].until
            )
            for chip in (periods if count <= COUNTED_UP_TO else periods[:1])
        }
    )
    return [{**chip, "count": counts.get(chip["label"])} for chip in chips]


def _households(
    form: VisitFilterForm, visits: HomeVisitQuerySet, count: int
) -> int | None:
    """Count the households of a period that is not too long."""
    period = form.is_valid() and form.cleaned_data["since"] is not None
    if not period or count > COUNTED_UP_TO:
        return None
    seen: int = visits.order_by().aggregate(
        seen=Count("recipient__household", distinct=True)
    )["seen"]
    return seen


@require_safe
@requires(Permission.SEE_VISITS)
def visit_detail(request: Request, pk: UUID) -> HttpResponse:
    visit = get_object_or_404(
        HomeVisit.objects.visible_to(request.user).select_related(
            "recipient__area",
            "cadre",
            "pairing__cadre",
            "organisation",
            "campaign",
            "entered_by",
            "sheet",
        ),
        pk=pk,
    )
    others = (
        HomeVisit.objects.visible_to(request.user)
        .filter(together=visit.together)
        .exclude(pk=visit.pk)
        .select_related("recipient")
    )
    needs = Need.objects.visible_to(request.user)
    checks = checks_by_policy(visit.sheet)
    photos = VisitPhoto.objects.visible_to(request.user).filter(visit=visit)
    context = {
        "visit": visit,
        "others": others,
        "checks": [checks[policy] for policy in Policy if policy in checks],
        "need": needs.filter(pk=need_key(visit)).first(),
        "photos": photos,
        "photos_left": MOST - len(photos),
        "no_photos": why_no_photos(visit.recipient),
        "adds_photos": may_add_photos(visit, request.user),
        "undoable": may_take_back(visit, request.user),
    }
    return render(request, "visits/visit_detail.html", context)
