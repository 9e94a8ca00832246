"""The chain over the trail: whether it holds, and its head for somebody to keep."""

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit import heads, keeping, seals
from cadres.http import Request, requires
from cadres.permissions import Permission
from reports import queries


@require_safe
@requires(Permission.SEE_CHAIN)
def trail_chain(request: Request) -> HttpResponse:
    """Show the last walks and the present head; compare heads that were kept."""
    end, now = seals.last_end(), timezone.now()
    checks = queries.recent_checks()
    text = heads.words_for(end.pos, end.h.hex(), now).splitlines()[1]
    kept = request.GET.get("kept", "").strip()
    context = {
        "checks": checks,
        "last": checks[0] if checks else None,
        "pos": end.pos,
        "head": end.h.hex(),
        "waiting": seals.waiting(),
        "now": now,
        "line": text,
        "kept": kept,
        "comparison": keeping.compare(kept) if kept else None,
        "code": segno.make(text, error="m").svg_data_uri(scale=4, border=2),
    }
    return render(request, "reports/trail_chain.html", context)
