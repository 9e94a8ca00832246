"""Whether the system is alive and ready: a word for machines, a table for admins."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.http import Request, open_to_all, requires
from cadres.permissions import Permission
from common import health
from common.health import State
from reports import health as looks  # noqa: F401  (its looks are registered)

WORDS = {State.WELL: "ready", State.WEAK: "degraded", State.ILL: "unready"}


@open_to_all
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; nothing else is touched."""
    return HttpResponse("live", content_type="text/plain")


@open_to_all
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Say in one word whether work can be done here; why is told to admins only."""
    state = health.worst(health.examine())
    status = HTTPStatus.OK if state != State.ILL else HTTPStatus.SERVICE_UNAVAILABLE
    return HttpResponse(WORDS[state], content_type="text/plain", status=status)


@require_safe
@requires(Permission.SEE_HEALTH)
def health_page(request: Request) -> HttpResponse:
    lines = health.examine()
    context = {"lines": lines, "state": health.worst(lines)}
    return render(request, "reports/health.html", context)
