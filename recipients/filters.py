"""Narrowing the list of people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from cadres.enums import AreaLevel
from cadres.models import Area, Organisation, User
from common.days import years_before
from common.forms import SearchField
from common.hidden_numbers import MARK, SearchInput, shown
from common.search_text import CODE, Kind, SearchQuery
from recipients.enums import (
    Category,
    DisabilityGrade,
    DisabilityKind,
    RecipientStatus,
)
from recipients.models import Pairing, PairingQuerySet, RecipientQuerySet
from recipients.models.recipient import ADULT_AGE
from recipients.queries import (
    certificates_ending,
    coming_of_age,
    search,
)
from recipients.screens import rest_of_week

EVERYONE = "all"
WHOLE = {Kind.RESIDENT_ID: "完整证号", Kind.PHONE: "完整电话"}
PRESENT = (RecipientStatus.ON_FILE, RecipientStatus.PAUSED)
YES = "1"
LATE, WEEK = "late", "week"
DUE = ((LATE, "超期未访"), (WEEK, "本周到期"))
STATUSES = (
    ("", "在册和暂停"),
    *RecipientStatus.choices,
    (EVERYONE, "全部(含已退出)"),
)
CATEGORY_CHIPS = ((Category.CHILD, "孤残儿童"), (Category.DISABLED, "重度残疾人"),
    (Category.DESTITUTE, "特困家庭"))  # fmt: skip


@dataclass(frozen=True)
class Chip:
    """One tap that sets one filter; together with the filters chosen already."""

    name: str
    value: str
    label: str


CHIPS = (
    *(Chip("due", value, label) for value, label in DUE),
    *(Chip("category", str(value), label) for value, label in CATEGORY_CHIPS),
    Chip("unpaired", YES, "待结对"),
    Chip("also", YES, "兼属"),
    Chip("minor", YES, "未成年人"),
    Chip("dibao", YES, "低保"),
    Chip("status", RecipientStatus.PAUSED.value, "暂停"),
    Chip("status", RecipientStatus.LEFT.value, "已退出"),
)
PLAIN = {"category": "category", "village": "village__startswith",
    "disability_kind": "disability_kind", "disability_grade": "disability_grade",
}  # fmt: skip
_HIDDEN = forms.HiddenInput  # chosen by chips, kept by the form
CHIP_NAMES = tuple(dict.fromkeys(chip.name for chip in CHIPS))


class ChosenField(forms.MultipleChoiceField):
    """People ticked in the list, by their codes."""

    widget = forms.MultipleHiddenInput

    def valid_value(self, value: str) -> bool:
        return CODE.fullmatch(value) is not None


class RecipientFilterForm(forms.Form):
    """Narrows a list that is already cut down to what the visitor may see."""

    q = SearchField(widget=SearchInput("姓名 / 拼音 whh / 编号 / 完整证号或电话"))
    category = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部类别"), *Category.choices]
    )
    area = forms.ChoiceField(label="区划", required=False)
    unit = forms.ModelChoiceField(
        label="帮扶单位",
        required=False,
        queryset=Organisation.objects.none(),
        empty_label="全部单位",
    )
    disability_kind = forms.ChoiceField(
        label="残疾类别",
        required=False,
        choices=[("", "不限"), *DisabilityKind.choices],
    )
    disability_grade = forms.ChoiceField(
        label="残疾等级",
        required=False,
        choices=[("", "不限"), *DisabilityGrade.choices],
    )
    village = forms.CharField(label="村社区", required=False, max_length=40)
    status = forms.ChoiceField(label="状态", required=False, choices=STATUSES)
    due = forms.ChoiceField(
        label="应访", required=False, choices=[("", "不限"), *DUE], widget=_HIDDEN
    )
    unpaired = forms.BooleanField(label="待结对", required=False, widget=_HIDDEN)
    also = forms.BooleanField(label="兼属其他类别", required=False, widget=_HIDDEN)
    minor = forms.BooleanField(label="未成年人", required=False, widget=_HIDDEN)
    dibao = forms.BooleanField(label="享受低保", required=False, widget=_HIDDEN)
    chosen = ChosenField(label="所选对象", required=False)
    adult_soon = forms.BooleanField(label="将满18岁", required=False, widget=_HIDDEN)
    certificate_soon = forms.BooleanField(
        label="残疾人证将到期", required=False, widget=_HIDDEN
    )

    # What is asked for seldom stands behind 更多条件 on a wide screen.
    rare = ("village", "disability_kind", "disability_grade", "status")

    def __init__(self, query: QueryDict, *, user: User, today: date) -> None:
        super().__init__(query)
        self.query = query
        self.user, self.today = user, today
        self.areas = {area.code: area for area in _offered(user)}
        self.fields["area"].choices = list(  # type: ignore[attr-defined]
            _area_choices(list(self.areas.values()))
        )
        units = Organisation.objects.visible_to(user)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def narrow(self, people: RecipientQuerySet, **instead: Any) -> RecipientQuerySet:
        """Return the people asked for; ``instead`` takes the place of what was chosen.

        Nobody when what was asked for makes no sense.
        """
        if self.errors:
            return people.none()
        asked = {**self.cleaned_data, **instead}
        people = _plain(people, asked)
        if asked["area"]:
            people = people.within(self.areas[asked["area"]])
        if asked["chosen"]:
            people = people.filter(code__in=asked["chosen"])
        if asked["unit"] or asked["due"]:
            people = people.filter(pk__in=self._carers(asked).values("recipient"))
        if asked["minor"]:
            people = people.filter(birth_on__gt=years_before(self.today, ADULT_AGE))
        if asked["adult_soon"]:
            people = coming_of_age(people.on_file(), self.today)
        if asked["certificate_soon"]:
            people = certificates_ending(people.on_file(), self.today)
        return search(people, asked["q"])

    def _carers(self, asked: dict[str, Any]) -> PairingQuerySet:
        """Return the active 干部结对 within reach of the unit and due as asked."""
        pairings = Pairing.objects.visible_to(self.user).active().by_cadres()
        if asked["unit"]:
            pairings = pairings.filter(cadre__organisation=asked["unit"])
        match asked["due"]:
            case value if value == LATE:
                pairings = pairings.overdue(self.today)
            case value if value == WEEK:
                pairings = pairings.due_by(self.today, rest_of_week(self.today))
        return pairings.order_by()

    def chip_counts(self, people: RecipientQuerySet) -> dict[str, RecipientQuerySet]:
        """Return who would be seen after each chip, by the chip's name and value."""
        bare: dict[str, Any] = dict.fromkeys(CHIP_NAMES, "")
        return {
            "": self.narrow(people, **bare),
            **{
                f"{chip.name}={chip.value}": self.narrow(
                    people, **{**bare, chip.name: chip.value}
                )
                for chip in CHIPS
            },
        }

    def chips(self, counts: dict[str, int]) -> list[dict[str, Any]]:
        """Return the chips to show: each alone, with the other filters kept.

        Without counts they are shown without numbers.
        """
        chosen = {chip for chip in CHIPS if self.data.get(chip.name) == chip.value}
        offered = [
            {
                "url": self._address(),
                "label": "全部",
                "count": counts.get(""),
                "on": not any(self.data.get(name) for name in CHIP_NAMES),
            }
        ]
        offered += [
            {
                "url": self._address(chip),
                "label": chip.label,
                "count": counts.get(f"{chip.name}={chip.value}"),
                "on": chip in chosen,
            }
            for chip in CHIPS
        ]
        return offered

    def kept(self) -> str:
        """Return the filters set, as they stand in an address, to be kept."""
        query = self.query.copy()
        for name in list(query):
            if name not in self.fields or name == "chosen" or not query[name]:
                del query[name]
        return query.urlencode()

    @property
    def whole_number(self) -> str | None:
        """Say which whole number of one person is looked for, if one is."""
        asked = str(self.data.get("q") or "")
        part = "号码" if asked.startswith(MARK) else None
        return WHOLE.get(SearchQuery.parse(shown(asked)).kind, part)

    @property
    def rare_set(self) -> bool:
        """Say whether one of the seldom filters is set, so that it must be seen."""
        return any(self.data.get(name) for name in self.rare)

    @property
    def narrowed(self) -> int:
        """How many filters besides the search box are set."""
        return sum(1 for name in self.fields if name != "q" and self.data.get(name))

    def _address(self, chip: Chip | None = None) -> str:
        query = self.query.copy()
        for name in (*CHIP_NAMES, "after"):
            query.pop(name, None)
        if chip:
            query[chip.name] = chip.value
        return f"?{query.urlencode()}"


def _plain(people: RecipientQuerySet, asked: dict[str, Any]) -> RecipientQuerySet:
    for name, lookup in PLAIN.items():
        if asked[name]:
            people = people.filter(**{lookup: asked[name]})
    if asked["unpaired"]:
        people = people.unpaired()
    if asked["dibao"]:
        people = people.filter(dibao=True)
    if asked["also"]:
        people = people.exclude(also=[])
    match asked["status"]:
        case "":
            # Said as what it is, not what it is not: an index can use that.
            return people.filter(status__in=PRESENT)
        case status if status == EVERYONE:
            return people
        case status:
            return people.filter(status=status)


def _offered(user: User) -> list[Area]:
    levels = (AreaLevel.COUNTY, AreaLevel.TOWNSHIP)
    areas = Area.objects.visible_to(user).in_use().filter(level__in=levels)
    return list(areas.order_by("code"))


def _area_choices(areas: list[Area]) -> Iterator[tuple[str, Any]]:
    """Offer each county whole, then its townships, county by county."""
    yield "", "全部乡镇街道"
    counties = [area for area in areas if area.level == AreaLevel.COUNTY]
    for county in counties:
        inside = [area for area in areas if area.parent_id == county.code]
        yield (
            county.name,
            [(county.code, f"{county.name}(全部)")]
            + [(area.code, area.name) for area in inside],
        )
    known = {county.code for county in counties}
    yield from (
        (area.code, area.name)
        for area in areas
        if area.level == AreaLevel.TOWNSHIP and area.parent_id not in known
    )
