"""关爱对象基本信息台账: one row a person on file (domain/reports.md 5.2, no. 1)."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import CharField, FilteredRelation, Q
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils import timezone

from cadres.enums import Sex
from cadres.models import Area
from common.excel import Column
from recipients.enums import (
    Category,
    DisabilityGrade,
    DisabilityKind,
    Kind,
    PairingKind,
    PairingStatus,
    RecipientStatus,
)
from recipients.filters import RecipientFilterForm
from recipients.models import Guardian, Recipient, RecipientQuerySet
from reports.opening import id_words, opener, phone_words
from reports.scope import Scope

CHUNK = 2_000
SEX = dict(Sex.choices)
CATEGORY = dict(Category.choices)
KIND = dict(Kind.choices)
DISABILITY = dict(DisabilityKind.choices)
GRADE = dict(DisabilityGrade.choices)
STATUS = dict(RecipientStatus.choices)
YES_NO = {True: "是", False: "否", None: ""}
FIELDS = (
    "key",
    "area_id",
    "village",
    "name",
    "sex",
    "ethnic",
    "birth_on",
    "resident_id",
    "category",
    "kind",
    "disability_kind",
    "disability_grade",
    "guardian_key",
    "first_guardian__name",
    "first_guardian__relation",
    "phone",
    "household__size",
    "dibao",
    "also",
    "hukou_area_id",
    "carer__cadre__name",
    "carer__cadre__organisation__name",
    "registered_on",
    "status",
    "code",
)
open_id = opener(Recipient, "resident_id")
open_phone = opener(Recipient, "phone")
open_guardian = opener(Guardian, "name")


class Line(NamedTuple):
    """One person, as read; the names follow FIELDS."""

    key: str
    area: str
    village: str
    name: str
    sex: str
    ethnic: str
    birth_on: Any
    resident_id: Any
    category: str
    kind: str
    disability: str
    grade: str
    guardian_key: str | None
    guardian: Any
    relation: str
    phone: Any
    size: int | None
    dibao: bool | None
    also: list[str]
    hukou: str | None
    cadre: str
    unit: str
    registered_on: Any
    status: str
    code: str


def people(scope: Scope) -> RecipientQuerySet:
    """Return who is in the ledger: on file, within reach and area."""
    found = Recipient.objects.visible_to(scope.user).not_left()
    if scope.query:
        form = RecipientFilterForm(
            QueryDict(scope.query), user=scope.user, today=timezone.localdate()
        )
        found = form.narrow(found)
    return found.within(scope.area) if scope.area else found


def number(scope: Scope) -> int:
    """Count the ledger's rows."""
    return people(scope).count()


def rows(scope: Scope) -> Iterator[Line]:
    """Stream the persons in the order of division code and pinyin."""
    found = (
        people(scope)
        .annotate(
            first_guardian=FilteredRelation(
                "guardians", condition=Q(guardians__first=True)
            ),
            carer=FilteredRelation(
                "pairings",
                condition=Q(
                    pairings__kind=PairingKind.CADRE,
                    pairings__status=PairingStatus.ACTIVE,
                ),
            ),
            # Keys only name where a value is sealed; made into objects they would
            # take as long as the opening.
            key=Cast("id", CharField()),
            guardian_key=Cast("first_guardian__id", CharField()),
        )
        .order_by("area_id", "pinyin", "id")
        .values_list(*FIELDS)
    )
    return (Line(*values) for values in found.iterator(chunk_size=CHUNK))


def columns(scope: Scope) -> list[Column[Line]]:
    """Return the columns, with ids masked unless the scope has them in full."""
    counties, townships = area_names()
    today = timezone.localdate()
    numbers = iter(range(1, 10**9))
    return [
        Column("序号", lambda line: next(numbers), width=6, kind="int"),
        Column("县区", lambda line: counties[line.area[:6]], width=9),
        Column("乡镇", lambda line: townships[line.area[:9]], width=12),
        Column("村", lambda line: line.village, width=14),
        Column("姓名", lambda line: line.name, width=10),
        Column("性别", lambda line: SEX[line.sex], width=5),
        Column("民族", lambda line: line.ethnic, width=8),
        Column("出生年月", lambda line: line.birth_on, width=10, kind="month"),
        Column("年龄", lambda line: _age(line.birth_on, today), width=6, kind="int"),
        Column(
            "身份证号",
            lambda line: id_words(open_id(line.resident_id, line.key), scope),
            width=21,
        ),
        Column("对象类别", lambda line: CATEGORY[line.category], width=16),
        Column("细类", lambda line: KIND.get(line.kind, ""), width=16),
        Column("残疾类别", lambda line: DISABILITY.get(line.disability, ""), width=10),
        Column("等级", lambda line: GRADE.get(line.grade, ""), width=6),
        Column(
            "监护人",
            lambda line: open_guardian(line.guardian, line.guardian_key),
            width=10,
        ),
        Column("关系", lambda line: line.relation or "", width=8),
        Column(
            "电话",
            lambda line: phone_words(open_phone(line.phone, line.key), scope),
            width=14,
        ),
        Column("家庭人口", lambda line: line.size, width=8, kind="int"),
        Column("低保", lambda line: YES_NO[line.dibao], width=6),
        Column("特困", lambda line: "是" if _is_destitute(line) else "否", width=6),
        Column(
            "户籍乡镇",
            lambda line: townships.get((line.hukou or "")[:9], ""),
            width=12,
        ),
        Column("结对干部", lambda line: line.cadre or "", width=10),
        Column("单位", lambda line: line.unit or "", width=22),
        Column("建档日期", lambda line: line.registered_on, width=12, kind="date"),
        Column("状态", lambda line: STATUS[line.status], width=8),
        Column("编号", lambda line: line.code, width=16),
    ]


def area_names() -> tuple[dict[str, str], dict[str, str]]:
    """Return the counties' and the townships' names by their digits."""
    names = Area.objects.exclude(level="village").values_list("level", "code", "name")
    counties = {code[:6]: name for level, code, name in names if level == "county"}
    townships = {code[:9]: name for level, code, name in names if level == "township"}
    return counties, townships


def _age(birth_on: Any, today: Any) -> int | None:
    if birth_on is None:
        return None
    had_birthday = (today.month, today.day) >= (birth_on.month, birth_on.day)
    return int(today.year - birth_on.year - (not had_birthday))


def _is_destitute(line: Line) -> bool:
    return Category.DESTITUTE in (line.category, *line.also)
