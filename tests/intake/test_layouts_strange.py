"""What real offices' tables do that a tidy one never would."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from common.refusals import Refused
from intake.layouts import JudgedRow
from tests.intake import sheets
from tests.intake.sheets import number, read, workbook

ONE, TWO, THREE = number(serial=901), number("19700506", 902), number("20150830", 903)
PERSON = {"姓名": "张三", "身份证号": ONE, "类别": "特困", "乡镇": "双湾镇"}
PAIRING = {
    "帮扶单位": "市残联",
    "干部姓名": "赵某",
    "干部电话": "19900001234",
    "结对对象姓名": "张三",
    "对象身份证号": ONE,
}


def read_one(
    folder: Path, cells: dict[str, Any], kind: str = "recipients", sheet: str = "表"
) -> JudgedRow:
    """Return the only row of a table with these heads and cells."""
    table = {sheet: [list(cells), list(cells.values())]}
    (row,) = read(workbook(folder / "a.xlsx", table), kind).rows
    return row


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2025/3/1 10:20", "2025-03-01"),
        ("2025/3/1 0:00:00", "2025-03-01"),
        ("2025-03-01T08:00:00", "2025-03-01"),
        ("2025年3月1日 上午9:30", "2025-03-01"),
        ("2025年3月1日9:30", "2025-03-01"),
    ],
)
def test_the_time_of_day_is_no_part_of_the_day(typed: str, day: str, tmp_path: Path):
    row = read_one(tmp_path, {**PAIRING, "结对时间": typed}, "pairings")

    assert (row.values["start"], row.reason) == (day, "")


@pytest.mark.parametrize("brackets", ["()", "\uff08\uff09", "【】", "〔〕"])
def test_what_stands_in_brackets_behind_a_name_is_the_relation(
    brackets: str, tmp_path: Path
):
    left, right = brackets
    row = read_one(tmp_path, {**PERSON, "姓名": f"王五{left}户主{right}"})

    assert (row.values["name"], row.values["relation"]) == ("王五", "户主")
    assert sheets.codes(row) == ["W_NAME_BRACKET"]


@pytest.mark.parametrize(
    ("typed", "category", "kind"),
    [
        ("一户多残", "DISABLED", "MULTI"),
        ("老残一体", "DISABLED", "OLD_CARE_YOUNG"),
        ("低保重残", "DISABLED", "SEVERE_DIBAO"),
        ("突发变故家庭", "DESTITUTE", "ACCIDENT"),
        ("重病重残低保家庭", "DESTITUTE", "DIBAO_SEVERE"),
        ("五保户", "DESTITUTE", "TEKUN_HOME"),
        ("孤寡老人", "DESTITUTE", None),
        ("事实孤儿", "CHILD", "DE_FACTO"),
        ("困难残疾儿童", "CHILD", "CHILD_DISABLED"),
    ],
)
def test_a_finer_kind_tells_its_category(
    typed: str, category: str, kind: str | None, tmp_path: Path
):
    row = read_one(tmp_path, {**PERSON, "类别": typed})

    assert (row.values["category"], row.values.get("kind_said")) == (category, kind)


@pytest.mark.parametrize("mark", ["、", "/", "和", "\uff0c"])
def test_of_two_categories_the_first_by_order_counts(mark: str, tmp_path: Path):
    row = read_one(tmp_path, {**PERSON, "类别": f"特困家庭{mark}重度残疾人"})

    assert (row.values["category"], row.values["also_said"]) == (
        "DISABLED",
        ["DESTITUTE"],
    )
    assert sheets.codes(row) == ["W_CATEGORY_TWO"]


@pytest.mark.parametrize("head", ["享受低保情况", "是否低保", "低保类别", "低保档次"])
@pytest.mark.parametrize(
    ("typed", "has_it"),
    [
        ("一类", True),
        ("农村低保", True),
        ("C类", True),
        ("是(2023年)", True),
        ("非低保", False),
        ("已停发", False),
        ("低保边缘", None),
    ],
)
def test_any_class_of_dibao_is_yes_and_its_edge_is_not(
    head: str, typed: str, has_it: object, tmp_path: Path
):
    assert read_one(tmp_path, {**PERSON, head: typed}).values["dibao"] is has_it


def test_a_bare_relation_belongs_to_whom_it_stands_behind(tmp_path: Path):
    to_head = read_one(tmp_path, {**PERSON, "户主": "李四", "关系": "之子"})
    to_guardian = read_one(tmp_path, {**PERSON, "监护人": "李四", "关系": "祖父"})

    assert to_head.values["relation"] == "之子"
    assert "g_rel" not in to_head.values
    assert to_guardian.values["g_rel"] == "祖父"


@pytest.mark.parametrize(
    ("digits", "field"), [(ONE, "id"), (f"{ONE}42", "certificate")]
)
def test_a_number_of_a_certificate_is_an_id_only_where_there_is_none(
    digits: str, field: str, tmp_path: Path
):
    cells = {**PERSON, "证号": digits}
    if field == "id":
        del cells["身份证号"]

    assert read_one(tmp_path, cells).values[field] == digits


@pytest.mark.parametrize("typed", ["宁远", "620302100", "620302100000|宁远堡镇"])
def test_a_township_goes_by_its_old_name_and_by_its_code(typed: str, tmp_path: Path):
    row = read_one(tmp_path, {**PERSON, "乡镇": typed})

    assert (row.values["township"], row.reason) == ("宁远堡镇", "")


def test_a_certificate_in_the_column_of_ids_is_taken_apart(tmp_path: Path):
    row = read_one(tmp_path, {**PERSON, "身份证号": f"{ONE}41"})

    assert row.reason == "E_ID_LENGTH"
    assert "前18位" in row.problems[0].words
    assert "肢体一级" in row.problems[0].words


def test_a_code_with_anothers_name_is_no_township(tmp_path: Path):
    row = read_one(tmp_path, {**PERSON, "乡镇": "620302100000|双湾镇"})

    assert row.reason == "E_AREA_OUTSIDE"


@pytest.mark.parametrize("head", ["乡镇", "家庭住址"])
def test_a_village_behind_the_township_is_the_village(head: str, tmp_path: Path):
    cells = {name: cell for name, cell in PERSON.items() if name != "乡镇"}
    row = read_one(tmp_path, {**cells, head: "永昌县焦家庄乡杏树庄村三社25号"})

    assert (row.values["area_code"], row.values["village"]) == (
        "620321107000",
        "杏树庄村",
    )


def test_a_township_other_than_the_sheets_is_asked_about(tmp_path: Path):
    there = read_one(tmp_path, PERSON, sheet="焦家庄镇")
    here = read_one(tmp_path, PERSON, sheet="双湾")

    assert (there.reason, here.reason) == ("E_AREA_SHEET", "")


def test_hidden_columns_are_read_and_said(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", {"表": [list(PERSON), list(PERSON.values())]})
    book = load_workbook(path)
    book["表"].column_dimensions["C"].hidden = True
    book.save(path)

    reading = read(path)

    assert reading.rows[0].values["category"] == "DESTITUTE"
    assert "工作表“表”C列为隐藏列,已读入。" in reading.notices


def test_a_visit_on_the_templates_day_is_a_visit(tmp_path: Path):
    cells = {
        "走访日期": "2026-10-16",
        "结对干部": "赵某",
        "单位": "市残联",
        "身份证号": ONE,
        "走访方式": "入户",
        "资助资金": "壹仟贰佰元整",
    }

    row = read_one(tmp_path, cells, "visits")

    assert (row.reason, row.values["cash"]) == ("", "1200")


@pytest.mark.parametrize("typed", ["一千二", "壹仟贰佰", "约300", "-50"])
def test_an_amount_that_may_mean_two_things_is_asked_about(typed: str, tmp_path: Path):
    cells = {"日期": "2026-10-16", "结对干部": "赵某", "身份证号": ONE, "方式": "入户"}
    row = read_one(tmp_path, {**cells, "慰问金": typed}, "visits")

    assert row.reason == "E_NUMBER_BAD"


@pytest.mark.parametrize("head", ["爱心妈妈", "爱心爸爸", "爱心妈妈/爸爸"])
def test_a_column_of_mothers_tells_the_kind_of_pairing(head: str, tmp_path: Path):
    cells = {head: "赵某", "单位": "市残联", "关爱对象": "张三", "身份证号": ONE}
    row = read_one(tmp_path, cells, "pairings")

    assert (row.values["cadre"], row.values["ptype"]) == ("赵某", "爱心妈妈")


def test_the_name_of_the_scheme_tells_no_kind_of_pairing(tmp_path: Path):
    table = [["结对帮扶·爱心甘肃花名册"], list(PAIRING), list(PAIRING.values())]

    (row,) = read(workbook(tmp_path / "a.xlsx", {"表": table}), "pairings").rows

    assert row.values["ptype"] == "干部结对"


def test_a_pairing_without_a_column_of_ids_goes_by_name(tmp_path: Path):
    cells = {"单位": "市残联", "结对干部": "赵某", "关爱对象": "张三"}
    row = read_one(
        tmp_path, {**cells, "乡镇": "双湾", "对象类别": "特困户"}, "pairings"
    )

    assert row.reason == ""
    assert row.values["id"] is None
    assert (row.values["name"], row.values["area_code"], row.values["category"]) == (
        "张三",
        "620302101000",
        "DESTITUTE",
    )


def test_where_any_sheet_has_ids_one_without_is_left_out(tmp_path: Path):
    tables = {
        "花名册": [list(PAIRING), list(PAIRING.values())],
        "汇总": [["结对干部", "关爱对象", "单位"], ["赵某", "3户", "市残联"]],
    }

    reading = read(workbook(tmp_path / "a.xlsx", tables), "pairings")

    assert [row.sheet for row in reading.rows] == ["花名册"]
    assert any("“汇总”没有找到“身份证号”列" in words for words in reading.notices)


def test_two_cadres_in_a_cell_are_one_too_many(tmp_path: Path):
    row = read_one(tmp_path, {**PAIRING, "干部姓名": "赵某、钱某"}, "pairings")

    assert row.wrong
    assert "只能有一名结对干部" in row.problems[0].words


def test_a_grade_that_came_as_a_number_in_text_is_read(tmp_path: Path):
    cells = {**PERSON, "类别": "重残", "残疾类别": "精神残疾人", "残疾等级": "2.0"}

    values = read_one(tmp_path, cells).values

    assert (values["dis_kind"], values["dis_grade"]) == ("精神", 2)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_csv_of_wide_characters_needs_no_mark(encoding: str, tmp_path: Path):
    path = tmp_path / "a.csv"
    rows = [PERSON.keys(), PERSON.values()]
    path.write_bytes("\r\n".join(";".join(row) for row in rows).encode(encoding))

    assert [row.values["name"] for row in read(path).rows] == ["张三"]


def test_the_separator_is_the_heads_and_not_the_titles(tmp_path: Path):
    path = tmp_path / "a.csv"
    title = "填报单位,某某,某某,2026年,10月,31日,共1人,第1页"
    rows = [title, ";".join(PERSON), ";".join(PERSON.values())]
    path.write_text("\n".join(rows), "utf-8")

    assert [row.values["name"] for row in read(path).rows] == ["张三"]


def test_an_id_that_a_csv_guards_from_excel_is_an_id(tmp_path: Path):
    path = tmp_path / "a.csv"
    cells = {**PERSON, "身份证号": f'="{ONE}"'}
    path.write_text("\n".join([",".join(cells), ",".join(cells.values())]), "utf-8")

    (row,) = read(path).rows

    assert row.values["id"] == ONE


def test_binary_rubbish_is_no_csv_of_wide_characters(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes(bytes([0, 7, 1, 0, 0, 0, 9, 0]) * 600)

    with pytest.raises(Refused, match="不是Excel或CSV"):
        read(path)


def test_a_table_of_another_kind_is_named_as_such(tmp_path: Path):
    cadre = {
        "单位": "市残联",
        "姓名": "赵某",
        "身份证号": ONE,
        "职务": "科长",
        "联系电话": "19900001234",
        "可结对户数": "2",
        "政治面貌": "党员",
    }
    table = {"表": [list(cadre), list(cadre.values())]}

    reading = read(workbook(tmp_path / "a.xlsx", table), "recipients")

    assert reading.notices[0] == (
        "这份表的表头更像“帮扶单位干部名册”,请核对是否选对了导入类型。"
    )


def test_a_ledger_of_visits_taken_for_people_is_named_in_the_refusal(rosters_folder):
    ledger = rosters_folder / "08_走访台账_2026年10月.xlsx"

    with pytest.raises(Refused, match="这份表的表头更像“走访台账”"):
        read(ledger, "recipients")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("01_孤残儿童花名册.xlsx", "recipients"),
        ("02_困难重度残疾人名册.xlsx", "recipients"),
        ("03_特困家庭台账.xls", "recipients"),
        ("06_帮扶单位干部名册.xlsx", "cadres"),
        ("07_结对花名册.xlsx", "pairings"),
        ("08_走访台账_2026年10月.xlsx", "visits"),
        ("09_残联持证名单.xlsx", "disability"),
    ],
)
def test_a_table_of_its_own_kind_is_not_doubted(name, kind, rosters_folder):
    assert "更像" not in "".join(read(rosters_folder / name, kind).notices)
