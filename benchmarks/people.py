"""Rosters of invented people, as an office's workbook would hold them."""

from datetime import date
from pathlib import Path
from random import Random

from openpyxl import Workbook

from common.invented import Inventor
from common.townships import TOWNSHIPS

HEADINGS = (
    *("姓名", "性别", "身份证号", "对象类别", "残疾类别", "残疾等级", "残疾证号"),
    *("乡镇街道", "村社区", "家庭住址", "联系电话", "监护人姓名", "监护人关系"),
    *("监护人电话", "是否低保", "备注"),
)
SEXES = {"1": "男", "2": "女"}
CATEGORIES = ("孤残儿童", "困难重度残疾人", "特困家庭")
DISABILITIES = ("视力", "听力", "言语", "肢体", "智力", "精神")
AGES = {"孤残儿童": (1, 16), "困难重度残疾人": (18, 80), "特困家庭": (60, 90)}
RELATIONS = ("祖母", "祖父", "母亲", "父亲", "配偶", "女儿")
NOTES = ("", "", "", "行动不便", "冬季取暖有困难", "本学期已申请资助")


def write_roster(path: Path, rows: int, *, today: date) -> None:
    """Write a workbook with a row for each of so many people, all of them sound."""
    inventor, random = Inventor(620300, today=today), Random(620300)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("花名册")
    sheet.append(HEADINGS)
    for _ in range(rows):
        sheet.append(_row(inventor, random))
    book.save(path)


def _row(inventor: Inventor, random: Random) -> list[str]:
    category = random.choice(CATEGORIES)
    person = inventor.person(ages=AGES[category])
    place = random.choice(TOWNSHIPS).name
    village = f"{random.choice('东西南北上下')}{random.choice('沟湾坡坝滩')}村"
    kind = grade = certificate = ""
    if category == "困难重度残疾人":
        at = random.randrange(len(DISABILITIES))
        kind, grade = DISABILITIES[at], random.choice(("一级", "二级"))
        certificate = f"{person.resident_id}{at + 1}{1 + (grade == '二级')}"
    guardian = inventor.person() if random.random() < 0.5 else None
    return [
        *(person.name, SEXES[person.sex], person.resident_id, category),
        *(kind, grade, certificate, place, village, inventor.address(village)),
        person.phone,
        *(guardian.name if guardian else "", random.choice(RELATIONS) * bool(guardian)),
        *(guardian.phone if guardian else "", random.choice(("是", "否"))),
        random.choice(NOTES),
    ]
