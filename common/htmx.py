"""One address serves a whole page to a visitor and only its part to htmx."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

PART_HEADERS = ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"]


def wants_part(request: HttpRequest) -> bool:
    """Say whether htmx asked for a part and not for a whole page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page(
    request: HttpRequest,
    page: str,
    *,
    part: str,
    context: Mapping[str, Any],
    status: int = 200,
) -> HttpResponse:
    """Render ``part`` for htmx and ``page`` (which includes it) for a visitor."""
    template = part if wants_part(request) else page
    response = render(request, template, dict(context), status=status)
    patch_vary_headers(response, PART_HEADERS)
    return response
