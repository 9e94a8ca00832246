"""IN-16: no text makes a reader of cells raise, found by following its code."""

import random
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from common import hidden_numbers, masks, resident_id, search_text
from common.tables import (
    cells,
    dates,
    disability,
    identity,
    numbers,
    phones,
    places,
    text,
    words,
)
from tests.fuzz import guided
from tests.fuzz.conftest import so_many

TODAY = date(2026, 11, 26)
OURS = "620321198001011234"
AREAS = places.AreaBook(
    [
        places.PlainArea("620300000000", "金昌市"),
        places.PlainArea("620321000000", "永昌县"),
        places.PlainArea("620321101000", "河西堡镇"),
        places.PlainArea("620302101000", "宁远堡镇"),
    ]
)


def read(result: cells.Read) -> None:
    assert isinstance(result, cells.Read)
    assert all(problem.words and problem.code for problem in result.problems)


def check_id(typed: str) -> None:
    """What is an id once is the same id when it is read again."""
    try:
        found = resident_id.check(typed, today=TODAY)
    except resident_id.IdError:
        return
    again = resident_id.check(found.number, today=TODAY)
    assert (again.number, again.birth_on) == (found.number, found.birth_on)


def check_certificate(typed: str) -> None:
    try:
        found = resident_id.parse_disability_certificate(typed, today=TODAY)
    except resident_id.IdError:
        return
    assert found.number.startswith(found.resident_id.number)


def check_date(typed: str) -> None:
    """A day that was read is written so that it reads as the same day."""
    found = dates.read_date(typed, "birth")
    read(found)
    if found.value is not None and not found.problems:
        assert dates.read_date(str(found.value), "birth").value == found.value


def check_mask(typed: str) -> None:
    """No resident id that stands alone goes through."""
    left = masks.mask_text(typed).translate(resident_id.FULL_WIDTH)
    assert not re.search(r"(?<![0-9A-Za-z])[0-9]{17}[0-9X](?![0-9A-Za-z])", left)


PARSERS: dict[str, tuple[Callable[[str], Any], list[Any], list[str]]] = {
    "身份证号": (check_id, [resident_id], [OURS, "62032180010112３", "x"]),
    "残疾人证号": (check_certificate, [resident_id], [f"{OURS}43B1"]),
    "身份证号单元格": (
        lambda typed: read(identity.read_id(typed, today=TODAY)),
        [identity, resident_id, text],
        [OURS, "6.2032E+17", "无"],
    ),
    "日期": (check_date, [dates, text], ["2026年11月6日", "46332", "2026-02-30 08:00"]),
    "标题里的日期": (
        lambda typed: (dates.day_in(typed), dates.day_reported(typed, typed)),
        [dates, text],
        ["截至2026年11月6日", "填报时间:2026年11月"],
    ),
    "电话": (
        lambda typed: read(phones.read_phone(typed)),
        [phones, text],
        ["19900001234", "0935-8212345、儿子19900001234"],
    ),
    "住址和乡镇": (
        lambda typed: (
            read(AREAS.read(typed)),
            read(AREAS.in_address(typed)),
            read(AREAS.read("河西堡镇", typed)),
        ),
        [places, text],
        ["甘肃省金昌市永昌县河西堡镇", "620321101000", "永昌县"],
    ),
    "单元格文字": (
        lambda typed: (
            read(cells.read_text(typed, "x")),
            read(cells.read_name(typed)),
            read(cells.read_optional_name(typed, "x")),
            read(cells.read_yes_no(typed, "x")),
        ),
        [cells, text],
        ["阿·依古丽(曾用名李四)", "是", "#REF!", "□"],
    ),
    "金额和人数": (
        lambda typed: (
            read(numbers.read_amount(typed, "x")),
            read(numbers.read_count(typed, "x")),
        ),
        [numbers, text],
        ["1,234.50元", "贰佰叁拾元", "三人", "1e400"],
    ),
    "残疾类别和等级": (
        lambda typed: (
            disability.read_disability(typed),
            disability.read_disability(typed[::2], typed[1::2]),
        ),
        [disability, text],
        ["肢体三级", "智力、精神", "44"],
    ),
    "代码词": (
        lambda typed: (
            read(words.read_category(typed)),
            read(words.read_way(typed)),
            read(words.read_unit(typed)),
            read(words.read_relation(typed)),
            read(words.read_pairing(typed)),
        ),
        [words, text],
        ["孤儿", "入户走访", "父子"],
    ),
    "遮盖和查找": (
        lambda typed: (
            check_mask(typed),
            hidden_numbers.hidden(typed),
            search_text.grams(typed),
            search_text.plain(typed),
        ),
        [masks, hidden_numbers, search_text],
        [f"李四{OURS}电话199 0000 1234", "lisi"],
    ),
}


@pytest.mark.parametrize("name", list(PARSERS))
def test_no_text_makes_a_reader_raise(name: str, chance: random.Random):
    call, modules, seeds = PARSERS[name]

    bred = guided.explore(call, modules, seeds, chance=chance, tries=so_many(200_000))

    # It was guided: what it found by itself goes ways that no seed goes.
    assert len(bred) > len(seeds) + 1


def test_a_fault_behind_four_doors_is_found(chance: random.Random):
    from tests.fuzz import planted

    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        guided.explore(planted.read, [planted], ["x"], chance=chance, tries=200_000)
