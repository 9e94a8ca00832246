"""What is asked for when somebody takes a carer's place for some days."""

from typing import Any

from django import forms

from cadres.models import Cadre, User
from recipients.forms.pairings import CadreField, DayField, WordsField


class ActingForm(forms.Form):
    """Who acts, in which days, and what to mind."""

    cadre = CadreField()
    from_on = DayField("起")
    until_on = DayField("止", help_text="含这一天;不超过请假、外派的止日")
    words = WordsField("代管说明", hint="可不填:家里注意什么、谁的电话最好打")

    def __init__(self, *given: Any, user: User, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["cadre"].label = "代管干部"
        self.fields["cadre"].queryset = (  # type: ignore[attr-defined]
            Cadre.objects.visible_to(user).active()
        )


class ReturnActingForm(forms.Form):
    """Why a proposal goes back."""

    words = forms.CharField(
        label="退回原因",
        max_length=200,
        error_messages={"required": "退回请写明原因。"},
    )


class LeaveForm(forms.Form):
    """On which day the leave ends now."""

    until_on = DayField("止", help_text="请假、外派的最后一天")
