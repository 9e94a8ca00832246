"""The chain over the trail: whether it holds, and its head for somebody to keep."""

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audit import heads, keeping, seals
from cadres.http import Request, requires
from cadres.permissions import Permission
from common.asking import status_of
from reports import queries
from reports.forms import KeptHeadForm


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SEE_CHAIN)
def trail_chain(request: Request) -> HttpResponse:
    """Show the last walks and the present head; compare heads that were kept."""
    end, now = seals.last_end(), timezone.now()
    checks = queries.recent_checks()
    text = heads.words_for(end.pos, end.h.hex(), now).splitlines()[1]
    # Posted, as all that is typed: it stands in no address and no log.
    form = KeptHeadForm(request.POST or None)
    comparison = keeping.compare(form.cleaned_data["kept"]) if form.is_valid() else None
    context = {
        "checks": checks,
        "last": checks[0] if checks else None,
        "pos": end.pos,
        "head": end.h.hex(),
        "waiting": seals.waiting(),
        "now": now,
        "line": text,
        "form": form,
        "comparison": comparison,
        "code": segno.make(text, error="m").svg_data_uri(scale=4, border=2),
    }
    page = "reports/trail_chain.html"
    return render(request, page, context, status=status_of(form))
