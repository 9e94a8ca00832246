"""What the latest sheets say of the seven policies: the rows behind the rates."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.htmx import render_page
from common.keyset import COUNTED_UP_TO, capped_counts, keyset_page
from policies.enums import ASKED, CheckState
from policies.models import PolicyCheck, PolicyCheckQuerySet
from visits.filters import PolicyFilterForm

PAGE_SIZE = 50
# What calls for something to be done stands first.
STATES = (
    CheckState.UNCLAIMED,
    CheckState.UNSURE,
    CheckState.ENJOYED,
    CheckState.NOT_ELIGIBLE,
)


@require_safe
@requires(Permission.SEE_VISITS)
def policy_list(request: Request) -> HttpResponse:
    """List the checks of the people within reach, by place and name."""
    form = PolicyFilterForm(request.GET, user=request.user)
    latest = PolicyCheck.objects.visible_to(request.user).standing()
    checks = form.narrow(latest) if form.is_valid() else latest.none()
    choices = _choices(form, latest) if form.is_valid() else []
    page = keyset_page(
        checks.select_related("sheet__recipient__area", "sheet__by"),
        order=("sheet__recipient__area_id", "sheet__recipient__pinyin", "id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    return render_page(
        request,
        "policies/policy_list.html",
        part="policies/_policy_table.html",
        context={
            "form": form,
            "page": page,
            "choices": choices,
            "rate": _rate(choices),
        },
        status=200 if form.is_valid() else 422,
    )


def _choices(
    form: PolicyFilterForm, latest: PolicyCheckQuerySet
) -> list[dict[str, Any]]:
    """Return the chips of what was found, each with how many it would show."""
    offered = [("", "全部"), *[(str(state), str(state.label)) for state in STATES]]
    counts = capped_counts(
        {value: form.narrow(latest, state=value) for value, _ in offered}
    )
    return [
        {"value": value, "label": label, "count": counts[value]}
        for value, label in offered
    ]


def _rate(choices: list[dict[str, Any]]) -> dict[str, int] | None:
    """Return the share that a workbench shows as 落实率, and what it is made of.

    None where nobody is asked for, or more than are counted.
    """
    counts = {choice["value"]: choice["count"] for choice in choices}
    whole = sum(counts.get(str(state), 0) for state in ASKED)
    if not whole or counts[""] > COUNTED_UP_TO:
        return None
    enjoyed = counts[str(CheckState.ENJOYED)]
    return {"percent": enjoyed * 100 // whole, "enjoyed": enjoyed, "whole": whole}
