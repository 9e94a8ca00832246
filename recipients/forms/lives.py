"""What is told of a move, another category, and what waits to be decided."""

from datetime import date
from typing import Any

from django import forms

from cadres.models import Area, User
from common.forms import DayInput
from recipients.enums import Category, Kind
from recipients.forms.people import kinds


class MoveForm(forms.Form):
    """Asks where somebody lives now and since when."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    area = forms.ModelChoiceField(
        label="迁入乡镇街道",
        queryset=Area.objects.none(),
        empty_label="请选择",
        help_text="管辖范围以外的,提出转接,由迁入地接收。",
    )
    village = forms.CharField(
        label="村社区",
        required=False,
        max_length=40,
        widget=forms.TextInput({"list": "villages", "autocomplete": "off"}),
    )
    address = forms.CharField(
        label="新住址",
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    on = forms.DateField(
        label="迁移日期",
        widget=DayInput,
        help_text="这一天之前的统计仍归原乡镇。",
    )
    together = forms.BooleanField(label="全家一起迁", required=False)
    words = forms.CharField(
        label="说明", max_length=200, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, user: User, today: date, **options: Any) -> None:
        options["initial"] = {"on": today, "together": True} | options.get(
            "initial", {}
        )
        super().__init__(*args, **options)
        area: Any = self.fields["area"]
        area.queryset = Area.objects.in_use().townships().select_related("parent")
        area.label_from_instance = lambda place: place.full_name


class CategoryForm(forms.Form):
    """Asks in which category somebody is counted, since when and why."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    category = forms.ChoiceField(
        label="新的类别", choices=Category, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(label="细类", required=False, choices=kinds)
    on = forms.DateField(
        label="变更日期", widget=DayInput, help_text="这一天之前的统计仍按原类别。"
    )
    words = forms.CharField(
        label="变更原因", max_length=200, widget=forms.Textarea({"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        from recipients.forms.together import KINDS

        told = super().clean() or {}
        kind, category = told.get("kind"), told.get("category")
        fits = category and kind in {str(one) for one in KINDS[Category(category)]}
        if kind in Kind.values and not fits:
            self.add_error("kind", "这个细类不属于所选类别。")
        return told
