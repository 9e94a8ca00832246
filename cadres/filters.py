"""Narrowing the lists of organisations, cadres and accounts."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from cadres.enums import CadreKind, OrganisationKind, OrganisationLevel, Role
from cadres.models import CadreQuerySet, OrganisationQuerySet, User
from cadres.queries import search_cadres, search_organisations
from common.forms import SearchField
from common.hidden_numbers import SearchInput

ON_DUTY = (("", "在岗"), ("left", "已离岗"), ("all", "全部"))
IN_USE = (("", "在用"), ("closed", "已停用"), ("all", "全部"))


class OrganisationFilterForm(forms.Form):
    """Narrows organisations by name, kind and level."""

    q = SearchField(widget=SearchInput("单位名称 / 拼音 / 首字母"))
    kind = forms.ChoiceField(
        label="类型",
        required=False,
        choices=[("", "全部类型"), *OrganisationKind.choices],
    )
    level = forms.ChoiceField(
        label="层级",
        required=False,
        choices=[("", "全部层级"), *OrganisationLevel.choices],
    )
    state = forms.ChoiceField(label="状态", required=False, choices=IN_USE)

    def narrow(self, organisations: OrganisationQuerySet) -> OrganisationQuerySet:
        """Return what was asked for; nothing when it makes no sense."""
        if self.errors:
            return organisations.none()
        asked = self.cleaned_data
        for name in ("kind", "level"):
            if asked[name]:
                organisations = organisations.filter(**{name: asked[name]})
        if asked["state"] != "all":
            organisations = organisations.filter(active=asked["state"] == "")
        return search_organisations(organisations, asked["q"])


class CadreFilterForm(forms.Form):
    """Narrows cadres by name or unit, capacity and whether they are on duty."""

    q = SearchField(widget=SearchInput("姓名 / 拼音 / 单位 / 完整电话"))
    kind = forms.ChoiceField(
        label="身份", required=False, choices=[("", "全部身份"), *CadreKind.choices]
    )
    state = forms.ChoiceField(label="状态", required=False, choices=ON_DUTY)

    def narrow(self, cadres: CadreQuerySet) -> CadreQuerySet:
        """Return what was asked for; nothing when it makes no sense."""
        if self.errors:
            return cadres.none()
        asked = self.cleaned_data
        if asked["kind"]:
            cadres = cadres.filter(kind=asked["kind"])
        if asked["state"] != "all":
            cadres = cadres.filter(active=asked["state"] == "")
        return search_cadres(cadres, asked["q"])


class UserFilterForm(forms.Form):
    """Narrows accounts by name and role."""

    q = forms.CharField(
        label="查找",
        required=False,
        max_length=60,
        widget=SearchInput("用户名 / 姓名"),
    )
    role = forms.ChoiceField(
        label="角色", required=False, choices=[("", "全部角色"), *Role.choices]
    )
    state = forms.ChoiceField(label="状态", required=False, choices=IN_USE)

    def narrow(self, users: QuerySet[User]) -> QuerySet[User]:
        """Return what was asked for; nothing when it makes no sense."""
        if self.errors:
            return users.none()
        asked: dict[str, Any] = self.cleaned_data
        if asked["role"]:
            users = users.filter(role=asked["role"])
        if asked["state"] != "all":
            users = users.filter(is_active=asked["state"] == "")
        if words := asked["q"].replace("\0", "").strip():
            users = users.filter(Q(username__icontains=words) | Q(name__contains=words))
        return users
