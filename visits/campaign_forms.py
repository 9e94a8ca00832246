"""What the office fills in about the calendar."""

from typing import Any

from django import forms
from django.utils import timezone

from cadres.enums import AreaLevel
from cadres.models import Area
from common.forms import DayInput
from recipients.due import DAYS_BETWEEN
from recipients.enums import Category
from recipients.models import VisitStandard
from visits.enums import SixRule

WORKING = (("", "请选择"), ("1", "上班"), ("0", "放假"))
MOST_GRACE, MOST_A_YEAR, DAYS_A_YEAR = 9, 60, 366


class SixRuleForm(forms.Form):
    """Asks what becomes of a 逢6 day on a holiday, and where."""

    area = forms.ModelChoiceField(
        label="范围", queryset=Area.objects.none(), empty_label=None
    )
    rule = forms.ChoiceField(label="遇节假日", choices=SixRule)
    grace_days = forms.IntegerField(
        label="可补走访天数",
        min_value=0,
        max_value=MOST_GRACE,
        help_text="逢6日之后几天内的走访仍可计入。",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"].queryset = Area.objects.filter(  # type: ignore[attr-defined]
            level__in=(AreaLevel.CITY, AreaLevel.COUNTY)
        )


class DayOverrideForm(forms.Form):
    """Asks which day is worked or free against the calendar (调休)."""

    day = forms.DateField(
        label="日期",
        widget=DayInput,
        error_messages={"invalid": "日期请写成 2026-11-23 这样。"},
    )
    working = forms.ChoiceField(label="上班还是放假", choices=WORKING)
    words = forms.CharField(
        label="说明", max_length=60, required=False, help_text="如:国庆节调休。"
    )

    def clean_working(self) -> bool:
        return bool(self.cleaned_data["working"] == "1")


class StandardForm(forms.Form):
    """Asks how often the people of one category are to be seen in a year."""

    category = forms.ChoiceField(choices=Category, widget=forms.HiddenInput)
    year = forms.IntegerField(widget=forms.HiddenInput)
    visits = forms.IntegerField(
        label="全年走访(次)", min_value=0, max_value=MOST_A_YEAR
    )
    contacts = forms.IntegerField(
        label="全年联系(次)", min_value=0, max_value=MOST_A_YEAR
    )
    days_between = forms.IntegerField(
        label="最长间隔(天)", min_value=1, max_value=DAYS_A_YEAR
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Take Django's own arguments; the three forms of a page differ by prefix."""
        super().__init__(*args, **options)
        for name in ("visits", "contacts", "days_between"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean_year(self) -> int:
        year = int(self.cleaned_data["year"])
        if year not in years_to_set():
            raise forms.ValidationError("只能设置今年和明年的标准。")
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        visits, contacts = cleaned.get("visits"), cleaned.get("contacts")
        if visits is not None and contacts is not None and contacts < visits:
            self.add_error("contacts", "联系包括走访,次数不能比走访少。")
        return cleaned


def standard_forms(year: int) -> list[StandardForm]:
    """Return one form a category, with what holds in that year."""
    known = {row.category: row for row in VisitStandard.objects.filter(year=year)}
    return [
        StandardForm(
            prefix=str(category),
            initial=_values(
                known.get(category)
                or VisitStandard(
                    category=category, year=year, days_between=DAYS_BETWEEN[category]
                )
            ),
        )
        for category in Category
    ]


def years_to_set() -> tuple[int, int]:
    """Return this year and the next: the past is not judged anew."""
    year = timezone.localdate().year
    return year, year + 1


def _values(standard: VisitStandard) -> dict[str, Any]:
    return {
        "category": standard.category,
        "year": standard.year,
        "visits": standard.visits,
        "contacts": standard.contacts,
        "days_between": standard.days_between,
    }
