"""What is told of leaving, coming back, looking at a value, and living together."""

from typing import Any

from django import forms

from common.forms import DayInput
from recipients.enums import LeaveReason, PauseReason
from recipients.operations.looks import FIELDS, OTHER, REASONS, SHORTEST_WORDS


class LeaveForm(forms.Form):
    """Asks why and since when someone is no longer looked after."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label="退出原因", choices=LeaveReason, widget=forms.RadioSelect
    )
    on = forms.DateField(label="退出日期", widget=DayInput)


class WordsForm(forms.Form):
    """Asks in a few words why the file comes back or rests."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label="说明", max_length=200, widget=forms.Textarea({"rows": 2})
    )


class PauseForm(WordsForm):
    """Asks why the care rests, and until when as far as is known."""

    reason = forms.ChoiceField(
        label="暂停原因", choices=PauseReason, widget=forms.RadioSelect
    )
    until = forms.DateField(
        label="预计到哪天",
        required=False,
        widget=DayInput,
        help_text="到期列入“人生事项”核实;不填时住院按 30 天、外出按 180 天。",
    )
    field_order = ("version", "reason", "until", "words")


class UnmaskForm(forms.Form):
    """Asks for the reason why one value is to be seen in full."""

    field = forms.ChoiceField(
        label="要看的内容", choices=list(FIELDS.items()), widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        label="查看理由",
        choices=[(reason, reason) for reason in REASONS],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="说明",
        required=False,
        max_length=100,
        help_text=f"选“{OTHER}”时请写明,至少 {SHORTEST_WORDS} 个字。",
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        words = told.get("words", "").strip()
        if told.get("reason") == OTHER and len(words) < SHORTEST_WORDS:
            self.add_error("words", f"请写明理由,至少 {SHORTEST_WORDS} 个字。")
        return told


class JoinForm(forms.Form):
    """Asks with whom somebody lives."""

    code = forms.CharField(
        label="同住对象的编号",
        max_length=20,
        help_text="如 YC-HXB-0147;须在管辖范围内。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()
