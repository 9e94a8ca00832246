"""Files of another time: old workbooks with hidden rows, CSV with broken quotes."""

from pathlib import Path

import pytest

from common.refusals import Refused
from intake.layouts import JudgedRow
from tests.intake.old_workbook import old_workbook
from tests.intake.sheets import codes, number, read

HEAD = ["姓名", "身份证号", "类别", "乡镇", "住址", "联系电话"]
IDS = [number(serial=serial) for serial in range(901, 907)]
PHONE = "19900001234"


def line(at: int, address: str, *, name: str = "张三") -> str:
    return f"{name},{IDS[at]},特困,双湾镇,{address},{PHONE}"


def table(path: Path, *lines: str, end: str = "\n") -> Path:
    path.write_bytes(end.join([",".join(HEAD), *lines, ""]).encode())
    return path


def told(row: JudgedRow) -> tuple[object, ...]:
    return row.values["id"], row.values["address"], row.values["phone"]


def test_hidden_rows_and_columns_of_an_old_workbook_are_said(tmp_path: Path):
    people = [["张三", IDS[0], "特困", "双湾镇", "", PHONE]]
    people += [["李四", IDS[1], "特困", "双湾镇", "", PHONE]]

    reading = read(
        old_workbook(
            tmp_path / "a.xls", [HEAD, *people], hidden_rows=[2], hidden_columns=[5]
        )
    )

    assert len(reading.rows) == 2
    assert "工作表“名册”第3行为隐藏行,已读入。" in reading.notices
    assert "工作表“名册”F列为隐藏列,已读入。" in reading.notices


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "address", ['"东街1号', '东街"1号', '"东街"1号', '东街1号"', '""东街1号']
)
def test_a_quote_too_many_spoils_no_other_row(address: str, end: str, tmp_path: Path):
    lines = [line(0, "西街"), line(1, address), *(line(at, "南街") for at in (2, 3, 4))]

    rows = read(table(tmp_path / "a.csv", *lines, end=end)).rows

    assert [row.values["id"] for row in rows] == IDS[:5]
    assert all(row.values["phone"] == PHONE for row in rows)
    assert not any(row.wrong for row in rows)
    assert [row.row for row in rows] == [2, 3, 4, 5, 6]


def test_two_quotes_that_would_swallow_the_rows_between_do_not(tmp_path: Path):
    lines = [line(0, '"东街'), line(1, "西街"), line(2, '南街"'), line(3, "北街")]

    rows = read(table(tmp_path / "a.csv", *lines)).rows

    assert [told(row)[0] for row in rows] == IDS[:4]
    assert "W_QUOTES" in codes(rows[0])


def test_a_broken_row_with_other_cells_than_the_rest_is_wrong(tmp_path: Path):
    lines = [line(0, '"东街,1号'), *(line(at, "西街") for at in (1, 2, 3))]

    first, *rest = read(table(tmp_path / "a.csv", *lines)).rows

    assert first.reason == "E_QUOTES"
    assert "引号没有成对" in first.problems[0].words
    assert [row.reason for row in rest] == ["", "", ""]


def test_a_row_with_more_cells_than_the_head_is_wrong(tmp_path: Path):
    lines = [line(0, "东街,1号"), line(1, "西街")]

    first, second = read(table(tmp_path / "a.csv", *lines)).rows

    assert (first.reason, second.reason) == ("E_CELLS", "")


def test_quotes_that_match_may_hold_anything(tmp_path: Path):
    lines = [line(0, '"东街,1号\n二楼 ""左"""'), line(1, "'西街'"), line(2, "“南街”")]

    rows = read(table(tmp_path / "a.csv", *lines)).rows

    assert [told(row)[1] for row in rows] == ['东街,1号\n二楼 "左"', "西街", "南街"]
    assert not any(row.problems for row in rows)


def test_a_table_that_is_broken_all_over_is_refused(tmp_path: Path):
    lines = [line(at, '"东街') for at in range(5)]

    with pytest.raises(Refused, match="引号大多没有成对"):
        read(table(tmp_path / "a.csv", *lines))
