"""What is told of a household's members, its head, guardians and homes."""

from typing import Any

from django import forms

from cadres.enums import OrganisationKind
from cadres.forms.phones import clean_phone
from cadres.models import Organisation
from common.forms import DayInput, PhoneInput
from recipients.enums import Relation

BORN: dict[str, Any] = {"min_value": 1900, "max_value": 2100}


class MemberForm(forms.Form):
    """Asks about somebody of the household who has no file."""

    name = forms.CharField(
        label="姓名", max_length=40, widget=forms.TextInput({"autocomplete": "off"})
    )
    relation = forms.ChoiceField(label="与户主关系", choices=Relation)
    born_in = forms.IntegerField(label="出生年份", required=False, **BORN)


class RelationForm(forms.Form):
    """Asks how a recipient is related to the head."""

    relation = forms.ChoiceField(label="与户主关系", choices=Relation)


class GuardianForm(forms.Form):
    """Asks who looks after the person from a day on."""

    name = forms.CharField(
        label="新监护人姓名",
        required=False,
        max_length=40,
        help_text="暂时没有人的,留空:会列为待办,请联系民政和村居委会。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    relation = forms.CharField(
        label="与对象关系",
        required=False,
        max_length=20,
        help_text="如母亲、祖父、村委会、福利院。",
    )
    phone = forms.CharField(
        label="电话", required=False, max_length=30, widget=PhoneInput
    )
    born_in = forms.IntegerField(label="出生年份", required=False, **BORN)
    carer = forms.BooleanField(label="只是照料人,不是法定监护人", required=False)
    on = forms.DateField(label="变更日期", widget=DayInput)
    words = forms.CharField(
        label="变更原因",
        max_length=100,
        help_text="如原监护人去世、外出务工、法院指定。",
    )

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])


class InstitutionForm(forms.Form):
    """Asks in which home the person lives."""

    institution = forms.ModelChoiceField(
        label="福利机构",
        queryset=Organisation.objects.none(),
        empty_label="请选择",
        help_text="没有的,先在“单位”里新增,类型选福利机构。",
    )
    on = forms.DateField(label="入住日期", widget=DayInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["institution"]
        field.queryset = Organisation.objects.active().filter(
            kind=OrganisationKind.HOME
        )


class DayForm(forms.Form):
    """Asks since when."""

    on = forms.DateField(label="日期", widget=DayInput)
