"""Pages about a person's household and guardians."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.asking import status_of, tried
from common.toasts import toast
from recipients.forms.families import (
    DayForm,
    GuardianForm,
    InstitutionForm,
    MemberForm,
    RelationForm,
)
from recipients.models import HouseholdMember, Recipient
from recipients.operations import families
from recipients.views.people import person_within_reach

EDITS = Permission.EDIT_RECIPIENTS
READ = ["GET", "HEAD", "POST"]


@require_http_methods(READ)
@requires(EDITS)
def recipient_members(request: Request, pk: UUID) -> HttpResponse:
    """Show who lives together, and put down another."""
    person = person_within_reach(request, pk)
    form = MemberForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(
            form,
            lambda: families.add_member(
                recipient=person, by=request.user, **form.cleaned_data
            ),
        )
    ):
        toast(request, "已登记家庭成员。")
        return redirect("recipients:recipient_members", pk)
    return _members(request, person, form)


@require_POST
@requires(EDITS)
def recipient_relation(request: Request, pk: UUID) -> HttpResponse:
    """Say how the person is related to the head, or make the person head."""
    person = person_within_reach(request, pk)
    form = RelationForm(request.POST)
    if form.is_valid():
        relation = form.cleaned_data["relation"]
        if relation == "02":
            families.name_head(recipient=person, by=request.user)
        else:
            families.set_relation(recipient=person, relation=relation, by=request.user)
        toast(request, "已登记。")
        return redirect("recipients:recipient_members", pk)
    return _members(request, person, MemberForm(), status=422)


@require_POST
@requires(EDITS)
def member_head(request: Request, pk: UUID, member: UUID) -> HttpResponse:
    person = person_within_reach(request, pk)
    found = _member(person, member)
    families.name_head(recipient=person, member=found, by=request.user)
    toast(request, "已定为户主。")
    return redirect("recipients:recipient_members", pk)


@require_POST
@requires(EDITS)
def member_leave(request: Request, pk: UUID, member: UUID) -> HttpResponse:
    person = person_within_reach(request, pk)
    found = _member(person, member)
    form = DayForm(request.POST)
    on = form.cleaned_data["on"] if form.is_valid() else timezone.localdate()
    families.member_leaves(recipient=person, member=found, on=on, by=request.user)
    toast(request, "已登记离开。")
    return redirect("recipients:recipient_members", pk)


@require_http_methods(READ)
@requires(EDITS)
def recipient_guardian(request: Request, pk: UUID) -> HttpResponse:
    person = person_within_reach(request, pk)
    form = GuardianForm(request.POST or None, initial={"on": timezone.localdate()})
    page = {
        "heading": f"{person}变更监护人",
        "button": "变更",
        "explanation": "原监护人留作历史;结对干部本人及其电话不能作监护人。",
    }
    return _asked(
        request, person, form, page, families.change_guardian, "已变更监护人。"
    )


@require_http_methods(READ)
@requires(EDITS)
def recipient_institution(request: Request, pk: UUID) -> HttpResponse:
    person = person_within_reach(request, pk)
    form = InstitutionForm(request.POST or None, initial={"on": timezone.localdate()})
    page = {
        "heading": f"{person}入住机构",
        "button": "登记",
        "explanation": "住在福利院、敬老院的单独算一户,走访记为机构探视。",
    }
    return _asked(
        request, person, form, page, families.place_in_institution, "已登记入住机构。"
    )


def _member(person: Recipient, pk: UUID) -> HouseholdMember:
    """Return a member of the household of a person who is within reach."""
    members = person.household.members.filter(until_on=None)
    return get_object_or_404(members, pk=pk)


def _members(
    request: Request, person: Recipient, form: Form, *, status: int = 200
) -> HttpResponse:
    people = Recipient.objects.visible_to(request.user).filter(
        household=person.household_id
    )
    context = {
        "person": person,
        "people": people.select_related("area").order_by("relation", "birth_on", "id"),
        "members": person.household.members.filter(until_on=None),
        "former": person.household.members.exclude(until_on=None),
        "form": form,
        "relations": RelationForm.base_fields["relation"].choices,  # type: ignore[attr-defined]
    }
    status = 422 if form.errors else status
    return render(request, "recipients/recipient_members.html", context, status=status)


def _asked(
    request: Request,
    person: Recipient,
    form: Form,
    page: dict[str, Any],
    deed: Callable[..., Any],
    done: str,
) -> HttpResponse:
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(
            form,
            lambda: deed(recipient=person, by=request.user, **form.cleaned_data),
        )
    ):
        toast(request, done)
        return redirect("recipients:recipient_detail", person.pk)
    context = {"person": person, "form": form, **page}
    status = status_of(form)
    return render(request, "recipients/recipient_ask.html", context, status=status)
