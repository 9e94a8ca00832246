"""The office's list of visits, and one visit with all that belongs to it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cadres.http import Request, requires
from cadres.permissions import Permission
from casework.models import Need
from common.htmx import render_page
from common.keyset import capped_count, keyset_page
from policies.enums import Policy
from policies.queries import checks_by_policy
from visits.filters import VisitFilterForm
from visits.models import HomeVisit
from visits.operations.taking_back import may_take_back
from visits.operations.visits import need_key

PAGE_SIZE = 50


@require_safe
@requires(Permission.SEE_VISITS)
def visit_list(request: Request) -> HttpResponse:
    """List the visits within reach, newest first, as asked for in the address."""
    form = VisitFilterForm(request.GET, user=request.user)
    visits = HomeVisit.objects.visible_to(request.user).standing()
    if form.is_valid():
        visits = form.narrow(visits)
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
        context={"form": form, "page": page, "count": capped_count(visits)},
        status=200 if form.is_valid() else 422,
    )


@require_safe
@requires(Permission.SEE_VISITS)
def visit_detail(request: Request, pk: UUID) -> HttpResponse:
    visit = get_object_or_404(
        HomeVisit.objects.visible_to(request.user).select_related(
            "recipient__area",
            "cadre",
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
    context = {
        "visit": visit,
        "others": others,
        "checks": [checks[policy] for policy in Policy if policy in checks],
        "need": needs.filter(pk=need_key(visit)).first(),
        "undoable": may_take_back(visit, request.user),
    }
    return render(request, "visits/visit_detail.html", context)
