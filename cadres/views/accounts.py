"""The administrator's pages of accounts: who has one, with which role, until when."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cadres.filters import UserFilterForm
from cadres.forms.accounts import AccountForm, EndRoleForm, PostForm
from cadres.http import Request, requires
from cadres.models import User
from cadres.operations import accounts, second_factors, sessions, signing_in
from cadres.permissions import Permission
from cadres.proof import proven
from cadres.queries import locks_of, sessions_of
from common.asking import accepted, status_of
from common.htmx import render_page
from common.keyset import capped_counts, keyset_page
from common.toasts import toast

PAGE_SIZE = 50


@require_safe
@requires(Permission.MANAGE_ACCOUNTS)
def user_list(request: Request) -> HttpResponse:
    form = UserFilterForm(request.GET)
    within_reach = User.objects.visible_to(request.user)
    found = form.narrow(within_reach)
    page = keyset_page(
        found.select_related("area", "organisation"),
        order=("username", "id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    counts = capped_counts({"total": within_reach, "now": found})
    return render_page(
        request,
        "cadres/user_list.html",
        part="cadres/_user_table.html",
        context={"form": form, "page": page, **counts},
        status=status_of(form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@proven
def user_create(request: Request) -> HttpResponse:
    """Open an account; its password stands on this one answer only."""
    form = AccountForm(request.POST or None)

    def deed(username: str, name: str, **_: Any) -> accounts.Issued:
        return accounts.create_account(
            username=username, name=name, post=form.post(), by=request.user
        )

    if issued := accepted(request, form, deed):
        return render(request, "cadres/user_issued.html", {"issued": issued})
    context = {"form": form}
    return render(request, "cadres/user_form.html", context, status=status_of(form))


@require_safe
@requires(Permission.MANAGE_ACCOUNTS)
def user_detail(request: Request, pk: UUID) -> HttpResponse:
    return _detail(request, _account(request, pk))


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
@proven
def user_change(request: Request, pk: UUID) -> HttpResponse:
    user = _account(request, pk)
    form = PostForm(request.POST)

    def deed(**_: Any) -> User:
        return accounts.change_post(user=user, post=form.post(), by=request.user)

    if accepted(request, form, deed):
        toast(request, "角色和范围已更改。")
        return redirect("cadres:user_detail", pk)
    return _detail(request, user, post_form=form, status=422)


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
@proven
def user_end_role(request: Request, pk: UUID) -> HttpResponse:
    user = _account(request, pk)
    form = EndRoleForm(request.POST)
    if not form.is_valid():
        return _detail(request, user, end_form=form, status=422)
    accounts.end_role(user=user, by=request.user, **form.cleaned_data)
    toast(request, "角色截止日已设定。")
    return redirect("cadres:user_detail", pk)


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
def user_disable(request: Request, pk: UUID) -> HttpResponse:
    accounts.disable(user=_account(request, pk), by=request.user)
    toast(request, "账号已停用,已登录的会被退出。")
    return redirect("cadres:user_detail", pk)


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
@proven
def user_enable(request: Request, pk: UUID) -> HttpResponse:
    accounts.enable(user=_account(request, pk), by=request.user)
    toast(request, "账号已启用。")
    return redirect("cadres:user_detail", pk)


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
@proven
def user_reset(request: Request, pk: UUID) -> HttpResponse:
    """Give a new one-time password, which stands on this one answer only."""
    issued = accounts.reset_password(user=_account(request, pk), by=request.user)
    return render(request, "cadres/user_issued.html", {"issued": issued})


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
def user_unlock(request: Request, pk: UUID) -> HttpResponse:
    signing_in.unlock(user=_account(request, pk), by=request.user)
    toast(request, "已解除登录锁定,本人现在就可以再试。")
    return redirect("cadres:user_detail", pk)


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
def user_end_sessions(request: Request, pk: UUID) -> HttpResponse:
    user = _account(request, pk)
    number = sessions.end_all(user=user, by=request.user)
    toast(request, f"已结束 {number} 处登录。")
    return redirect("cadres:user_detail", pk)


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
@proven
def user_second_factor_off(request: Request, pk: UUID) -> HttpResponse:
    """Take away the second step of somebody who lost telephone and codes."""
    second_factors.turn_off(user=_account(request, pk), by=request.user)
    toast(request, "动态码已清除,请本人登录后重新设置。")
    return redirect("cadres:user_detail", pk)


def _account(request: Request, pk: UUID) -> User:
    rows = User.objects.visible_to(request.user)
    reached = rows.select_related("area", "organisation", "second_factor")
    return get_object_or_404(reached, pk=pk)


def _detail(
    request: Request, user: User, *, status: int = 200, **forms: Any
) -> HttpResponse:
    own = user.pk == request.user.pk
    post = {
        "role": user.role,
        "area": user.area_id,
        "organisation": user.organisation_id,
        "until": user.role_until,
    }
    context = {
        "account": user,
        "own": own,
        "locks": locks_of(user),
        "open_sessions": sessions_of(user)[:20],
        "spent": user.one_time_password_is_spent(timezone.now()),
        "post_form": PostForm(initial=post),
        "end_form": EndRoleForm(initial={"on": user.role_until}),
        **forms,
    }
    return render(request, "cadres/user_detail.html", context, status=status)
