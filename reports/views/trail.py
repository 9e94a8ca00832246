"""Who did what (操作留痕): the office in its reach, the auditor everywhere."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from audit.sentences import SENTENCES, sentence
from cadres.http import Request, requires
from cadres.permissions import Permission
from common.htmx import render_page
from common.keyset import keyset_page
from reports import queries
from reports.forms import TrailForm


@require_safe
@requires(Permission.SEE_TRAIL)
def trail(request: Request) -> HttpResponse:
    form = TrailForm(request.GET)
    found = queries.events_for(request.user)
    found = form.narrow(found) if form.is_valid() else found.none()
    page = keyset_page(found, order=("-id",), cursor=request.GET.get("after"))
    lines = [(event, sentence(event)) for event in page.rows]
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
