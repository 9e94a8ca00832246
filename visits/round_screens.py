"""What the form of a round shows: one line a person, and what is asked once."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.forms import BoundField

from policies.enums import CheckState
from policies.models import PolicySheet
from recipients.models import Pairing
from visits.enums import Outcome, Way
from visits.phrases import phrases_for_all, phrases_of_unmet
from visits.places import Place
from visits.refusing import called_up
from visits.round_forms import RoundForm
from visits.screens import (
    ICONS,
    LEADING,
    STATES,
    GiftRow,
    day_chips,
    deeds_context,
    gift_fields,
    outcome_chip,
    way_chip,
)
from visits.telling_forms import OTHER_DAY

LEADING_IN_A_HOME = (Way.CENTRE, Way.PHONE, Way.VIDEO, Way.ERRAND)


@dataclass(frozen=True)
class PersonRow:
    """One person of the place: whether seen, and what was different."""

    pairing: Pairing
    age: int | None
    chosen: bool
    called_up: bool
    outcome: BoundField
    words: BoundField
    gifts: list[GiftRow]
    unchanged: BoundField | None
    sheet: PolicySheet | None

    @property
    def differs(self) -> bool:
        """Say whether anything of this one alone is told, or wrong."""
        given = [field for gift in self.gifts for field in (gift.amount, gift.what)]
        asked = [self.words, *given]
        told = any(field.value() or field.errors for field in asked)
        outcome = self.outcome.value() or Outcome.MET
        return told or outcome != Outcome.MET or bool(self.outcome.errors)

    @property
    def sheet_words(self) -> str:
        """Say what the standing sheet found: 已享受 5、应享未享 1."""
        if self.sheet is None:
            return ""
        found = [check.state for check in self.sheet.checks.all()]
        return "、".join(
            f"{words} {found.count(CheckState(state))}"
            for state, words, _ in STATES
            if CheckState(state) in found
        )


def round_context(
    form: RoundForm, place: Place, sheets: dict[UUID, PolicySheet], today: date
) -> dict[str, Any]:
    """Return what the template of the round wants."""
    leading = LEADING_IN_A_HOME if place.is_home else LEADING
    people = [pairing.recipient for pairing in place.pairings]
    return {
        "form": form,
        "place": place,
        "icon": ICONS[Way.CENTRE if place.is_home else Way.HOME],
        "rows": _rows(form, place, sheets, today),
        "leading_ways": [way_chip(way) for way in leading],
        "other_ways": [way_chip(way) for way in Way if way not in leading],
        "way_is_other": str(form["way"].value()) not in leading,
        "outcome_chips": [outcome_chip(outcome) for outcome in Outcome],
        "days": day_chips(today),
        "other_day": OTHER_DAY,
        "today": today,
        "phrases": phrases_for_all({person.category for person in people}),
        "phrases_of_unmet": phrases_of_unmet(),
        **deeds_context(form),
    }


def _rows(
    form: RoundForm, place: Place, sheets: dict[UUID, PolicySheet], today: date
) -> list[PersonRow]:
    chosen = {str(key) for key in form["people"].value() or ()}
    people = [pairing.recipient_id for pairing in place.pairings]
    phoned = set(called_up().filter(recipient__in=people))
    return [
        PersonRow(
            pairing=pairing,
            age=pairing.recipient.age_on(today),
            chosen=key in chosen,
            called_up=pairing.recipient_id in phoned,
            outcome=form[f"outcome_{key}"],
            words=form[f"words_{key}"],
            gifts=gift_fields(form, f"_{key}"),
            unchanged=form[name]
            if (name := f"unchanged_{key}") in form.fields
            else None,
            sheet=sheets.get(pairing.recipient_id),
        )
        for key, pairing in form.pairings.items()
    ]
