"""Forms of rosters and differences."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from rosters.enums import ClosingDeed, RosterKind

MIN_REASON = 4


class RosterForm(forms.Form):
    """Asks for a department's list: which, of what month, the file."""

    kind = forms.ChoiceField(label="名单", choices=RosterKind)
    month = forms.CharField(
        label="月份", widget=forms.DateInput(attrs={"type": "month"})
    )
    file = forms.FileField(
        label="名单文件",
        help_text="Excel(.xlsx、.xls)或 CSV,不超过 50 MB,不设打开密码。",
    )

    def clean_month(self) -> Any:
        typed = self.cleaned_data["month"].strip()
        try:
            month = datetime.strptime(typed, "%Y-%m").date()  # noqa: DTZ007
        except ValueError:
            raise forms.ValidationError("请选择月份,如 2026-11。") from None
        if month > timezone.localdate():
            raise forms.ValidationError("月份还没有到,请核对。")
        return month

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError("文件超过 50 MB,请按乡镇拆分后分别上传。")
        return file


class SettleForm(forms.Form):
    """Asks which of the deeds that fit a difference was done."""

    deed = forms.ChoiceField(
        label="处理方式",
        error_messages={"invalid_choice": "这条差异不能这样处理,请选别的处理方式。"},
    )
    words = forms.CharField(
        label="说明",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="选“无需处理”时请写明原因。",
    )
    left_on = forms.DateField(
        label="退出日期",
        required=False,
        help_text="退出从这一天起;不填的按今天。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self, *args: Any, deeds: Collection[ClosingDeed], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        deed: Any = self.fields["deed"]
        deed.choices = [(one.value, one.label) for one in deeds]
        if ClosingDeed.LEFT not in deeds:
            del self.fields["left_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        words = (cleaned.get("words") or "").strip()
        if cleaned.get("deed") == ClosingDeed.NOTHING and len(words) < MIN_REASON:
            self.add_error("words", "请写明为什么无需处理(至少 4 个字)。")
        # The day belongs to 退出 alone; on screen it is hidden for all other deeds.
        if cleaned.get("deed") != ClosingDeed.LEFT:
            cleaned["left_on"] = None
            self.errors.pop("left_on", None)
        elif (left_on := cleaned.get("left_on")) and left_on > timezone.localdate():
            self.add_error("left_on", "退出日期不能晚于今天。")
        return cleaned
