"""Ledgers: both writers give the same cells, words stay words, dates are dates."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from common.excel import LONGEST_TEXT, Column, Frame, write_ledger

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


@pytest.fixture(params=["rust", "openpyxl"])
def book(request, tmp_path):
    path = tmp_path / "ledger.xlsx"
    assert write_ledger(path, iter(ROWS), COLUMNS, FRAME, engine=request.param) == 5
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


@pytest.mark.parametrize("engine", ["rust", "openpyxl"])
def test_a_ledger_without_rows_still_has_its_headings(tmp_path, engine):
    path = tmp_path / "empty.xlsx"

    assert write_ledger(path, iter([]), COLUMNS, FRAME, engine=engine) == 0

    sheet = openpyxl.load_workbook(path)["台账"]
    assert [cell.value for cell in sheet[3]] == [column.title for column in COLUMNS]


def test_more_rows_than_a_sheet_holds_take_a_second(tmp_path, monkeypatch):
    monkeypatch.setattr("common.excel.ROWS_A_SHEET", 3)
    path = tmp_path / "two.xlsx"
    frame = Frame("册", expected=5)

    write_ledger(path, iter(ROWS), COLUMNS, frame)

    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["台账", "台账(2)", "说明"]
    assert book["台账(2)"].cell(4, 1).value == "带控制符"


ENGINES = ["rust", "openpyxl"]
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
def test_both_ways_write_the_same_cells(tmp_path, rows):
    columns = [
        Column[tuple]("甲", lambda row: row[0]),
        Column[tuple]("乙", lambda row: row[1], kind="date"),
        Column[tuple]("丙", lambda row: row[2], kind="int", total=True),
        Column[tuple]("丁", lambda row: row[3], kind="money", total=True),
    ]
    for engine in ENGINES:
        write_ledger(tmp_path / f"{engine}.xlsx", rows, columns, FRAME, engine=engine)

    one, other = (cells_of(tmp_path / f"{engine}.xlsx") for engine in ENGINES)
    one = [row for row in one if any(value is not None for value in row)]
    other = [row for row in other if any(value is not None for value in row)]
    assert one == other
    money = [row[3] for row in rows if row[3] is not None]
    assert other[-2][3] == float(sum(money))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_moment_is_told_by_this_city_s_clock(tmp_path, engine):
    path = tmp_path / "moments.xlsx"
    late = datetime(2026, 10, 31, 17, 30, tzinfo=UTC)
    columns = [Column[tuple]("时间", lambda row: row[0], kind="datetime")]

    write_ledger(path, [(late,)], columns, Frame("册"), engine=engine)

    assert cells_of(path)[0][0] == datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001


@pytest.mark.parametrize("engine", ENGINES)
def test_words_too_long_for_a_cell_are_cut_and_the_file_opens(tmp_path, engine):
    path = tmp_path / "long.xlsx"
    columns = [Column[tuple]("内容", lambda row: row[0])]

    write_ledger(path, [("长" * 40_000,)], columns, Frame("册"), engine=engine)

    assert len(cells_of(path)[0][0]) == LONGEST_TEXT


def test_sums_stand_between_the_rows_and_the_foot(tmp_path):
    columns = [
        Column[tuple]("姓名", lambda row: row[0]),
        Column[tuple]("金额", lambda row: row[1], kind="money", total=True),
    ]
    rows = [("甲", Decimal("0.10")), ("乙", Decimal("0.20")), ("丙", None)]

    for engine in ENGINES:
        path = tmp_path / f"{engine}.xlsx"
        write_ledger(path, rows, columns, Frame("册", foot=["填表人:"]), engine=engine)

        assert cells_of(path)[-2:] == [["合计", 0.3], ["填表人:", None]]


def test_the_filter_ends_above_sums_and_foot(book):
    assert book["台账"].auto_filter.ref == "A3:F8"


def test_the_filter_of_a_long_ledger_ends_above_its_foot(tmp_path):
    path = tmp_path / "long.xlsx"
    rows = ((f"甲{n}", "乙" * 50, None, n, None, None) for n in range(20_000))

    write_ledger(path, rows, COLUMNS, FRAME)

    sheet = openpyxl.load_workbook(path)["台账"]
    assert sheet.auto_filter.ref == "A3:F20003"
    assert sheet.cell(20_004, 1).value == FRAME.foot[0]


def test_the_file_says_what_it_is_and_why_it_was_made(tmp_path):
    frame = Frame(
        "名册", notes=[("用途", "办理<待遇>"), ("时间", "今日")], author="王&李"
    )

    for engine in ENGINES:
        path = tmp_path / f"{engine}.xlsx"
        write_ledger(path, [], COLUMNS, frame, engine=engine)

        properties = openpyxl.load_workbook(path).properties
        assert properties.title == "名册"
        assert properties.creator == "王&李"
        assert properties.description == "用途:办理<待遇>;时间:今日"


def test_another_reader_finds_the_same(tmp_path):
    path = tmp_path / "ledger.xlsx"
    write_ledger(path, ROWS, COLUMNS, FRAME)

    with path.open("rb") as file:
        rows = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()

    assert rows[3][:4] == ["张三", "620321196503129019", date(2026, 1, 2), 3.0]


def test_two_headings_may_not_be_the_same(tmp_path):
    with pytest.raises(ValueError, match="same heading"):
        write_ledger(tmp_path / "x.xlsx", [], [COLUMNS[0], COLUMNS[0]], FRAME)


def test_a_failure_midway_leaves_no_draft(tmp_path):
    def rows():
        yield ROWS[0]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        write_ledger(tmp_path / "ledger.xlsx", rows(), COLUMNS, FRAME)

    assert list(tmp_path.iterdir()) == []


def test_rows_are_drawn_by_whoever_writes_them(tmp_path):
    # Whoever asks the database on the way has one connection, in one transaction.
    drawn_in = set()

    def rows():
        for _ in range(5_000):
            drawn_in.add(threading.current_thread())
            yield ROWS[0]

    write_ledger(tmp_path / "册.xlsx", rows(), COLUMNS, FRAME)

    assert drawn_in == {threading.current_thread()}
