"""Departments' lists: 低保在享, 特困供养, 残联持证, 死亡 (domain/excel.md 4.5).

A list is compared with the registry and never imported, so only what makes a row
useless is wrong with it: no name, no id, an id that cannot be.
"""

from dataclasses import replace
from typing import Any

from common.tables.cells import ERROR, WARNING, Problem, read_name, read_text
from common.tables.dates import read_date
from common.tables.disability import code_of, read_disability
from common.tables.identity import certificate_holder, check_sex, read_id
from common.tables.layout import Field, Layout, heads
from common.tables.numbers import read_amount
from common.tables.text import Value, filled
from intake.layouts.judged import Cells, Context, Kind
from intake.layouts.recipient_fields import FIELDS as PEOPLE
from intake.layouts.recipient_fields import IDS, NOTE, of_people

_BY_NAME = {field.name: field for field in PEOPLE}
_DEAD = heads("死者 死亡人员 逝者 亡者 亡人 死亡人 亡故人员 火化人员")
_MEMBERS = heads(
    "成员 家庭成员 保障对象 供养对象 特困对象 救助对象 保障人员 共同生活成员"
)
_HEADS = heads("户主 户主信息 申请人 户代表 家庭户主")

NAME = replace(
    _BY_NAME["name"],
    labels=(
        *_BY_NAME["name"].labels,
        *of_people((*_DEAD, *_MEMBERS), ("姓名",)),
        *_DEAD,
    ),
    weak=("名称", "保障对象", "供养对象", "特困对象"),
)
ID = replace(
    _BY_NAME["id"],
    labels=(*_BY_NAME["id"].labels, *of_people((*_DEAD, *_MEMBERS), IDS)),
    weak=(),
)
# Whose household it is: the person of the row where no member is named.
HEAD = Field("head", "户主姓名", (*_HEADS, *of_people(_HEADS, ("姓名", "名称"))))
HEAD_ID = Field("head_id", "户主身份证号", of_people(_HEADS, IDS))
COMMON = (
    NAME,
    HEAD,
    HEAD_ID,
    _BY_NAME["gender"],
    ID,
    _BY_NAME["county"],
    replace(_BY_NAME["township"], required=False),
    _BY_NAME["village"],
    _BY_NAME["address"],
)
AMOUNT = Field(
    "amount",
    "月保障金",
    heads(
        "月保障金额 家庭月保障金额 保障金额 月供养金 月补助金额 补助金额 "
        "金额 月标准 月救助金额 低保金 基本生活标准"
    ),
    hints=("保障金|供养金|低保金",),
    is_text=False,
)
SINCE = Field(
    "since",
    "纳入时间",
    heads("起始年月 纳入日期 享受时间 开始时间 认定时间 救助时间 批准时间"),
)
DIED = Field(
    "died",
    "死亡日期",
    heads("死亡时间 去世时间 去世日期 死亡年月 逝世日期 死亡年月日"),
    hints=("死亡.*(?:时间|日期)",),
)
CREMATED = Field("cremated", "火化日期", ("火化时间",))


def _list(kind: str, title: str, *fields: Field) -> Layout:
    return Layout(
        kind=kind,
        title=title,
        fields=(*COMMON, *fields, NOTE),
        needed=(("name", "head"), ("id", "head_id")),
        needed_else=(("name",), ("certificate",)) if kind == "disability" else (),
        owners={"name": ("",), "g_name": ("监护人",), "head": ("户主",)},
        foreign=(
            "监护人|照料人|经办|填表|审核|联系人|配偶|父亲|母亲|家属|申报人|代理人|受托人"
            "|开户|账户|成员[2-9二三四五六七八九]",
        ),
        ignored=heads("年龄 民族 火化地点 备注 供养机构 死因 来源"),
    )


LAYOUTS = {
    "dibao": _list("dibao", "低保在享名单", AMOUNT, SINCE),
    "tekun": _list("tekun", "特困供养名单", _BY_NAME["tekun"], AMOUNT, SINCE),
    "disability": _list(
        "disability",
        "残联持证名单",
        _BY_NAME["dis_kind"],
        _BY_NAME["dis_grade"],
        _BY_NAME["certificate"],
        Field("state", "证件状态", ("状态", "残疾证状态", "持证状态")),
    ),
    "deaths": _list("deaths", "死亡名单", DIED, CREMATED),
}
_DAYS = ("since", "died", "cremated")
_TEXTS = heads("village address tekun certificate state note")
_FATAL = frozenset(["E_NAME_EMPTY"])


def judge(cells: Cells, context: Context) -> tuple[dict[str, Any], list[Problem]]:
    """Return what a row of a list says; most of what is odd leaves it comparable."""
    get = cells.get
    typed, number = _person(cells)
    name = read_name(typed)
    read = read_id(number, today=context.today)
    values: dict[str, Any] = {"name": name.value, "id": None}
    problems = [
        p if p.code in _FATAL or p.severity == WARNING else _odd(p)
        for p in name.problems
    ]
    if name.value is None and filled(typed):
        values["name"] = filled(typed)
    problems += read.problems
    if read.value is not None:
        values["id"], values["id15"] = read.value.number, read.value.was_15
        values["birth"] = read.value.birth_on.isoformat()
        sex = "男" if read.value.sex == "1" else "女"
        values["gender"] = sex
        if odd := check_sex(get("gender", ""), sex):
            problems.append(odd)
    _read_place(cells, context, values, problems)
    _read_others(cells, context, values, problems)
    return values, problems


def _person(cells: Cells) -> tuple[Value, Value]:
    """Return name and id of the row's person: the member's, else the household's.

    Never the name of one with the id of the other, where both have columns.
    """
    name, number = cells.get("name", ""), cells.get("id", "")
    if "name" in cells and "id" in cells and (filled(name) or filled(number)):
        return name, number
    if "id" not in cells and "head_id" not in cells:
        number = certificate_holder(cells.get("certificate", ""))
    return (
        name if filled(name) else cells.get("head", ""),
        number if filled(number) else cells.get("head_id", ""),
    )


def _odd(problem: Problem) -> Problem:
    """Return the problem as a remark."""
    code = f"W{problem.code[1:]}" if problem.severity == ERROR else problem.code
    return Problem(problem.column, code, problem.words, WARNING)


def _read_place(
    cells: Cells, context: Context, values: dict[str, Any], problems: list[Problem]
) -> None:
    place = context.areas.read(cells.get("township", ""), cells.get("county", ""))
    values["area_code"] = place.value.code if place.value else None
    values["township"] = place.value.name if place.value else None
    if "township" in cells:
        problems += [_odd(problem) for problem in place.problems]


def _read_others(
    cells: Cells, context: Context, values: dict[str, Any], problems: list[Problem]
) -> None:
    for name in _TEXTS:
        if name in cells:
            values[name] = read_text(cells[name], name).value
    for name in _DAYS:
        if name in cells:
            day = read_date(cells[name], name, from_1904=context.from_1904)
            values[name] = day.value.on.isoformat() if day.value else None
            problems += [_odd(problem) for problem in day.problems]
    if "amount" in cells:
        amount = read_amount(cells["amount"], "amount", monthly=True)
        values["amount"] = None if amount.value is None else str(amount.value)
        problems += [_odd(problem) for problem in amount.problems]
    if "dis_kind" in cells or "dis_grade" in cells:
        kind, grade = cells.get("dis_kind", ""), cells.get("dis_grade", "")
        found = read_disability(kind, grade, severity=WARNING)
        values["dis_kind"] = code_of(found.kind)
        values["dis_grade"] = str(found.grade or "")
        problems += found.problems


KINDS = {
    name: Kind(layout, judge, derived=("place",)) for name, layout in LAYOUTS.items()
}
