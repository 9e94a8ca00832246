"""The form on which the visits to several people of one place are told at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from policies.models import PolicySheet
from recipients.models import Pairing
from visits.content import VisitNote
from visits.enums import Outcome, Way
from visits.operations.rounds import NEWER, Stop, StopRefused
from visits.rules import MOST_AT_ONCE
from visits.telling_forms import NO_WORDS, TellingForm, now_and_here, still_a_chip

ENDED = "名单刚有变动,有人不再由这名干部结对。请看看现在的名单再提交。"


class RoundForm(TellingForm):
    """Asks once what holds for all, and of each only what was different.

    What is asked of one has the pairing's key at the end of its name.
    """

    people = forms.MultipleChoiceField(
        label="看望了谁",
        error_messages={"required": "请选看望了谁。", "invalid_choice": ENDED},
    )
    # With the words of one alone not longer than those of a single visit.
    words = forms.CharField(label="情况记录", max_length=1600, required=False)

    def __init__(
        self,
        *args: Any,
        pairings: Sequence[Pairing],
        sheets: dict[UUID, PolicySheet],
        **options: Any,
    ) -> None:
        """Take whom one may choose from, and the sheet that stands of each."""
        super().__init__(*args, **options)
        self.pairings = {str(pairing.pk): pairing for pairing in pairings}
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (key, str(pairing.recipient)) for key, pairing in self.pairings.items()
        ]
        for key, pairing in self.pairings.items():
            self._ask_of(key, str(pairing.recipient), sheets.get(pairing.recipient_id))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = cleaned.get("people", [])
        if len(chosen) > MOST_AT_ONCE:
            self.add_error("people", f"一次最多记 {MOST_AT_ONCE} 人,请分两次记。")
        for key in chosen:
            self.clean_gifts(cleaned, f"_{key}")
            if self._outcome(key) != Outcome.MET and not cleaned.get(f"words_{key}"):
                self.add_error(f"words_{key}", "写一句怎么没见到,或点一个常用语。")
        met = any(self._outcome(key) == Outcome.MET for key in chosen)
        if met and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", NO_WORDS["required"])
        return cleaned

    def stops(self) -> list[Stop]:
        """Return what was told of each, ready for the operation."""
        return [self._stop(key) for key in self.cleaned_data["people"]]

    def refuse(self, refusal: StopRefused) -> None:
        """Say by the person's name why the visit may not be told."""
        self.add_error(f"outcome_{refusal.pairing.pk}", refusal.why)

    def _ask_of(self, key: str, name: str, sheet: PolicySheet | None) -> None:
        self.fields[f"outcome_{key}"] = forms.ChoiceField(
            label=name, choices=Outcome, required=False
        )
        self.fields[f"words_{key}"] = forms.CharField(
            label=name, max_length=300, required=False
        )
        self.add_gifts(f"_{key}", to=f"{name}:")
        if sheet is not None:
            self.fields[f"unchanged_{key}"] = forms.ChoiceField(
                label=f"{name}:七项政策与上次一致",
                choices=[(str(sheet.pk), "与上次一致")],
                required=False,
                error_messages={"invalid_choice": NEWER},
            )

    def _outcome(self, key: str) -> str:
        return self.cleaned_data.get(f"outcome_{key}") or Outcome.MET

    def _stop(self, key: str) -> Stop:
        told, outcome = self.cleaned_data, self._outcome(key)
        met = outcome == Outcome.MET
        campaign, own = told["campaign"], told[f"words_{key}"]
        # What was seen of the others says nothing of whom nobody saw.
        words = [told["words"], own] if met else [own]
        note = VisitNote(
            day=told["day"],
            way=told["way"],
            outcome=outcome,
            words="\n".join(line for line in words if line),
            deeds=(*(self.deeds() if met else ()), *self.gifts(f"_{key}")),
            occasion=told["occasion"],
            companions=told["companions"],
            campaign_id=campaign.pk if campaign else None,
        )
        confirmed = told.get(f"unchanged_{key}") if met else ""
        return Stop(self.pairings[key], note, UUID(confirmed) if confirmed else None)


def first_round(
    pairings: Sequence[Pairing],
    *,
    at_home: bool,
    today: date,
    kept: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the form shows at first: in a home all, in a village nobody yet.

    What a round that was taken back has said (``kept``) wins.
    """
    keys = [str(pairing.pk) for pairing in pairings] if at_home else []
    values = {
        **now_and_here(today, Way.CENTRE if at_home else Way.HOME),
        "people": keys[:MOST_AT_ONCE],
        **(kept or {}),
    }
    return still_a_chip(values, today)
