"""What holds for every request of an account."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cadres.models import User

ALLOWED_BEFORE_CHANGE = ("cadres:password_change", "cadres:logout", "cadres:text_size")


class AccountMiddleware:
    """Ends the session of an account no longer in force; asks for a new password."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            if not user.role_is_in_force(timezone.localdate()):
                logout(request)
                return redirect("cadres:login")
            if user.must_change_password and not _allowed_before(request.path):
                return redirect("cadres:password_change")
        return self.get_response(request)


def _allowed_before(path: str) -> bool:
    return path in {reverse(name) for name in ALLOWED_BEFORE_CHANGE}
