"""Parts that a person's page leaves holes for: the timeline, the seven policies."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.htmx import render_page, wants_part
from common.keyset import capped_count
from policies.enums import CheckState
from policies.queries import checks_by_policy, latest_sheet, policies_in_order
from recipients.models import Recipient
from visits.history import history_page, visits_of

KINDS = {"enjoyed": "ok", "unclaimed": "late", "not_eligible": "n", "unsure": "ask"}


@require_safe
@requires(Permission.SEE_VISITS)
def of_recipient(request: Request, pk: UUID) -> HttpResponse:
    """Show what happened with one person, newest first; or only the visits."""
    recipient = get_object_or_404(Recipient.objects.visible_to(request.user), pk=pk)
    only_visits = request.GET.get("only") == "visits"
    # For the tab of the person's page, which loads this part.
    visits = visits_of(recipient, request.user)
    counted = capped_count(visits) if wants_part(request) else None
    page, happenings = history_page(
        recipient,
        request.user,
        cursor=request.GET.get("after"),
        only_visits=only_visits,
    )
    return render_page(
        request,
        "visits/visit_of_recipient.html",
        part="visits/_visit_of_recipient.html",
        context={
            "recipient": recipient,
            "page": page,
            "items": happenings,
            "only_visits": only_visits,
            "counted": counted,
        },
    )


@require_safe
@requires(Permission.SEE_VISITS)
def policies_of_recipient(request: Request, pk: UUID) -> HttpResponse:
    """Show the seven policies as they stand for one person."""
    recipient = get_object_or_404(Recipient.objects.visible_to(request.user), pk=pk)
    sheet = latest_sheet(recipient)
    checks = checks_by_policy(sheet)
    rows = [
        {"policy": policy, "check": check, "kind": KINDS[check.state] if check else "n"}
        for policy in policies_in_order(recipient)
        for check in [checks.get(policy)]
    ]
    return render_page(
        request,
        "policies/sheet_of_recipient.html",
        part="policies/_sheet_of_recipient.html",
        context={
            "recipient": recipient,
            "sheet": sheet,
            "rows": rows,
            "unclaimed": sum(
                check.state == CheckState.UNCLAIMED for check in checks.values()
            ),
            "today": timezone.localdate(),
        },
    )
