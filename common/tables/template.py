"""An empty table to be filled in: heads, an invented example, lists, instructions."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from common.tables.layout import Field, Layout

HELP = "填表说明"
LISTS = "选项"
ROWS = 2_000
HEAD = PatternFill("solid", fgColor="DDEBF7")
NEEDED = PatternFill("solid", fgColor="FCE4D6")
GREY = Font(color="808080", italic=True)
LINES = (
    "第2行是示例,填写前请删去。",
    "带*的列必须填写;其他列没有就空着,不要填“无”。",
    "身份证号、电话所在列已设为文本,请直接输入或“选择性粘贴-数值”。",
    "有下拉表的列请从表中选。日期写成2026-01-15。",
    "不要合并单元格,不要改动第1行的列名;可以增加工作表,列名须相同。",
)


def template_workbook(layout: Layout, lists: dict[str, tuple[str, ...]]) -> bytes:
    """Return a workbook of this layout; ``lists`` are words for columns beyond ours."""
    workbook = Workbook()
    page: Any = workbook.active
    page.title = layout.title
    fields = [one for one in layout.fields if one.in_template]
    _write_columns(page, fields)
    _write_lists(workbook, page, fields, lists)
    _write_help(workbook.create_sheet(HELP), layout, fields)
    written = BytesIO()
    workbook.save(written)
    return written.getvalue()


def _write_columns(page: Any, fields: list[Field]) -> None:
    for number, one in enumerate(fields, start=1):
        head = page.cell(row=1, column=number)
        head.value = f"{one.heading}*" if one.required else one.heading
        head.font, head.fill = Font(bold=True), NEEDED if one.required else HEAD
        head.alignment = Alignment(horizontal="center", vertical="center")
        example = page.cell(row=2, column=number, value=one.example or None)
        example.font = GREY
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = one.width
        if one.is_text:
            page.column_dimensions[letter].number_format = "@"
            for row in range(2, 52):
                page.cell(row=row, column=number).number_format = "@"
    page.freeze_panes = "A2"
    page.row_dimensions[1].height = 24


def _write_lists(
    workbook: Workbook,
    page: Any,
    fields: list[Field],
    lists: dict[str, tuple[str, ...]],
) -> None:
    """Give columns with known words a list to choose from, kept on a hidden sheet."""
    known: Any = workbook.create_sheet(LISTS)
    known.sheet_state = "hidden"
    used = 0
    for number, one in enumerate(fields, start=1):
        words = lists.get(one.name, ()) or one.choices
        if not words:
            continue
        used += 1
        for row, word in enumerate(words, start=1):
            known.cell(row=row, column=used, value=word)
        column = get_column_letter(used)
        rule = DataValidation(
            type="list",
            formula1=f"={LISTS}!${column}$1:${column}${len(words)}",
            allow_blank=True,
            showErrorMessage=True,
            error="请从下拉表中选。",
        )
        letter = get_column_letter(number)
        rule.add(f"{letter}2:{letter}{ROWS}")
        page.add_data_validation(rule)


def _write_help(page: Any, layout: Layout, fields: list[Field]) -> None:
    page.append([f"{layout.title}·{HELP}"])
    page["A1"].font = Font(bold=True, size=14)
    for number, line in enumerate(LINES, start=1):
        page.append([f"{number}. {line}"])
    page.append([])
    page.append(["列名", "是否必填", "可选内容", "说明"])
    for one in fields:
        needed = "必填" if one.required else ""
        page.append([one.heading, needed, "、".join(one.choices), one.note])
    for letter, width in zip("ABCD", (24, 10, 40, 50), strict=True):
        page.column_dimensions[letter].width = width
