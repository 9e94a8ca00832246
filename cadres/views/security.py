"""What a person sees to alone: the second step, and where they are signed in."""

import base64
from functools import partial
from typing import Any
from urllib.parse import quote
from uuid import UUID

import segno
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cadres.forms.account import CodeForm
from cadres.http import Request, requires
from cadres.models import Session, User
from cadres.operations import second_factors, sessions
from cadres.permissions import Permission
from cadres.proof import proven
from common.asking import accepted
from common.toasts import toast

ISSUER = "结对关爱·金昌"


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SIGNED_IN)
@proven
def second_factor(request: Request) -> HttpResponse:
    """Show how the second step stands; set it up, in two posts."""
    if request.method != "POST":
        return _page(request, CodeForm())
    user = request.user
    if "code" not in request.POST:
        second_factors.begin(user=user, by=user)
        return redirect("cadres:second_factor")
    form = CodeForm(request.POST)
    keep = request.session.row  # type: ignore[attr-defined]
    deed = partial(second_factors.confirm, user=user, keep=keep, by=user)
    if codes := accepted(request, form, deed, field="code"):
        request.session.pass_second_step()  # type: ignore[attr-defined]
        return _codes(request, codes)
    return _page(request, form, status=422)


@require_POST
@requires(Permission.SIGNED_IN)
@proven
def second_factor_off(request: Request) -> HttpResponse:
    row = request.session.row  # type: ignore[attr-defined]
    second_factors.turn_off(user=request.user, keep=row, by=request.user)
    toast(request, "动态码已停用,其他设备上的登录已退出。")
    return redirect("cadres:second_factor")


@require_POST
@requires(Permission.SIGNED_IN)
@proven
def backup_codes(request: Request) -> HttpResponse:
    """Give ten new backup codes, which stand on this one answer only."""
    codes = second_factors.remake_codes(user=request.user, by=request.user)
    return _codes(request, codes)


@require_safe
@requires(Permission.SIGNED_IN)
def session_list(request: Request) -> HttpResponse:
    rows = Session.objects.visible_to(request.user)
    context = {"rows": rows[:50], "own": request.session.row}  # type: ignore[attr-defined]
    return render(request, "cadres/session_list.html", context)


@require_POST
@requires(Permission.SIGNED_IN)
def session_end(request: Request, pk: UUID) -> HttpResponse:
    row = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    sessions.end_session(session=row, by=request.user)
    toast(request, "已退出那处登录。")
    return redirect("cadres:session_list")


@require_POST
@requires(Permission.SIGNED_IN)
def sessions_end(request: Request) -> HttpResponse:
    """End all others: what to press when the telephone is gone."""
    row = request.session.row  # type: ignore[attr-defined]
    number = sessions.end_others(keep=row, by=request.user)
    toast(request, f"已退出其他 {number} 处登录。")
    return redirect("cadres:session_list")


@require_POST
@requires(Permission.SIGNED_IN)
def stay(request: Request) -> HttpResponse:
    """Hear that somebody is still there; the middleware notes it."""
    return HttpResponse(status=204)


def _codes(request: Request, codes: list[str]) -> HttpResponse:
    return render(request, "cadres/backup_codes.html", {"codes": codes})


def _page(request: Request, form: CodeForm, *, status: int = 200) -> HttpResponse:
    factor = getattr(request.user, "second_factor", None)
    context: dict[str, Any] = {"form": form, "factor": factor}
    if factor is not None and factor.confirmed_at is None:
        secret = base64.b32encode(bytes.fromhex(factor.secret)).decode()
        context["secret"] = [secret[at : at + 4] for at in range(0, len(secret), 4)]
        code = segno.make(_address(request.user, secret), error="m")
        context["picture"] = code.svg_data_uri(scale=5, border=3)
    elif factor is not None:
        context["left"] = factor.codes.filter(used_at=None).count()
    return render(request, "cadres/second_factor.html", context, status=status)


def _address(user: User, secret: str) -> str:
    """Return what the picture says to the telephone (key URI format)."""
    issuer = quote(ISSUER)
    label = f"{issuer}:{quote(user.username)}"
    return f"otpauth://totp/{label}?secret={secret}&issuer={issuer}"
