"""Families that wait longer than the standard allows, for office and liaison."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.htmx import render_page
from common.keyset import COUNTED_UP_TO, capped_counts, keyset_page
from common.refusals import Refused
from common.toasts import toast
from recipients.acting_carers import with_acting
from recipients.models import Pairing, PairingQuerySet
from recipients.screens import State, due_state
from visits.filters import WAITS, OverdueFilterForm
from visits.operations.nudges import remind_cadre

PAGE_SIZE = 50
WAIT_LABELS = {"": "全部", **{value: label for value, label, *_ in WAITS}}


@require_safe
@requires(Permission.SEE_PAIRINGS)
def overdue_list(request: Request) -> HttpResponse:
    """List the active pairings past their day, the longest waiting first."""
    today = timezone.localdate()
    form = OverdueFilterForm(request.GET, user=request.user)
    waiting = Pairing.objects.visible_to(request.user).overdue(today)
    pairings = form.narrow(waiting, today) if form.is_valid() else waiting.none()
    counts = _counts(form, waiting, today) if form.is_valid() else {}
    page = keyset_page(
        pairings.select_related("recipient__area", "cadre__organisation"),
        order=("next_due_on", "id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    return render_page(
        request,
        "visits/visit_overdue_list.html",
        part="visits/_visit_overdue_table.html",
        context={
            "form": form,
            "page": page,
            "rows": _rows(page.rows, today),
            "count": counts.get(form.cleaned_data.get("wait", ""), 0),
            "choices": [
                {"value": value, "label": WAIT_LABELS[value], "count": count}
                for value, count in counts.items()
            ],
            "may_remind": request.user.has_permission(Permission.REMIND_CADRE),
        },
        status=200 if form.is_valid() else 422,
    )


def _rows(pairings: list[Pairing], today: date) -> list[tuple[Pairing, State]]:
    with_acting(pairings, today)
    return [(pairing, due_state(pairing, today)) for pairing in pairings]


def _counts(
    form: OverdueFilterForm, waiting: PairingQuerySet, today: date
) -> dict[str, int]:
    """Return how many families have waited how long, and all of them."""
    counted = capped_counts(
        {value: form.narrow(waiting, today, wait=value) for value, *_ in WAITS}
    )
    # Each of them is in one: to count them once more would take as long again.
    return {"": min(sum(counted.values()), COUNTED_UP_TO + 1), **counted}


@require_POST
@requires(Permission.REMIND_CADRE)
def cadre_remind(request: Request, pk: UUID) -> HttpResponse:
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user), pk=pk)
    try:
        remind_cadre(pairing=pairing, by=request.user)
    except Refused as refusal:
        toast(request, str(refusal), refused=True)
    else:
        toast(request, "已提醒,干部的待办里能看到。")
    return redirect("visits:overdue_list")
