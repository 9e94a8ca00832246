"""The invented rosters: each row read, each error and each value as in the answers."""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from intake.layouts import JudgedRow, Reading, read_judged, read_row_again
from tests.intake import sheets

FILES = {
    "01_孤残儿童花名册.xlsx": "recipients",
    "02_困难重度残疾人名册.xlsx": "recipients",
    "03_特困家庭台账.xls": "recipients",
    "04a_关爱对象补录.csv": "recipients",
    "04b_关爱对象补录.csv": "recipients",
    "05_困难重度残疾人名册(11月).xlsx": "recipients",
    "06_帮扶单位干部名册.xlsx": "cadres",
    "07_结对花名册.xlsx": "pairings",
    "08_走访台账_2026年10月.xlsx": "visits",
    "09_低保在享名单.xlsx": "dibao",
    "09_特困供养名单.xlsx": "tekun",
    "09_残联持证名单.xlsx": "disability",
    "09_死亡(殡葬)名单.xlsx": "deaths",
}
IMPORTED = [name for name in FILES if not name.startswith("09")]
# What only the registry can say of a row.
REGISTRY = {"E_CADRE_UNKNOWN", "E_CADRE_AMBIGUOUS", "E_RECIPIENT_UNKNOWN"}
REGISTRY |= {"E_PAIRED_TWICE", "E_CAPACITY", "E_SAME_HOUSEHOLD", "W_CADRE_PHONE"}
# Found by the registry, and 13 by 区划 and household: not in the table itself.
ELSEWHERE = {"county", "cadre_id"}
# The answers warn here of what does not stand in the file: no phone is malformed in
# row 39 of 01, and no space is inside the name in row 52 of 04a.
NOT_IN_FILE = {("01_孤残儿童花名册.xlsx", 39), ("04a_关爱对象补录.csv", 52)}


@cache
def reading_of(folder: Path, name: str) -> Reading:
    kind = FILES[name]
    today = date(2026, 11, 24)
    reading = read_judged(folder / name, name, kind, areas=sheets.AREAS, today=today)
    reading.rows = list(reading.rows)
    return reading


@cache
def answers(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "truth.json").read_text("utf-8"))
    return found["files"]


def rows_of(folder: Path, name: str) -> dict[tuple[str, int], JudgedRow]:
    return {(row.sheet, row.row): row for row in reading_of(folder, name).rows}


@pytest.mark.parametrize("name", FILES)
def test_exactly_the_rows_about_people_are_read(name: str, rosters_folder: Path):
    wanted = [
        (row["sheet"], row["row"]) for row in answers(rosters_folder)[name]["rows"]
    ]

    assert list(rows_of(rosters_folder, name)) == wanted


@pytest.mark.parametrize("name", FILES)
def test_every_wrong_row_is_wrong_for_its_reason(name: str, rosters_folder: Path):
    wanted = {
        (row["sheet"], row["row"]): row["reason"]
        for row in answers(rosters_folder)[name]["rows"]
        if row.get("reason") and row["reason"] not in REGISTRY
    }
    rows = rows_of(rosters_folder, name)

    assert {place: row.reason for place, row in rows.items() if row.wrong} == wanted


@pytest.mark.parametrize("name", IMPORTED)
def test_every_remark_is_the_one_in_the_answers(name: str, rosters_folder: Path):
    rows = rows_of(rosters_folder, name)

    for row in answers(rosters_folder)[name]["rows"]:
        if row["outcome"] in ("错误", "重复") or (name, row["row"]) in NOT_IN_FILE:
            continue
        said = sorted(sheets.codes(rows[row["sheet"], row["row"]]))
        assert said == sorted(set(row.get("warnings", [])) - REGISTRY)


@pytest.mark.parametrize("name", IMPORTED)
def test_values_are_normalised(name: str, rosters_folder: Path):
    rows = rows_of(rosters_folder, name)

    for sample in answers(rosters_folder)[name]["sample"]:
        values = rows[sample["sheet"], sample["row"]].values
        for field, wanted in sample["values"].items():
            if field not in ELSEWHERE:
                assert _plain(field, values.get(field)) == _plain(field, wanted), field


def test_a_sheet_without_people_is_named(rosters_folder: Path):
    notices = reading_of(rosters_folder, "02_困难重度残疾人名册.xlsx").notices

    assert any("汇总表" in words and "未读入" in words for words in notices)


def test_the_sums_of_the_ledger_come_out(rosters_folder: Path):
    name = "08_走访台账_2026年10月.xlsx"
    new = {
        (row["sheet"], row["row"])
        for row in answers(rosters_folder)[name]["rows"]
        if row["outcome"] == "新增"
    }
    rows = [row for place, row in rows_of(rosters_folder, name).items() if place in new]

    sums = answers(rosters_folder)[name]["sums"]
    for field in ("policy", "solved", "deeds"):
        assert sum(row.values[field] for row in rows) == sums[field]
    for field in ("cash", "goods"):
        assert sum(Decimal(row.values[field]) for row in rows) == Decimal(sums[field])


def test_a_row_read_again_from_its_cells_says_the_same(rosters_folder: Path):
    for name in ("01_孤残儿童花名册.xlsx", "02_困难重度残疾人名册.xlsx"):
        for row in reading_of(rosters_folder, name).rows:
            again = read_row_again(
                "recipients",
                cells=row.cells,
                sheet=row.sheet,
                row=row.row,
                areas=sheets.AREAS,
                today=sheets.TODAY,
            )
            assert again.wrong == row.wrong
            if not row.wrong:
                assert again.values == row.values


def _plain(field: str, value: Any) -> Any:
    if field in ("cash", "goods"):
        return Decimal(value)
    return value or None if isinstance(value, str) else value
