"""Narrows the differences within reach; rubbish in the address is no error."""

from typing import Any

import django_filters
from django import forms

from cadres.models import Area, User
from rosters.enums import DifferenceKind, DifferenceStatus, RosterKind
from rosters.models import Difference, DifferenceQuerySet


class DifferenceFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By month, kind, list, township and state."""

    month = django_filters.CharFilter(
        method="of_month",
        label="月份",
        widget=forms.DateInput(attrs={"type": "month"}),
    )
    kind = django_filters.ChoiceFilter(
        choices=DifferenceKind.choices, label="类型", empty_label="全部类型"
    )
    list = django_filters.ChoiceFilter(
        field_name="roster__kind",
        choices=RosterKind.choices,
        label="名单",
        empty_label="全部名单",
    )
    area = django_filters.ModelChoiceFilter(
        queryset=Area.objects.none(),
        method="within",
        label="乡镇街道",
        empty_label="全部乡镇",
    )
    status = django_filters.ChoiceFilter(
        choices=DifferenceStatus.choices, label="状态", empty_label="全部状态"
    )

    class Meta:
        model = Difference
        fields = ["month", "kind", "list", "area", "status"]

    def __init__(self, query: Any, *, queryset: Any, user: User) -> None:
        query = query.copy()
        query.setdefault("status", DifferenceStatus.OPEN)
        super().__init__(query, queryset=queryset)
        self.filters["area"].queryset = (
            Area.objects.visible_to(user).exclude(level="village").in_use()
        )

    def of_month(
        self, found: DifferenceQuerySet, name: str, value: str
    ) -> DifferenceQuerySet:
        year, _, month = value.partition("-")
        if not (year.isdecimal() and month.isdecimal() and len(value) == 7):
            return found.none()
        narrowed: DifferenceQuerySet = found.filter(
            month__year=int(year), month__month=int(month)
        )
        return narrowed

    def within(
        self, found: DifferenceQuerySet, name: str, area: Area
    ) -> DifferenceQuerySet:
        low, high = area.prefix, str(int(area.prefix) + 1)
        narrowed: DifferenceQuerySet = found.filter(area_id__gte=low, area_id__lt=high)
        return narrowed

    def without(self, *names: str) -> DifferenceQuerySet:
        """Return the rows by every filter but these, for counts beside them."""
        found: DifferenceQuerySet = self.queryset
        if not self.is_valid():
            return found.none()
        for name, value in self.form.cleaned_data.items():
            if name not in names:
                found = self.filters[name].filter(found, value)
        return found
