"""One person's page, and where the values on it come from."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.sentences import sentence
from cadres.http import Request, requires
from cadres.permissions import Permission
from common.htmx import render_page
from recipients.acting_carers import is_acted_for, with_acting
from recipients.enums import PairingStatus
from recipients.forms.standing import UnmaskForm
from recipients.models import GlassLook, Pairing, Recipient, RecipientQuerySet
from recipients.operations.looks import look
from recipients.queries import (
    events_about,
    looked_lately,
    merged_into,
    with_other_files,
    with_regraded,
)
from recipients.reach import is_within
from recipients.screens import (
    disability_words,
    due_state,
    kind_words,
    past_disabilities,
    private_facts,
    telling_of,
)
from recipients.sources import lines
from recipients.views.people import may, person_within_reach

EVENTS_SHOWN = 8


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def recipient_detail(request: Request, pk: UUID) -> HttpResponse:
    """Show one person; that the page was opened stays in the trail."""
    people = with_other_files(to_look_at(request), request.user)
    person = with_regraded(people).filter(pk=pk).first()
    if person is None:
        # Whoever may not see the file that was kept gets a 404 for it as well.
        kept = get_object_or_404(to_look_at(request), pk=merged_into(pk))
        return redirect("recipients:recipient_detail", kept.pk)
    if not looked_lately(person, request.user):
        look(recipient=person, by=request.user)
    return render(
        request, "recipients/recipient_detail.html", _context(request, person)
    )


@require_safe
@requires(Permission.EDIT_RECIPIENTS)
def recipient_sources(request: Request, pk: UUID) -> HttpResponse:
    """Show where each value on the file comes from; opened from the person's page."""
    person = person_within_reach(request, pk)
    return render_page(
        request,
        "recipients/recipient_sources.html",
        part="recipients/_recipient_sources.html",
        context={"person": person, "sources": lines(person)},
    )


def to_look_at(request: Request) -> RecipientQuerySet:
    """Return who may be looked at, also the one seen in an emergency."""
    people = Recipient.objects.visible_to(request.user, glass=True)
    return people.select_related(
        "area__parent", "hukou_area__parent", "household__institution"
    )


def person_to_look_at(request: Request, pk: UUID) -> Recipient:
    """Return the person, also one who is seen in an emergency; for looking only."""
    return get_object_or_404(to_look_at(request), pk=pk)


def _context(request: Request, person: Recipient) -> dict[str, Any]:
    """Return what a person's page shows of what is known here."""
    today = timezone.localdate()
    guardians = list(person.guardians.filter(until_on=None).order_by("-first", "id"))
    first = next((one for one in guardians if one.first), None)
    pairings = _pairings(request, person)
    with_acting([one for one in pairings if one.acted_for], today)  # type: ignore[attr-defined]
    allowed = may(request)
    urgent = _urgent_look(request, person, pairings)
    if urgent is not None:
        unmasks = allowed["unmasks"]
        allowed = dict.fromkeys(allowed, False) | {"unmasks": unmasks}
    masked = person.is_masked_for(request.user)
    current = [one for one in pairings if one.status == PairingStatus.ACTIVE]
    carer = current[0] if current else None
    return {
        "person": person,
        "urgent": urgent,
        "masked": masked,
        "young": person.is_young(today),
        "consents": person.consents.in_force() if urgent is None else [],
        "age": person.age_on(today),
        "disability": disability_words(person),
        "disabilities": _disabilities(person, masked=masked),
        "kind": kind_words(person),
        "also": [_category_words(one) for one in person.also],
        "facts": [] if masked else private_facts(person, first),
        "form": UnmaskForm(),
        "guardians": [] if masked else guardians,
        "family": _family(request, person),
        "pairings": pairings,
        "current": [
            {"pairing": one, "state": due_state(one, today)} for one in current
        ],
        "tell": "" if urgent else telling_of(person, carer, request.user),
        "events": _events(person) if allowed["sees_trail"] else [],
        **allowed,
    }


def _disabilities(person: Recipient, *, masked: bool) -> str:
    """Return past grades in words; who has none, as most, is not asked about."""
    if masked or not person.regraded:  # type: ignore[attr-defined]
        return ""
    return past_disabilities(person)


def _urgent_look(
    request: Request, person: Recipient, pairings: list[Pairing]
) -> GlassLook | None:
    """Return the open urgent look by which alone the account sees the person."""
    own = any(one.status == PairingStatus.ACTIVE for one in pairings)
    if own or is_within(person.area_id, request.user):
        return None
    return person.glass_looks.open_to(request.user).first()


def _pairings(request: Request, person: Recipient) -> list[Pairing]:
    rows = Pairing.objects.visible_to(request.user).filter(recipient=person)
    rows = rows.annotate(acted_for=is_acted_for(timezone.localdate()))
    return list(
        rows.select_related("cadre__organisation").order_by("-proposed_on", "-id")
    )


def _family(request: Request, person: Recipient) -> list[Recipient]:
    """Return the others of the household whom the account may see."""
    others = Recipient.objects.visible_to(request.user).filter(
        household=person.household_id
    )
    return list(others.exclude(pk=person.pk).order_by("pinyin", "id")[:20])


def _events(person: Recipient) -> list[dict[str, Any]]:
    gone = person.gone_keys  # type: ignore[attr-defined]
    return [
        {
            "day": timezone.localtime(event.at),
            "icon": "eye" if event.kind.startswith("person.") else "pencil-square",
            "title": sentence(event),
            "words": event.reason,
            "by": event.by_name,
        }
        for event in events_about(person, gone)[:EVENTS_SHOWN]
    ]


def _category_words(value: str) -> str:
    choices = dict(Recipient._meta.get_field("category").choices or ())
    return str(choices.get(value, value))
