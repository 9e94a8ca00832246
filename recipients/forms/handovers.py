"""What is told when many are handed over, or a cadre goes at once."""

from django import forms
from django.utils import timezone

from cadres.enums import LeavingReason
from common.forms import DayInput


class BulkForm(forms.Form):
    """Asks for the words and the day that hold for all households chosen."""

    words = forms.CharField(
        label="交接说明",
        max_length=300,
        initial="工作变动,请接续走访。",
        widget=forms.Textarea({"rows": 2}),
    )
    on = forms.DateField(label="交接日期", initial=timezone.localdate, widget=DayInput)


class ReleaseForm(forms.Form):
    """Asks why and since when; the reason is told to nobody else."""

    reason = forms.ChoiceField(
        label="原因", choices=LeavingReason, widget=forms.RadioSelect
    )
    on = forms.DateField(label="日期", widget=DayInput)

    def clean_reason(self) -> LeavingReason:
        return LeavingReason(self.cleaned_data["reason"])
