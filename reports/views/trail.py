"""Who did what (操作留痕): the office in its reach, the auditor everywhere."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit.models import Event
from audit.sentences import SENTENCES, sentence
from cadres.http import Request, requires
from cadres.models import User
from cadres.permissions import Permission
from common.htmx import render_page
from common.keyset import keyset_page
from reports import queries
from reports.forms import TrailForm


@dataclass(frozen=True)
class Line:
    """One event, what it says in Chinese, and the page of what it is about."""

    event: Event
    words: str
    url: str


# What an event is about, and the page that shows it to whoever may see it.
PAGES = {
    "recipients.recipient": (Permission.SEE_RECIPIENTS, "recipients:recipient_detail"),
    "recipients.pairing": (Permission.SEE_PAIRINGS, "recipients:pairing_detail"),
    "visits.homevisit": (Permission.SEE_VISITS, "visits:visit_detail"),
    "casework.need": (Permission.SEE_NEEDS, "casework:need_detail"),
    "cadres.cadre": (Permission.SEE_ORGANISATIONS, "cadres:cadre_detail"),
    "cadres.organisation": (
        Permission.SEE_ORGANISATIONS,
        "cadres:organisation_detail",
    ),
    "intake.importbatch": (Permission.IMPORT, "intake:batch_detail"),
}


def subject_url(event: Event, user: User) -> str:
    """Return the page of what the event is about; nothing for who may not see it."""
    permission, name = PAGES.get(event.subject_type, (None, ""))
    if permission is None or not user.has_permission(permission):
        return ""
    return reverse(name, args=[event.subject_id])


@require_safe
@requires(Permission.SEE_TRAIL)
def trail(request: Request) -> HttpResponse:
    form = TrailForm(request.GET)
    found = queries.events_for(request.user)
    found = form.narrow(found) if form.is_valid() else found.none()
    page = keyset_page(found, order=("-id",), cursor=request.GET.get("after"))
    lines = [
        Line(event, sentence(event), subject_url(event, request.user))
        for event in page.rows
    ]
    return render_page(
        request,
        "reports/trail.html",
        part="reports/_trail.html",
        context={
            "page": page,
            "lines": lines,
            "form": form,
            "kinds": sorted(SENTENCES),
        },
    )
