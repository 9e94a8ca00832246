"""Parts that a person's page leaves holes for: the timeline, the seven policies."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.htmx import render_page
from common.keyset import keyset_page
from policies.queries import checks_by_policy, latest_sheet, policies_in_order
from recipients.models import Recipient
from visits.enums import Way
from visits.models import HomeVisit
from visits.screens import ICONS, deed_words

PAGE_SIZE = 20
KINDS = {"enjoyed": "ok", "unclaimed": "late", "not_eligible": "n", "unsure": "ask"}


@require_safe
@requires(Permission.SEE_VISITS)
def of_recipient(request: Request, pk: UUID) -> HttpResponse:
    """Show the visits to one person, newest first."""
    recipient = get_object_or_404(Recipient.objects.visible_to(request.user), pk=pk)
    visits = (
        HomeVisit.objects.visible_to(request.user)
        .standing()
        .filter(recipient=recipient)
        .select_related("cadre", "campaign")
        .prefetch_related("deeds")
    )
    page = keyset_page(
        visits,
        order=("-day", "-id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    return render_page(
        request,
        "visits/visit_of_recipient.html",
        part="visits/_visit_of_recipient.html",
        context={
            "recipient": recipient,
            "page": page,
            "items": [_item(visit) for visit in page.rows],
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
            "today": timezone.localdate(),
        },
    )


def _item(visit: HomeVisit) -> dict[str, object]:
    deeds = "、".join(deed_words(deed) for deed in visit.deeds.all())
    companions = f" · 随同 {visit.companions}" if visit.companions else ""
    return {
        "day": visit.day,
        "note": visit.campaign.name if visit.campaign else "",
        "icon": ICONS[Way(visit.way)],
        "kind": "",
        "title": visit.get_way_display(),
        "words": f"{visit.words}{f'({deeds})' if deeds else ''}",
        "by": f"{visit.cadre.name}{companions}{' · 补录' if visit.late_entry else ''}",
        "url": reverse("visits:visit_detail", args=[visit.pk]),
    }
