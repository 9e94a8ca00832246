"""What is asked about an organisation."""

from typing import Any

from django import forms
from django.http import QueryDict

from cadres.enums import OrganisationKind, OrganisationLevel
from cadres.models import Area, Organisation, User
from common.forms import DayInput


class OrganisationForm(forms.Form):
    """Asks what an organisation is and where it belongs."""

    name = forms.CharField(label="单位名称", max_length=80)
    kind = forms.ChoiceField(label="类型", choices=OrganisationKind)
    level = forms.ChoiceField(
        label="层级", choices=OrganisationLevel, initial=OrganisationLevel.COUNTY
    )
    area = forms.ModelChoiceField(
        label="所在区划",
        required=False,
        queryset=Area.objects.none(),
        empty_label="不限",
    )
    parent = forms.ModelChoiceField(
        label="主管单位",
        required=False,
        queryset=Organisation.objects.none(),
        empty_label="无",
    )
    leads = forms.BooleanField(label="牵头单位", required=False)
    active = forms.BooleanField(label="在用", required=False, initial=True)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: User,
        filed: Organisation | None = None,
    ) -> None:
        initial = {}
        if filed:
            initial = {name: getattr(filed, name) for name in self.base_fields}
        super().__init__(data, initial=initial)
        area: Any = self.fields["area"]
        area.queryset = Area.objects.in_use().exclude(level="village")
        area.label_from_instance = lambda place: place.name
        parent: Any = self.fields["parent"]
        others = Organisation.objects.visible_to(user).active()
        parent.queryset = others.exclude(pk=filed.pk) if filed else others

    def clean_name(self) -> str:
        return "".join(self.cleaned_data["name"].split())


class EndForm(forms.Form):
    """Asks since when a unit is no more, and which takes its place."""

    into = forms.ModelChoiceField(
        label="并入单位",
        required=False,
        queryset=Organisation.objects.none(),
        empty_label="没有(撤销)",
    )
    on = forms.DateField(label="撤并日期", widget=DayInput)

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["into"]
        field.queryset = Organisation.objects.active().exclude(pk=organisation.pk)
