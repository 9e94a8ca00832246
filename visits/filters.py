"""Narrowing the lists of visits and of families that wait."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from cadres.models import Area, Organisation, User
from common.forms import DayInput
from recipients.models import PairingQuerySet
from visits.enums import Way
from visits.models import Campaign, HomeVisitQuerySet

LATE = (("", "全部"), ("1", "只看补录"), ("0", "不含补录"))


class VisitFilterForm(forms.Form):
    """Narrows visits that are already cut down to what the account may see."""

    since = forms.DateField(label="从", required=False, widget=DayInput)
    until = forms.DateField(label="到", required=False, widget=DayInput)
    way = forms.ChoiceField(
        label="方式", required=False, choices=[("", "全部方式"), *Way.choices]
    )
    area = forms.ModelChoiceField(
        label="乡镇街道",
        required=False,
        queryset=Area.objects.none(),
        empty_label="全部",
    )
    unit = forms.ModelChoiceField(
        label="单位",
        required=False,
        queryset=Organisation.objects.none(),
        empty_label="全部单位",
    )
    campaign = forms.ModelChoiceField(
        label="活动",
        required=False,
        queryset=Campaign.objects.all(),
        empty_label="全部",
    )
    late = forms.ChoiceField(label="补录", required=False, choices=LATE)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_areas_and_units(self, user)

    def narrow(self, visits: HomeVisitQuerySet) -> HomeVisitQuerySet:
        """Return the visits that were asked for."""
        asked = self.cleaned_data
        plain = {
            "day__gte": asked["since"],
            "day__lte": asked["until"],
            "way": asked["way"],
            "organisation": asked["unit"],
            "campaign": asked["campaign"],
            "late_entry": {"1": True, "0": False}.get(asked["late"]),
        }
        given = plain.items()
        wanted = {name: value for name, value in given if value not in ("", None)}
        visits = visits.filter(**wanted)
        area = asked["area"]
        return visits.filter(**_within(area)) if area else visits


class OverdueFilterForm(forms.Form):
    """Narrows the families that wait by place and by unit."""

    area = forms.ModelChoiceField(
        label="乡镇街道",
        required=False,
        queryset=Area.objects.none(),
        empty_label="全部",
    )
    unit = forms.ModelChoiceField(
        label="单位",
        required=False,
        queryset=Organisation.objects.none(),
        empty_label="全部单位",
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_areas_and_units(self, user)

    def narrow(self, pairings: PairingQuerySet) -> PairingQuerySet:
        """Return the pairings that were asked for."""
        if area := self.cleaned_data["area"]:
            pairings = pairings.within(area)
        if unit := self.cleaned_data["unit"]:
            pairings = pairings.filter(cadre__organisation=unit)
        return pairings


def offer_areas_and_units(form: forms.Form, user: User) -> None:
    """Offer the areas and units within the account's reach."""
    areas: QuerySet[Area] = Area.objects.visible_to(user).in_use()
    form.fields["area"].queryset = areas  # type: ignore[attr-defined]
    units = Organisation.objects.visible_to(user)
    form.fields["unit"].queryset = units  # type: ignore[attr-defined]


def _within(area: Area) -> dict[str, str]:
    low, high = area.prefix, str(int(area.prefix) + 1)
    return {"recipient__area_id__gte": low, "recipient__area_id__lt": high}
