"""How a view says who may use it, and what a request is once that is known."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from cadres.models import User
from cadres.operations.refusals import note_refusal
from cadres.permissions import Permission

LONGEST_ADDRESS = 2_000
# How get_object_or_404 says which kind of row was not within reach.
MISSED_ROW = re.compile(r"No (\w+) matches")
View = Callable[..., HttpResponseBase]


class Request(HttpRequest):
    """A request by somebody who has signed in."""

    user: User
    htmx: HtmxDetails
    number: str


def wanted_address(request: HttpRequest) -> str:
    """Return where the person wanted to go next, if that is here; else /."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    here = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    plain = wanted.isprintable() and len(wanted) <= LONGEST_ADDRESS
    return wanted if here and plain and wanted.startswith("/") else "/"


def requires(permission: Permission) -> Callable[[View], View]:
    """Let only roles with this permission use the view; others get 403.

    A try that was refused, be it for the role or for the row, stays in the trail.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(
            request: HttpRequest, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            try:
                if not request.user.has_permission(permission):  # type: ignore[union-attr]
                    raise PermissionDenied
                return view(request, *args, **kwargs)
            except (PermissionDenied, Http404) as refusal:
                _note(request, refusal, kwargs)
                raise

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def _note(request: HttpRequest, refusal: Exception, keys: dict[str, Any]) -> None:
    """Leave the refused try in the trail; that a list has no such page is none."""
    user = request.user
    key = next((str(value) for value in keys.values()), "")
    if not isinstance(user, User) or not (key or isinstance(refusal, PermissionDenied)):
        return
    place = request.resolver_match.view_name if request.resolver_match else ""
    missed = MISSED_ROW.match(str(refusal))
    note_refusal(
        address=place, model=missed.group(1) if missed else "", key=key, by=user
    )


def open_to_all(view: View) -> View:
    """Mark a view that strangers may use (the log-in page and its like)."""
    view.permission = None  # type: ignore[attr-defined]
    view.login_required = False  # type: ignore[attr-defined]
    return view
