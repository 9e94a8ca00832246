"""Asks once more who it is before a sensitive deed, and then does that same deed."""

import re
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from cadres.http import Request, View
from cadres.operations.proofs import prove
from common.htmx import wants_part

FIELD = "proof"
SAFE = ("GET", "HEAD", "OPTIONS")
LEFT_OUT = {FIELD, "csrfmiddlewaretoken"}
# A proof cannot be guessed at for ever from a screen that was left open.
TRIES = 6
COUNT = "proof_failures"
TARGET = re.compile(r"[A-Za-z][\w-]{0,40}")


def proven(view: View) -> View:
    """Let a deed through when the last proof is no older than PROOF_SECONDS.

    Otherwise the answer is a form that holds every word of the request and asks for
    password or code; sent off, it is the same request, and runs once.
    """

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in SAFE or _is_fresh(request):
            return view(request, *args, **kwargs)
        if FIELD not in request.POST:
            return _ask(request)
        row = request.session.row  # type: ignore[attr-defined]
        if prove(session=row, answer=request.POST[FIELD], by=request.user):
            row.proved_at = timezone.now()
            request.session.pop(COUNT, None)
            return view(request, *args, **kwargs)
        return _wrong(request)

    guarded.needs_proof = True  # type: ignore[attr-defined]
    return guarded


def _is_fresh(request: Request) -> bool:
    row = request.session.row  # type: ignore[attr-defined]
    age = timezone.now() - row.proved_at
    return bool(age.total_seconds() < settings.PROOF_SECONDS)


def _wrong(request: Request) -> HttpResponse:
    failures = request.session.get(COUNT, 0) + 1
    request.session[COUNT] = failures
    if failures >= TRIES:
        logout(request)
        if wants_part(request):
            return HttpResponse(status=401)
        return redirect("cadres:login")
    return _ask(request, error="密码或动态码不对,请再试。")


def _ask(request: Request, *, error: str = "") -> HttpResponse:
    words = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in LEFT_OUT
        for value in values
    ]
    target = request.headers.get("HX-Target", "")
    context = {
        "words": words,
        "error": error,
        "address": request.get_full_path(),
        "target": target if TARGET.fullmatch(target) else "",
    }
    part = wants_part(request) and context["target"]
    template = "cadres/_proof.html" if part else "cadres/proof.html"
    return render(request, template, context, status=422)
