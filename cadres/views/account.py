"""Signing in and out, one's own password and size of letters."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cadres.enums import TextSize
from cadres.forms.account import LoginForm, PasswordForm, TextSizeForm
from cadres.http import Request, open_to_all, requires
from cadres.models import Cadre
from cadres.operations import accounts
from cadres.permissions import Permission
from common.refusals import Refused
from common.toasts import toast

_login: Any = LoginView.as_view(
    template_name="cadres/login.html",
    authentication_form=LoginForm,
    redirect_authenticated_user=True,
)
_logout = LogoutView.as_view()


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = _login(request)
    if request.method == "POST" and response.status_code == 200:
        response.status_code = 422
    return response


@require_POST
@requires(Permission.SIGNED_IN)
def logout(request: Request) -> HttpResponse:
    response = _logout(request)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@require_safe
@requires(Permission.SIGNED_IN)
def profile(request: Request) -> HttpResponse:
    """Show one's own facts, and what one may set by oneself."""
    cadre = Cadre.objects.visible_to(request.user).filter(user=request.user)
    context = {
        "cadre": cadre.select_related("organisation").first(),
        "sizes": TextSize.choices,
    }
    return render(request, "cadres/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SIGNED_IN)
def password_change(request: Request) -> HttpResponse:
    form = PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            user = accounts.change_password(
                user=request.user, password=form.cleaned_data["new"], by=request.user
            )
        except Refused as refusal:
            form.add_error("new", str(refusal))
        else:
            update_session_auth_hash(request, user)
            toast(request, "密码已修改。")
            return redirect("reports:home")
    status = 422 if form.errors else 200
    return render(request, "cadres/password_change.html", {"form": form}, status=status)


@require_POST
@requires(Permission.SIGNED_IN)
def text_size(request: Request) -> HttpResponse:
    form = TextSizeForm(request.POST)
    if form.is_valid():
        accounts.set_text_size(
            user=request.user, size=form.cleaned_data["size"], by=request.user
        )
    return redirect(_own_address(request.headers.get("Referer", "")))


def _own_address(referer: str) -> str:
    """Return only the path, so that nobody can be sent elsewhere."""
    path = urlsplit(referer).path
    return path if path.startswith("/") and not path.startswith("//") else "/"
