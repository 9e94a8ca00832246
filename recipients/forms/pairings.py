"""What is asked for when a pairing is proposed, decided on or changed."""

from typing import Any

from django import forms
from django.utils import timezone

from cadres.models import Cadre, User
from common.forms import DayInput
from recipients.enums import EndReason, PairingKind
from recipients.models import Pairing, Recipient

WORDS_LENGTH = 300
# What an import or an undo writes is not for people to choose.
END_REASONS = [choice for choice in EndReason.choices if choice[0] != EndReason.UNDONE]


class WordsField(forms.CharField):
    """A few sentences; line ends are kept, lengths are those of the column."""

    def __init__(self, label: str, *, hint: str = "", required: bool = False) -> None:
        area = forms.Textarea({"rows": 2, "placeholder": hint})
        super().__init__(
            label=label, required=required, max_length=WORDS_LENGTH, widget=area
        )


class DayField(forms.DateField):
    """A day, today at first."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label=label, widget=DayInput(), **options)


class VersionForm(forms.Form):
    """Carries the version the page showed, so that a stale form is noticed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput())


class CadreField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One cadre within reach; the page shows the choices, not a list of thousands."""

    def __init__(self) -> None:
        super().__init__(
            queryset=Cadre.objects.none(),
            label="结对干部",
            error_messages={"required": "请选择一位干部。"},
        )


class ProposeForm(forms.Form):
    """For whom, by whom, in what capacity, until when and why."""

    recipients = forms.ModelMultipleChoiceField(
        queryset=Recipient.objects.none(),
        label="关爱对象",
        error_messages={"required": "请至少选择一位对象。"},
    )
    cadre = CadreField()
    kind = forms.ChoiceField(
        label="结对方式", choices=PairingKind.choices, initial=PairingKind.CADRE
    )
    until = DayField("约定到期日", required=False, help_text="可不填")
    words = WordsField("提出说明", hint="可不填")

    def __init__(self, *given: Any, members: Any, user: User, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["recipients"].queryset = members  # type: ignore[attr-defined]
        self.fields["cadre"].queryset = _cadres(user)  # type: ignore[attr-defined]


class CodeForm(forms.Form):
    """How a unit names a person it cannot see: by code and name, both right."""

    code = forms.CharField(
        label="对象编号", max_length=20, help_text="关爱办分配名单上的编号"
    )
    name = forms.CharField(label="对象姓名", max_length=40)
    cadre = CadreField()
    words = WordsField("提出说明", hint="可不填")

    def __init__(self, *given: Any, user: User, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["cadre"].queryset = _cadres(user)  # type: ignore[attr-defined]


class ApproveForm(VersionForm):
    """From which day, with what words, and who else of the household."""

    on = DayField("生效日期", initial=timezone.localdate)
    words = forms.CharField(
        label="审核意见(退回时必填)", required=False, max_length=WORDS_LENGTH
    )
    over_capacity_words = forms.CharField(
        label="超负荷理由", required=False, max_length=WORDS_LENGTH
    )
    together = forms.ModelMultipleChoiceField(
        queryset=Pairing.objects.none(), label="一并通过", required=False
    )

    def __init__(self, *given: Any, siblings: Any = None, **options: Any) -> None:
        super().__init__(*given, **options)
        if siblings is not None:
            self.fields["together"].queryset = siblings  # type: ignore[attr-defined]


class ReturnForm(VersionForm):
    """Why a proposal goes back."""

    words = forms.CharField(
        label="审核意见",
        max_length=WORDS_LENGTH,
        error_messages={"required": "退回请写明原因。"},
    )


class RechooseForm(VersionForm):
    """Whom to propose instead."""

    cadre = CadreField()

    def __init__(self, *given: Any, user: User, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["cadre"].queryset = _cadres(user)  # type: ignore[attr-defined]


class PauseForm(VersionForm):
    """Why a pairing rests."""

    reason = forms.CharField(label="暂停原因", max_length=200)


class ResumeForm(VersionForm):
    """Why the cadre may carry more than agreed, when that is so."""

    over_capacity_words = forms.CharField(
        label="超负荷理由",
        required=False,
        max_length=WORDS_LENGTH,
        help_text="恢复后超过上限时必填",
    )


class EndForm(VersionForm):
    """Why and from which day a pairing is over."""

    reason = forms.ChoiceField(label="结束原因", choices=[("", "请选择"), *END_REASONS])
    on = DayField("结束日期", initial=timezone.localdate)


class ExtendForm(VersionForm):
    """Until when the promise holds."""

    until = DayField("约定到期日", required=False, help_text="不填即长期")


class HandoverForm(VersionForm):
    """Who takes over, from when, and what to go on with."""

    cadre = CadreField()
    on = DayField("交接日期", initial=timezone.localdate, required=False)
    words = WordsField(
        "交接说明", required=True, hint="接着做什么、家里注意什么、谁的电话最好打"
    )
    over_capacity_words = forms.CharField(
        label="超负荷理由",
        required=False,
        max_length=WORDS_LENGTH,
        help_text="交接后超过上限时必填",
    )

    def __init__(self, *given: Any, user: User, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["cadre"].queryset = _cadres(user)  # type: ignore[attr-defined]

    def clean_on(self) -> Any:
        return self.cleaned_data["on"] or timezone.localdate()


def _cadres(user: User) -> Any:
    return Cadre.objects.visible_to(user).active()
