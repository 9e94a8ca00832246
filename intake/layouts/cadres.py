"""Rosters of units and of the cadres in them (domain/excel.md 4.4)."""

from typing import Any

from common.tables.cells import WARNING, Problem, read_name, read_text
from common.tables.identity import check_sex, read_id, read_sex
from common.tables.layout import Field, Layout, heads
from common.tables.numbers import read_count
from common.tables.phones import read_phone
from common.tables.words import read_unit
from intake.layouts.judged import Cells, Context, Kind
from intake.layouts.recipient_fields import IDS, NOTE, PHONES, of_people

UNITS = heads("帮扶单位 单位 单位名称 结对单位 责任单位 工作单位 所在单位")
UNITS += heads("帮扶单位名称 干部单位 所属单位 派出单位 结对帮扶单位 部门 包联单位")
CADRES = heads("干部姓名 结对干部 帮扶干部 责任人 帮扶责任人 结对干部姓名 干部")
CADRES += heads("帮扶干部姓名 帮扶责任人姓名 走访干部 责任人姓名 联系干部 包联干部")
CADRES += heads("走访人 走访干部姓名 结对责任人 帮扶人 帮扶人姓名 包户干部 走访人员")
POSTS = heads("职务 职务职级 职级 岗位 职称 职务/职级 现任职务 单位职务")
OF_CADRES = heads("干部 结对干部 帮扶干部 责任人 帮扶责任人 帮扶人 本人")

FIELDS = (
    Field(
        "unit",
        "单位名称",
        UNITS,
        hints=("单位(?!.*(?:级|性质|类|电话|地址))",),
        required=True,
        example="金昌市示例局",
        width=24,
    ),
    Field(
        "name",
        "姓名",
        (*CADRES, "人员姓名", "名字"),
        weak=heads(
            "爱心妈妈 爱心妈妈姓名 爱心爸爸 爱心爸爸姓名 爱心妈妈/爸爸 医师 医生"
        ),
        hints=("姓名$",),
        required=True,
        example="示例一",
    ),
    Field(
        "gender", "性别", of_people(OF_CADRES, ("性别",)), choices=("男", "女"), width=8
    ),
    Field("post", "职务", (*POSTS, *of_people(OF_CADRES, POSTS)), example="科员"),
    Field(
        "phone",
        "联系电话",
        (*PHONES, *of_people(OF_CADRES, PHONES)),
        hints=("电话|手机|联系方式",),
        required=True,
        example="19900001234",
        width=16,
    ),
    Field(
        "id",
        "身份证号",
        (*IDS, *of_people(OF_CADRES, IDS)),
        hints=("身份证(?!件?类型)",),
        example="620321196503129019",
        note="18位,单元格须设为文本。",
        width=22,
    ),
    Field("skills", "擅长", heads("特长 专长 擅长领域 业务专长 擅长方面")),
    Field(
        "capacity",
        "可结对户数",
        heads("结对户数 可帮扶户数 户数 可结对数 最多结对户数 可结对户数上限"),
        hints=("可.*户数",),
        example="3",
        note="不填按3户计。",
        width=12,
        is_text=False,
    ),
    NOTE,
)

LAYOUT = Layout(
    kind="cadres",
    title="帮扶单位干部名册",
    fields=FIELDS,
    needed=(("name",), ("id", "phone")),
    owners={"name": ("",)},
    foreign=("对象|监护人|户主|儿童|残疾人|负责人|联系人|填表|审核",),
    ignored=heads("民族 政治面貌 学历 单位层级 出生年月 年龄 备注"),
)


def judge(cells: Cells, context: Context) -> tuple[dict[str, Any], list[Problem]]:
    """Return what a row says of a cadre, and what is wrong or odd with it."""
    get = cells.get
    name = read_name(get("name", ""))
    unit = read_unit(get("unit", ""))
    phone = read_phone(get("phone", ""))
    capacity = read_count(get("capacity", ""), "capacity")
    values: dict[str, Any] = {
        "name": name.value,
        "unit": unit.value,
        "phone": phone.value,
        "post": read_text(get("post", ""), "post").value,
        "capacity": capacity.value,
        "skills": _skills(cells),
        "note": read_text(get("note", ""), "note").value,
    }
    problems = [*name.problems, *unit.problems]
    _judge_id(cells, context, values, problems)
    problems += phone.problems
    problems += capacity.problems
    return values, problems


def _judge_id(
    cells: Cells, context: Context, values: dict[str, Any], problems: list[Problem]
) -> None:
    read = read_id(cells.get("id", ""), today=context.today)
    values["id"] = read.value.number if read.value else None
    values["gender"] = read_sex(cells.get("gender", ""))
    if read.value is not None:
        sex = "男" if read.value.sex == "1" else "女"
        if odd := check_sex(cells.get("gender", ""), sex):
            problems.append(odd)
        values["gender"], values["id15"] = sex, read.value.was_15
        problems += read.problems
    elif read.code != "E_ID_EMPTY":
        problems += read.problems
    elif values["phone"]:
        words = "没有身份证号,按姓名和电话识别,请尽快补充。"
        problems.append(Problem("id", "W_NO_ID", words, WARNING))
    else:
        words = "身份证号为空,也没有可用的电话,请至少补充一项。"
        problems.append(Problem("id", "E_ID_EMPTY", words))


def _skills(cells: Cells) -> list[str]:
    text = read_text(cells.get("skills", ""), "skills").value or ""
    for mark in ",;/ \uff0c\uff1b":
        text = text.replace(mark, "、")
    return [skill for skill in text.split("、") if skill]


KIND = Kind(LAYOUT, judge, derived=("unit",))
