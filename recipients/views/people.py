"""The list of people, one person's page, opening a file and keeping it up to date."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cadres.http import Request, requires, wanted_address
from cadres.models import Area
from cadres.permissions import Permission
from common.asking import status_of
from common.htmx import render_page
from common.keyset import capped_counts, keyset_page
from common.refusals import Refused, Stale
from common.search_text import SearchQuery
from common.toasts import toast
from recipients.filters import RecipientFilterForm
from recipients.forms.people import PersonForm
from recipients.models import Recipient
from recipients.operations import people
from recipients.operations.looks import SEARCHED, search_by_number
from recipients.person_facts import PersonFacts
from recipients.queries import with_carers
from recipients.screens import decorate

T = TypeVar("T")
PAGE_SIZE = 50
COUNTED_AT_ONCE = 5_000


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def recipient_list(request: Request) -> HttpResponse:
    today = timezone.localdate()
    within_reach = Recipient.objects.visible_to(request.user)
    form = RecipientFilterForm(request.GET, user=request.user, today=today)
    found = form.narrow(within_reach)
    page = keyset_page(
        with_carers(found, request.user).select_related("area"),
        order=("area_id", "pinyin", "id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    note_search(request, form.cleaned_data.get("q"), page.rows)
    counts = capped_counts({"now": found, "total": within_reach.not_left()})
    # Many counts of a long list take longer than the list: it does not wait for them.
    counted = counts["total"] <= COUNTED_AT_ONCE
    chip_counts = capped_counts(form.chip_counts(within_reach)) if counted else {}
    context = {
        "form": form,
        "page": page,
        "people": decorate(page.rows, today, request.user),
        "count": counts["now"],
        "total": counts["total"],
        "chips": form.chips(chip_counts),
        "counted": counted,
        **(allowed := may(request)),
        # A cadre's few families need no ticking.
        "bulk": allowed["exports"] or allowed["edits"],
    }
    return render_page(
        request,
        "recipients/recipient_list.html",
        part="recipients/_recipient_table.html",
        context=context,
        status=status_of(form),
    )


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def recipient_chips(request: Request) -> HttpResponse:
    """Count what each chip would show, for a list too long to wait for it."""
    within_reach = Recipient.objects.visible_to(request.user)
    form = RecipientFilterForm(
        request.GET, user=request.user, today=timezone.localdate()
    )
    counts = capped_counts(form.chip_counts(within_reach))
    context = {"chips": form.chips(counts), "counted": True}
    return render(request, "recipients/_recipient_chips.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_RECIPIENTS)
def recipient_create(request: Request) -> HttpResponse:
    form = PersonForm(
        request.POST or None, user=request.user, today=timezone.localdate()
    )
    context: dict[str, Any] = {"form": form}
    deed = partial(people.register_person, by=request.user)
    if person := opened(request, context, deed):
        toast(request, f"已建档,编号 {person.code}。")
        return redirect("recipients:recipient_detail", person.pk)
    return person_form(request, context, status=status_of(form))


def opened(
    request: Request, context: dict[str, Any], deed: Callable[..., T]
) -> T | None:
    """Open a file with what the context's form told, and return what came of it.

    None when it was only asked for, is not right or refused, which the form then
    says; of a person who is on file already, the context tells the file.
    """
    form = context["form"]
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return deed(facts=form.facts())
    except people.AlreadyFiled as filed:
        form.add_error("resident_id", str(filed))
        context["filed"] = filed.recipient
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_RECIPIENTS)
def recipient_edit(request: Request, pk: UUID) -> HttpResponse:
    person = person_within_reach(request, pk)
    filed = PersonFacts.of(person, people.first_guardian(person))
    form = PersonForm(
        request.POST or None, user=request.user, today=timezone.localdate(), filed=filed
    )
    if request.method != "POST":
        form.initial["version"] = person.version
    back = _after(request, person)
    context: dict[str, Any] = {"form": form, "person": person, "back": back}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and (answer := _changed(request, person, form, context)):
            return answer
        status = 409 if "changes" in context else 422
    return person_form(request, context, status=status)


def _changed(
    request: Request, person: Recipient, form: PersonForm, context: dict[str, Any]
) -> HttpResponse | None:
    """Save and answer; or put into form and context why it was not saved."""
    try:
        people.change_person(
            recipient=person,
            facts=form.facts(),
            version=form.cleaned_data["version"],
            by=request.user,
        )
    except Stale as stale:
        # The words stay; saving again after a look at the differences overrides.
        form.take_version(person.version)
        context |= {"words": str(stale), "changes": stale.changes}
    except people.AlreadyFiled as filed:
        form.add_error("resident_id", str(filed))
        context["filed"] = filed.recipient
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        toast(request, "已保存。")
        return redirect(_after(request, person))
    return None


def _after(request: Request, person: Recipient) -> str:
    """Return where the form leads: back to what asked for it, or to the person."""
    wanted = wanted_address(request)
    if wanted != "/":
        return wanted
    return reverse("recipients:recipient_detail", args=[person.pk])


def person_within_reach(request: Request, pk: UUID) -> Recipient:
    """Return the person, or answer as if there were none."""
    rows = Recipient.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("area__parent", "household__institution"), pk=pk
    )


def note_search(
    request: Request, query: SearchQuery | None, found: list[Recipient]
) -> None:
    """Leave a search by a whole id or phone in the trail; any other is no event."""
    if query is not None and query.kind in SEARCHED:
        search_by_number(number=query.kind, found=found, by=request.user)


def may(request: Request) -> dict[str, bool]:
    """Return what the account may do and see, as templates ask for it."""
    has = request.user.has_permission
    return {
        "edits": has(Permission.EDIT_RECIPIENTS),
        "unmasks": has(Permission.UNMASK),
        "exports": has(Permission.EXPORT),
        "logs_visits": has(Permission.LOG_VISIT),
        "proposes": has(Permission.PROPOSE_PAIRING),
        "sees_pairings": has(Permission.SEE_PAIRINGS),
        "sees_visits": has(Permission.SEE_VISITS),
        "sees_needs": has(Permission.SEE_NEEDS),
        "sees_trail": has(Permission.SEE_TRAIL),
    }


def person_form(
    request: Request, context: dict[str, Any], *, status: int
) -> HttpResponse:
    """Show the form of a person, with the villages of the township chosen."""
    context["villages"] = Area.objects.villages_of(context["form"].place)
    return render(request, "recipients/recipient_form.html", context, status=status)
