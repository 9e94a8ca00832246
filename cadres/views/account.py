"""One's own facts, password and size of letters."""

import re
from urllib.parse import urlsplit

from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cadres.enums import TextSize
from cadres.forms.account import PasswordForm, TextSizeForm
from cadres.http import Request, requires
from cadres.models import Cadre, Session, User
from cadres.operations import accounts
from cadres.permissions import Permission
from cadres.queries import assistance
from common.asking import accepted, status_of
from common.toasts import toast

# One slash and then no second one, forward or backward: "//evil" is elsewhere.
OWN_PATH = re.compile(r"/(?![/\\])[!-~]*")


@require_safe
@requires(Permission.SIGNED_IN)
def profile(request: Request) -> HttpResponse:
    """Show one's own facts, and what one may set by oneself."""
    own = Cadre.objects.visible_to(request.user).filter(user=request.user)
    cadre = own.select_related("organisation").first()
    context = {
        "cadre": cadre,
        **(assistance(cadre) if cadre else {}),
        "sizes": TextSize.choices,
        "open_sessions": Session.objects.visible_to(request.user).count(),
    }
    return render(request, "cadres/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SIGNED_IN)
def password_change(request: Request) -> HttpResponse:
    form = PasswordForm(request.POST or None, user=request.user)

    def deed(new: str, **_: str) -> User:
        return accounts.change_password(
            user=request.user,
            password=new,
            keep=request.session.row,  # type: ignore[attr-defined]
            by=request.user,
        )

    if user := accepted(request, form, deed, field="new"):
        update_session_auth_hash(request, user)
        toast(request, "密码已修改,其他设备上的登录已退出。")
        return redirect(request.session.pop("next", "reports:home"))
    template, context = "cadres/password_change.html", {"form": form}
    return render(request, template, context, status=status_of(form))


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
    try:
        path = urlsplit(referer).path
    except ValueError:
        return "/"
    return path if OWN_PATH.fullmatch(path) else "/"
