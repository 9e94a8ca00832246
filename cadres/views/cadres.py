"""Pages of cadres: the list with loads, one with their families, coming and going."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cadres.filters import CadreFilterForm
from cadres.forms.accounts import UsernameForm
from cadres.forms.cadres import AwayForm, CadreForm, LeavePostForm, LeavingForm
from cadres.http import Request, requires
from cadres.models import Cadre
from cadres.operations import accounts, cadres
from cadres.permissions import Permission
from cadres.proof import proven
from cadres.queries import assistance, with_loads
from cadres.reach import keeps
from common.asking import accepted, status_of
from common.htmx import render_page
from common.keyset import capped_counts, keyset_page
from common.refusals import Refused, Stale
from common.toasts import toast

PAGE_SIZE = 50


@require_safe
@requires(Permission.SEE_ORGANISATIONS)
def cadre_list(request: Request) -> HttpResponse:
    within_reach = Cadre.objects.visible_to(request.user)
    form = CadreFilterForm(request.GET)
    found = form.narrow(within_reach)
    page = keyset_page(
        found.select_related("organisation"),
        order=("pinyin", "id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    counts = capped_counts({"total": within_reach.active(), "now": found})
    return render_page(
        request,
        "cadres/cadre_list.html",
        part="cadres/_cadre_table.html",
        context={
            "form": form,
            "page": page,
            "cadres": with_loads(page.rows),
            "edits": request.user.has_permission(Permission.EDIT_CADRES),
            **counts,
        },
        status=status_of(form),
    )


@require_safe
@requires(Permission.SEE_ORGANISATIONS)
def cadre_detail(request: Request, pk: UUID) -> HttpResponse:
    return _detail(request, cadre_within_reach(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CADRES)
def cadre_create(request: Request) -> HttpResponse:
    form = CadreForm(request.POST or None, user=request.user)
    if request.method != "POST" and (unit := request.GET.get("unit", "")):
        form.initial["organisation"] = unit

    def deed(**_: Any) -> Cadre:
        return cadres.create_cadre(facts=form.facts(), by=request.user)

    if made := accepted(request, form, deed):
        toast(request, f"已新增{made}。")
        return redirect("cadres:cadre_detail", made.pk)
    return _form(request, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CADRES)
def cadre_edit(request: Request, pk: UUID) -> HttpResponse:
    cadre = cadre_within_reach(request, pk)
    form = CadreForm(request.POST or None, user=request.user, filed=cadre)
    context: dict[str, Any] = {"form": form, "cadre": cadre}
    if request.method == "POST" and form.is_valid():
        try:
            cadres.change_cadre(
                cadre=cadre,
                facts=form.facts(),
                version=form.cleaned_data["version"],
                by=request.user,
            )
        except Stale as stale:
            context |= {"words": str(stale), "changes": stale.changes}
            context["version"] = cadre.version
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, "已保存。")
            return redirect("cadres:cadre_detail", pk)
    return _form(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CADRES)
def cadre_leave(request: Request, pk: UUID) -> HttpResponse:
    cadre = cadre_within_reach(request, pk)
    form = LeavePostForm(request.POST or None, initial={"on": timezone.localdate()})
    deed = partial(cadres.leave_post, cadre=cadre, by=request.user)
    if accepted(request, form, deed):
        toast(request, f"{cadre}已离岗,账号已停用。")
        return redirect("cadres:cadre_detail", pk)
    context = {"form": form, "cadre": cadre}
    return render(request, "cadres/cadre_leave.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CADRES)
def cadre_announce(request: Request, pk: UUID) -> HttpResponse:
    """Say that the cadre will leave, so that the families are handed over first."""
    cadre = cadre_within_reach(request, pk)
    form = LeavingForm(request.POST or None)
    page = {
        "heading": f"{cadre}将离岗",
        "explanation": "离岗前,结对列入“结对关系 · 需交接”;交接完再办离岗。",
    }
    return asked(request, cadre, form, page, cadres.announce_leaving)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CADRES)
def cadre_away(request: Request, pk: UUID) -> HttpResponse:
    """Put down a long illness, a secondment, a maternity leave."""
    cadre = cadre_within_reach(request, pk)
    form = AwayForm(request.POST or None, initial={"from_on": timezone.localdate()})
    page = {
        "heading": f"{cadre}请假或外派",
        "explanation": "只记起止和大类,不写病情。",
    }
    return asked(request, cadre, form, page, cadres.take_leave)


@require_POST
@requires(Permission.EDIT_CADRES)
def cadre_confirm(request: Request, pk: UUID) -> HttpResponse:
    """Say that the cadre's pairings stay as they are."""
    cadre = cadre_within_reach(request, pk)
    cadres.confirm_stays(cadre=cadre, by=request.user)
    toast(request, f"已确认{cadre}的结对不变。")
    return redirect("cadres:cadre_detail", pk)


def asked(
    request: Request,
    cadre: Cadre,
    form: Form,
    page: dict[str, str],
    deed: Callable[..., Any],
    *,
    done: str = "已登记。",
) -> HttpResponse:
    """Ask on one small page what the deed wants of a cadre, and do it."""
    if accepted(request, form, partial(deed, cadre=cadre, by=request.user)):
        toast(request, done)
        return redirect("cadres:cadre_detail", cadre.pk)
    context = {"cadre": cadre, "form": form, **page}
    return render(request, "cadres/cadre_ask.html", context, status=status_of(form))


@require_POST
@requires(Permission.EDIT_CADRES)
def cadre_return(request: Request, pk: UUID) -> HttpResponse:
    cadre = cadre_within_reach(request, pk)
    cadres.return_to_post(cadre=cadre, by=request.user)
    toast(request, f"{cadre}已恢复在岗。")
    return redirect("cadres:cadre_detail", pk)


@require_POST
@requires(Permission.ISSUE_ACCOUNTS)
@proven
def cadre_issue(request: Request, pk: UUID) -> HttpResponse:
    """Open an account for the cadre; its password stands on this one answer only."""
    cadre = cadre_within_reach(request, pk)
    form = UsernameForm(request.POST)
    deed = partial(accounts.issue_to_cadre, cadre=cadre, by=request.user)
    if issued := accepted(request, form, deed, field="username"):
        context = {"issued": issued, "cadre": cadre}
        return render(request, "cadres/user_issued.html", context)
    return _detail(request, cadre, form=form)


def cadre_within_reach(request: Request, pk: UUID) -> Cadre:
    """Return the cadre, or answer as if there were none."""
    rows = Cadre.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("organisation__area", "user"), pk=pk)


def _detail(
    request: Request, cadre: Cadre, *, form: UsernameForm | None = None
) -> HttpResponse:
    may, kept = request.user.has_permission, keeps(request.user, cadre.organisation)
    with_loads([cadre])
    context = {
        "cadre": cadre,
        "form": form or UsernameForm(),
        **assistance(cadre),
        "leaves": cadre.leaves.filter(until_on__gte=timezone.localdate()),
        "edits": kept and may(Permission.EDIT_CADRES),
        "issues": kept and may(Permission.ISSUE_ACCOUNTS),
        "declares": kept and may(Permission.DECLARE_RELATIVES),
        "sees_recipients": may(Permission.SEE_RECIPIENTS),
        "manages": may(Permission.MANAGE_ACCOUNTS),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "cadres/cadre_detail.html", context, status=status)


def _form(request: Request, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    if "changes" in context:
        status = 409
    return render(request, "cadres/cadre_form.html", context, status=status)
