"""Names are found by how they sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.pinyin import (
    COMPOUND_SURNAMES,
    FULL_LENGTH,
    INITIALS_LENGTH,
    pinyin_of,
    surname_length,
)


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("张三", "zhangsan", "zs"),
        ("吕绿", "lvlv", "ll"),
        ("王晟", "wangsheng", "ws"),
        ("李长乐", "lichangle", "lcl"),
        ("解放军", "xiefangjun", "xfj"),
        ("王解放", "wangjiefang", "wjf"),
        ("李单", "lidan", "ld"),
    ],
)
def test_a_name_has_pinyin_and_initials(name, full, initials):
    assert pinyin_of(name) == (full, initials)


READ_OTHERWISE = {
    **{"单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "查": "zha", "翟": "zhai"},
    **{"区": "ou", "朴": "piao", "盖": "ge", "任": "ren", "乐": "yue", "燕": "yan"},
    **{"纪": "ji", "牟": "mu", "缪": "miao", "折": "she", "逯": "lu", "覃": "qin"},
    **{"宁": "ning", "万": "wan", "员": "yun", "华": "hua", "尉": "wei", "冼": "xian"},
    **{"宓": "mi", "褚": "chu", "那": "na", "应": "ying", "莘": "shen", "阚": "kan"},
}


@pytest.mark.parametrize(("surname", "sound"), READ_OTHERWISE.items())
def test_surnames_are_read_as_surnames(surname, sound):
    full, initials = pinyin_of(f"{surname}明")

    assert full == f"{sound}ming"
    assert initials == f"{sound[0]}m"


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("欧阳小明", "ouyangxiaoming", "oyxm"),
        ("尉迟敬", "yuchijing", "ycj"),
        ("万俟雪", "moqixue", "mqx"),
        ("长孙无忌", "zhangsunwuji", "zswj"),
        ("令狐冲", "linghuchong", "lhc"),
    ],
)
def test_compound_surnames_are_one_surname_of_two_syllables(name, full, initials):
    assert pinyin_of(name) == (full, initials)
    assert surname_length(name) == 2


@pytest.mark.parametrize("surname", COMPOUND_SURNAMES)
def test_every_compound_surname_has_two_initials(surname):
    full, initials = pinyin_of(f"{surname}明")

    assert full == f"{COMPOUND_SURNAMES[surname]}ming"
    assert len(initials) == 3


@pytest.mark.parametrize("dot", "·•・．‧∙")
def test_a_dot_in_a_name_is_silent(dot):
    assert pinyin_of(f"买买提{dot}艾力") == ("maimaitiaili", "mmtal")


def test_a_unit_is_read_by_words():
    assert pinyin_of("人民银行永昌县支行")[0] == "renminyinhangyongchangxianzhixing"
    assert pinyin_of("金昌市教育局") == ("jinchangshijiaoyuju", "jcsjyj")


def test_rare_characters_sound_and_unknown_ones_are_silent():
    assert pinyin_of("𬀩㛃") == ("weijie", "wj")
    assert pinyin_of("张\ue000明") == ("zhangming", "zm")
    assert pinyin_of("\ue000") == ("", "")


@given(st.text(max_size=200))
def test_any_text_gives_lower_case_ascii_that_fits_its_column(text):
    full, initials = pinyin_of(text)

    assert (full + initials).isascii()
    assert full == "" or (full.isalnum() and full == full.lower())
    assert len(full) <= FULL_LENGTH
    assert len(initials) <= min(INITIALS_LENGTH, len(full))
