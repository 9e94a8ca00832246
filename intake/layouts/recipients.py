"""Rosters of the people cared for: children, the severely disabled, the destitute."""

import re
from datetime import date
from typing import Any

from common.resident_id import ResidentId, age_on
from common.tables.cells import (
    ERROR,
    WARNING,
    Problem,
    Read,
    read_name,
    read_optional_name,
    read_yes_no,
    shown,
)
from common.tables.dates import read_date
from common.tables.disability import read_disability
from common.tables.identity import (
    check_age,
    check_birth,
    check_sex,
    has_no_id,
    read_id,
    read_sex,
)
from common.tables.layout import Layout, heads
from common.tables.numbers import read_count
from common.tables.phones import read_phone
from common.tables.text import Value, filled, narrow
from common.tables.words import (
    DESTITUTE,
    DISABLED,
    Said,
    read_category,
    read_relation,
)
from intake.layouts.judged import Cells, Context, Kind
from intake.layouts.recipient_fields import FIELDS

_DIBAO_CLASS = re.compile("类|档|城市|农村|城镇|低保|[ABCD一二三四]")
_NO_DIBAO = re.compile("^(?:非|未|不|无|否|停|已停|取消|退出)")
_NEARLY_DIBAO = re.compile("边缘|低收入|拟|申请")
_VILLAGE = re.compile(".{1,8}?(?:社区|村(?!社区))")
_WAYS_OF_CARE = (("集中", "TEKUN_CENTRE"), ("分散", "TEKUN_HOME"))
NOTHING_SAID = Said()
# A blank cell never empties a field; this word does.
CLEAR = "清空"
HUKOU_OUTSIDE = "户籍地“{}”里认不出本市的乡镇(街道),照原样记下;市外的不用改。"

LAYOUT = Layout(
    kind="recipients",
    title="关爱对象花名册",
    fields=FIELDS,
    needed=(("name",), ("id",)),
    owners={
        "name": ("",),
        "g_name": ("监护人",),
        "head": ("户主",),
    },
    foreign=(
        "干部|帮扶|责任人|书记|村主任|经办|填表|审核|联系人|代理人|开户|银行|账户|卡号|父亲|母亲"
        "|配偶|爸爸|妈妈|村医|包联|结对|学校|老师|班主任|领导|包村|包户|包片|包抓|驻村"
        "|网格|社工|志愿|民警|负责人|工作人员|紧急",
    ),
    ignored=(
        *heads("年龄 备注 审核意见 签字 签名 身高 体重 政治面貌 文化程度"),
        *heads("致困原因 住房情况 纳入时间 人均月收入 就读学校 年级 健康状况"),
    ),
)


def judge(cells: Cells, context: Context) -> tuple[dict[str, Any], list[Problem]]:
    """Return what a row says, and everything that is wrong or odd with it."""
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    if CLEAR in cells.values():
        cells = _take_clearing(cells, values)
    get = cells.get
    name = read_name(get("name", ""))
    values["name"] = name.value
    if name.problems:
        problems += name.problems
    _judge_id(cells, context, values, problems)
    category = read_category(get("category", ""))
    values["category"] = category.value
    if category.problems:
        problems += category.problems
    _add_said(cells, category, values)
    place = context.areas.read(get("township", ""), get("county", ""))
    if place.problems:
        problems += place.problems
        values["township"] = values["area_code"] = None
    else:
        values["area_code"], values["township"], behind = place.value
    _judge_sheet(cells, context, values, problems)
    _judge_disability(cells, values, problems)
    _read_others(cells, values, problems)
    if place.value is not None and not values.get("village"):
        _add_village(cells, context, behind, values)
    _read_hukou(cells, context, values, problems)
    if "reported" in cells:
        values["reported"] = cells["reported"]
    if name.more and not values.get("relation"):
        values["relation"] = name.more
    return values, problems


def _take_clearing(cells: Cells, values: dict[str, Any]) -> Cells:
    """Remember which cells ask that a field be emptied; they say nothing else."""
    asked = [name for name, cell in cells.items() if cell == CLEAR]
    values["cleared"] = [_STORED_AS.get(name, name) for name in asked]
    return {**cells, **dict.fromkeys(asked, "")}


def _add_said(cells: Cells, category: Read, values: dict[str, Any]) -> None:
    """Keep what a category's cell tells besides; a column of its own says it better."""
    said = category.more or NOTHING_SAID
    kind = said.kind
    if kind is None and category.value == DESTITUTE:
        ways = narrow(cells.get("tekun", ""))
        kind = next((k for mark, k in _WAYS_OF_CARE if mark in ways), None)
    if kind:
        values["kind_said"] = kind
    if said.also:
        values["also_said"] = list(said.also)


def _judge_sheet(
    cells: Cells,
    context: Context,
    values: dict[str, Any],
    problems: list[Problem],
) -> None:
    """Refuse a row whose township is not the one that its sheet is named after."""
    own = cells.get("sheet_township")
    if own and values["township"] and values["township"] != own:
        words = f"乡镇写的是“{values['township']}”,工作表却是“{own}”,请核对。"
        problems.append(Problem("township", "E_AREA_SHEET", words))


def _add_village(
    cells: Cells, context: Context, behind: str, values: dict[str, Any]
) -> None:
    """Take the village from what stands behind a township, in its cell or address."""
    if not behind and "village" not in cells:
        there = context.areas.in_address(cells.get("address", "")).value
        behind = there.rest if there and there.code == values["area_code"] else ""
    if found := _VILLAGE.match(behind):
        values["village"] = found[0]


def _read_hukou(
    cells: Cells, context: Context, values: dict[str, Any], problems: list[Problem]
) -> None:
    """Read where the 户口 is: a township of the city, or the place as it was written.

    Nothing is wrong with a place outside: only that it is taken for one is said.
    """
    told = [filled(cells[name]) for name in _HUKOU if name in cells]
    if not (told := [text for text in told if text]):
        return
    place = context.areas.find(narrow(told[0]))
    if place is None:
        values["hukou_address"] = "".join(told)
        words = HUKOU_OUTSIDE.format(shown(told[0]))
        problems.append(Problem("hukou", "W_HUKOU_OUTSIDE", words, WARNING))
        return
    values["hukou_code"] = place.code
    values["hukou_address"] = "".join([place.rest, *told[1:]])


def _judge_id(
    cells: Cells, context: Context, values: dict[str, Any], problems: list[Problem]
) -> None:
    read = read_id(cells.get("id", ""), today=context.today)
    found: ResidentId | None = read.value
    if found is None:
        if read.code == "E_ID_EMPTY" and _is_known_without(cells, context, values):
            words = "没有身份证号,按姓名、出生日期和乡镇识别,请尽快补办。"
            problems.append(Problem("id", "W_NO_ID", words, WARNING))
        else:
            problems += read.problems
        return
    problems += read.problems
    values["id"] = found.number
    values["id15"] = found.was_15
    sex = "男" if found.sex == "1" else "女"
    values["gender"] = sex
    values["birth"] = found.birth_on.isoformat()
    if "gender" in cells and (odd := check_sex(cells["gender"], sex)):
        problems.append(odd)
    if "birth" in cells:
        odd = check_birth(cells["birth"], found.birth_on, from_1904=context.from_1904)
        if odd:
            problems.append(odd)
    if "age" in cells:
        day = date.fromisoformat(str(cells.get("as_of") or context.today))
        if odd := check_age(cells["age"], age_on(found.birth_on, day)):
            problems.append(odd)


def _is_known_without(cells: Cells, context: Context, values: dict[str, Any]) -> bool:
    """Say whether the row tells that there is no id, and when the person was born."""
    if not has_no_id(cells.get("id_type"), cells.get("note")):
        return False
    born = read_date(cells.get("birth", ""), "birth", from_1904=context.from_1904)
    if born.value is None or born.value.month_only or born.value.on > context.today:
        return False
    values |= {"id": None, "id15": False, "birth": born.value.on.isoformat()}
    values["gender"] = read_sex(cells.get("gender", ""))
    return True


def _judge_disability(
    cells: Cells, values: dict[str, Any], problems: list[Problem]
) -> None:
    if "dis_kind" not in cells and "dis_grade" not in cells:
        return
    severity = ERROR if values["category"] == DISABLED else WARNING
    kind, grade = cells.get("dis_kind", ""), cells.get("dis_grade", "")
    found = read_disability(kind, grade, severity=severity)
    values["dis_kind"], values["dis_grade"] = found.words, found.grade
    if found.problems:
        problems += found.problems


def _read_others(cells: Cells, values: dict[str, Any], problems: list[Problem]) -> None:
    for name, value in cells.items():
        if name in _TEXTS:
            values[name] = (filled(value) or None) if value != "" else None
        elif name in _READERS:
            read = _READERS[name](value)
            values[_STORED_AS.get(name, name)] = read.value
            if read.problems:
                problems += read.problems


def _read_dibao(value: Value) -> Any:
    """Read whether there is 低保: any class of it is yes, its edge is not."""
    text = narrow(value)
    if not text or _NEARLY_DIBAO.search(text):
        return read_yes_no(value, "dibao", "低保")
    if _NO_DIBAO.match(text):
        return read_yes_no("否", "dibao")
    if _DIBAO_CLASS.search(text):
        return read_yes_no("是", "dibao")
    return read_yes_no(value, "dibao", "低保")


def _read_size(value: Value) -> Any:
    """Read how many there are in a family; what is no number is left out."""
    read = read_count(value, "size")
    odd = tuple(Problem(p.column, "W_NUMBER", p.words, WARNING) for p in read.problems)
    return read._replace(problems=odd)


_TEXTS = frozenset(["village", "group", "address", "kind", "certificate", "ethnic"])
_TEXTS |= {"tekun", "relation", "health", "note"}
_READERS: dict[str, Any] = {
    "phone": read_phone,
    "g_phone": lambda value: read_phone(value, "g_phone"),
    "g_name": lambda value: read_optional_name(value, "g_name"),
    "g_rel": read_relation,
    "head": lambda value: read_optional_name(value, "head"),
    "dibao": _read_dibao,
    "dibao_class": _read_dibao,
    "size": _read_size,
}
_STORED_AS = {
    "dibao_class": "dibao",
    "hukou_address": "hukou",
    "hukou_village": "hukou",
}
# The township first, then what lies within it.
_HUKOU = ("hukou", "hukou_village", "hukou_address")

KIND = Kind(
    LAYOUT, judge, derived=("category", "township", "reported"), yes_no=("dibao",)
)
