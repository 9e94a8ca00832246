"""What is asked about a cadre."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from cadres.enums import CadreKind, LeaveKind, LeavingReason, Role, Sex
from cadres.forms.phones import clean_phone
from cadres.models import Cadre, Organisation, User
from cadres.operations.cadres import CadreFacts
from common import resident_id
from common.forms import DayInput, MaskedField, PhoneInput, checked
from common.masks import mask_id, mask_phone

SKILLS = ("教育", "医疗", "法律", "就业", "心理", "康复", "农技", "其他")
FILED = ("name", "kind", "post", "skills", "capacity", "sex", "phone", "version")


class CadreForm(forms.Form):
    """Asks who a cadre is, how to reach them, and how many families they can take."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label="姓名", max_length=40)
    organisation = forms.ModelChoiceField(
        label="单位", queryset=Organisation.objects.none(), empty_label="请选择"
    )
    kind = forms.ChoiceField(label="身份", choices=CadreKind)
    post = forms.CharField(label="职务", required=False, max_length=60)
    phone = MaskedField(
        mask=mask_phone, label="联系电话", max_length=30, widget=PhoneInput
    )
    resident_id = MaskedField(
        mask=mask_id,
        label="身份证号",
        max_length=30,
        help_text="用于回避核对,不是必填。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    sex = forms.ChoiceField(label="性别", required=False, choices=Sex)
    capacity = forms.IntegerField(
        label="可结对户数", min_value=0, max_value=50, initial=3
    )
    skills = forms.MultipleChoiceField(
        label="擅长",
        required=False,
        choices=[(skill, skill) for skill in SKILLS],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: User,
        filed: Cadre | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(filed, user))
        units: Any = self.fields["organisation"]
        units.queryset = Organisation.objects.visible_to(user).active()
        if filed:
            known = filed.skills or []
            skills: Any = self.fields["skills"]
            skills.choices = [(one, one) for one in dict.fromkeys([*SKILLS, *known])]

    def facts(self) -> CadreFacts:
        """Return what was told; wants a valid form."""
        told = dict(self.cleaned_data)
        told.pop("version")
        return CadreFacts(**told)

    def clean_name(self) -> str:
        return "".join(self.cleaned_data["name"].split())

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean_sex(self) -> str:
        return str(self.cleaned_data["sex"] or Sex.UNKNOWN.value)

    def clean_resident_id(self) -> str:
        text, today = self.cleaned_data["resident_id"], timezone.localdate()
        if not text:
            return ""
        return checked(lambda: resident_id.check(text, today=today).number)


def _initial(filed: Cadre | None, user: User) -> dict[str, Any]:
    if filed is None:
        own = user.organisation_id if user.role == Role.UNIT_LIAISON else None
        return {"organisation": own}
    facts = {name: getattr(filed, name) for name in FILED}
    return {
        **facts,
        "resident_id": filed.resident_id,
        "organisation": filed.organisation_id,
    }


class LeavePostForm(forms.Form):
    """Asks since when a cadre has left."""

    on = forms.DateField(label="离岗日期", widget=DayInput)


class LeavingForm(forms.Form):
    """Asks when and why a cadre will leave."""

    on = forms.DateField(label="预计离岗日期", widget=DayInput)
    reason = forms.ChoiceField(
        label="原因", choices=LeavingReason, widget=forms.RadioSelect
    )

    def clean_reason(self) -> LeavingReason:
        return LeavingReason(self.cleaned_data["reason"])


class AwayForm(forms.Form):
    """Asks for how long a cadre is away."""

    kind = forms.ChoiceField(label="原因", choices=LeaveKind, widget=forms.RadioSelect)
    from_on = forms.DateField(label="起", widget=DayInput)
    until_on = forms.DateField(
        label="止", widget=DayInput, help_text="60 天及以上的,结对列入需交接。"
    )


class AssistantForm(forms.Form):
    """Asks which colleague writes down a cadre's visits, and until when."""

    assistant = forms.ModelChoiceField(
        label="代录人",
        queryset=Cadre.objects.none(),
        empty_label="请选择",
        help_text="同一单位、在岗、有账号的干部。",
    )
    until_on = forms.DateField(
        label="哪天起不再代录",
        required=False,
        widget=DayInput,
        help_text="不填的,到结束代录为止。",
    )

    def __init__(self, *args: Any, cadre: Cadre, **options: Any) -> None:
        super().__init__(*args, **options)
        assistant: Any = self.fields["assistant"]
        assistant.queryset = (
            Cadre.objects.active()
            .filter(organisation=cadre.organisation_id, user__is_active=True)
            .exclude(pk=cadre.pk)
            .order_by("pinyin", "id")
        )
