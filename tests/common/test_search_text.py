"""One box understands what was typed into it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.search_text import Kind, SearchQuery, grams, plain


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("", Kind.NOTHING, ""),
        (" \u3000\u200b", Kind.NOTHING, ""),
        ("620321196503129019", Kind.RESIDENT_ID, "620321196503129019"),
        ("620321 19751008 903x", Kind.RESIDENT_ID, "62032119751008903X"),
        ("620321650312901", Kind.RESIDENT_ID, "620321196503129019"),
        ("199 0000 1234", Kind.PHONE, "19900001234"),
        ("+86-199-0000-1234", Kind.PHONE, "19900001234"),
        ("0935-8212345", Kind.PHONE, "09358212345"),
        ("yc-hxb-0147", Kind.CODE, "YC-HXB-0147"),
        ("YC HXB 0147", Kind.CODE, "YC-HXB-0147"),
        ("YC—HXB—0147", Kind.CODE, "YC-HXB-0147"),
        ("YC-HXB-", Kind.CODE, "YC-HXB-"),
        ("zhangsan", Kind.PINYIN, "zhangsan"),
        ("Zhang San", Kind.PINYIN, "zhangsan"),
        ("ZS", Kind.PINYIN, "zs"),
        ("zhāng sān", Kind.PINYIN, "zhangsan"),
        ("xi'an", Kind.PINYIN, "xian"),
        ("lü", Kind.PINYIN, "lv"),
        ("lyubu", Kind.PINYIN, "lvbu"),
        ("chenyu", Kind.PINYIN, "chenyu"),
        ("张三", Kind.NAME, "张三"),
        ("阿依古丽·买买提", Kind.NAME, "阿依古丽买买提"),
    ],
)
def test_the_box_knows_what_was_typed(typed, kind, text):
    query = SearchQuery.parse(typed)

    assert (query.kind, query.text) == (kind, text)
    assert not query.words


@pytest.mark.parametrize(
    "typed", ["0147", "6203211965", "9019", "1990000", "1965031290"]
)
def test_a_part_of_an_id_or_phone_is_refused_with_words(typed):
    query = SearchQuery.parse(typed)

    assert query.kind == Kind.REFUSED
    assert "完整号码" in query.words


def test_an_id_with_a_slip_is_told_so():
    query = SearchQuery.parse("620321196503129010")

    assert query.kind == Kind.REFUSED
    assert "校验码" in query.words


def test_a_name_is_found_by_its_pairs_and_one_character_by_itself():
    assert SearchQuery.parse("张").grams == ("张",)
    assert SearchQuery.parse("欧阳小").grams == ("欧阳", "阳小")


def test_a_name_is_kept_in_its_characters_and_pairs():
    assert grams("张三丰") == ["张", "三", "丰", "张三", "三丰"]
    assert grams("丽·买买") == ["丽", "买", "丽买", "买买"]


@given(
    st.text(alphabet="张李王小明丽买提·阿𬀩", min_size=1, max_size=12),
    st.data(),
)
def test_a_name_is_found_by_any_part_of_it(name, data):
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))

    query = SearchQuery.parse(name[start:end])

    assert set(query.grams) <= set(grams(name))
    assert query.text in plain(name)


@given(st.text(max_size=100))
def test_any_text_may_be_typed_and_goes_into_the_database(typed):
    query = SearchQuery.parse(typed)

    for piece in [query.text, *query.grams, *grams(typed)]:
        assert "\x00" not in piece
        piece.encode()
    assert all(1 <= len(gram) <= 2 for gram in grams(typed))
