"""What is told of somebody found, and what an office answers."""

from datetime import date
from typing import Any

from django import forms

from cadres.forms.phones import clean_phone
from cadres.models import Area
from common import resident_id
from common.forms import PhoneInput, checked
from recipients.enums import Category
from recipients.models import Recipient, RecipientQuerySet

UNREMEMBERED = {"autocomplete": "off"}


class RecommendationForm(forms.Form):
    """Asks whom somebody found, where and in what straits."""

    name = forms.CharField(
        label="姓名",
        max_length=40,
        widget=forms.TextInput(UNREMEMBERED),
        help_text="不知道大名的,写知道的称呼。",
    )
    area = forms.ModelChoiceField(
        label="在哪个乡镇街道", queryset=Area.objects.none(), empty_label="请选择"
    )
    place = forms.CharField(
        label="在哪里",
        max_length=200,
        widget=forms.TextInput(UNREMEMBERED),
        help_text="村社区、门牌或能找到人的地方。",
    )
    words = forms.CharField(
        label="什么情况",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="看到、听到的困难;由乡镇上门核实。",
    )
    category = forms.ChoiceField(
        label="可能的类别",
        required=False,
        choices=[("", "不清楚"), *Category.choices],
    )
    phone = forms.CharField(
        label="联系电话(知道就填)", required=False, max_length=30, widget=PhoneInput
    )
    resident_id = forms.CharField(
        label="身份证号(知道就填)",
        required=False,
        max_length=30,
        widget=forms.TextInput(UNREMEMBERED),
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        area: Any = self.fields["area"]
        area.queryset = Area.objects.in_use().townships().select_related("parent")
        area.label_from_instance = lambda place: place.full_name

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean_resident_id(self) -> str:
        text = self.cleaned_data["resident_id"]
        if not text:
            return ""
        return checked(lambda: resident_id.check(text, today=self.today).number)


class AnswerForm(forms.Form):
    """Asks what an office found or decided."""

    words = forms.CharField(
        label="情况说明",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "请写明情况。"},
    )


class TieForm(forms.Form):
    """Asks which file within reach is that of who was recommended."""

    code = forms.CharField(
        label="已有档案的编号", max_length=20, widget=forms.TextInput(UNREMEMBERED)
    )

    def __init__(
        self, *args: Any, within_reach: RecipientQuerySet, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.within_reach = within_reach

    def clean_code(self) -> Recipient:
        code = self.cleaned_data["code"].strip()
        found = self.within_reach.filter(code=code).first()
        if found is None:
            raise forms.ValidationError("管辖范围内没有这个编号的档案。")
        return found
