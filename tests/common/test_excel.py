"""Ledgers: words stay words, dates are dates, whatever is in them and whoever reads."""

import re
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from common.excel import (
    FIRST_YEAR,
    ILLEGAL,
    LONGEST_TEXT,
    Column,
    Frame,
    write_ledger,
)

COLUMNS = [
    Column[tuple]("姓名", lambda row: row[0]),
    Column[tuple]("证号", lambda row: row[1], width=21),
    Column[tuple]("日期", lambda row: row[2], kind="date"),
    Column[tuple]("件数", lambda row: row[3], kind="int"),
    Column[tuple]("金额", lambda row: row[4], kind="money"),
    Column[tuple]("时间", lambda row: row[5], kind="datetime"),
]
MOMENT = datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001
ROWS = [
    ("张三", "620321196503129019", date(2026, 1, 2), 3, Decimal("1200.50"), MOMENT),
    ("=1+1", "+86", None, None, None, None),
    ("@SUM(A1)", "-5", None, 0, Decimal("0.00"), None),
    ("带\x0b控制符", "", None, None, None, None),
    ("𬭊·买买提", "", None, None, None, None),
]
FRAME = Frame(
    "结对帮扶花名册",
    "填报单位:永昌县关爱办",
    foot=["填表人:        审核人:"],
    notes=[("口径", "在册每人一行"), ("导出人", "=王科长")],
)


def written(path: Path, *told: Any) -> int:
    with path.open("wb") as out:
        return write_ledger(out, *told)


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "ledger.xlsx"
    assert written(path, iter(ROWS), COLUMNS, FRAME) == 5
    return openpyxl.load_workbook(path)


def test_title_headings_rows_and_foot_stand_in_their_places(book):
    sheet = book["台账"]
    first = [sheet.cell(row, 1).value for row in range(1, 10)]

    assert first[:4] == ["结对帮扶花名册", "填报单位:永昌县关爱办", "姓名", "张三"]
    assert first[8] == "填表人:        审核人:"
    assert sheet.freeze_panes == "A4"


def test_values_keep_their_kind(book):
    row = [cell.value for cell in book["台账"][4]]

    assert row[:2] == ["张三", "620321196503129019"]
    assert (row[2].date(), row[3], row[4]) == (date(2026, 1, 2), 3, 1200.5)
    assert row[5] == MOMENT


def test_what_looks_like_a_formula_arrives_as_words(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.coordinate
    assert book["台账"].cell(5, 1).value == "=1+1"
    assert book["说明"].cell(3, 2).value == "=王科长"


def test_characters_that_break_a_file_are_left_out_and_rare_ones_survive(book):
    assert book["台账"].cell(7, 1).value == "带控制符"
    assert book["台账"].cell(8, 1).value == "𬭊·买买提"


def test_the_sheet_prints_on_a4_across_with_its_headings_on_every_page(book):
    sheet = book["台账"]

    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.print_title_rows == "$3:$3"


def test_a_ledger_without_rows_still_has_its_headings(tmp_path):
    path = tmp_path / "empty.xlsx"

    assert written(path, iter([]), COLUMNS, FRAME) == 0

    sheet = openpyxl.load_workbook(path)["台账"]
    assert [cell.value for cell in sheet[3]] == [column.title for column in COLUMNS]


def test_more_rows_than_a_sheet_holds_take_a_second(tmp_path, monkeypatch):
    monkeypatch.setattr("common.excel.ROWS_A_SHEET", 3)
    path = tmp_path / "two.xlsx"
    frame = Frame("册", expected=5)

    written(path, iter(ROWS), COLUMNS, frame)

    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["台账", "台账(2)", "说明"]
    assert book["台账(2)"].cell(4, 1).value == "带控制符"


TRICKY = st.text(
    st.one_of(st.characters(), st.sampled_from("=+-@\t\r\n\x00\x0b'&<>_x\ufffe\ue000")),
    max_size=12,
)


def cells_of(path):
    sheet = openpyxl.load_workbook(path)["台账"]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


@given(
    st.lists(
        st.tuples(
            TRICKY,
            st.dates(date(1800, 1, 1), date(2199, 12, 31)) | st.none(),
            st.integers(-(10**9), 10**9) | st.none(),
            st.decimals(-(10**6), 10**6, places=2) | st.none(),
        ),
        max_size=6,
    )
)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_cell_is_what_openpyxl_itself_would_write(tmp_path, rows):
    columns = [
        Column[tuple]("甲", lambda row: row[0]),
        Column[tuple]("乙", lambda row: row[1], kind="date"),
        Column[tuple]("丙", lambda row: row[2], kind="int", total=True),
        Column[tuple]("丁", lambda row: row[3], kind="money", total=True),
    ]
    written(tmp_path / "ours.xlsx", rows, columns, FRAME)
    ours = cells_of(tmp_path / "ours.xlsx")
    theirs = written_by_openpyxl(tmp_path / "theirs.xlsx", rows)

    # Rows without a value are left out: openpyxl does not read those at the end.
    assert [row for row in ours[:-2] if any_value(row)] == theirs
    money = [row[3] for row in rows if row[3] is not None]
    assert ours[-2][3] == float(sum(money))


def written_by_openpyxl(path, rows):
    book = openpyxl.Workbook()
    for words, day, number, money in rows:
        kept = ILLEGAL.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
        early = day and day.year < FIRST_YEAR
        book.active.append([kept, day.isoformat() if early else day, number, money])
        book.active.cell(book.active.max_row, 1).data_type = "s"
    book.save(path)
    read = openpyxl.load_workbook(path).active.iter_rows(max_col=4)
    return [
        row for row in ([cell.value for cell in row] for row in read) if any_value(row)
    ]


def any_value(row):
    return any(value not in (None, "") for value in row)


def test_a_moment_is_told_by_this_city_s_clock(tmp_path):
    path = tmp_path / "moments.xlsx"
    late = datetime(2026, 10, 31, 17, 30, tzinfo=UTC)
    columns = [Column[tuple]("时间", lambda row: row[0], kind="datetime")]

    written(path, [(late,)], columns, Frame("册"))

    assert cells_of(path)[0][0] == datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001


def test_words_too_long_for_a_cell_are_cut_and_the_file_opens(tmp_path):
    path = tmp_path / "long.xlsx"
    columns = [Column[tuple]("内容", lambda row: row[0])]

    written(path, [("长" * 40_000,)], columns, Frame("册"))

    assert len(cells_of(path)[0][0]) == LONGEST_TEXT


def test_sums_stand_between_the_rows_and_the_foot(tmp_path):
    columns = [
        Column[tuple]("姓名", lambda row: row[0]),
        Column[tuple]("金额", lambda row: row[1], kind="money", total=True),
    ]
    rows = [("甲", Decimal("0.10")), ("乙", Decimal("0.20")), ("丙", None)]

    path = tmp_path / "sums.xlsx"
    written(path, rows, columns, Frame("册", foot=["填表人:"]))

    assert cells_of(path)[-2:] == [["合计", 0.3], ["填表人:", None]]


def test_the_filter_ends_above_sums_and_foot(book):
    assert book["台账"].auto_filter.ref == "A3:F8"


def test_the_filter_of_a_long_ledger_ends_above_its_foot(tmp_path):
    path = tmp_path / "long.xlsx"
    rows = ((f"甲{n}", "乙" * 50, None, n, None, None) for n in range(20_000))

    written(path, rows, COLUMNS, FRAME)

    sheet = openpyxl.load_workbook(path)["台账"]
    assert sheet.auto_filter.ref == "A3:F20003"
    assert sheet.cell(20_004, 1).value == FRAME.foot[0]


def test_the_file_says_what_it_is_and_why_it_was_made(tmp_path):
    frame = Frame(
        "名册", notes=[("用途", "办理<待遇>"), ("时间", "今日")], author="王&李"
    )

    path = tmp_path / "told.xlsx"
    written(path, [], COLUMNS, frame)

    properties = openpyxl.load_workbook(path).properties
    assert properties.title == "名册"
    assert properties.creator == "王&李"
    assert properties.description == "用途:办理<待遇>;时间:今日"


def test_another_reader_finds_the_same(tmp_path):
    path = tmp_path / "ledger.xlsx"
    written(path, ROWS, COLUMNS, FRAME)

    with path.open("rb") as file:
        rows = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()

    assert rows[3][:4] == ["张三", "620321196503129019", date(2026, 1, 2), 3.0]


def test_ids_as_words_are_not_flagged_and_spaces_at_the_ends_are_kept(tmp_path):
    path = tmp_path / "ledger.xlsx"
    written(path, [("  张三 ", *ROWS[0][1:])], COLUMNS, FRAME)

    with ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert 'sqref="A4:A5 B4:B5" numberStoredAsText="1"' in sheet
    assert '<t xml:space="preserve">  张三 </t>' in sheet


def test_the_days_of_1900_are_those_that_excel_counts(tmp_path):
    path = tmp_path / "old.xlsx"
    days = [date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1)]
    columns = [Column[date]("日期", lambda day: day, kind="date")]
    written(path, days, columns, Frame("册"))

    with ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert re.findall("<v>([0-9.]+)</v>", sheet) == ["1", "59", "61"]


def test_two_headings_may_not_be_the_same(tmp_path):
    with pytest.raises(ValueError, match="same heading"):
        written(tmp_path / "x.xlsx", [], [COLUMNS[0], COLUMNS[0]], FRAME)


def test_rows_are_drawn_by_whoever_writes_them(tmp_path):
    # Whoever asks the database on the way has one connection, in one transaction.
    drawn_in = set()

    def rows():
        for _ in range(5_000):
            drawn_in.add(threading.current_thread())
            yield ROWS[0]

    written(tmp_path / "册.xlsx", rows(), COLUMNS, FRAME)

    assert drawn_in == {threading.current_thread()}
