"""How a view says who may use it, and what a request is once that is known."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from cadres.models import User
from cadres.permissions import Permission

View = Callable[..., HttpResponseBase]


class Request(HttpRequest):
    """A request by somebody who has signed in."""

    user: User
    htmx: HtmxDetails
    number: str


def requires(permission: Permission) -> Callable[[View], View]:
    """Let only roles with this permission use the view; others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(
            request: HttpRequest, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            if not request.user.has_permission(permission):  # type: ignore[union-attr]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_to_all(view: View) -> View:
    """Mark a view that strangers may use (the log-in page and its like)."""
    view.permission = None  # type: ignore[attr-defined]
    view.login_required = False  # type: ignore[attr-defined]
    return view
