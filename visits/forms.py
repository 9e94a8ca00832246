"""The visit form, as it is told on a phone."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from casework.enums import NeedKind, Urgency, Whose
from policies.enums import CheckState, Policy
from policies.models import PolicyCheck
from policies.operations import Finding
from recipients.models import Pairing
from visits.content import NeedNote, VisitNote
from visits.enums import Outcome, Way
from visits.telling_forms import TellingForm, now_and_here, still_a_chip


class VisitForm(TellingForm):
    """Asks what happened on a visit; everything but one sentence is set before."""

    outcome = forms.ChoiceField(label="走访结果", choices=Outcome, required=False)
    members = forms.MultipleChoiceField(
        label="同户", required=False, widget=forms.CheckboxSelectMultiple
    )
    need_words = forms.CharField(label="困难或需求", max_length=500, required=False)
    need_kind = forms.ChoiceField(label="类别", choices=NeedKind, required=False)
    need_whose = forms.ChoiceField(label="是谁的", choices=Whose, required=False)
    need_urgency = forms.ChoiceField(label="紧急程度", choices=Urgency, required=False)

    def __init__(self, *args: Any, pairings: Sequence[Pairing], **options: Any) -> None:
        """Take the pairing the visit is for, and after it those of the household."""
        super().__init__(*args, **options)
        self.pairings = {str(pairing.pk): pairing for pairing in pairings}
        first, *others = pairings
        self.first = first
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (str(pairing.pk), str(pairing.recipient)) for pairing in others
        ]
        for policy in Policy:
            self._add_policy(policy)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # What was kept on a phone before there were outcomes says none.
        cleaned["outcome"] = cleaned.get("outcome") or Outcome.MET
        return cleaned

    @property
    def chosen(self) -> list[Pairing]:
        """The pairing the visit is for, then the others of the household."""
        return [
            self.first,
            *(self.pairings[key] for key in self.cleaned_data["members"]),
        ]

    def note(self) -> VisitNote:
        """Return what was told, ready for the operation."""
        told = self.cleaned_data
        campaign = told["campaign"]
        return VisitNote(
            day=told["day"],
            way=told["way"],
            outcome=told["outcome"],
            words=told["words"],
            findings=self._findings(),
            deeds=self.deeds(),
            need=self._need(),
            occasion=told["occasion"],
            companions=told["companions"],
            campaign_id=campaign.pk if campaign else None,
        )

    def _add_policy(self, policy: Policy) -> None:
        self.fields[f"policy_{policy}"] = forms.ChoiceField(
            label=policy.label, choices=CheckState, initial=CheckState.UNSURE
        )
        self.fields[f"policy_{policy}_words"] = forms.CharField(
            label=f"{policy.label}说明", max_length=200, required=False
        )

    def _findings(self) -> dict[str, Finding] | None:
        if self.cleaned_data["outcome"] != Outcome.MET:
            return None
        return {
            str(policy): Finding(
                self.cleaned_data[f"policy_{policy}"],
                self.cleaned_data[f"policy_{policy}_words"],
            )
            for policy in Policy
        }

    def _need(self) -> NeedNote | None:
        told = self.cleaned_data
        if not told["need_words"]:
            return None
        return NeedNote(
            kind=told["need_kind"] or NeedKind.OTHER,
            words=told["need_words"],
            urgency=told["need_urgency"] or Urgency.NORMAL,
            whose=told["need_whose"] or Whose.PERSON,
        )


class LateVisitForm(VisitForm):
    """Asks the office about a visit of the past (补录); the sheet is optional."""

    with_sheet = forms.BooleanField(label="当时核对了七项政策", required=False)

    def _findings(self) -> dict[str, Finding] | None:
        return super()._findings() if self.cleaned_data["with_sheet"] else None


def first_values(
    *,
    checks: dict[str, PolicyCheck],
    members: Sequence[Pairing],
    today: date,
    called_up: bool = False,
    kept: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the form shows at first: today, at home, policies as last time.

    Who has refused twice is called up (``called_up``). ``kept`` is what a draft holds;
    it wins, but for the id of the submission.
    """
    values: dict[str, Any] = {
        **now_and_here(today, Way.PHONE if called_up else Way.HOME),
        "outcome": Outcome.MET,
        "members": [str(pairing.pk) for pairing in members],
        "need_urgency": Urgency.NORMAL,
        "need_whose": Whose.PERSON,
    }
    for policy, check in checks.items():
        values[f"policy_{policy}"] = check.state
        values[f"policy_{policy}_words"] = check.words
    if kept:
        values |= {name: kept[name] for name in kept if name != "client_id"}
        values = still_a_chip(values, today)
    return values
