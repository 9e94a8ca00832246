"""Forms of needs."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from cadres.models import User
from casework.enums import NeedKind, NeedStatus, Urgency
from casework.models import NeedQuerySet
from common.forms import SearchField
from common.keyset import capped_counts
from recipients.queries import meant

STATES = (("", "未了结"), *NeedStatus.choices, ("all", "全部"))


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

    q = SearchField()
    status = forms.ChoiceField(
        label="状态", required=False, choices=STATES, widget=forms.HiddenInput
    )
    late = forms.BooleanField(
        label="超过期限", required=False, widget=forms.HiddenInput
    )
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部类别"), *NeedKind.choices]
    )
    urgency = forms.ChoiceField(
        label="紧急程度", required=False, choices=[("", "全部"), *Urgency.choices]
    )

    def __init__(self, *args: Any, user: User, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user, self.today = user, today

    def narrow(self, needs: NeedQuerySet, **instead: Any) -> NeedQuerySet:
        """Return the needs asked for; open ones when no state was named.

        ``instead`` takes the place of what was asked for.
        """
        asked = {**self.cleaned_data, **instead}
        if asked["late"]:
            needs = needs.late(self.today)
        people = meant(asked["q"], self.user)
        if people is not None:
            needs = needs.filter(recipient__in=people)
        if asked["status"] == "":
            needs = needs.open()
        elif asked["status"] != "all":
            needs = needs.filter(status=asked["status"])
        wanted = {name: asked[name] for name in ("kind", "urgency") if asked[name]}
        return needs.filter(**wanted)

    def chips(self, needs: NeedQuerySet, query: QueryDict) -> list[dict[str, Any]]:
        """Return the states as chips, each with how many needs it would show."""
        chosen = (self.cleaned_data["status"], self.cleaned_data["late"])
        offered = [(value, False, str(words)) for value, words in STATES]
        offered.insert(1, ("", True, "超过期限"))
        counts = capped_counts(
            {
                words: self.narrow(needs, status=value, late=late)
                for value, late, words in offered
            }
        )
        return [
            {
                "label": words,
                "count": counts[words],
                "on": (value, late) == chosen,
                "url": _address(query, value, late=late),
            }
            for value, late, words in offered
        ]


def _address(query: QueryDict, status: str, *, late: bool) -> str:
    """Return the list with this state asked for, the other filters kept."""
    asked = query.copy()
    for name in ("status", "late", "after"):
        asked.pop(name, None)
    if status:
        asked["status"] = status
    if late:
        asked["late"] = "1"
    return f"?{asked.urlencode()}"
