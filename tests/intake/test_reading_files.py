"""Files that must be refused, and files of every make that must not."""

import io
import random
import resource
import struct
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from common.refusals import Refused
from common.tables import limits
from common.tables.reading import open_workbook
from common.tables.scanning import marks_of
from tests.intake import sheets
from tests.intake.sheets import number, read, workbook

EPOCH = date(1904, 1, 1)
HEAD = ["序号", "姓名", "身份证号", "对象类别", "乡镇", "联系电话"]
PERSON = [1, "张三", number(), "特困家庭", "焦家庄镇", "19900001234"]


def good(path: Path) -> Path:
    return workbook(path, {"名册": [HEAD, PERSON]})


def repacked(path: Path, changes: dict[str, bytes]) -> Path:
    """Write a good workbook with these parts in place of its own."""
    source = io.BytesIO(good(path).read_bytes())
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", 8) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return path


def sheet_xml(inner: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        b'<?xml version="1.0"?><worksheet xmlns="' + space + b'"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + inner + b"</t></is></c></row>"
        b"</sheetData></worksheet>"
    )


def entities() -> bytes:
    """Return a sheet whose entities would unfold to gigabytes."""
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE x [<!ENTITY a0 "哈哈哈哈">{levels}]>'.encode()
    return sheet_xml(b"&a9;").replace(b"?>", b"?>" + declared, 1)


def bomb(path: Path) -> Path:
    return repacked(path, {"xl/worksheets/sheet1.xml": sheet_xml(b"A" * 600_000_000)})


def lying_bomb(path: Path) -> Path:
    """Write a bomb whose archive says that it is small."""
    size = 300_000_000
    content = sheet_xml(b"A" * size)
    repacked(path, {"xl/worksheets/sheet1.xml": content})
    told, true = struct.pack("<I", 5000), struct.pack("<I", len(content))
    path.write_bytes(path.read_bytes().replace(true, told))
    return path


def encrypted(path: Path) -> Path:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1016
    path.write_bytes(head + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4096)
    return path


def written(content: bytes):
    def write(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return write


def truncated(path: Path) -> Path:
    content = good(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def torn_xls(path: Path) -> Path:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 504
    path.write_bytes(head + "Workbook".encode("utf-16-le") + b"\0" * 600)
    return path


def with_columns(many: int):
    def write(path: Path) -> Path:
        wide = [f"列{n}" for n in range(many - len(HEAD))]
        return workbook(path, {"名册": [HEAD + wide, PERSON + wide]})

    return write


def external(path: Path) -> Path:
    declared = b'?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    content = sheet_xml(b"&e;").replace(b"?>", declared, 1)
    return repacked(path, {"xl/worksheets/sheet1.xml": content})


def word(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", b"<x/>")
    return path


def many_entries(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for entry in range(limits.ZIP_ENTRIES + 1):
            archive.writestr(f"{entry}", b"")
    return path


REFUSED = {
    "empty": (written(b""), "空的"),
    "html": (written(b"<html><table><tr><td>1</td></tr></table></html>"), "网页格式"),
    "wide html": (written("\ufeff<html><table>".encode("utf-16-le")), "网页格式"),
    "mhtml": (written(b"MIME-Version: 1.0\nX: y"), "网页格式"),
    "xml": (
        written(
            b'<?xml version="1.0"?>'
            b'<a x="urn:schemas-microsoft-com:office:spreadsheet"/>'
        ),
        "XML表格",
    ),
    "pdf": (written(b"%PDF-1.7 ..."), "PDF"),
    "png": (written(b"\x89PNG\r\n\x1a\n"), "图片"),
    "binary": (written(bytes(range(256)) * 20), "不是Excel"),
    "word": (word, "Word"),
    "zip": (many_entries, "展开后过大"),
    "truncated": (truncated, "损坏"),
    "torn xls": (torn_xls, "损坏"),
    "password": (encrypted, "取消密码"),
    "bomb": (bomb, "展开后过大"),
    "lying bomb": (lying_bomb, "损坏|展开后过大"),
    "entities": (
        lambda p: repacked(p, {"xl/worksheets/sheet1.xml": entities()}),
        "声明",
    ),
    "external": (external, "声明"),
    "300 columns": (with_columns(300), "有300列"),
    "no header": (lambda p: workbook(p, {"a": [["甲", "乙"], [1, 2]]}), "没有找到表头"),
    "no id": (
        lambda p: workbook(p, {"a": [["姓名", "性别", "电话"], ["张三", "男", ""]]}),
        "“身份证号”列",
    ),
    "no rows": (lambda p: workbook(p, {"a": [HEAD]}), "没有数据行"),
    "no sheet": (lambda p: workbook(p, {"a": []}), "没有可读的数据"),
    "unclosed": (written('姓名,身份证号,类别\n"张三,1,2\n'.encode()), "引号"),
    "nothing known": (written(b"\x81\x20\xff\xfe\xff" * 200), "编码|不是Excel"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_none_is_refused_with_a_sentence(name: str, tmp_path: Path):
    make, words = REFUSED[name]
    path = make(tmp_path / "a.xlsx")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    began = time.monotonic()
    with pytest.raises(Refused, match=words) as refusal:
        read(path)

    assert time.monotonic() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500 * 1024
    assert str(refusal.value).endswith("。")


def test_the_reader_has_less_memory_than_we_may_use():
    assert limits.READER_MEMORY < 500 * limits.MIB


def filled_rows(many: int) -> bytes:
    rows = "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(1, many))
    return sheet_xml(b"x").replace(b"</sheetData>", rows.encode() + b"</sheetData>")


def test_too_many_rows_are_seen_before_they_are_read(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(limits, "RAW_ROWS", 50)
    formatted = b'<row r="3"><c s="1"/></row>' * 500
    path = tmp_path / "a.xlsx"
    part = "xl/worksheets/sheet1.xml"
    blank = sheet_xml(b"x").replace(b"</sheetData>", formatted + b"</sheetData>")

    with repacked(path, {part: blank}).open("rb") as file:
        assert marks_of(file)
    with (
        repacked(path, {part: filled_rows(60)}).open("rb") as file,
        pytest.raises(Refused, match="按乡镇拆分"),
    ):
        marks_of(file)


def test_a_file_above_the_limit_is_not_even_opened(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(limits, "FILE_BYTES", 100)
    with pytest.raises(Refused, match="文件过大"):
        read(good(tmp_path / "a.xlsx"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_csv_of_any_make_is_read(encoding: str, mark: str, tmp_path: Path):
    rows = [HEAD, PERSON, ["", "杨䶮", number(serial=903), "特困", "双湾镇", ""]]
    text = "\r\n".join(mark.join(map(str, row)) for row in rows)
    path = tmp_path / "名册.csv"
    path.write_bytes(text.encode(encoding))

    people = read(path).rows

    assert [(row.row, row.values["name"]) for row in people] == [
        (2, "张三"),
        (3, "杨䶮"),
    ]
    assert not any(row.wrong for row in people)


def test_a_csv_cell_may_hold_a_line_break(tmp_path: Path):
    path = tmp_path / "名册.csv"
    first = f'1,张三,{number()},特困,"焦家庄\n镇",'
    second = f"2,李四,{number(serial=902)},特困,双湾镇,"
    path.write_text("\n".join([",".join(HEAD), first, "", second]), "utf-8")

    people = read(path).rows

    assert [(row.row, row.reason) for row in people] == [(2, ""), (4, "")]
    assert people[0].values["township"] == "焦家庄镇"


def test_hidden_sheets_are_left_out_and_hidden_rows_are_not(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", {"名册": [HEAD, PERSON], "旧": [HEAD, PERSON]})
    book = load_workbook(path)
    book["旧"].sheet_state = "hidden"
    book["名册"].row_dimensions[2].hidden = True
    book.save(path)

    reading = read(path)

    assert len(reading.rows) == 1
    assert any("“旧”是隐藏的" in words for words in reading.notices)
    assert any("第2行为隐藏行,已读入" in words for words in reading.notices)


def test_a_formula_without_its_result_is_said(tmp_path: Path):
    row = ["=ROW()-1", '="张"&"三"', number(), "特困家庭", "焦家庄镇", ""]
    path = workbook(tmp_path / "a.xlsx", {"名册": [HEAD, row, PERSON]})

    first, second = read(path).rows

    assert first.reason == "E_FORMULA"
    assert "公式" in first.problems[0].words
    assert second.reason == ""


def test_days_of_a_book_from_1904_are_read_as_meant(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    head = [*HEAD, "出生日期"]
    workbook(path, {"名册": [head, [*PERSON, (date(1965, 3, 12) - EPOCH).days]]})
    book = load_workbook(path)
    book.epoch = datetime.combine(EPOCH, datetime.min.time())
    book.save(path)

    (row,) = read(path).rows

    assert sheets.codes(row) == []


def test_a_table_may_stand_anywhere_on_its_sheet(tmp_path: Path):
    book = Workbook()
    page = book.worksheets[0]
    for offset, cells in enumerate((HEAD, PERSON)):
        for column, cell in enumerate(cells):
            page.cell(row=6 + offset, column=4 + column, value=cell)
    book.save(tmp_path / "a.xlsx")

    (row,) = read(tmp_path / "a.xlsx").rows

    assert (row.row, row.values["name"]) == (7, "张三")


def test_after_many_blank_rows_nothing_is_looked_at(tmp_path: Path):
    rows = [HEAD, PERSON, *([[None]] * (limits.BLANK_ROWS + 1)), PERSON]

    assert len(read(workbook(tmp_path / "a.xlsx", {"名册": rows})).rows) == 1


def test_the_name_of_a_file_says_nothing_about_what_it_is(tmp_path: Path):
    path = good(tmp_path / "a.xlsx").rename(tmp_path / "9f3b")

    assert open_workbook(path, "名册.xls").kind == "xlsx"
    assert len(read(path, name="名册.csv").rows) == 1


@pytest.mark.parametrize("seed", range(40))
def test_whatever_became_of_a_file_it_is_read_or_refused(
    seed: int, rosters_folder: Path, tmp_path: Path
):
    chance = random.Random(seed)
    source = chance.choice(sorted(rosters_folder.glob("0[1-4]*")))
    content = bytearray(source.read_bytes())
    for _ in range(chance.randint(1, 20)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    if chance.random() < 0.3:
        del content[chance.randrange(len(content)) :]
    path = tmp_path / source.name
    path.write_bytes(content)

    assert _told(path).endswith("。")


def _told(path: Path) -> str:
    try:
        return f"读入{len(read(path).rows)}行。"
    except Refused as refusal:
        return str(refusal)
