"""What an administrator is asked about accounts."""

import re
from typing import Any

from django import forms

from cadres.enums import AreaLevel, Role
from cadres.models import Area, Organisation
from cadres.models.user import BY_AREA, BY_ORGANISATION
from cadres.operations.accounts import Post
from common.forms import DayInput

USERNAME = re.compile(r"[a-z][a-z0-9_.-]{2,31}")
USERNAME_HELP = "3 到 32 位小写字母、数字或 _ . -,以字母开头。"


def clean_username(text: str) -> str:
    """Return the name as it is kept: lower case; raises ValidationError."""
    username = text.strip().lower()
    if not USERNAME.fullmatch(username):
        raise forms.ValidationError(f"用户名应为{USERNAME_HELP}")
    return username


class UsernameForm(forms.Form):
    """Asks by what name somebody signs in."""

    username = forms.CharField(
        label="用户名",
        max_length=40,
        help_text=USERNAME_HELP,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean_username(self) -> str:
        return clean_username(self.cleaned_data["username"])


class PostForm(forms.Form):
    """Asks for the role and its reach."""

    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *Role.choices])
    area = forms.ModelChoiceField(
        label="管辖区划",
        required=False,
        queryset=Area.objects.none(),
        empty_label="不需要",
        help_text="关爱办、领导、部门经办必选。",
    )
    organisation = forms.ModelChoiceField(
        label="所属单位",
        required=False,
        queryset=Organisation.objects.none(),
        empty_label="不需要",
        help_text="联络员、部门经办必选。",
    )
    until = forms.DateField(label="角色截止日", required=False, widget=DayInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        area: Any = self.fields["area"]
        area.queryset = (
            Area.objects.in_use()
            .exclude(level=AreaLevel.VILLAGE)
            .select_related("parent")
        )
        area.label_from_instance = lambda place: place.full_name
        units: Any = self.fields["organisation"]
        units.queryset = Organisation.objects.active()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        role = told.get("role")
        if role in BY_AREA and not told.get("area"):
            self.add_error("area", "这个角色要选管辖区划。")
        if role in BY_ORGANISATION and not told.get("organisation"):
            self.add_error("organisation", "这个角色要选所属单位。")
        return told

    def post(self) -> Post:
        """Return what was told; wants a valid form."""
        names = ("role", "area", "organisation", "until")
        return Post(**{name: self.cleaned_data[name] for name in names})


class AccountForm(UsernameForm, PostForm):
    """Asks for all that a new account needs."""

    name = forms.CharField(label="姓名", max_length=40)
    field_order = ["username", "name", "role", "area", "organisation", "until"]


class EndRoleForm(forms.Form):
    """Asks on which day the role is still in force for the last time."""

    on = forms.DateField(label="角色截止日", widget=DayInput)
