"""The visit form, as it is told on a phone."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from casework.enums import NeedKind, Urgency
from common.forms import DayInput
from policies.enums import CheckState, Policy
from policies.models import PolicyCheck
from policies.operations import Finding
from recipients.models import Pairing
from visits.content import DeedNote, NeedNote, VisitNote
from visits.enums import DeedKind, Occasion, Outcome, Way
from visits.models import Campaign, HomeVisit

OTHER_DAY = "other"
COUNTED = (DeedKind.POLICY, DeedKind.SOLVED, DeedKind.DEED)
GIVEN = (DeedKind.MONEY, DeedKind.GOODS)
MOST_YUAN = Decimal("1000000")
NO_WORDS = {"required": "写一句情况,或点一个常用语。"}


class VisitForm(forms.Form):
    """Asks what happened on a visit; everything but one sentence is set before."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    way = forms.ChoiceField(label="走访方式", choices=Way)
    outcome = forms.ChoiceField(label="走访结果", choices=Outcome, required=False)
    when = forms.CharField(label="日期", max_length=10)
    day = forms.DateField(
        label="哪一天",
        required=False,
        widget=DayInput,
        error_messages={"invalid": "日期请写成 2026-11-23 这样。"},
    )
    words = forms.CharField(label="情况记录", max_length=2000, error_messages=NO_WORDS)
    occasion = forms.ChoiceField(label="情形", choices=Occasion, required=False)
    campaign = forms.ModelChoiceField(
        label="主题活动", queryset=Campaign.objects.none(), required=False
    )
    companions = forms.CharField(label="随同人员", max_length=120, required=False)
    members = forms.MultipleChoiceField(
        label="同户", required=False, widget=forms.CheckboxSelectMultiple
    )
    need_words = forms.CharField(label="困难或需求", max_length=500, required=False)
    need_kind = forms.ChoiceField(label="类别", choices=NeedKind, required=False)
    need_urgency = forms.ChoiceField(label="紧急程度", choices=Urgency, required=False)

    def __init__(
        self,
        *args: Any,
        pairings: Sequence[Pairing],
        campaigns: Any,
        today: date,
        **options: Any,
    ) -> None:
        """Take the pairing the visit is for, and after it those of the household."""
        super().__init__(*args, **options)
        self.pairings = {str(pairing.pk): pairing for pairing in pairings}
        self.today = today
        first, *others = pairings
        self.first = first
        self.fields["day"].widget.attrs["max"] = today.isoformat()
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (str(pairing.pk), str(pairing.recipient)) for pairing in others
        ]
        for policy in Policy:
            self._add_policy(policy)
        for kind in COUNTED:
            self.fields[f"count_{kind}"] = forms.IntegerField(
                label=f"{kind.label}(件)", min_value=0, max_value=999, required=False
            )
        for kind in GIVEN:
            self._add_gift(kind)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["day"] = self._day(cleaned)
        # What was kept on a phone before there were outcomes says none.
        cleaned["outcome"] = cleaned.get("outcome") or Outcome.MET
        for kind in GIVEN:
            amount = f"{kind}_amount"
            lacks = cleaned.get(f"{kind}_words") and not cleaned.get(amount)
            if lacks and amount not in self.errors:
                self.add_error(amount, "写了说明,请填金额。")
        return cleaned

    @property
    def chosen(self) -> list[Pairing]:
        """The pairing the visit is for, then the others of the household."""
        return [
            self.first,
            *(self.pairings[key] for key in self.cleaned_data["members"]),
        ]

    @property
    def way_words(self) -> str:
        """How it was made and how it went, as HomeVisit says it."""
        told = self.cleaned_data
        return HomeVisit(way=told["way"], outcome=told["outcome"]).way_words

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
            deeds=self._deeds(),
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

    def _add_gift(self, kind: DeedKind) -> None:
        self.fields[f"{kind}_amount"] = forms.DecimalField(
            label=f"{kind.label}(元)",
            min_value=0,
            max_digits=9,
            decimal_places=2,
            validators=[MaxValueValidator(MOST_YUAN, "金额太大,请核对单位是元。")],
            error_messages={"invalid": "请写数字,如 200 或 200.5。"},
            required=False,
        )
        self.fields[f"{kind}_words"] = forms.CharField(
            label=f"{kind.label}说明", max_length=200, required=False
        )

    def _day(self, cleaned: dict[str, Any]) -> date | None:
        """Return the day meant; a chip carries the date it was shown with."""
        when = cleaned.get("when", "")
        if when == OTHER_DAY:
            if not cleaned.get("day") and "day" not in self.errors:
                self.add_error("day", "请选走访的日期。")
            if (day := cleaned.get("day")) and day > self.today:
                self.add_error("day", "走访日期不能晚于今天。")
            return cleaned.get("day")
        try:
            return date.fromisoformat(when)
        except ValueError:
            if "when" not in self.errors:
                self.add_error("when", "请选走访的日期。")
            return None

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

    def _deeds(self) -> tuple[DeedNote, ...]:
        told = self.cleaned_data
        counted = [
            DeedNote(str(kind), quantity=told[f"count_{kind}"])
            for kind in COUNTED
            if told[f"count_{kind}"]
        ]
        given = [
            DeedNote(
                str(kind),
                amount=told[f"{kind}_amount"],
                words=told[f"{kind}_words"],
            )
            for kind in GIVEN
            if told[f"{kind}_amount"]
        ]
        return (*counted, *given)

    def _need(self) -> NeedNote | None:
        told = self.cleaned_data
        if not told["need_words"]:
            return None
        return NeedNote(
            kind=told["need_kind"] or NeedKind.OTHER,
            words=told["need_words"],
            urgency=told["need_urgency"] or Urgency.NORMAL,
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
        "client_id": uuid.uuid4(),
        "way": Way.PHONE if called_up else Way.HOME,
        "outcome": Outcome.MET,
        "when": today.isoformat(),
        # As the page's script would set it: an untouched form must look untouched.
        "day": today.isoformat(),
        "members": [str(pairing.pk) for pairing in members],
        "need_urgency": Urgency.NORMAL,
    }
    for policy, check in checks.items():
        values[f"policy_{policy}"] = check.state
        values[f"policy_{policy}_words"] = check.words
    if kept:
        values |= {name: kept[name] for name in kept if name != "client_id"}
        values = _still_a_chip(values, today)
    return values


def _still_a_chip(values: dict[str, Any], today: date) -> dict[str, Any]:
    """Show a draft's day as a chosen date once it is neither today nor yesterday."""
    chips = {today.isoformat(), (today - timedelta(days=1)).isoformat(), OTHER_DAY}
    if values["when"] not in chips:
        values["when"], values["day"] = OTHER_DAY, values["when"]
    return values
