"""What is asked about a person, and what is told of leaving and coming back."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.urls import reverse_lazy

from cadres.enums import Sex
from cadres.forms.phones import clean_phone
from cadres.models import Area, AreaQuerySet, User
from common import resident_id
from common.forms import DayInput, MaskedField, PhoneInput, checked
from common.masks import mask_cert, mask_id, mask_phone
from recipients.enums import (
    Category,
    DisabilityGrade,
    DisabilityKind,
    IdState,
    Kind,
)
from recipients.forms.together import KINDS, check_together
from recipients.person_facts import PersonFacts

YES_NO = (("", "不清楚"), ("yes", "是"), ("no", "否"))
SECTIONS = (
    ("身份", ("name", "resident_id", "id_state", "sex", "birth_on", "ethnic")),
    (
        "类别与残疾",
        (
            *("category", "kind", "also", "dibao"),
            *("disability_kind", "disability_grade", "disability_kinds"),
            *("certificate", "certificate_until"),
        ),
    ),
    (
        "住址与联系",
        (
            *("area", "village", "address", "phone", "household_size"),
            *("hukou_area", "hukou_address"),
        ),
    ),
    ("监护人 / 照料人", ("guardian_name", "guardian_relation", "guardian_phone")),
    ("情况", ("health", "note")),
)
WIDE = ("address", "health", "note", "also", "disability_kinds")


def kinds() -> list[tuple[str, Any]]:
    groups = [
        (category.label, [(kind.value, kind.label) for kind in kinds])
        for category, kinds in KINDS.items()
    ]
    return [("", "未细分"), *groups]


class PersonForm(forms.Form):
    """Asks for everything on a person's file."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label="姓名", max_length=40, widget=forms.TextInput({"autocomplete": "off"})
    )
    resident_id = MaskedField(
        mask=mask_id,
        label="身份证号",
        max_length=30,
        help_text="18 位;性别和出生日期由证号得出。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    id_state = forms.ChoiceField(
        label="证件情况",
        choices=IdState,
        initial=IdState.PRESENT,
        help_text="没有证号时请选原因。",
    )
    sex = forms.ChoiceField(
        label="性别",
        required=False,
        choices=[("", "由证号得出"), *Sex.choices[1:]],
    )
    birth_on = forms.DateField(label="出生日期", required=False, widget=DayInput)
    ethnic = forms.CharField(label="民族", required=False, max_length=20)
    category = forms.ChoiceField(
        label="对象类别",
        choices=[("", "请选择"), *Category.choices],
        help_text="未满 18 周岁的残疾人按孤残儿童;几类都符合时,儿童在前、残疾人其次。",
    )
    kind = forms.ChoiceField(label="细类", required=False, choices=kinds)
    also = forms.MultipleChoiceField(
        label="兼属类别",
        required=False,
        choices=Category,
        widget=forms.CheckboxSelectMultiple,
    )
    dibao = forms.ChoiceField(label="享受低保", required=False, choices=YES_NO)
    disability_kind = forms.ChoiceField(
        label="残疾类别", required=False, choices=[("", "无"), *DisabilityKind.choices]
    )
    disability_grade = forms.ChoiceField(
        label="残疾等级", required=False, choices=[("", "无"), *DisabilityGrade.choices]
    )
    disability_kinds = forms.MultipleChoiceField(
        label="多重残疾包括",
        required=False,
        choices=DisabilityKind.choices[:-1],
        widget=forms.CheckboxSelectMultiple,
        help_text="只有“多重残疾”需要勾选,至少两类。",
    )
    certificate = MaskedField(
        mask=mask_cert,
        label="残疾人证号",
        max_length=40,
        help_text="20 位:身份证号加类别、等级各一位。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    certificate_until = forms.DateField(
        label="残疾人证有效期至", required=False, widget=DayInput
    )
    area = forms.ModelChoiceField(
        label="乡镇街道", queryset=Area.objects.none(), empty_label="请选择"
    )
    village = forms.CharField(
        label="村社区",
        required=False,
        max_length=40,
        widget=forms.TextInput({"list": "villages", "autocomplete": "off"}),
    )
    address = forms.CharField(
        label="家庭住址",
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    hukou_area = forms.ModelChoiceField(
        label="户籍乡镇",
        queryset=Area.objects.none(),
        required=False,
        empty_label="与居住地相同",
        help_text="户口在本市另一个乡镇街道的才选。",
    )
    hukou_address = forms.CharField(
        label="户籍地址",
        required=False,
        max_length=200,
        help_text="户口不在居住地的填到村社区;户口在市外的,写明省市县。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    phone = MaskedField(
        mask=mask_phone, label="联系电话", max_length=30, widget=PhoneInput
    )
    household_size = forms.IntegerField(
        label="家庭人口", required=False, min_value=1, max_value=30
    )
    guardian_name = forms.CharField(
        label="监护人姓名",
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    guardian_relation = forms.CharField(
        label="与对象关系",
        required=False,
        max_length=20,
        help_text="如母亲、祖父、村委会。",
    )
    guardian_phone = MaskedField(
        mask=mask_phone, label="监护人电话", max_length=30, widget=PhoneInput
    )
    health = forms.CharField(
        label="健康状况",
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
    note = forms.CharField(
        label="备注",
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: User,
        today: date,
        filed: PersonFacts | None = None,
    ) -> None:
        initial = _initial(filed) if filed else _own_township(user)
        super().__init__(data, initial=initial)
        self.today, self.filed = today, filed
        self.told = data or QueryDict()
        townships = Area.objects.visible_to(user).in_use().townships()
        area: Any = self.fields["area"]
        area.queryset = townships.select_related("parent")
        area.label_from_instance = lambda place: place.full_name
        hukou: Any = self.fields["hukou_area"]
        # Anywhere in the city: where the 户口 is says nothing about the reach.
        hukou.queryset = _hukou_places(filed)
        hukou.label_from_instance = area.label_from_instance
        area.widget.attrs |= {
            "hx-get": reverse_lazy("cadres:village_options"),
            "hx-target": "#villages",
            "hx-trigger": "change",
        }
        if filed and filed.kind and filed.kind not in Kind.values:
            # A roster's own word for a kind that has no code is kept.
            kind: Any = self.fields["kind"]
            kind.choices = [*kinds(), (filed.kind, filed.kind)]

    def take_version(self, version: int) -> None:
        """Let the next attempt be about this version of the file."""
        told = self.told.copy()
        told["version"] = str(version)
        self.data = told

    @property
    def sections(self) -> Iterator[tuple[str, list[tuple[BoundField, bool]]]]:
        """The fields in the order of the page: (heading, [(field, takes a row)])."""
        for heading, names in SECTIONS:
            yield heading, [(self[name], name in WIDE) for name in names]

    @property
    def place(self) -> Any:
        """The township chosen so far, for its villages."""
        value = self["area"].value()
        return getattr(value, "pk", value)

    def facts(self) -> PersonFacts:
        """Return what was told; wants a valid form."""
        told = dict(self.cleaned_data)
        told.pop("version")
        return PersonFacts(**told)

    def clean_name(self) -> str:
        return "".join(self.cleaned_data["name"].split())

    def clean_resident_id(self) -> str:
        text = self.cleaned_data["resident_id"]
        if not text:
            return ""
        return checked(lambda: resident_id.check(text, today=self.today).number)

    def clean_certificate(self) -> str:
        text = self.cleaned_data["certificate"]
        if not text:
            return ""
        return checked(
            lambda: (
                resident_id.parse_disability_certificate(text, today=self.today).number
            )
        )

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean_guardian_phone(self) -> str:
        return clean_phone(self.cleaned_data["guardian_phone"])

    def clean_dibao(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["dibao"])

    def clean_birth_on(self) -> date | None:
        birth_on: date | None = self.cleaned_data["birth_on"]
        if birth_on and birth_on > self.today:
            raise forms.ValidationError("出生日期不能晚于今天。")
        return birth_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_together(self, cleaned)
        return cleaned


def _initial(filed: PersonFacts) -> dict[str, Any]:
    shown = {None: "", True: "yes", False: "no"}
    return {
        **filed.as_initial(),
        "dibao": shown[filed.dibao],
        "area": filed.area.pk,
        "hukou_area": filed.hukou_area and filed.hukou_area.pk,
        "sex": "" if filed.sex == Sex.UNKNOWN else filed.sex,
    }


def _hukou_places(filed: PersonFacts | None) -> AreaQuerySet:
    places = Area.objects.in_use().townships().select_related("parent")
    if filed and filed.hukou_area:
        places |= Area.objects.filter(pk=filed.hukou_area.pk).select_related("parent")
    return places


def _own_township(user: User) -> dict[str, Any]:
    own = user.area
    return {"area": own.pk} if own and len(own.prefix) == 9 else {}
