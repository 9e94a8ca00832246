"""批量记走访: the visits to several people of one place, told at once."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cadres.enums import Role
from cadres.http import Request, requires
from cadres.permissions import Permission
from common.refusals import Refused
from common.toasts import toast
from policies.queries import latest_sheets
from visits.models import Campaign, HomeVisit
from visits.operations.rounds import StopRefused, log_round
from visits.operations.taking_back import take_back_round
from visits.operations.visits import Logged, ToldDifferently
from visits.places import Place, place_around
from visits.queries import campaigns_on
from visits.retelling import round_again
from visits.round_forms import RoundForm, first_round
from visits.round_screens import round_context
from visits.to_tell import visits_to_take_back
from visits.views.telling import both

FORM = "visits/round_form.html"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.LOG_VISIT)
def round_new(request: Request, pk: UUID) -> HttpResponse:
    """Ask whom of the place one has seen; the address has the pairing with one."""
    place = place_around(request.user, pk)
    if place is None:
        raise Http404
    today = timezone.localdate()
    sheets = latest_sheets(pairing.recipient_id for pairing in place.pairings)
    area = place.pairing.recipient.area_id
    late = request.user.role != Role.CADRE
    since = today.replace(month=1, day=1) if request.method == "POST" else today
    form = RoundForm(
        request.POST or None,
        pairings=place.pairings,
        sheets=sheets,
        campaigns=Campaign.objects.all() if late else campaigns_on(since, today, area),
        today=today,
        initial=first_round(
            place.pairings,
            at_home=place.is_home,
            today=today,
            kept=round_again(request.user, request.GET.get("again", "")),
        ),
    )
    if request.method == "POST" and form.is_valid():
        answer = _send(request, form, place)
        if answer is not None:
            return answer
    context = {**round_context(form, place, sheets, today), "late": late}
    status = 422 if request.method == "POST" else 200
    return render(request, FORM, context, status=status)


@require_POST
@requires(Permission.LOG_VISIT)
def round_take_back(request: Request, pk: UUID) -> HttpResponse:
    visit = get_object_or_404(visits_to_take_back(request.user), pk=pk)
    visits = take_back_round(visit=visit, by=request.user)
    toast(request, f"{len(visits)} 人的走访已撤销,没有计入。")
    if visit.late_entry:
        return redirect("visits:visit_list")
    form_url = reverse("visits:round_new", args=[visit.pairing_id])
    return redirect(f"{form_url}?again={visit.pk}")


def _send(request: Request, form: RoundForm, place: Place) -> HttpResponse | None:
    """Write them down; None when one is refused and the form says why."""
    try:
        logged = log_round(
            stops=form.stops(),
            client_id=form.cleaned_data["client_id"],
            late_entry=request.user.role != Role.CADRE,
            by=request.user,
        )
    except HomeVisit.DoesNotExist:
        raise Http404 from None
    except ToldDifferently as conflict:
        return both(request, form, conflict.stored)
    except StopRefused as refusal:
        form.refuse(refusal)
        return None
    except Refused as refusal:
        form.add_error("people", str(refusal))
        return None
    return _done(request, logged, len(form.cleaned_data["people"]))


def _done(request: Request, logged: Logged, people: int) -> HttpResponse:
    visit = logged.visit
    if not logged.new:
        context = {"visit": visit, "repeated": True, "people": people}
        return render(request, "visits/visit_stored.html", context)
    undo_url = reverse("visits:round_take_back", args=[visit.pk])
    words = "走访已补录" if visit.late_entry else "走访已记下"
    toast(request, f"{people} 人的{words}。", undo_url=undo_url)
    return redirect("visits:visit_list" if visit.late_entry else "visits:cadre_home")
