"""Rosters of who cares for whom (domain/excel.md 4.4)."""

import re
from datetime import date
from typing import Any

from common.tables.cells import (
    Problem,
    Read,
    read_name,
    read_optional_name,
    read_text,
    wrong,
)
from common.tables.dates import read_date
from common.tables.identity import read_id
from common.tables.layout import Field, Layout, heads
from common.tables.phones import read_phone
from common.tables.text import Value, clean, filled
from common.tables.words import read_category, read_pairing, read_unit
from intake.layouts.cadres import CADRES, OF_CADRES, POSTS, UNITS
from intake.layouts.judged import Cells, Context, Kind
from intake.layouts.recipient_fields import (
    IDS,
    NAMES,
    NOTE,
    PHONES,
    TOWNSHIPS,
    of_people,
)

OF_PEOPLE = heads("对象 关爱对象 帮扶对象 结对对象 被帮扶人 被帮扶对象 救助对象")
OF_PEOPLE += heads("儿童 残疾人 户主 特困人员 监护人 对象监护人")
_SEVERAL = re.compile("[、,/;\uff0c\uff1b和]")
OTHERS = tuple(name for name in NAMES if name != "姓名")

MOTHERS = heads("爱心妈妈 爱心妈妈姓名 爱心爸爸 爱心爸爸姓名 爱心妈妈/爸爸")

# Who cared for the person before: never the cadre of the row.
BEFORE = tuple(
    f"{front}{name}" for front in heads("原 调整前 更换前") for name in CADRES
)
_BEFORE = "^(?:原|调整前|更换前|变更前).*(?:干部|责任人|帮扶人)(?:姓名)?$"
NOW = tuple(f"{front}{name}" for front in heads("新 调整后 更换后") for name in CADRES)
_CHANGE = re.compile("调整|更换|换人|变更|交接|接替|移交|原结对|原干部")

CADRE = Field(
    "cadre",
    "结对干部",
    (*CADRES, *NOW),
    weak=("姓名", *MOTHERS),
    hints=("^(?!原|调整前|更换前|变更前).*(?:干部|责任人|帮扶人).*(?:姓名)?$",),
    required=True,
    example="示例一",
)
PERSON = Field(
    "name",
    "关爱对象",
    (*OTHERS, *of_people(OF_PEOPLE, ("姓名", "名称"))),
    weak=("姓名", "户主姓名"),
    hints=("(?:对象|儿童|残疾人).*姓名",),
    example="示例二",
)
ID = Field(
    "id",
    "身份证号",
    of_people(OF_PEOPLE, IDS),
    weak=IDS,
    hints=("(?:对象|儿童|残疾人|户主).*身份证", "^(?!.*(?:干部|责任人)).*身份证"),
    required=True,
    example="620321196503129019",
    note="关爱对象的身份证号,18位,单元格须设为文本。",
    width=22,
)
UNIT = Field("unit", "单位", UNITS, hints=("单位",), example="金昌市示例局", width=24)

FIELDS = (
    CADRE,
    UNIT,
    Field("post", "职务", (*POSTS, *of_people(OF_CADRES, POSTS))),
    Field(
        "phone",
        "干部联系电话",
        of_people(OF_CADRES, PHONES),
        weak=PHONES,
        hints=("(?:干部|责任人|帮扶人).*(?:电话|手机|联系)",),
        example="19900001234",
        width=16,
    ),
    Field("previous", "原结对干部", BEFORE, hints=(_BEFORE,), in_template=False),
    Field("cadre_id", "干部身份证号", of_people(OF_CADRES, IDS), in_template=False),
    PERSON,
    Field(
        "category",
        "对象类别",
        heads("类别 人员类别 对象类型 困难类型 关爱对象类别"),
    ),
    ID,
    Field("township", "乡镇街道", TOWNSHIPS),
    Field("o_phone", "对象电话", of_people(OF_PEOPLE, PHONES), in_template=False),
    Field(
        "ptype",
        "结对类型",
        heads("结对方式 结对类别 帮扶类型 帮扶方式 结对形式"),
        example="干部结对",
        choices=("干部结对", "爱心妈妈", "医师包联"),
    ),
    Field(
        "start",
        "结对时间",
        heads(
            "结对日期 帮扶起始 结对起始时间 开始时间 帮扶时间 结对开始时间 "
            "帮扶开始时间 结对起始日期 起始时间 起始日期 结对年月"
        ),
        hints=("(?:结对|帮扶|起始|开始).*(?:时间|日期)",),
        example="2026-01-15",
        note="写成2026-01-15。",
    ),
    NOTE,
)

LAYOUT = Layout(
    kind="pairings",
    title="结对花名册",
    fields=FIELDS,
    needed=(("cadre",), ("id",)),
    # Without a column of ids a person is known by name, township and category.
    needed_else=(("cadre",), ("name",)),
    owners={"cadre": OF_CADRES, "name": OF_PEOPLE},
    foreign=(
        "^(?:原|调整前|更换前|变更前).*(?:电话|手机|联系|单位|职务|证)|村书记|村主任|填表|审核|经办|结束|终止",
    ),
    ignored=heads("性别 民族 年龄 村 社区 村社区 住址 家庭住址 政治面貌"),
)


def judge(cells: Cells, context: Context) -> tuple[dict[str, Any], list[Problem]]:
    """Return what a row says of a pairing; who is meant, the registry will say."""
    get = cells.get
    cadre = _read_cadre(get("cadre", ""))
    read = _read_person(cells, context)
    phone = read_phone(get("phone", ""))
    started, problem = read_past_day(cells, "start", context)
    values: dict[str, Any] = {
        "cadre": cadre.value,
        "unit": read_unit(get("unit", "")).value,
        "phone": phone.value,
        "post": read_text(get("post", ""), "post").value,
        "id": read.value.number if read.value else None,
        "name": read_optional_name(get("name", ""), "name").value,
        "ptype": read_pairing(clean(get("ptype", ""))).value,
        "start": started,
        "note": read_text(get("note", ""), "note").value,
    }
    if filled(get("previous", "")) or _CHANGE.search(clean(get("note", ""))):
        values["changes_hands"] = True
    if "id" not in cells:
        place = context.areas.read(get("township", ""))
        values["area_code"] = place.value.code if place.value else None
        values["category"] = read_category(get("category", "")).value
    problems = [*cadre.problems, *read.problems, *phone.problems]
    return values, problems + ([problem] if problem else [])


def _read_person(cells: Cells, context: Context) -> Read:
    """Read the id; where the table has no such column there must be a name."""
    if "id" in cells:
        return read_id(cells["id"], today=context.today)
    named = read_name(cells.get("name", ""))
    return named._replace(value=None)


def _read_cadre(value: Value) -> Read:
    """Read the one cadre of a pairing; two in a cell are one too many."""
    read = read_name(value, "cadre")
    if read.code == "E_NAME_CHARS" and len(_SEVERAL.split(clean(value))) > 1:
        words = "一名对象只能有一名结对干部,请只留一名;其他人可另行登记为陪同。"
        return wrong("cadre", "E_NAME_CHARS", words)
    return read


def read_past_day(
    cells: Cells, name: str, context: Context
) -> tuple[str | None, Problem | None]:
    """Return a day that has been, as text, or what is wrong with it."""
    read = read_date(cells.get(name, ""), name, from_1904=context.from_1904)
    if read.problems:
        return None, read.problems[0]
    day: date | None = read.value.on if read.value else None
    if day is not None and day > context.today:
        words = f"日期{day}晚于今天,请核对。"
        return None, Problem(name, "E_DATE_FUTURE", words)
    return (day.isoformat() if day else None), None


KIND = Kind(LAYOUT, judge, derived=("ptype",))
