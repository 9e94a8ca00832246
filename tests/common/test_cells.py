"""Cells as people fill them in: the vectors of domain/excel.md 4.6, and anything."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.tables.cells import Problem, Read, read_name, read_text, read_yes_no
from common.tables.dates import read_date
from common.tables.disability import read_disability
from common.tables.identity import (
    check_age,
    check_birth,
    check_sex,
    has_no_id,
    read_id,
    read_sex,
)
from common.tables.numbers import read_amount, read_count
from common.tables.phones import read_phone
from common.tables.places import AreaBook, PlainArea
from common.tables.text import clean, narrow
from common.tables.words import (
    read_category,
    read_outcome,
    read_pairing,
    read_relation,
    read_unit,
    read_way,
)
from common.townships import TOWNSHIPS

TODAY = date(2026, 11, 24)
AREAS = AreaBook(
    [
        PlainArea("620300000000", "金昌市"),
        PlainArea("620302000000", "金川区"),
        PlainArea("620321000000", "永昌县"),
        *(PlainArea(township.code, township.name) for township in TOWNSHIPS),
    ]
)


def number(value: Any) -> str | None:
    read = read_id(value, today=TODAY)
    return read.value.number if read.value else None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张  三", "张三"),
        ("张\u3000三", "张三"),
        (" 李四\n", "李四"),
        ("买买提•艾力", "买买提·艾力"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("王五(户主)", "王五"),
        ("'赵六", "赵六"),
        ("\ufeff武军洋\u200b", "武军洋"),
        ("杨䶮", "杨䶮"),
        ("侯𬍛", "侯𬍛"),
        ("〇一", "〇一"),
    ],
)
def test_a_name_is_what_was_meant(typed: str, name: str):
    assert read_name(typed).value == name


def test_what_stands_in_brackets_after_a_name_is_kept_apart():
    assert read_name("王五(户主)").more == "户主"
    assert read_name("王五(户主)").code == "W_NAME_BRACKET"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "E_NAME_EMPTY"),
        (" \u3000", "E_NAME_EMPTY"),
        ("/", "E_NAME_EMPTY"),
        ("无", "E_NAME_EMPTY"),
        ("贾阳3", "E_NAME_CHARS"),
        ("张三😀", "E_NAME_CHARS"),
        ("<b>张三</b>", "E_NAME_CHARS"),
        ("张\u202e三", "E_NAME_CHARS"),
        ("张" * 26, "E_NAME_CHARS"),
        ("王 兰", "W_NAME_SPACES"),
        ("张?", "W_NAME_RARE"),
        ("张\ue123", "W_NAME_RARE"),
    ],
)
def test_odd_names_are_told(typed: str, code: str):
    assert read_name(typed).code == code


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("６２０３２１１９６５０３１２９０１９", "620321196503129019"),
        ("62032119751008903x", "62032119751008903X"),
        ("62032119751008903Ｘ", "62032119751008903X"),
        ("620321 19650312 9019", "620321196503129019"),
        ("'620321196503129019", "620321196503129019"),
        ("620321-19650312-9019", "620321196503129019"),
        ("(620321196503129019)", "620321196503129019"),
        ("620321\u200b196503129019\xa0", "620321196503129019"),
        ("620321650312901", "620321196503129019"),
        (620321650312901.0, "620321196503129019"),
    ],
)
def test_an_id_is_what_was_meant(typed: Any, wanted: str):
    assert number(typed) == wanted


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("", "E_ID_EMPTY", "为空"),
        ("无", "E_ID_EMPTY", "为空"),
        ("6.20321196503129E+17", "E_ID_SCIENTIFIC", "被Excel改成了数字"),
        (6.20321196503129e17, "E_ID_LOST_DIGITS", "被Excel改成了数字"),
        (620321196503129000, "E_ID_LOST_DIGITS", "被Excel改成了数字"),
        ("62032119650312901941", "E_ID_LENGTH", "残疾人证号"),
        ("62032119650312901", "E_ID_LENGTH", "应为18位,现为17位"),
        ("620321196503129010", "E_ID_CHECKSUM", "校验码"),
        ("620321196502309012", "E_ID_BIRTH", "出生日期不存在"),
        ("622201205010279126", "E_ID_FUTURE", "晚于今天"),
        ("620321650312901", "W_ID15", "15位"),
        (float("nan"), "E_ID_LOST_DIGITS", "Excel"),
    ],
)
def test_a_wrong_id_says_what_is_wrong(typed: Any, code: str, words: str):
    (problem,) = read_id(typed, today=TODAY).problems
    assert problem.code == code
    assert words in problem.words


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("199-0000-1234", ["19900001234"]),
        ("+86 19900001234", ["19900001234"]),
        ("8619900001234", ["19900001234"]),
        (19900001234.0, ["19900001234"]),
        ("0935-8210000", ["0935-8210000"]),
        ("09358210000", ["0935-8210000"]),
        ("8210000", ["0935-8210000"]),
        ("19900001234/0935-8210000", ["19900001234", "0935-8210000"]),
        ("19900001234 19900005678", ["19900001234", "19900005678"]),
    ],
)
def test_phones_are_read(typed: Any, wanted: list[str]):
    read = read_phone(typed)
    assert read.value == wanted[0]
    assert [phone.number for phone in read.more] == wanted
    assert read.problems == ()


def test_a_phone_may_say_whose_it_is():
    first, second = read_phone("19900001234(儿子)、19900005678").more
    assert (first.number, first.relation) == ("19900001234", "儿子")
    assert (second.number, second.relation) == ("19900005678", "")


@pytest.mark.parametrize("typed", ["无", "/", "-", "—", "不详", "", None])
def test_no_phone_is_no_remark(typed: Any):
    assert read_phone(typed) == Read()


@pytest.mark.parametrize("typed", ["29900001234", "12345", "电话停机", "1990000123"])
def test_a_malformed_phone_is_left_empty(typed: str):
    assert (read_phone(typed).value, read_phone(typed).code) == (None, "W_PHONE")


@pytest.mark.parametrize(
    "typed",
    [
        "1990.1.2",
        "1990年1月2日",
        "19900102",
        32875.0,
        32875,
        "1990/1/2",
        "1990-01-02",
        "１９９０．１．２",
        " 1990-1-2 ",
        date(1990, 1, 2),
        19900102.0,
        "1990-01-02 00:00",
    ],
)
def test_a_day_is_read_however_it_is_written(typed: Any):
    assert read_date(typed, "birth").value == (date(1990, 1, 2), False)


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("1990年1月", "1990-01"),
        ("199001", "1990-01"),
        ("2024.3", "2024-03"),
        (2024.3, "2024-03"),
        ("2024年3月", "2024-03"),
    ],
)
def test_a_month_stays_a_month(typed: Any, month: str):
    day = read_date(typed, "start").value
    assert (str(day), day.on.day) == (month, 1)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (1990.1, "无法区分1月和10月"),
        ("2023-02-30", "不存在"),
        ("90.1.2", "年份请写4位"),
        ("10月中旬", "看不懂"),
        ("2026-10-32", "不存在"),
        ("1850-01-01", "早于1900年"),
    ],
)
def test_a_day_that_is_none_says_why(typed: Any, words: str):
    (problem,) = read_date(typed, "date").problems
    assert problem.code == "E_DATE_BAD"
    assert words in problem.words


def test_serials_are_counted_from_1904_where_the_book_says_so():
    assert read_date(31413.0, "birth", from_1904=True).value.on == date(1990, 1, 2)


@pytest.mark.parametrize(
    ("typed", "said", "more"),
    [
        ("√", True, None),
        ("是(2023年)", True, "2023年"),
        ("×", False, None),
        ("", None, None),
        ("/", None, None),
        ("有", True, None),
        ("无", False, None),
        ("Ｙ", True, None),
        ("n", False, None),
        (True, True, None),
        (1.0, True, None),
    ],
)
def test_yes_and_no(typed: Any, said: bool | None, more: str | None):  # noqa: FBT001
    read = read_yes_no(typed, "dibao")
    assert (read.value, read.more, read.problems) == (said, more, ())


def test_what_is_neither_yes_nor_no_is_remarked():
    assert read_yes_no("也许", "dibao").code == "W_YES_NO"


@pytest.mark.parametrize(
    ("kind", "grade"),
    [
        ("肢体二级", ""),
        ("二级(肢体)", ""),
        ("4", "Ⅱ"),
        (4.0, 2.0),
        ("肢体/2级", ""),
        ("肢体（２级）", ""),
        ("肢体残疾", "贰级"),
        ("", "肢体二级"),
        ("4-肢体残疾", "II级"),
        ("肢残", "2级"),
        ("肢体", "二"),
    ],
)
def test_kind_and_grade_wherever_they_stand(kind: Any, grade: Any):
    found = read_disability(kind, grade)
    assert (found.kind, found.grade, found.problems) == ("肢体", 2, ())


def test_a_disability_of_several_kinds_names_its_parts():
    told = read_disability("多重(肢体、智力)一级")
    assert (told.kind, told.grade, told.kinds) == ("多重", 1, ("肢体", "智力"))
    meant = read_disability("听力言语二级")
    assert (meant.kind, meant.grade, meant.kinds) == ("多重", 2, ("听力", "言语"))
    assert [p.code for p in meant.problems] == ["W_DIS_MULTIPLE"]


@pytest.mark.parametrize(
    ("kind", "grade", "code"),
    [
        ("肢体", "重度", "E_DIS_GRADE"),
        ("肢体", "五级", "E_DIS_GRADE"),
        ("肢体五级", "", "E_DIS_GRADE"),
        ("肢体", "未评级", "E_DIS_GRADE"),
        ("其他", "二级", "E_DIS_KIND"),
        ("其他一级", "", "E_DIS_KIND"),
        ("待评定", "一级", "E_DIS_KIND"),
        ("5-肢体", "一级", "E_DIS_KIND"),
    ],
)
def test_a_disability_that_nobody_understands(kind: str, grade: str, code: str):
    assert [p.code for p in read_disability(kind, grade).problems] == [code]


def test_a_disability_that_is_not_told_is_not_wrong():
    for empty in ("", "无", "/", None):
        found = read_disability(empty, empty)
        assert (found.kind, found.grade, found.problems) == (None, None, ())


@pytest.mark.parametrize(
    ("typed", "category", "kind"),
    [
        ("重残", "DISABLED", None),
        ("事实孤儿", "CHILD", "DE_FACTO"),
        ("五保户", "DESTITUTE", "TEKUN_HOME"),
        ("残疾儿童", "CHILD", "CHILD_DISABLED"),
        ("困难重度残疾人", "DISABLED", None),
        ("特困户", "DESTITUTE", None),
    ],
)
def test_categories(typed: str, category: str, kind: str | None):
    read = read_category(typed)
    assert (read.value, read.more.kind) == (category, kind)


@pytest.mark.parametrize("typed", ["", "见附件", "三类对象", "低保"])
def test_a_category_that_nobody_understands(typed: str):
    assert read_category(typed).code == "E_CATEGORY"


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("1,200.50", "1200.50"),
        ("0.5万元", "5000.00"),
        ("￥300", "300"),
        ("300元", "300"),
        ("５００", "500"),
        ("", None),
        ("无", "0"),
        ("/", "0"),
        (85.5, "85.5"),
    ],
)
def test_amounts(typed: Any, yuan: str | None):
    read = read_amount(typed, "cash")
    assert read.value == (None if yuan is None else Decimal(yuan))
    assert read.problems == ()


def test_a_sum_of_a_year_is_shared_by_its_months():
    read = read_amount("6120元/年", "amount", monthly=True)
    assert (read.value, read.more) == (Decimal("510.00"), "年折月")


@pytest.mark.parametrize("typed", ["一千二", "-50", "若干", "米面油各一", "1.234"])
def test_an_amount_that_is_none(typed: str):
    assert read_amount(typed, "cash").code == "E_NUMBER_BAD"


@pytest.mark.parametrize(
    ("typed", "count"),
    [("3", 3), ("3次", 3), ("三次", 3), (3.0, 3), ("3户", 3), ("无", 0)],
)
def test_counts(typed: Any, count: int):
    assert read_count(typed, "deeds").value == count


@pytest.mark.parametrize("typed", ["若干", "-1", "1.5", -1.0])
def test_a_count_that_is_none(typed: Any):
    assert read_count(typed, "deeds").code == "E_NUMBER_BAD"


@pytest.mark.parametrize(
    ("typed", "code", "rest"),
    [
        ("永昌县焦家庄乡杏树庄村三社", "620321107000", "杏树庄村三社"),
        ("焦家庄", "620321107000", ""),
        ("甘肃省金昌市永昌县焦家庄镇", "620321107000", ""),
        ("金昌市金川区金川路街道", "620302004000", ""),
        ("金川路", "620302004000", ""),
        ("滨河路街道办事处", "620302001000", ""),
        ("宁远堡", "620302100000", ""),
        ("城关镇沙沟岔村", "620321100000", "沙沟岔村"),
        ("南坝", "620321203000", ""),
    ],
)
def test_townships_by_every_name(typed: str, code: str, rest: str):
    place = AREAS.read(typed).value
    assert (place.code, place.rest) == (code, rest)


@pytest.mark.parametrize(
    ("typed", "county", "code"),
    [
        ("", "", "E_AREA_MISSING"),
        ("/", "", "E_AREA_MISSING"),
        ("兰州市城关区", "", "E_AREA_OUTSIDE"),
        ("青海省门源县", "", "E_AREA_OUTSIDE"),
        ("凉州区城关镇", "", "E_AREA_OUTSIDE"),
        ("城关镇", "民勤县", "E_AREA_OUTSIDE"),
        ("城关镇", "金川区", "E_AREA_OUTSIDE"),
        ("城关镇", "永昌县", ""),
        ("城关镇", "金昌市", ""),
    ],
)
def test_places_beyond_the_city(typed: str, county: str, code: str):
    assert AREAS.read(typed, county).code == code


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("市教育局", "金昌市教育局"),
        ("区民政局", "金川区民政局"),
        ("县委办公室", "永昌县委办公室"),
        ("市 政府办公室", "金昌市政府办公室"),
        ("金昌市市场监管局", "金昌市市场监管局"),
        ("市场监管局", "市场监管局"),
        ("甘肃省金昌市教育局", "金昌市教育局"),
        ("市民政局", "金昌市民政局"),
    ],
)
def test_units_by_their_short_names(typed: str, unit: str):
    assert read_unit(typed).value == unit


@pytest.mark.parametrize(
    ("typed", "way"),
    [
        ("入户走访", "入户"),
        ("上门", "入户"),
        ("电话联系", "电话"),
        ("微信视频", "视频"),
        ("陪同就医", "陪同办事"),
    ],
)
def test_ways(typed: str, way: str):
    assert read_way(typed).value == way


@pytest.mark.parametrize("typed", ["", "托梦"])
def test_a_way_that_is_none(typed: str):
    assert read_way(typed).code == "E_WAY_BAD"


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("", "见到"),
        ("已见面", "见到"),
        ("是", "见到"),
        ("未遇", "未遇"),
        ("没有见到", "未遇"),
        ("不在家", "未遇"),
        ("家中无人", "未遇"),
        ("否", "未遇"),
        ("拒绝见面", "拒绝"),
    ],
)
def test_how_a_visit_went(typed: str, outcome: str):
    read = read_outcome(typed)

    assert (read.value, read.problems) == (outcome, ())


@pytest.mark.parametrize("typed", ["情况稳定", "家中无人照料老人,已联系村上想办法"])
def test_other_words_for_how_it_went_are_remarked_upon(typed: str):
    read = read_outcome(typed)

    assert (read.value, read.code) == ("见到", "W_OUTCOME")


def test_what_the_id_says_wins():
    born = date(1990, 1, 2)
    assert check_sex("女", "男").code == "W_GENDER"  # type: ignore[union-attr]
    assert check_birth("1991-01-02", born, from_1904=False).code == "W_BIRTH"  # type: ignore[union-attr]
    assert check_age("28岁", 36).code == "W_AGE"  # type: ignore[union-attr]
    assert check_sex("1", "男") is None
    assert check_birth(32875.0, born, from_1904=False) is None
    assert check_birth(1990.1, born, from_1904=False) is None
    assert check_age(35.0, 36) is None
    assert has_no_id("", "无身份证,待补办")


ANYTHING = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789.-/年月日(),万元级一二三四五ⅠⅡXx ()'E+", max_size=24),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.none(),
    st.dates(),
)


@given(value=ANYTHING, other=ANYTHING)
def test_whatever_stands_in_a_cell_something_is_read(value: Any, other: Any):
    reads = [
        read_name(value),
        read_text(value, "note"),
        read_yes_no(value, "dibao"),
        read_id(value, today=TODAY),
        read_phone(value),
        read_date(value, "date"),
        read_date(value, "date", from_1904=True),
        read_amount(value, "cash"),
        read_amount(value, "cash", monthly=True),
        read_count(value, "deeds"),
        read_category(value),
        read_way(value),
        read_unit(value),
        read_relation(value),
        read_pairing(value),
        AREAS.read(value, other),
    ]

    assert all(isinstance(read, Read) for read in reads)
    problems = [problem for read in reads for problem in read.problems]
    problems += read_disability(value, other).problems
    problems += filter(
        None,
        [
            check_birth(value, TODAY, from_1904=False),
            check_age(value, 30),
            check_sex(value, "男"),
        ],
    )
    assert all(isinstance(problem, Problem) for problem in problems)
    assert all(problem.words.endswith("。") for problem in problems)
    assert read_sex(value) in ("男", "女", None)
    assert clean(clean(value)) == clean(value) or "'" in str(value) or "‘" in str(value)
    assert " " not in narrow(value)
