"""补录: the office enters a visit of the past in a cadre's name."""

from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cadres.enums import OrganisationKind
from cadres.http import Request, requires
from cadres.models import Organisation
from cadres.permissions import Permission
from common.hidden_numbers import shown
from common.refusals import Refused
from common.toasts import toast
from policies.queries import checks_by_policy, latest_sheet
from recipients.models import Pairing
from visits.forms import LateVisitForm, first_values
from visits.models import Campaign, HomeVisit
from visits.operations.visits import ToldDifferently, log_visit
from visits.places import places_of
from visits.queries import household_of
from visits.refusing import is_called_up
from visits.screens import form_context
from visits.views.telling import both

SHOWN = 30


@require_safe
@requires(Permission.LOG_VISIT_FOR_OTHERS)
def late_choose(request: Request) -> HttpResponse:
    """Find the pairing by the person, the cadre, or the home somebody lives in."""
    asked = shown(request.GET.get("q", "")).replace("\0", "").strip()[:40]
    found = Pairing.objects.visible_to(request.user).filter(started_on__isnull=False)
    if asked:
        found = found.filter(
            Q(recipient__name__startswith=asked)
            | Q(recipient__code=asked.upper())
            | Q(recipient__pinyin__startswith=asked.lower())
            | Q(recipient__initials=asked.lower())
            | Q(cadre__name=asked)
            | _in_homes(asked, request)
        )
    rows = (
        found.select_related(
            "recipient__area",
            "recipient__household__institution",
            "cadre__organisation",
        ).order_by("recipient__area_id", "recipient__pinyin", "id")[:SHOWN]
        if asked
        else []
    )
    context = {
        "asked": asked,
        "pairings": rows,
        "places": places_of(rows),
        "shown": SHOWN,
    }
    return render(request, "visits/visit_late_choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.LOG_VISIT_FOR_OTHERS)
def visit_late(request: Request, pk: UUID) -> HttpResponse:
    pairing = get_object_or_404(
        Pairing.objects.visible_to(request.user)
        .filter(started_on__isnull=False)
        .select_related("recipient__area__parent", "cadre__organisation"),
        pk=pk,
    )
    pairings = household_of(pairing)
    today = timezone.localdate()
    checks = checks_by_policy(latest_sheet(pairing.recipient))
    form = LateVisitForm(
        request.POST or None,
        pairings=pairings,
        campaigns=Campaign.objects.all(),
        today=today,
        initial=first_values(checks=checks, members=[], today=today),
    )
    if request.method == "POST":
        if form.is_valid():
            answer = _enter(request, form)
            if answer is not None:
                return answer
        status = 422
    else:
        status = 200
    seen = HomeVisit.objects.visible_to(request.user).standing()
    context = {
        **form_context(
            form,
            pairings=pairings,
            checks=checks,
            refuses=is_called_up(pairing.recipient),
            today=today,
        ),
        "last": seen.filter(recipient=pairing.recipient_id).first(),
    }
    return render(request, "visits/visit_late.html", context, status=status)


def _in_homes(asked: str, request: Request) -> Q:
    """Return who lives in a home called so; of the homes there are few."""
    homes = Organisation.objects.visible_to(request.user).filter(
        kind=OrganisationKind.HOME, name__contains=asked
    )
    keys = list(homes.values_list("pk", flat=True))
    return Q(recipient__household__institution__in=keys) if keys else Q()


def _enter(request: Request, form: LateVisitForm) -> HttpResponse | None:
    """Write it down; None when it is refused and the form says why."""
    try:
        logged = log_visit(
            pairings=form.chosen,
            client_id=form.cleaned_data["client_id"],
            note=form.note(),
            late_entry=True,
            by=request.user,
        )
    except HomeVisit.DoesNotExist:
        raise Http404 from None
    except ToldDifferently as conflict:
        return both(request, form, conflict.stored)
    except Refused as refusal:
        form.add_error("when", str(refusal))
        return None
    visit = logged.visit
    undo_url = reverse("visits:visit_take_back", args=[visit.pk])
    toast(request, "走访已补录。", undo_url=undo_url)
    return redirect("visits:visit_detail", visit.pk)
