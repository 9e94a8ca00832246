"""Narrowing the lists of visits and of families that wait."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from cadres.enums import AreaLevel
from cadres.models import Area, Organisation, User
from common.forms import DayInput, SearchField
from policies.enums import CheckState, Policy
from policies.models import PolicyCheckQuerySet
from recipients.acting_carers import in_care_of
from recipients.enums import PairingKind
from recipients.models import PairingQuerySet
from recipients.queries import meant
from visits.enums import VISITING, Outcome, Way
from visits.models import Campaign, HomeVisitQuerySet

LATE = (("", "全部"), ("1", "只看补录"), ("0", "不含补录"))
WAYS = (("", "全部方式"), (VISITING, "上门(入户、探视)"), *Way.choices)
# How long overdue: from so many days on, to so many.
WAITS = (("week", "超期 7 天内", 1, 7), ("month", "8 到 30 天", 8, 30),
    ("longer", "30 天以上", 31, 9_999))  # fmt: skip


@dataclass(frozen=True)
class Period:
    """Days that one tap asks for."""

    label: str
    since: date
    until: date


def periods(today: date) -> Iterator[Period]:
    """Yield the days that offices ask for most: today, this month and the last."""
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    yield Period("今天", today, today)
    yield Period("本月", first, _month_end(first))
    yield Period("上月", before.replace(day=1), before)


def _month_end(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


class VisitFilterForm(forms.Form):
    """Narrows visits that are already cut down to what the account may see."""

    q = SearchField()
    since = forms.DateField(label="从", required=False, widget=DayInput)
    until = forms.DateField(label="到", required=False, widget=DayInput)
    way = forms.ChoiceField(label="方式", required=False, choices=WAYS)
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
    outcome = forms.ChoiceField(
        label="结果",
        required=False,
        choices=[("", "全部结果"), *Outcome.choices],
    )
    late = forms.ChoiceField(label="补录", required=False, choices=LATE)
    rare = ("way", "outcome", "unit", "campaign", "late")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        offer_areas_and_units(self, user)

    @property
    def rare_set(self) -> bool:
        """Say whether one of the seldom filters is set, so that it must be seen."""
        return any(self.data.get(name) for name in self.rare)

    def narrow(self, visits: HomeVisitQuerySet, **instead: Any) -> HomeVisitQuerySet:
        """Return the visits asked for; ``instead`` takes the place of what was."""
        asked = {**self.cleaned_data, **instead}
        plain = {
            "day__gte": asked["since"],
            "day__lte": asked["until"],
            "way": asked["way"] if asked["way"] != VISITING else "",
            "outcome": asked["outcome"],
            "organisation": asked["unit"],
            "campaign": asked["campaign"],
            "late_entry": {"1": True, "0": False}.get(asked["late"]),
        }
        given = plain.items()
        wanted = {name: value for name, value in given if value not in ("", None)}
        visits = visits.filter(**wanted)
        if asked["way"] == VISITING:
            visits = visits.in_person()
        people = meant(asked["q"], self.user)
        if people is not None:
            visits = visits.filter(recipient__in=people)
        area = asked["area"]
        return visits.filter(**_within(area)) if area else visits

    def day_chips(self, query: QueryDict, today: date) -> list[dict[str, Any]]:
        """Return the chips that set the days, the other filters kept."""
        asked = (self.cleaned_data["since"], self.cleaned_data["until"])
        bare = query.copy()
        for name in ("since", "until", "after"):
            bare.pop(name, None)
        chips: list[dict[str, Any]] = [
            {
                "label": "全部",
                "url": f"?{bare.urlencode()}",
                "on": asked == (None, None),
            }
        ]
        for period in periods(today):
            bare["since"], bare["until"] = str(period.since), str(period.until)
            chips.append(
                {
                    "label": period.label,
                    "url": f"?{bare.urlencode()}",
                    "on": asked == (period.since, period.until),
                    "period": period,
                }
            )
        return chips


class OverdueFilterForm(forms.Form):
    """Narrows the families that wait by person, place, unit and how long."""

    q = SearchField()
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

    kind = forms.ChoiceField(
        label="结对方式",
        required=False,
        choices=[("", "全部"), *PairingKind.choices],
    )
    wait = forms.ChoiceField(
        label="等了多久",
        required=False,
        choices=[("", "不限"), *[(value, label) for value, label, *_ in WAITS]],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        offer_areas_and_units(self, user)

    def narrow(
        self, pairings: PairingQuerySet, today: date, **instead: Any
    ) -> PairingQuerySet:
        """Return the pairings asked for; ``instead`` takes the place of what was."""
        asked = {**self.cleaned_data, **instead}
        if area := asked["area"]:
            pairings = pairings.within(area)
        if unit := asked["unit"]:
            pairings = in_care_of(pairings, unit, today)
        if kind := asked["kind"]:
            pairings = pairings.filter(kind=kind)
        for value, _, least, most in WAITS:
            if asked["wait"] == value:
                days = (today - timedelta(days=most), today - timedelta(days=least))
                pairings = pairings.filter(next_due_on__range=days)
        people = meant(asked["q"], self.user)
        return pairings if people is None else pairings.filter(recipient__in=people)


class PolicyFilterForm(forms.Form):
    """Narrows what was found of the seven policies, in each person's latest sheet."""

    q = SearchField()
    policy = forms.ChoiceField(
        label="政策", required=False, choices=[("", "七项全部"), *Policy.choices]
    )
    area = forms.ModelChoiceField(
        label="乡镇街道",
        required=False,
        queryset=Area.objects.none(),
        empty_label="全部",
    )
    state = forms.ChoiceField(
        label="结果",
        required=False,
        choices=[("", "全部"), *CheckState.choices],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.fields["area"].queryset = areas_offered(user)  # type: ignore[attr-defined]

    def narrow(
        self, checks: PolicyCheckQuerySet, **instead: Any
    ) -> PolicyCheckQuerySet:
        """Return the checks asked for; ``instead`` takes the place of what was."""
        asked = {**self.cleaned_data, **instead}
        wanted = {name: asked[name] for name in ("policy", "state") if asked[name]}
        if asked["area"]:
            within = _within(asked["area"])
            wanted |= {f"sheet__{name}": code for name, code in within.items()}
        people = meant(asked["q"], self.user)
        if people is not None:
            wanted["sheet__recipient__in"] = people
        return checks.filter(**wanted)


def offer_areas_and_units(form: forms.Form, user: User) -> None:
    """Offer the areas and units within the account's reach."""
    form.fields["area"].queryset = areas_offered(user)  # type: ignore[attr-defined]
    units = Organisation.objects.visible_to(user)
    form.fields["unit"].queryset = units  # type: ignore[attr-defined]


def areas_offered(user: User) -> QuerySet[Area]:
    """Return the areas to choose from: villages only where a township looks."""
    areas: QuerySet[Area] = Area.objects.visible_to(user).in_use()
    if user.area and user.area.level == AreaLevel.TOWNSHIP:
        return areas
    return areas.exclude(level=AreaLevel.VILLAGE)


def _within(area: Area) -> dict[str, str]:
    low, high = area.prefix, str(int(area.prefix) + 1)
    return {"recipient__area_id__gte": low, "recipient__area_id__lt": high}
