"""Layouts that nobody sent yet: what cannot be read is said, never misread."""

from pathlib import Path

from tests.intake.sheets import number, read, workbook

ONE, TWO = number(serial=901), number(serial=902)
HEAD = ["姓名", "身份证号", "类别", "乡镇"]


def test_a_title_between_two_tables_says_what_the_second_is_about(tmp_path: Path):
    rows = [
        ["一、孤残儿童"],
        ["姓名", "身份证号", "乡镇"],
        ["张三", ONE, "双湾镇"],
        ["二、特困家庭"],
        ["户主姓名", "所属乡镇", "身份证号码"],
        ["李四", "宁远堡镇", TWO],
    ]

    first, second = read(workbook(tmp_path / "a.xlsx", {"Sheet1": rows})).rows

    assert (first.values["category"], second.values["category"]) == (
        "CHILD",
        "DESTITUTE",
    )


def test_a_township_in_a_row_of_its_own_is_that_of_the_rows_below(tmp_path: Path):
    rows = [["姓名", "身份证号", "类别"], ["双湾镇"], ["张三", ONE, "特困"]]
    rows += [["宁远堡镇"], ["李四", TWO, "特困"]]

    merged = {"Sheet1": ["A2:C2", "A4:C4"]}
    path = workbook(tmp_path / "a.xlsx", {"Sheet1": rows}, merged)
    people = read(path).rows

    assert [row.values["township"] for row in people] == [
        "双湾镇",
        "宁远堡镇",
    ]


def test_columns_that_are_not_read_are_named(tmp_path: Path):
    head = [*HEAD, "村干部电话", "包村领导联系电话", "年龄", "入户照片"]
    row = ["张三", ONE, "特困", "双湾镇", "19900009991", "19900009992", 60, "有"]

    reading = read(workbook(tmp_path / "a.xlsx", {"Sheet1": [head, row]}))

    (said,) = reading.notices
    assert "“村干部电话”“包村领导联系电话”“入户照片”列未读入" in said
    assert "phone" not in reading.rows[0].values


def test_of_a_household_in_one_row_it_is_said_who_is_read_and_what_to_do(
    tmp_path: Path,
):
    head = [
        "户主姓名",
        "户主身份证号",
        "对象类别",
        "乡镇",
        "成员1姓名",
        "成员1身份证号",
    ]
    row = ["张三", ONE, "特困", "双湾镇", "李四", TWO]

    reading = read(workbook(tmp_path / "a.xlsx", {"Sheet1": [head, row]}))

    assert [row.values["name"] for row in reading.rows] == ["张三"]
    (said,) = reading.notices
    assert "只读入“户主姓名”一人,“成员1姓名”“成员1身份证号”没有读入" in said
    assert "请在文件里改为每人一行" in said


def test_of_two_tables_side_by_side_it_is_said_that_one_is_read(tmp_path: Path):
    rows = [[*HEAD, "", *HEAD]]
    rows += [["张三", ONE, "特困", "双湾镇", "", "李四", TWO, "特困", "双湾镇"]]

    reading = read(workbook(tmp_path / "a.xlsx", {"Sheet1": rows}))

    assert len(reading.rows) == 1
    assert "并排有几组相同的列,只读入第一组" in reading.notices[0]
