"""Lists as departments lay them out: by person, by household, by certificate."""

from pathlib import Path

import pytest

from tests.intake import sheets
from tests.intake.sheets import number, read, workbook

ONE, TWO, THREE = number(serial=901), number("19700506", 902), number("20150830", 903)


def read_list(folder: Path, kind: str, rows: sheets.Rows, sheet: str = "表"):
    return read(workbook(folder / "a.xlsx", {sheet: rows}), kind).rows


def test_of_a_household_and_its_members_each_row_is_the_member(tmp_path: Path):
    head = [
        "乡镇",
        "户主姓名",
        "户主身份证号",
        "家庭成员姓名",
        "成员身份证号",
        "与户主关系",
    ]
    rows = [
        head,
        ["双湾镇", "张三", ONE, "张三", ONE, "本人"],
        ["双湾镇", "张三", ONE, "李四", TWO, "配偶"],
    ]

    people = read_list(tmp_path, "dibao", rows)

    assert [(p.values["name"], p.values["id"]) for p in people] == [
        ("张三", ONE),
        ("李四", TWO),
    ]


def test_a_household_that_names_no_member_is_its_head(tmp_path: Path):
    rows = [
        ["乡镇", "户主姓名", "户主身份证号", "成员姓名", "成员身份证号"],
        ["双湾镇", "王五", THREE, "", ""],
        ["双湾镇", "王五", THREE, "李四", ""],
    ]

    alone, member = read_list(tmp_path, "dibao", rows)

    assert (alone.values["name"], alone.values["id"]) == ("王五", THREE)
    assert (member.values["name"], member.reason) == ("李四", "E_ID_EMPTY")


def test_heads_and_members_may_be_told_by_a_head_of_two_rows(tmp_path: Path):
    rows = [
        ["乡镇", "户主信息", None, "家庭成员信息", None, None],
        [None, "姓名", "身份证号", "姓名", "身份证号", "与户主关系"],
        ["双湾镇", "张三", ONE, "李四", TWO, "配偶"],
    ]

    (row,) = read_list(tmp_path, "dibao", rows)

    assert (row.values["name"], row.values["id"]) == ("李四", TWO)


def test_a_row_of_several_members_is_said_to_be_read_in_part(tmp_path: Path):
    head = ["户主", "户主身份证号", "成员1姓名", "成员1身份证号"]
    rows = [
        [*head, "成员2姓名", "成员2身份证号"],
        ["张三", ONE, "李四", TWO, "王五", THREE],
    ]

    reading = read(workbook(tmp_path / "a.xlsx", {"表": rows}), "dibao")

    assert [row.values["name"] for row in reading.rows] == ["李四"]
    (said, *_) = reading.notices
    assert "只读入“成员1姓名”一人,“成员2姓名”“成员2身份证号”没有读入" in said


@pytest.mark.parametrize("who", ["户主", "申请人", "户主姓名", "户代表"])
def test_a_list_of_heads_only_is_a_list_of_people(who: str, tmp_path: Path):
    rows = [[who, "身份证号", "家庭成员", "金额"], ["张三", ONE, "李四、王五", 500]]

    (row,) = read_list(tmp_path, "dibao", rows)

    assert (row.values["name"], row.values["id"], row.reason) == ("张三", ONE, "")


def test_a_list_without_townships_takes_them_from_its_sheets(tmp_path: Path):
    rows = [["姓名", "身份证号", "供养方式"], ["张三", ONE, "分散"]]

    (here,) = read_list(tmp_path, "tekun", rows, "焦家庄镇")
    (nowhere,) = read_list(tmp_path, "tekun", rows, "名单")

    assert here.values["area_code"] == "620321107000"
    assert (nowhere.values["area_code"], sheets.codes(nowhere)) == (None, [])


def test_a_certificate_tells_its_holder_where_there_are_no_ids(tmp_path: Path):
    rows = [
        ["姓名", "残疾人证号", "残疾类别", "残疾等级"],
        ["张三", f"{ONE}42", "肢体", "二级"],
        ["李四", "不详", "肢体", "二级"],
    ]

    known, unknown = read_list(tmp_path, "disability", rows)

    assert (known.values["id"], known.reason) == (ONE, "")
    assert unknown.reason == "E_ID_EMPTY"


@pytest.mark.parametrize(
    "who", ["死者姓名", "逝者", "亡者姓名", "死亡人员姓名", "姓名"]
)
def test_the_dead_are_not_taken_for_those_who_report_them(who: str, tmp_path: Path):
    head = [who, "公民身份号码", "死亡时间", "申报人", "申报人身份证号", "家属姓名"]
    rows = [head, ["张三", ONE, "2026年10月1日 3:15", "李四", TWO, "李四"]]

    (row,) = read_list(tmp_path, "deaths", rows)

    assert (row.values["name"], row.values["id"]) == ("张三", ONE)
    assert row.values["died"] == "2026-10-01"
