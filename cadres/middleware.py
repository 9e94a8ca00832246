"""What holds for every request of an account."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from cadres.devices import device_of, place_of
from cadres.models import User
from common.addresses import client_address

# What a page asks by itself, every few seconds, is no sign of a person.
POLLED = "X-Poll"
LOGOUT = "cadres:logout"


class SignedInMiddleware(LoginRequiredMiddleware):
    """Sends strangers to the log-in page; tells htmx so, which opens a dialog."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)


class AccountMiddleware:
    """Ends what is over, shows the one step still missing, and notes who was here.

    A session whose account is no longer in force ends at its next request. Before
    the second step, and before a one-time password is changed, nothing else opens.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            if SESSION_KEY in request.session:
                request.session.flush()
            return self.get_response(request)
        step = missing_step(request, user)
        if step and request.path not in (reverse(step), reverse(LOGOUT)):
            return _towards(request, step)
        response = self.get_response(request)
        if not request.headers.get(POLLED):
            note_presence(request, user)
        return response


def missing_step(request: HttpRequest, user: User) -> str:
    """Return the page that has to be done first, or nothing."""
    row = request.session.row  # type: ignore[attr-defined]
    if user.has_second_factor and (row is None or row.second_at is None):
        return "cadres:second_step"
    if user.must_change_password:
        return "cadres:password_change"
    if user.needs_second_factor and not user.has_second_factor:
        return "cadres:second_factor"
    return ""


def note_presence(request: HttpRequest, user: User) -> None:
    """Let the session's idle time begin anew."""
    request.session.touch(  # type: ignore[attr-defined]
        role=user.role,
        device=device_of(request.headers.get("User-Agent", "")),
        place=place_of(client_address(request)),
    )


def _towards(request: HttpRequest, step: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": reverse(step)})
    return redirect(step)
