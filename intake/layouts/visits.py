"""Ledgers of visits: when, who, whom, how, and what was done."""

from decimal import Decimal
from typing import Any

from common.tables.cells import Problem, read_name, read_optional_name, read_text
from common.tables.identity import read_id
from common.tables.layout import Field, Layout, heads
from common.tables.numbers import read_amount, read_count
from common.tables.phones import read_phone
from common.tables.text import clean
from common.tables.words import read_outcome, read_unit, read_way
from intake.layouts.cadres import OF_CADRES, POSTS
from intake.layouts.judged import Cells, Context, Kind
from intake.layouts.pairings import CADRE, ID, OF_PEOPLE, PERSON, UNIT, read_past_day
from intake.layouts.recipient_fields import NOTE, PHONES, TOWNSHIPS, of_people

TEN_THOUSAND = Decimal(10_000)
COUNTS = ("policy", "solved", "deeds")
AMOUNTS = ("cash", "goods")

FIELDS = (
    Field(
        "date",
        "走访日期",
        heads(
            "走访时间 日期 时间 入户时间 入户日期 探访日期 探访时间 联系时间 "
            "联系日期 走访年月日 慰问时间 慰问日期"
        ),
        hints=("(?:走访|入户|探访|联系|慰问).*(?:时间|日期)",),
        required=True,
        example="2026-10-16",
    ),
    CADRE,
    UNIT,
    Field(
        "phone",
        "干部联系电话",
        of_people(OF_CADRES, PHONES),
        weak=PHONES,
        in_template=False,
    ),
    PERSON,
    ID,
    Field(
        "way",
        "走访方式",
        heads("方式 联系方式 走访形式 走访类型 探访方式 入户方式 服务方式"),
        hints=("(?:走访|探访|入户).*(?:方式|形式)",),
        required=True,
        example="入户",
        choices=heads("入户 电话 视频 陪同办事"),
    ),
    Field(
        "outcome",
        "走访结果",
        heads("结果 联系结果 入户结果 见面情况 是否见到 是否见面 是否见到本人"),
        note="没有见到的填未遇或拒绝;不填就是见到。",
        example="见到",
        choices=heads("见到 未遇 拒绝"),
    ),
    Field("theme", "主题活动", heads("活动主题 主题 活动名称 活动"), width=16),
    Field(
        "policy",
        "协调对接政策事项",
        heads("政策事项 对接政策 协调政策 协调对接政策 落实政策 政策对接 政策"),
        hints=("政策",),
        example="1",
        note="件数。",
        is_text=False,
    ),
    Field(
        "solved",
        "解决困难",
        heads("解决困难数 解决问题 解决困难问题 解决困难个数"),
        hints=("解决.*(?:困难|问题)",),
        example="1",
        is_text=False,
    ),
    Field(
        "deeds",
        "帮办实事",
        heads("办实事 实事 帮办实事数 为民办实事 办理实事 帮办事项"),
        hints=("实事",),
        example="1",
        is_text=False,
    ),
    Field(
        "cash",
        "资助资金",
        heads("资金 慰问金 资助金额 现金 帮扶资金 捐助资金 慰问资金 金额"),
        hints=("资金|慰问金|现金",),
        example="200",
        note="元。",
        is_text=False,
    ),
    Field(
        "goods",
        "物资折合",
        heads("物资 物资折价 物资折款 慰问物资 物品折合 物资金额 实物折合 物资价值"),
        hints=("物资|物品|实物|折合|折价",),
        example="85.5",
        note="折合元。",
        is_text=False,
    ),
    Field(
        "story",
        "走访情况",
        heads(
            "情况 走访内容 走访记录 工作情况 走访情况记录 帮扶情况 主要内容 "
            "工作内容 具体情况 帮办情况 入户情况 走访详情"
        ),
        hints=("(?:情况|内容|记录)$",),
        width=30,
    ),
    Field("township", "乡镇街道", TOWNSHIPS, in_template=False),
    NOTE,
)

LAYOUT = Layout(
    kind="visits",
    title="走访台账",
    fields=FIELDS,
    needed=(("date",), ("id",)),
    owners={"cadre": OF_CADRES, "name": OF_PEOPLE},
    foreign=("村书记|村主任|填表|审核|经办|下次",),
    ignored=(
        "性别",
        "年龄",
        "对象类别",
        "类别",
        "村",
        "社区",
        "住址",
        "家庭住址",
        *POSTS,
    ),
)


def judge(cells: Cells, context: Context) -> tuple[dict[str, Any], list[Problem]]:
    """Return what a row says of a visit; who is meant, the registry will say."""
    get = cells.get
    day, problem = read_past_day(cells, "date", context)
    problems = [problem] if problem else []
    if day is None and not problems:
        problems.append(Problem("date", "E_DATE_BAD", "走访日期为空,请补充。"))
    cadre = read_name(get("cadre", ""), "cadre")
    read = read_id(get("id", ""), today=context.today)
    way = read_way(clean(get("way", "")))
    outcome = read_outcome(clean(get("outcome", "")))
    problems += [*cadre.problems, *read.problems, *way.problems, *outcome.problems]
    values: dict[str, Any] = {
        "date": day,
        "cadre": cadre.value,
        "unit": read_unit(get("unit", "")).value,
        "phone": read_phone(get("phone", "")).value,
        "id": read.value.number if read.value else None,
        "name": read_optional_name(get("name", ""), "name").value,
        "way": way.value,
        "outcome": outcome.value,
        "theme": read_text(get("theme", ""), "theme").value,
        "story": read_text(get("story", ""), "story").value,
        "note": read_text(get("note", ""), "note").value,
    }
    _read_numbers(cells, context, values, problems)
    return values, problems


def _read_numbers(
    cells: Cells, context: Context, values: dict[str, Any], problems: list[Problem]
) -> None:
    for name in COUNTS:
        count = read_count(cells.get(name, ""), name)
        values[name] = count.value or 0
        problems += count.problems
    for name in AMOUNTS:
        factor = TEN_THOUSAND if "万" in context.units.get(name, "") else Decimal(1)
        amount = read_amount(cells.get(name, ""), name, factor=factor)
        values[name] = str(amount.value or 0)
        problems += amount.problems


KIND = Kind(LAYOUT, judge)
