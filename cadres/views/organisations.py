"""Pages of organisations: the list, one with its cadres, and its facts."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cadres.filters import OrganisationFilterForm
from cadres.forms.organisations import EndForm, OrganisationForm
from cadres.http import Request, requires
from cadres.models import Cadre, Organisation
from cadres.operations import organisations
from cadres.permissions import Permission
from cadres.queries import with_loads, with_sizes
from cadres.reach import keeps
from common.asking import accepted, status_of
from common.htmx import render_page
from common.keyset import capped_counts, keyset_page
from common.toasts import toast

PAGE_SIZE = 50
CADRES_SHOWN = 200


@require_safe
@requires(Permission.SEE_ORGANISATIONS)
def organisation_list(request: Request) -> HttpResponse:
    within_reach = Organisation.objects.visible_to(request.user)
    form = OrganisationFilterForm(request.GET)
    found = form.narrow(within_reach)
    page = keyset_page(
        found.select_related("area"),
        order=("pinyin", "id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    counts = capped_counts({"total": within_reach.active(), "now": found})
    return render_page(
        request,
        "cadres/organisation_list.html",
        part="cadres/_organisation_table.html",
        context={
            "form": form,
            "page": page,
            "organisations": with_sizes(page.rows),
            "edits": request.user.has_permission(Permission.EDIT_ORGANISATIONS),
            **counts,
        },
        status=status_of(form),
    )


@require_safe
@requires(Permission.SEE_ORGANISATIONS)
def organisation_detail(request: Request, pk: UUID) -> HttpResponse:
    organisation = _within_reach(request, pk)
    cadres = Cadre.objects.visible_to(request.user).filter(organisation=organisation)
    rows = cadres.order_by("-active", "pinyin", "id")[:CADRES_SHOWN]
    kept = keeps(request.user, organisation)
    may = request.user.has_permission
    context = {
        "organisation": organisation,
        "cadres": with_loads(list(rows)),
        "edits": kept and may(Permission.EDIT_ORGANISATIONS),
        "adds_cadres": kept and may(Permission.EDIT_CADRES),
    }
    return render(request, "cadres/organisation_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_ORGANISATIONS)
def organisation_create(request: Request) -> HttpResponse:
    form = OrganisationForm(request.POST or None, user=request.user)

    def deed(**facts: Any) -> Organisation:
        return organisations.create_organisation(facts=facts, by=request.user)

    if made := accepted(request, form, deed, field="name"):
        toast(request, f"已新增{made}。")
        return redirect("cadres:organisation_detail", made.pk)
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_ORGANISATIONS)
def organisation_edit(request: Request, pk: UUID) -> HttpResponse:
    organisation = _within_reach(request, pk)
    form = OrganisationForm(request.POST or None, user=request.user, filed=organisation)

    def deed(**facts: Any) -> Organisation:
        return organisations.change_organisation(
            organisation=organisation, facts=facts, by=request.user
        )

    if accepted(request, form, deed):
        toast(request, "已保存。")
        return redirect("cadres:organisation_detail", pk)
    return _form(request, form, organisation)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_ORGANISATIONS)
def organisation_end(request: Request, pk: UUID) -> HttpResponse:
    """Dissolve a unit or let another take its place."""
    organisation = _within_reach(request, pk)
    form = EndForm(
        request.POST or None,
        organisation=organisation,
        initial={"on": timezone.localdate()},
    )
    deed = partial(
        organisations.end_organisation, organisation=organisation, by=request.user
    )
    if accepted(request, form, deed):
        toast(request, "已办理撤并;受影响的结对列入需交接。")
        return redirect("cadres:organisation_detail", pk)
    context = {"organisation": organisation, "form": form}
    return render(
        request, "cadres/organisation_end.html", context, status=status_of(form)
    )


def _within_reach(request: Request, pk: UUID) -> Organisation:
    rows = Organisation.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("area", "parent", "replaced_by"), pk=pk
    )


def _form(
    request: Request, form: OrganisationForm, organisation: Organisation | None = None
) -> HttpResponse:
    return render(
        request,
        "cadres/organisation_form.html",
        {"form": form, "organisation": organisation},
        status=status_of(form),
    )
