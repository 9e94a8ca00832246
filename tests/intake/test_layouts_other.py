"""Tables laid out otherwise than the samples: other heads, other orders, other mess."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from common.refusals import Refused
from intake.layouts import KINDS, Reading, error_workbook, template_workbook
from tests.intake import sheets
from tests.intake.sheets import number, read, workbook

OWN = {"name": "张三", "cadre": "赵某", "date": "2026-10-17"}
ONE, TWO, THREE = number(serial=901), number("19700506", 902), number("20150830", 903)


def test_a_table_with_title_unit_line_two_row_head_total_and_signature(tmp_path: Path):
    rows = [
        ["焦家庄镇特困家庭名册"],
        ["填报单位:焦家庄镇      填报时间:2026年10月31日      单位:人、元"],
        ["序号", "姓名", "身份证号码", "家庭情况", None, "监护人情况", None, None],
        [None, None, None, "人口", "年收入(万元)", "姓名", "关系", "电话"],
        [1, "张三", ONE, 3, 1.2, "李四", "配偶", "19900001234"],
        [2, "王五", TWO, 2, 0.8, "", "", ""],
        [3, "赵六", THREE, 1, 0, "孙七", "祖父", "19900001235"],
        ["合计", None, None, 6, 2, None, None, None],
        ["填表人:某某      审核人:某某      联系电话:19900009999"],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"焦家庄镇": rows}))

    assert len(reading.rows) == 3
    assert reading.skipped == {"合计行": 1, "说明行": 1}
    first = reading.rows[0].values
    assert (first["township"], first["category"]) == ("焦家庄镇", "DESTITUTE")
    assert (first["g_name"], first["g_rel"], first["g_phone"]) == (
        "李四",
        "配偶",
        "19900001234",
    )
    assert first["size"] == 3
    assert "phone" not in first


def test_other_heads_in_another_order(tmp_path: Path):
    head = [
        "备注",
        "户籍所在乡镇",
        "公民身份号码",
        "残疾人姓名",
        "残疾类型/级别",
        "手机",
    ]
    head += ["是否享受城乡低保", "人员类别", "详细地址", "行政村"]
    row = ["", "永昌县东寨", f"'{ONE}", "张 三", "二级(肢体)", "199 0000 1234"]
    row += ["√", "重残", "三组9号", "某某村"]

    (person,) = read(workbook(tmp_path / "a.xlsx", {"Sheet1": [head, row]})).rows

    values = person.values
    assert sheets.codes(person) == ["W_NAME_SPACES"]
    assert (values["name"], values["id"]) == ("张三", ONE)
    assert (values["dis_kind"], values["dis_grade"]) == ("肢体", 2)
    assert (values["township"], values["area_code"]) == ("东寨镇", "620321104000")
    assert (values["dibao"], values["category"]) == (True, "DISABLED")
    assert (values["village"], values["address"]) == ("某某村", "三组9号")
    assert values["phone"] == "19900001234"


def test_townships_and_units_merged_downwards_speak_for_every_row(tmp_path: Path):
    head = ["乡镇", "姓名", "身份证号", "类别"]
    rows = [
        head,
        ["双湾镇", "张三", ONE, "特困"],
        [None, "李四", TWO, "特困"],
        [None, "王五", THREE, "孤儿"],
        [None, "赵六", number(serial=905), "特困"],
    ]
    path = workbook(tmp_path / "a.xlsx", {"a": rows}, {"a": ["A2:A4"]})

    people = read(path).rows

    assert [row.values["township"] for row in people[:3]] == ["双湾镇"] * 3
    assert people[3].reason == "E_AREA_MISSING"


@pytest.mark.parametrize("ditto", ["同上", "〃", " 同上 "])
def test_ditto_repeats_the_row_above_and_a_blank_does_not(ditto: str, tmp_path: Path):
    head = ["姓名", "身份证号", "类别", "乡镇", "村"]
    rows = [
        head,
        ["张三", ONE, "特困", "双湾镇", "某某村"],
        ["李四", TWO, ditto, ditto, ditto],
        ["王五", THREE, ditto, ditto, ""],
    ]

    people = read(workbook(tmp_path / "a.xlsx", {"a": rows})).rows

    assert [row.values["village"] for row in people] == ["某某村", "某某村", None]
    assert [row.values["township"] for row in people] == ["双湾镇"] * 3
    assert [row.reason for row in people] == ["", "", ""]


def test_rows_about_nobody_are_no_rows(tmp_path: Path):
    head = ["序号", "姓名", "身份证号", "类别", "乡镇"]
    rows = [
        head,
        [1, 2, 3, 4, 5],
        ["一、双湾镇"],
        [1, "张三", ONE, "特困", "双湾镇"],
        [None, "小计", None, "1人", None],
        head,
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        [2, "李四", TWO, "特困", "东寨镇"],
        [3, None, None, None, None],
        [None, "  ", "\u3000", None, None],
        [4, "王五", None, "特困", "东寨镇"],
        [5, None, THREE, "特困", "东寨镇"],
        ["本页合计", None, None, 4, None],
        ["总 计", None, None, 4, None],
        ["备注:1.本表一式两份。"],
        ["2.请于月底前报送。"],
        ["单位负责人:", None, "填表人:", None, "2026年10月31日"],
    ]

    reading = read(workbook(tmp_path / "a.xlsx", {"a": rows}))

    assert [row.row for row in reading.rows] == [4, 8, 11, 12]
    assert sheets.reasons(reading) == {"E_ID_EMPTY": 1, "E_NAME_EMPTY": 1}
    assert sum(reading.skipped.values()) == len(rows) - 1 - 4


def test_a_second_table_below_may_have_other_columns(tmp_path: Path):
    rows = [
        ["姓名", "身份证号", "类别", "乡镇"],
        ["张三", ONE, "特困", "双湾镇"],
        ["类别", "乡镇", "姓名", "身份证号"],
        ["特困", "东寨镇", "李四", TWO],
    ]

    people = read(workbook(tmp_path / "a.xlsx", {"a": rows})).rows

    assert [row.values["name"] for row in people] == ["张三", "李四"]
    assert people[1].values["township"] == "东寨镇"


@pytest.mark.parametrize(
    ("title", "sheet", "file", "category"),
    [
        ("永昌县孤儿名册", "特困", "残疾", "CHILD"),
        ("名册", "残疾人", "特困", "DISABLED"),
        ("名册", "Sheet1", "特困家庭.xlsx", "DESTITUTE"),
        ("困难残疾儿童名册", "a", "a", "CHILD"),
    ],
)
def test_the_category_may_stand_above_or_in_a_name(
    title: str, sheet: str, file: str, category: str, tmp_path: Path
):
    rows = [[title], ["姓名", "身份证号", "乡镇"], ["张三", ONE, "双湾镇"]]
    path = workbook(tmp_path / "a.xlsx", {sheet: rows})

    (row,) = read(path, name=file).rows

    assert row.values["category"] == category


def test_a_kind_of_child_is_no_category(tmp_path: Path):
    rows = [
        ["姓名", "身份证号", "儿童类别", "乡镇"],
        ["张三", THREE, "困境儿童", "双湾镇"],
    ]

    (row,) = read(workbook(tmp_path / "孤残儿童.xlsx", {"a": rows})).rows

    assert (row.values["category"], row.values["kind"]) == ("CHILD", "困境儿童")


def test_a_phone_behind_the_guardian_is_the_guardians(tmp_path: Path):
    rows = [
        ["姓名", "身份证号", "类别", "乡镇", "监护人", "与儿童关系", "联系电话"],
        ["张三", THREE, "孤儿", "双湾镇", "李四", "祖父", "19900001234"],
    ]
    twice = [
        ["姓名", "身份证号", "联系电话", "类别", "乡镇", "监护人", "关系", "联系电话"],
        ["张三", THREE, "", "孤儿", "双湾镇", "李四", "祖父", "19900001234"],
    ]
    for table in (rows, twice):
        (row,) = read(workbook(tmp_path / "a.xlsx", {"a": table})).rows

        assert row.values["g_phone"] == "19900001234"
        assert not row.values.get("phone")


def test_somebody_elses_columns_are_not_taken(tmp_path: Path):
    rows = [
        [
            "村干部姓名",
            "村干部电话",
            "姓名",
            "身份证号",
            "监护人身份证号",
            "类别",
            "乡镇",
        ],
        ["赵某", "19900009999", "张三", THREE, ONE, "孤儿", "双湾镇"],
    ]

    (row,) = read(workbook(tmp_path / "a.xlsx", {"a": rows})).rows

    assert (row.values["name"], row.values["id"]) == ("张三", THREE)
    assert "phone" not in row.values


def test_without_an_id_a_person_is_known_by_birth(tmp_path: Path):
    rows = [
        ["姓名", "证件类型", "身份证号", "出生日期", "类别", "乡镇", "性别"],
        ["张三", "无身份证", "", "2015-08-30", "孤儿", "双湾镇", "女"],
        ["李四", "无身份证", "", "", "孤儿", "双湾镇", "女"],
    ]

    known, unknown = read(workbook(tmp_path / "a.xlsx", {"a": rows})).rows

    assert sheets.codes(known) == ["W_NO_ID"]
    assert (known.values["birth"], known.values["gender"]) == ("2015-08-30", "女")
    assert unknown.reason == "E_ID_EMPTY"


def test_a_cell_too_long_is_refused_but_a_note_is_not(tmp_path: Path):
    head = ["姓名", "身份证号", "类别", "乡镇", "住址", "别的", "备注"]
    long = "长" * 501
    rows = [
        head,
        ["张三", ONE, "特困", "双湾镇", long, "", ""],
        ["李四", TWO, "特困", "双湾镇", "", long, ""],
        ["王五", THREE, "特困", "双湾镇", "", "", long],
    ]

    people = read(workbook(tmp_path / "a.xlsx", {"a": rows})).rows

    assert [row.reason for row in people] == ["E_TOO_LONG", "E_TOO_LONG", ""]


def test_a_townships_county_must_be_its_own(tmp_path: Path):
    rows = [
        ["姓名", "身份证号", "类别", "县区", "乡镇"],
        ["张三", ONE, "特困", "永昌县", "城关镇"],
        ["李四", TWO, "特困", "民勤县", "城关镇"],
    ]

    here, there = read(workbook(tmp_path / "a.xlsx", {"a": rows})).rows

    assert (here.reason, there.reason) == ("", "E_AREA_OUTSIDE")


def test_pairings_with_two_row_heads_and_other_words(tmp_path: Path):
    rows = [
        ["结对帮扶花名册"],
        ["序号", "结对干部", None, None, None, "关爱对象", None, None, "结对日期"],
        [
            None,
            "姓名",
            "工作单位",
            "职务",
            "联系电话",
            "姓名",
            "身份证号",
            "联系电话",
            None,
        ],
        [1, "赵某", "市教育局", "科员", "19900001234", "张三", ONE, "", "2025年3月"],
        [2, "钱某", "县残联", "", "", "李四", TWO, "19900005678", "2099-01-01"],
        [3, "孙某", "县残联", "", "", "王五", THREE, "", "不清楚"],
    ]

    first, second, third = read(
        workbook(tmp_path / "a.xlsx", {"a": rows}), "pairings"
    ).rows

    values = first.values
    assert (values["cadre"], values["unit"]) == ("赵某", "金昌市教育局")
    assert (values["phone"], values["id"]) == ("19900001234", ONE)
    assert (values["name"], values["start"]) == ("张三", "2025-03-01")
    assert values["ptype"] == "干部结对"
    assert second.values["unit"] == "永昌县残联"
    assert second.values["phone"] is None
    assert (second.reason, third.reason) == ("E_DATE_FUTURE", "E_DATE_BAD")


def test_visits_with_other_words_and_units_of_money(tmp_path: Path):
    head = [
        "入户时间",
        "帮扶责任人",
        "帮扶单位",
        "对象姓名",
        "对象身份证号",
        "走访形式",
    ]
    head += ["办实事(件)", "慰问金(万元)", "慰问物资(元)", "工作内容"]
    row = [46311, "赵某", "区民政局", "张三", ONE, "入户慰问", "两件", 0.05, "", "好"]

    (visit,) = read(workbook(tmp_path / "a.xlsx", {"a": [head, row]}), "visits").rows

    assert sheets.codes(visit) == []
    assert visit.values["date"] == "2026-10-16"
    assert (visit.values["cadre"], visit.values["unit"]) == ("赵某", "金川区民政局")
    assert (visit.values["way"], visit.values["deeds"]) == ("入户", 2)
    assert (visit.values["cash"], visit.values["goods"]) == ("500", "0")
    assert visit.values["story"] == "好"


def test_cadres_with_merged_units_and_no_id(tmp_path: Path):
    rows = [
        ["单位", "干部姓名", "职务职级", "手机号码"],
        ["市教育局", "赵某", "科员", "19900001234"],
        [None, "钱某", "", ""],
        ["", "孙某", "", "19900005678"],
    ]
    path = workbook(tmp_path / "a.xlsx", {"a": rows}, {"a": ["A2:A3"]})

    first, second, third = read(path, "cadres").rows

    assert sheets.codes(first) == ["W_NO_ID"]
    assert first.values["unit"] == second.values["unit"] == "金昌市教育局"
    assert (second.reason, third.reason) == ("E_ID_EMPTY", "E_UNIT_EMPTY")


def test_a_list_of_families_is_read_by_its_members(tmp_path: Path):
    head = ["乡镇", "村", "户主姓名", "户主身份证号", "家庭成员姓名", "成员身份证号"]
    head += ["与户主关系", "保障类别", "家庭月保障金额"]
    row = ["双湾镇", "某村", "张三", ONE, "李四", TWO, "配偶", "农村", "1,020元"]

    (one,) = read(workbook(tmp_path / "a.xlsx", {"a": [head, row]}), "dibao").rows

    assert (one.values["name"], one.values["id"]) == ("李四", TWO)
    assert one.values["amount"] == "1020"


def test_a_disability_list_gives_codes(tmp_path: Path):
    rows = [
        ["姓名", "身份证号", "残疾类别", "残疾等级", "户籍地址"],
        ["张三", ONE, "多重(视力、听力)", "壹级", "永昌县东寨镇某村"],
    ]

    (row,) = read(workbook(tmp_path / "a.xlsx", {"a": rows}), "disability").rows

    assert (row.values["dis_kind"], row.values["dis_grade"]) == ("7", "1")
    assert row.reason == ""


def test_the_wrong_kind_of_file_is_told_what_is_missing(tmp_path: Path):
    rows = [["单位", "姓名", "电话"], ["市教育局", "赵某", "19900001234"]]
    with pytest.raises(
        Refused, match=r"没有找到表头中的.*“身份证号”列.*是否选对了导入类型"
    ):
        read(workbook(tmp_path / "a.xlsx", {"a": rows}))


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_read_by_its_own_layout(kind: str, tmp_path: Path):
    path = tmp_path / "模板.xlsx"
    path.write_bytes(template_workbook(kind))
    with pytest.raises(Refused, match="没有数据行"):
        read(path, kind)

    book = load_workbook(path)
    page = book.worksheets[0]
    fields = {field.heading: field for field in KINDS[kind].layout.fields}
    for column in range(1, page.max_column + 1):
        field = fields[page.cell(row=1, column=column).value.rstrip("*")]
        example = OWN.get(field.name, field.example)
        page.cell(row=3, column=column, value=example)
    book.save(path)

    (row,) = read(path, kind).rows

    assert (row.row, row.problems) == (3, [])
    assert "填表说明" in book.sheetnames
    assert kind in ("deaths", "dibao", "tekun") or page.data_validations.count > 0


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_errors_come_back_in_the_persons_own_file(suffix: str, tmp_path: Path):
    rows = [
        ["姓名", "身份证号", "类别", "乡镇", "备注"],
        ["张三", ONE[:17], "特困", "双湾镇", "=1+1"],
        ["李四", TWO, "特困", "双湾镇", "+86"],
    ]
    path = tmp_path / f"a{suffix}"
    if suffix == ".xlsx":
        rows[1][4] = "@x"
        workbook(path, {"a": rows})
    else:
        path.write_text("\n".join(map(",".join, rows)), "utf-8")

    page = _returned(path, read(path), tmp_path / "out.xlsx")

    head = [cell.value for cell in page[1]]
    assert head[-2:] == ["导入结果", "原因"]
    wrong, good = [cell.value for cell in page[2]], [cell.value for cell in page[3]]
    assert wrong[:4] == ["张三", ONE[:17], "特困", "双湾镇"]
    assert wrong[-2] == "错误"
    assert "现为17位" in wrong[-1]
    assert page["B2"].fill.fgColor.rgb == "00FFC7CE"
    assert "现为17位" in page["B2"].comment.text
    assert (good[-2], page["B3"].comment) == ("新增", None)
    assert page["E2"].data_type == page["E3"].data_type == "s"
    assert page["E2"].quotePrefix
    assert page["B2"].data_type == "s"


def _returned(path: Path, reading: Reading, out: Path):
    judged = [
        SimpleNamespace(
            sheet=row.sheet,
            number=row.row,
            outcome="wrong" if row.wrong else "new",
            flaws=row.problems,
        )
        for row in reading.rows
    ]
    error_workbook(path, path.name, reading.kind, judged, out)
    return load_workbook(out).worksheets[0]
