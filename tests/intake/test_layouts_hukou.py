"""Where the 户口 is and where somebody lives: which column of a roster says which."""

from pathlib import Path
from typing import Any

import pytest

from tests.intake import sheets
from tests.intake.sheets import number, read, workbook

HEAD = ("姓名", "身份证号", "类别")
PERSON = ("张三", number(serial=901), "特困")


def told(tmp_path: Path, **cells: Any) -> Any:
    """Return the one row of a table with these columns beside who it is."""
    rows = [[*HEAD, *cells], [*PERSON, *cells.values()]]
    (row,) = read(workbook(tmp_path / "a.xlsx", {"名册": rows})).rows
    return row


def place(row: Any) -> tuple[Any, ...]:
    """Return where the row says that somebody lives: township, village, address."""
    return tuple(row.values.get(name) for name in ("township", "village", "address"))


def hukou(row: Any) -> tuple[Any, Any]:
    return row.values.get("hukou_code"), row.values.get("hukou_address")


@pytest.mark.parametrize(
    "head", ["户籍地", "户籍所在地", "户籍乡镇", "户籍所在乡镇", "户口所在地"]
)
@pytest.mark.parametrize("lives", ["乡镇", "现居住乡镇", "所属乡镇"])
def test_beside_the_township_it_says_where_the_hukou_is(
    head: str, lives: str, tmp_path: Path
):
    first = told(tmp_path, **{head: "永昌县东寨镇某村", lives: "双湾镇"})
    last = told(tmp_path, **{lives: "双湾镇", head: "永昌县东寨镇某村"})

    assert place(first)[0] == place(last)[0] == "双湾镇"
    assert hukou(first) == hukou(last) == ("620321104000", "某村")


@pytest.mark.parametrize("head", ["户籍地", "户籍乡镇", "户籍所在乡镇", "户籍街道"])
def test_alone_it_is_where_somebody_lives(head: str, tmp_path: Path):
    row = told(tmp_path, **{head: "东寨镇"})

    assert place(row)[0] == "东寨镇"
    assert hukou(row) == (None, None)


def test_an_address_of_the_hukou_beside_another_is_not_where_somebody_lives(
    tmp_path: Path,
):
    both = {"户籍地址": "永昌县东寨镇某村二组3号", "现住址": "三组9号"}
    row = told(tmp_path, 乡镇="双湾镇", **both)
    alone = told(tmp_path, 乡镇="双湾镇", 户籍地址="双湾镇某村9号")

    assert place(row) == ("双湾镇", None, "三组9号")
    assert hukou(row) == ("620321104000", "某村二组3号")
    assert place(alone)[2] == "双湾镇某村9号"
    assert hukou(alone) == (None, None)


def test_a_head_of_two_rows_says_both(tmp_path: Path):
    rows = [
        [*HEAD, "户籍地", None, "现居住地", None],
        [None, None, None, "乡镇", "村", "乡镇", "村"],
        [*PERSON, "东寨镇", "甲村", "双湾镇", "乙村"],
    ]
    merged = ["D1:E1", "F1:G1", "A1:A2", "B1:B2", "C1:C2"]

    (row,) = read(workbook(tmp_path / "a.xlsx", {"名册": rows}, {"名册": merged})).rows

    assert place(row)[:2] == ("双湾镇", "乙村")
    assert hukou(row) == ("620321104000", "甲村")


def test_a_place_outside_the_city_is_kept_as_it_was_written(tmp_path: Path):
    row = told(tmp_path, 乡镇="双湾镇", 户籍地="武威市凉州区")

    assert hukou(row) == (None, "武威市凉州区")
    assert sheets.codes(row) == ["W_HUKOU_OUTSIDE"]
    assert not row.wrong


@pytest.mark.parametrize("cell", ["", "无", "/"])
def test_nothing_in_the_cell_says_nothing(cell: str, tmp_path: Path):
    row = told(tmp_path, 乡镇="双湾镇", 户籍地=cell)

    assert hukou(row) == (None, None)
    assert sheets.codes(row) == []
