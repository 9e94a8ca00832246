"""Forms of needs."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from cadres.enums import OrganisationKind
from cadres.models import Organisation, User
from casework.enums import NeedKind, NeedStatus, ReferralStatus, Urgency, Whose
from casework.models import NeedQuerySet, ReferralQuerySet
from common.forms import DayInput, SearchField
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
    whose = forms.ChoiceField(
        label="是谁的",
        choices=Whose,
        initial=Whose.PERSON,
        required=False,
        help_text="丧葬、遗属救助等一家人的事选“家庭”:对象去世后由同户的人接着办。",
    )
    urgency = forms.ChoiceField(
        label="多急",
        choices=Urgency,
        initial=Urgency.NORMAL,
        help_text="一般 15 天、较急 7 天、紧急 3 天内答复。",
    )

    def clean_whose(self) -> str:
        return self.cleaned_data["whose"] or Whose.PERSON


class HarmForm(forms.Form):
    """Asks what was seen that may be harm to a child."""

    words = forms.CharField(
        label="看到、听到了什么",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写明看到、听到了什么。"},
        help_text="何时、何处、什么情况;情况危急请先拨打 110。",
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


class ReferralForm(forms.Form):
    """Asks which department is to solve the need, until when, and what to know."""

    department = forms.ModelChoiceField(
        label="转办部门",
        queryset=Organisation.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择转办部门。"},
    )
    due_on = forms.DateField(label="期限", widget=DayInput)
    words = forms.CharField(
        label="转办说明",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="部门只能看到与这件事有关的个人信息,不要写证号、电话。",
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        """Offer the departments of the account's own county and of the city."""
        super().__init__(*args, **options)
        offered = Organisation.objects.visible_to(user).filter(
            kind=OrganisationKind.DEPARTMENT, active=True
        )
        departments = self.fields["department"]
        departments.queryset = offered.order_by("area_id", "name")  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """Asks whether the department's answer solved the need."""

    outcome = forms.ChoiceField(
        label="结果",
        choices=[("solved", "已解决"), ("open", "没有解决,继续办理")],
        widget=forms.RadioSelect,
        initial="solved",
    )
    words = forms.CharField(
        label="情况说明",
        max_length=300,
        error_messages={"required": "请写明情况。"},
    )


class ReferralFilterForm(forms.Form):
    """Narrows the referrals that are already within reach."""

    status = forms.ChoiceField(
        required=False,
        choices=[
            ("", "未了结"),
            ("late", "超期"),
            *ReferralStatus.choices,
            ("all", "全部"),
        ],
    )

    def narrow(self, referrals: ReferralQuerySet) -> ReferralQuerySet:
        """Return those that were asked for; open ones when nothing was named."""
        asked = self.cleaned_data.get("status", "") if self.is_valid() else ""
        match asked:
            case "":
                return referrals.open()
            case "late":
                return referrals.overdue(timezone.localdate())
            case "all":
                return referrals
            case _:
                return referrals.filter(status=asked)

    def chips(self) -> list[dict[str, str]]:
        """Return the states as chips."""
        choices = [("late", "超期"), *ReferralStatus.choices, ("all", "全部")]
        return [{"value": str(value), "label": str(words)} for value, words in choices]
