"""Offices' workbooks in their usual layouts, filled with invented people."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from common.invented import Inventor, Person

CHILDREN = (
    *("序号", "姓名", "性别", "民族", "出生日期", "身份证号", "儿童类别"),
    *("残疾类别", "残疾等级", "乡镇(街道)", "村(社区)", "家庭住址"),
    *("监护人姓名", "与儿童关系", "监护人电话", "是否享受低保", "备注"),
)
CADRES = (
    *("序号", "单位名称", "姓名", "性别", "职务", "联系电话", "身份证号"),
    *("擅长", "可结对户数", "备注"),
)
PAIRINGS = (
    *("序号", "结对干部", "单位", "职务", "干部联系电话", "关爱对象", "对象类别"),
    *("身份证号", "乡镇(街道)", "结对类型", "结对时间"),
)
DIBAO = ("序号", "姓名", "性别", "身份证号", "所属区划", "月保障金(元)", "纳入时间")
DEATHS = ("序号", "姓名", "性别", "身份证号", "所属区划", "死亡日期", "火化地点")
SEXES = {"1": "男", "2": "女"}
Rows = Iterable[Sequence[Any]]


def book(path: Path, title: str, said: str, heads: Sequence[str], rows: Rows) -> Path:
    """Write one sheet: a title, a line of who and when, the heads, numbered rows."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "花名册"
    sheet.append([title])
    sheet.append([said])
    sheet.append(list(heads))
    for number, row in enumerate(rows, start=1):
        sheet.append([number, *row])
    made.save(path)
    return path


def child_row(child: Person, carer: Person, township: str, village: str) -> list[Any]:
    """Return one row of the children's roster, without its number."""
    return [
        *(child.name, SEXES[child.sex], "汉族", child.birth_on.isoformat()),
        *(child.resident_id, "事实无人抚养儿童", None, None, township, village),
        *(f"{village}三组12号", carer.name, "祖母", carer.phone, "是", None),
    ]


def children_with_mistakes(path: Path, *, today: date) -> Path:
    """Write a roster of 26 children as one arrives: four rows hold a mistake."""
    inventor = Inventor(26, today=today)
    rows = []
    for _ in range(26):
        child = inventor.person(ages=(4, 15), phone=False)
        rows.append(child_row(child, inventor.person(), "河西堡镇", "鸳鸯池村"))
    rows[1][4] = rows[1][4][:-1] + ("1" if rows[1][4][-1] != "1" else "2")
    rows[4][8] = "河西堡真"
    rows[6][3] = "2031.5.6"
    rows[7][0] = ""
    rows[11] = list(rows[2])
    said = f"填报单位:永昌县民政局      填报时间:{today:%Y年%m月%d日}"
    return book(path, "永昌县孤残儿童花名册", said, CHILDREN, rows)
