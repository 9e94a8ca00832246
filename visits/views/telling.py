"""Telling a visit on the phone: choose the family, fill the form, send, undo."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cadres.enums import Role
from cadres.http import Request, requires
from cadres.permissions import Permission
from common.refusals import Refused
from common.sealed_fields import json_in
from common.toasts import toast
from policies.models import PolicyCheck
from policies.queries import checks_by_policy, latest_sheet
from recipients.models import Pairing, Recipient
from visits.forms import VisitForm, first_values
from visits.models import HomeVisit
from visits.operations import drafts
from visits.operations.photos import why_no_photos
from visits.operations.taking_back import take_back
from visits.operations.visits import Logged, ToldDifferently, log_visit
from visits.places import places_of
from visits.queries import campaigns_on, drafts_of, families_of, with_drafts
from visits.refusing import is_called_up
from visits.retelling import told_again
from visits.screens import form_context
from visits.telling_forms import TellingForm
from visits.to_tell import (
    is_in_care,
    pairings_to_tell,
    people_to_tell_of,
    to_write_down,
    visits_to_take_back,
)
from visits.views.photos import keep_photos

FORM = "visits/visit_form.html"


@require_safe
@requires(Permission.LOG_VISIT)
def visit_choose(request: Request) -> HttpResponse:
    """Ask which family; the only one is not asked for."""
    families = families_of(request.user, timezone.localdate())
    others = to_write_down(request.user).select_related(
        "recipient__area", "recipient__household__institution", "cadre"
    )
    written = list(others.order_by("cadre", "next_due_on", "id"))
    if len(families) == 1 and not written:
        return redirect("visits:visit_new", families[0].recipient.pk)
    own = [pairing for family in families for pairing in family.pairings]
    places = places_of([*own, *written])
    begun = list(drafts_of(request.user))
    with_drafts(families, begun)
    context = {
        "families": families,
        "written": written,
        "places": places,
        "begun": {draft.recipient_id for draft in begun},
    }
    return render(request, "visits/visit_choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.LOG_VISIT)
def visit_new(request: Request, pk: UUID) -> HttpResponse:
    if request.user.role != Role.CADRE:
        recipient = get_object_or_404(Recipient.objects.visible_to(request.user), pk=pk)
        return redirect(f"{reverse('visits:late_choose')}?q={recipient.code}")
    pairings = pairings_to_tell(request.user, pk)
    if not pairings:
        raise Http404
    if request.method != "POST" and not is_in_care(pairings[0]):
        raise Http404
    if request.method == "POST":
        return _send(request, pairings)
    return _show(request, pairings)


@require_POST
@requires(Permission.LOG_VISIT)
def draft_save(request: Request, pk: UUID) -> HttpResponse:
    recipient = get_object_or_404(people_to_tell_of(request.user), pk=pk)
    content = {
        name: values
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
    }
    drafts.save_draft(recipient=recipient, content=content, by=request.user)
    toast(request, "草稿已存,可在“我的记录”里继续填写。")
    return redirect("visits:my_visits")


@require_POST
@requires(Permission.LOG_VISIT)
def draft_discard(request: Request, pk: UUID) -> HttpResponse:
    draft = get_object_or_404(request.user.visit_drafts.all(), pk=pk)
    drafts.discard_draft(draft=draft, by=request.user)
    toast(request, "草稿已删除。")
    return redirect("visits:my_visits")


@require_POST
@requires(Permission.LOG_VISIT)
def visit_take_back(request: Request, pk: UUID) -> HttpResponse:
    visit = get_object_or_404(visits_to_take_back(request.user), pk=pk)
    take_back(visit=visit, by=request.user)
    toast(request, "走访已撤销,没有计入。")
    if visit.late_entry:
        return redirect("visits:visit_list")
    form_url = reverse("visits:visit_new", args=[visit.recipient_id])
    return redirect(f"{form_url}?again={visit.pk}")


def _first_form(
    request: Request,
    pairings: list[Pairing],
    checks: dict[str, PolicyCheck],
    *,
    refuses: bool,
) -> VisitForm:
    recipient = pairings[0].recipient
    today = timezone.localdate()
    return VisitForm(
        pairings=pairings,
        campaigns=campaigns_on(today, today, recipient.area_id),
        today=today,
        initial=first_values(
            checks=checks,
            members=pairings[1:],
            today=today,
            called_up=refuses,
            kept=_kept(request, recipient),
        ),
    )


def _kept(request: Request, recipient: Recipient) -> dict[str, Any] | None:
    """Return what a draft, or the visit just taken back, would fill in."""
    again = request.GET.get("again", "")
    if again:
        return told_again(request.user, again)
    if "draft" not in request.GET:
        return None
    draft = request.user.visit_drafts.filter(recipient=recipient).first()
    if draft is None:
        return None
    told: dict[str, list[str]] = json_in(draft.content)
    return {
        name: values if name == "members" else values[-1]
        for name, values in told.items()
        if values
    }


def _show(
    request: Request,
    pairings: list[Pairing],
    form: VisitForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    recipient = pairings[0].recipient
    checks = checks_by_policy(latest_sheet(recipient))
    refuses = is_called_up(recipient)
    form = form or _first_form(request, pairings, checks, refuses=refuses)
    own_drafts = request.user.visit_drafts.none()
    if not form.is_bound and "draft" not in request.GET:
        own_drafts = request.user.visit_drafts.filter(recipient=recipient)
    context = {
        **form_context(
            form,
            pairings=pairings,
            checks=checks,
            refuses=refuses,
            today=form.today,
        ),
        "draft": own_drafts.first(),
        "no_photos": why_no_photos(recipient),
        "last": HomeVisit.objects.visible_to(request.user)
        .standing()
        .filter(recipient=recipient)
        .first(),
    }
    return render(request, FORM, context, status=status)


def _send(request: Request, pairings: list[Pairing]) -> HttpResponse:
    today = timezone.localdate()
    form = VisitForm(
        request.POST,
        pairings=pairings,
        campaigns=campaigns_on(
            today.replace(month=1, day=1), today, pairings[0].recipient.area_id
        ),
        today=today,
    )
    logged: Logged | None = None
    if form.is_valid():
        try:
            logged = log_visit(
                pairings=form.chosen,
                client_id=form.cleaned_data["client_id"],
                note=form.note(),
                by=request.user,
            )
        except HomeVisit.DoesNotExist:
            raise Http404 from None
        except ToldDifferently as conflict:
            return both(request, form, conflict.stored)
        except Refused as refusal:
            form.add_error("when", str(refusal))
    if logged is None:
        if not is_in_care(pairings[0]):
            # No longer in this account's care: the form would show the person.
            raise Refused(f"没有记下:{form.errors.as_text()}")
        return _show(request, pairings, form, status=422)
    if logged.new:
        keep_photos(request, logged.visit)
    return _done(request, logged)


def _done(request: Request, logged: Logged) -> HttpResponse:
    visit = logged.visit
    if not logged.new:
        context = {"visit": visit, "repeated": True}
        return render(request, "visits/visit_stored.html", context)
    undo_url = reverse("visits:visit_take_back", args=[visit.pk])
    toast(request, "走访已记下。", undo_url=undo_url)
    return redirect("visits:cadre_home")


def both(request: Request, form: TellingForm, stored: HomeVisit) -> HttpResponse:
    """Show what is stored and what was sent, so that nothing is lost."""
    context = {"stored": stored, "sent": form.cleaned_data, "form": form}
    return render(request, "visits/visit_conflict.html", context, status=409)
