"""Coming in and going out: the password, the second step, log-out."""

from typing import Any

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cadres.forms.account import CodeForm, LoginForm
from cadres.http import Request, open_to_all, requires, wanted_address
from cadres.middleware import missing_step, note_presence
from cadres.operations import second_factors, signing_in
from cadres.permissions import Permission
from common.addresses import client_address
from common.asking import status_of
from common.htmx import wants_part
from common.refusals import Refused

PAGE, AGAIN = "cadres/login.html", "cadres/_login_again.html"
SECOND_STEP = "cadres:second_step"
WRONG_CODE = "动态码不对,或已经用过。连续输错 6 次要等 15 分钟;也可以用备用码。"


@open_to_all
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(wanted_address(request))
    if request.method != "POST":
        return _page(request, LoginForm(request))
    form = LoginForm(request, data=request.POST)
    status = _come_in(request, form)
    if status == 200:
        return redirect(wanted_address(request))
    return _page(request, form, status=status)


@open_to_all
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login_again(request: HttpRequest) -> HttpResponse:
    """Serve the dialog in which somebody comes in again and goes on with a page."""
    status = 200
    if request.method == "POST":
        form = LoginForm(request, data=request.POST)
        status = _come_in(request, form)
    else:
        name = request.GET.get("username", "")
        form = LoginForm(request, initial={"username": name})
    if request.user.is_authenticated:
        return _in_again(request)
    return render(request, AGAIN, {"form": form}, status=status)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SIGNED_IN)
def second_step(request: Request) -> HttpResponse:
    """Ask for the code; nothing else opens until it is right."""
    if missing_step(request, request.user) != SECOND_STEP:
        return redirect("reports:home")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        user = request.user
        if second_factors.pass_second_step(user=user, code=code, by=user):
            return _go_on(request)
        form.add_error("code", WRONG_CODE)
    template = AGAIN if wants_part(request) else "cadres/second_step.html"
    status = status_of(form)
    return render(request, template, {"code_form": form}, status=status)


@require_POST
@requires(Permission.SIGNED_IN)
def logout(request: Request) -> HttpResponse:
    auth.logout(request)
    response = redirect("cadres:login")
    # Not "storage": visits that were not sent yet lie there.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def locked_out(
    request: HttpRequest, answer: HttpResponse, credentials: Any = None
) -> HttpResponse:
    """Answer a name that was wrong too often from this address: as any wrong try."""
    answer.status_code = 429
    return answer


def _come_in(request: HttpRequest, form: LoginForm) -> int:
    """Begin a session, or say in the form why not; return the status."""
    address = client_address(request)
    if not signing_in.may_try(address=address):
        form.refuse()
        return 429
    if not form.is_valid():
        if form.was_tried:
            signing_in.note_wrong_try(address=address)
        return 422
    user = form.get_user()
    try:
        signing_in.sign_in(user=user, by=user)
    except Refused:
        form.refuse()
        return 422
    auth.login(request, user)
    if missing_step(request, user):
        request.session["next"] = wanted_address(request)
    note_presence(request, user)
    return 200


def _go_on(request: Request) -> HttpResponse:
    request.session.pass_second_step()  # type: ignore[attr-defined]
    note_presence(request, request.user)
    if wants_part(request):
        return _in_again(request)
    return redirect(request.session.pop("next", reverse("reports:home")))


def _in_again(request: HttpRequest) -> HttpResponse:
    """Tell the page that it may go on, or which step is missing."""
    step = missing_step(request, request.user)  # type: ignore[arg-type]
    if step == SECOND_STEP:
        return render(request, AGAIN, {"code_form": CodeForm()})
    if step:
        return HttpResponse(headers={"HX-Redirect": reverse(step)})
    return render(request, AGAIN, {"token": get_token(request)})


def _page(request: HttpRequest, form: LoginForm, *, status: int = 200) -> HttpResponse:
    target = wanted_address(request)
    context = {"form": form, "next": target, "returns": target != "/"}
    return render(request, PAGE, context, status=status)
