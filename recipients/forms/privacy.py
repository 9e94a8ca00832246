"""What is told of an urgent look, its review, and a consent."""

from django import forms
from django.utils import timezone

from common.forms import DayInput
from recipients.enums import ConsentScope, GlassVerdict
from recipients.operations.glass import SHORTEST_REASON


class GlassForm(forms.Form):
    """Asks why somebody outside the area must be seen at once."""

    reason = forms.CharField(
        label="紧急理由",
        max_length=200,
        min_length=SHORTEST_REASON,
        widget=forms.Textarea({"rows": 3}),
        help_text="会告知对象所在地关爱办和审计,事后复核。",
        error_messages={
            "required": "请写明紧急理由。",
            "min_length": f"请写明紧急理由(至少 {SHORTEST_REASON} 个字)。",
        },
    )


class ReviewForm(forms.Form):
    """Asks whether an urgent look was right, and for a word about it."""

    verdict = forms.ChoiceField(
        label="结论",
        choices=[
            (one.value, one.label) for one in (GlassVerdict.RIGHT, GlassVerdict.WRONG)
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择合理或不合理。"},
    )
    words = forms.CharField(
        label="复核意见",
        max_length=200,
        error_messages={"required": "请写明复核意见。"},
    )


class ConsentForm(forms.Form):
    """Asks what was agreed to, by whom and when."""

    scope = forms.TypedChoiceField(
        label="同意事项", choices=ConsentScope, coerce=ConsentScope
    )
    given_by = forms.CharField(
        label="同意人与对象关系", max_length=20, help_text="如 本人、父亲、祖母。"
    )
    on = forms.DateField(label="同意日期", widget=DayInput, initial=timezone.localdate)
