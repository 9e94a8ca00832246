"""Villages come from the official table, by command."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from audit.models import Event
from cadres.models import Area
from tests import cast

pytestmark = pytest.mark.django_db
HEADER = ["统计用区划代码", "城乡分类代码", "名称"]
ROWS = [
    ["620321101000", "", "河西堡镇"],
    ["620321101201", "220", "鸳鸯池村"],
    ["620321101202", "220", "西寨村"],
    ["620102001001", "111", "外地社区"],
]


def workbook(path: Path, rows: list, header: list = HEADER) -> Path:
    book = Workbook()
    book.active.append(["2024年统计用区划代码"])
    book.active.append(header)
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def run(path: Path, *more: str, by: str = "admin") -> str:
    out = io.StringIO()
    call_command("import_areas", str(path), f"--by={by}", *more, stdout=out)
    return out.getvalue().strip()


def test_villages_are_added_once(tmp_path, admin):
    path = workbook(tmp_path / "区划.xlsx", ROWS)

    first, second = run(path), run(path)

    assert first == "已新增 2 · 更名 0 · 未变 0 · 不在本市 1 · 合计 3"
    assert second == "已新增 0 · 更名 0 · 未变 2 · 不在本市 1 · 合计 3"
    village = Area.objects.get(pk="620321101201")
    assert (village.name, village.parent_id) == ("鸳鸯池村", cast.HEXIBAO)
    assert Event.objects.filter(kind="areas.imported").count() == 2


def test_a_table_of_numbers_in_gbk_is_read_and_a_new_name_taken_over(tmp_path, admin):
    run(workbook(tmp_path / "区划.xlsx", [[620321101201, 220, "鸳鸯池村"]]))
    path = tmp_path / "区划.csv"
    path.write_text(
        "统计用区划代码,城乡分类代码,名称\n620321101201,220,鸳鸯池社区\n", "gbk"
    )

    assert run(path).startswith("已新增 0 · 更名 1")
    assert Area.objects.get(pk="620321101201").name == "鸳鸯池社区"


def test_a_dry_run_writes_nothing(tmp_path, admin):
    words = run(workbook(tmp_path / "区划.xlsx", ROWS), "--dry-run")

    assert words.startswith("将新增 2")
    assert not Area.objects.filter(level="village").exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["62032110120", "220", "短码村"]], "12 位数字"),
        ([["620321101201", "220", ""]], "没有名称"),
        ([ROWS[1], ROWS[1]], "出现两次"),
        ([ROWS[1], ["620321101203", "220", "鸳鸯池村"]], "出现两次"),
    ],
)
def test_a_wrong_table_is_refused_whole(tmp_path, admin, rows, words):
    with pytest.raises(CommandError, match=words):
        run(workbook(tmp_path / "区划.xlsx", [ROWS[2], *rows]))

    assert not Area.objects.filter(level="village").exists()


def test_what_is_no_table_is_refused_in_words(tmp_path, admin):
    broken = tmp_path / "区划.xlsx"
    broken.write_bytes(b"not a workbook")

    with pytest.raises(CommandError, match="打不开"):
        run(broken)
    with pytest.raises(CommandError, match="没有找到文件"):
        run(tmp_path / "none.xlsx")
    with pytest.raises(CommandError, match="没有找到表头"):
        run(workbook(tmp_path / "别的.xlsx", ROWS, header=["甲", "乙", "丙"]))


def test_a_county_office_cannot_import(tmp_path, yongchang_office):
    with pytest.raises(CommandError, match="市关爱办或管理员"):
        run(workbook(tmp_path / "区划.xlsx", ROWS), by="yongchang")
