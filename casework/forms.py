"""Forms of needs."""

from typing import Any

from django import forms

from casework.enums import NeedKind, NeedStatus, Urgency
from casework.models import NeedQuerySet


class NeedForm(forms.Form):
    """Asks what a family cannot solve alone."""

    words = forms.CharField(
        label="是什么困难",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明是什么困难。"},
    )
    kind = forms.ChoiceField(label="类别", choices=NeedKind, initial=NeedKind.OTHER)
    urgency = forms.ChoiceField(
        label="多急",
        choices=Urgency,
        initial=Urgency.NORMAL,
        help_text="一般 15 天、较急 7 天、紧急 3 天内答复。",
    )


class MoveForm(forms.Form):
    """Asks for the words that go with a move."""

    words = forms.CharField(
        label="情况说明",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明情况。"},
    )

    def __init__(self, *args: Any, wants_words: bool, **options: Any) -> None:
        """Ask for words only where the move needs them."""
        super().__init__(*args, **options)
        self.fields["words"].required = wants_words


class NeedFilterForm(forms.Form):
    """Narrows the needs that are already within reach."""

    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "未了结"), *NeedStatus.choices, ("all", "全部")],
    )
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部类别"), *NeedKind.choices]
    )
    urgency = forms.ChoiceField(
        label="紧急程度", required=False, choices=[("", "全部"), *Urgency.choices]
    )

    def narrow(self, needs: NeedQuerySet) -> NeedQuerySet:
        """Return the needs that were asked for; open ones when no state was named."""
        asked = self.cleaned_data
        if asked["status"] == "":
            needs = needs.open()
        elif asked["status"] != "all":
            needs = needs.filter(status=asked["status"])
        wanted = {name: asked[name] for name in ("kind", "urgency") if asked[name]}
        return needs.filter(**wanted)

    def chips(self) -> list[dict[str, str]]:
        """Return the states as chips."""
        choices = [*NeedStatus.choices, ("all", "全部")]
        return [{"value": str(value), "label": str(words)} for value, words in choices]
