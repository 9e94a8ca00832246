"""Noting and taking back consents on a person's file."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.asking import accepted, status_of
from common.toasts import toast
from recipients.forms.privacy import ConsentForm
from recipients.operations import consents
from recipients.views.people import person_within_reach


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_RECIPIENTS)
def consent_give(request: Request, pk: UUID) -> HttpResponse:
    """Note a consent that was given on paper."""
    person = person_within_reach(request, pk)
    form = ConsentForm(request.POST or None)
    deed = partial(consents.give_consent, recipient=person, by=request.user)
    if accepted(request, form, deed):
        toast(request, "已登记同意书。")
        return redirect("recipients:recipient_detail", pk)
    context = {
        "person": person,
        "form": form,
        "heading": f"登记{person}的同意书",
        "button": "登记",
        "explanation": "纸质同意书由关爱办存档。不满 14 周岁的,由监护人同意。",
    }
    template = "recipients/recipient_ask.html"
    return render(request, template, context, status=status_of(form))


@require_POST
@requires(Permission.EDIT_RECIPIENTS)
def consent_withdraw(request: Request, pk: UUID, scope: str) -> HttpResponse:
    person = person_within_reach(request, pk)
    consent = get_object_or_404(person.consents.in_force(), scope=scope)
    consents.withdraw_consent(consent=consent, by=request.user)
    toast(request, "已登记撤回。")
    return redirect("recipients:recipient_detail", pk)
