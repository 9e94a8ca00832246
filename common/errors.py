"""Error pages: what happened, what to do, and a number to read out."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from common.refusals import Refused


def _page(
    request: HttpRequest, status: int, *, name: str | None = None, **words: Any
) -> HttpResponse:
    context = {
        "number": getattr(request, "number", ""),
        "office_phone": settings.CARE_OFFICE_PHONE,
        **words,
    }
    html = render_to_string(f"{name or status}.html", context, request=request)
    response = HttpResponse(html, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that makes no sense."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer someone whose role does not include this."""
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that has lain open for too long."""
    return _page(request, 403, name="403_csrf")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer as if it did not exist; for strangers it does not."""
    return _page(request, 404)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Say why an operation would not do as asked."""
    changes = getattr(refusal, "changes", [])
    return _page(request, 409, words=str(refusal), changes=changes)


def server_error(request: HttpRequest) -> HttpResponse:
    """Own up to a fault of ours."""
    return _page(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Say that the database does not answer, and when to try again."""
    response = _page(request, 503)
    response.headers["Retry-After"] = "15"
    return response
