"""What every form of a visit asks: how, on which day, what was seen and done."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from common.forms import DayInput, MoneyField
from visits.content import DeedNote
from visits.enums import DeedKind, Occasion, Outcome, Way
from visits.models import Campaign, HomeVisit

OTHER_DAY = "other"
COUNTED = (DeedKind.POLICY, DeedKind.SOLVED, DeedKind.DEED)
GIVEN = (DeedKind.MONEY, DeedKind.GOODS)
MOST_YUAN = Decimal("1000000")
NO_WORDS = {"required": "写一句情况,或点一个常用语。"}


class TellingForm(forms.Form):
    """Asks how and when it was, what was seen, and what was done for the family."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    way = forms.ChoiceField(label="走访方式", choices=Way)
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

    def __init__(self, *args: Any, campaigns: Any, today: date, **options: Any) -> None:
        """Take the campaigns that may be chosen, and the last day that may be."""
        super().__init__(*args, **options)
        self.today = today
        self.fields["day"].widget.attrs["max"] = today.isoformat()
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]
        for kind in COUNTED:
            self.fields[f"count_{kind}"] = forms.IntegerField(
                label=f"{kind.label}(件)", min_value=0, max_value=999, required=False
            )
        self.add_gifts()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["day"] = self._day(cleaned)
        self.clean_gifts(cleaned)
        return cleaned

    def add_gifts(self, whose: str = "", to: str = "") -> None:
        """Ask what was given: to all, or to the one whose key ends the names."""
        for kind in GIVEN:
            self.fields[f"{kind}_amount{whose}"] = MoneyField(
                label=f"{to}{kind.label}(元)", most=MOST_YUAN, required=False
            )
            self.fields[f"{kind}_words{whose}"] = forms.CharField(
                label=f"{to}{kind.label}说明", max_length=200, required=False
            )

    def clean_gifts(self, cleaned: dict[str, Any], whose: str = "") -> None:
        """Hold words about a gift against its amount."""
        for kind in GIVEN:
            amount = f"{kind}_amount{whose}"
            lacks = cleaned.get(f"{kind}_words{whose}") and not cleaned.get(amount)
            if lacks and amount not in self.errors:
                self.add_error(amount, "写了说明,请填金额。")

    @property
    def way_words(self) -> str:
        """How it was made, and how it went where one is asked, as HomeVisit says it."""
        told = self.cleaned_data
        outcome = told.get("outcome", Outcome.MET)
        return HomeVisit(way=told["way"], outcome=outcome).way_words

    def deeds(self) -> tuple[DeedNote, ...]:
        """Return what was done and given, to all where there are several."""
        told = self.cleaned_data
        counted = [
            DeedNote(str(kind), quantity=told[f"count_{kind}"])
            for kind in COUNTED
            if told[f"count_{kind}"]
        ]
        return (*counted, *self.gifts())

    def gifts(self, whose: str = "") -> tuple[DeedNote, ...]:
        """Return what was given: to all, or to the one alone."""
        told = self.cleaned_data
        return tuple(
            DeedNote(
                str(kind),
                amount=told[f"{kind}_amount{whose}"],
                words=told[f"{kind}_words{whose}"],
            )
            for kind in GIVEN
            if told[f"{kind}_amount{whose}"]
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


def now_and_here(today: date, way: Way) -> dict[str, Any]:
    """Return what such a form shows at first: a new id, today, and the way."""
    return {
        "client_id": uuid.uuid4(),
        "way": way,
        "when": today.isoformat(),
        # As the page's script would set it: an untouched form must look untouched.
        "day": today.isoformat(),
    }


def still_a_chip(values: dict[str, Any], today: date) -> dict[str, Any]:
    """Show a day that was kept as a chosen date once it is no chip any more."""
    chips = {today.isoformat(), (today - timedelta(days=1)).isoformat(), OTHER_DAY}
    if values["when"] not in chips:
        values["when"], values["day"] = OTHER_DAY, values["when"]
    return values
