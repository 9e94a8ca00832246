"""Counts and amounts in cells, with their units."""

import re
from decimal import Decimal, InvalidOperation

from common.tables.cells import NOTHING, Read, shown, wrong
from common.tables.text import Value, clean, narrow

MOST_DIGITS = 12
TEN_THOUSAND = Decimal(10_000)
CENT = Decimal("0.01")
_ZERO_WORDS = frozenset(
    ["", "无", "/", "-", "--", "没有", "暂无", "\\", "零", "〇", "空"]
)
_AMOUNT = re.compile(
    r"(?:人民币|RMB|CNY|[¥¥$])?(-?\d[\d,]*(?:\.\d*)?|-?\.\d+)(万)?"
    r"(?:元|块|块钱|圆)?(?:整|正)?(?:/(月|年|人|次|户|季度))?",
    re.IGNORECASE,
)
_YEARLY = re.compile(r"(?:/年|每年|年)$")
_COUNT = re.compile(
    r"(?:共|约)?(-?\d[\d,]*(?:\.\d*)?)(万)?(?:件|个|次|人|口|户|项|名|位|条|场|份|事|宗|岁|桩)?(?:次|人)?"
)
_CHINESE = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7}
_CHINESE |= {"八": 8, "九": 9, "十": 10, "零": 0, "〇": 0}
# 大写: only these; 一千二 may be 1200 or 1002 and is asked about.
_FORMAL = dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True)) | {"弍": 2, "兩": 2}
_FORMAL_UNITS = {"拾": 10, "佰": 100, "仟": 1000}
_FORMAL_AMOUNT = re.compile(
    "(?:人民币)?([零壹贰叁肆伍陆柒捌玖弍兩拾佰仟万]+)[元圆](?:([零壹贰叁肆伍陆柒捌玖])角)?零?"
    "(?:([壹贰叁肆伍陆柒捌玖])分)?[整正]?"
)
_IN_WORDS = re.compile(
    "([一二两三四五六七八九])?(十)?([一二三四五六七八九])?(?:件|个|次|人|口|户|项|名|位|条|场|份)?"
)


def read_amount(
    value: Value, column: str, *, factor: Decimal = Decimal(1), monthly: bool = False
) -> Read:
    """Read yuan as Decimal; nothing is nothing, 无 and / are 0.

    With ``monthly`` a sum told by the year is shared among twelve months, and
    ``more`` says so.
    """
    if value == "" or value is None:
        return NOTHING
    if value.__class__ in (float, int):
        return _amount(_decimal(repr(value)), value, column, factor)
    text = narrow(value).removesuffix("+")
    if text in _ZERO_WORDS:
        return Read(Decimal(0))
    yearly = bool(_YEARLY.search(text))
    match = _AMOUNT.fullmatch(text.removesuffix("每年") if yearly else text)
    if match is None and (formal := _formal(text)) is not None:
        return _amount(formal, value, column, Decimal(1))
    if match is None:
        return _no_number(value, column)
    number = _decimal(match[1].replace(",", ""))
    if number is not None and match[2]:
        number *= TEN_THOUSAND
    read = _amount(number, value, column, factor)
    if monthly and yearly and read.value is not None:
        return Read((read.value / 12).quantize(CENT), read.problems, "年折月")
    return read


def read_count(value: Value, column: str) -> Read:
    """Read a whole number, not negative; nothing is nothing, 无 and / are 0."""
    if value == "" or value is None:
        return NOTHING
    if value.__class__ in (float, int):
        return _count(_decimal(repr(value)), value, column)
    text = narrow(value)
    if text in _ZERO_WORDS:
        return Read(0)
    match = _COUNT.fullmatch(text)
    if match is None:
        number = _in_words(text)
        return Read(number) if number is not None else _no_number(value, column)
    found = _decimal(match[1].replace(",", ""))
    if found is not None and match[2]:
        found *= TEN_THOUSAND
    return _count(found, value, column)


def _amount(number: Decimal | None, value: Value, column: str, factor: Decimal) -> Read:
    if number is None:
        return _no_number(value, column)
    number *= factor
    if number < 0:
        words = f"金额“{shown(clean(value))}”不能是负数,请核对。"
        return wrong(column, "E_NUMBER_BAD", words)
    rounded = number.quantize(CENT)
    if abs(rounded - number) > Decimal("0.000001"):
        words = f"金额“{shown(clean(value))}”最多两位小数,请核对。"
        return wrong(column, "E_NUMBER_BAD", words)
    return Read(Decimal(int(number)) if number == int(number) else rounded)


def _count(number: Decimal | None, value: Value, column: str) -> Read:
    if number is None:
        return _no_number(value, column)
    if number < 0 or number != int(number):
        words = f"“{shown(clean(value))}”应为不小于0的整数,请核对。"
        return wrong(column, "E_NUMBER_BAD", words)
    return Read(int(number))


def _no_number(value: Value, column: str) -> Read:
    words = f"“{shown(clean(value))}”不是数字,请只写数字。"
    return wrong(column, "E_NUMBER_BAD", words)


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() > MOST_DIGITS:
        return None
    return number


def _formal(text: str) -> Decimal | None:
    """Return 壹仟贰佰元整 as a number; it always tells the unit."""
    match = _FORMAL_AMOUNT.fullmatch(text)
    if match is None:
        return None
    whole, tenths, cents = match.groups()
    total = section = digit = 0
    for character in whole:
        if character == "万":
            total, section, digit = (section + digit) * 10_000, 0, 0
        elif unit := _FORMAL_UNITS.get(character):
            section, digit = section + (digit or 1) * unit, 0
        else:
            digit = _FORMAL[character]
    rest = _FORMAL[tenths or "零"] * 10 + _FORMAL[cents or "零"]
    return Decimal(total + section + digit) + Decimal(rest) / 100


def _in_words(text: str) -> int | None:
    """Return 三 or 十二 as a number."""
    match = _IN_WORDS.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    tens, ten, ones = match.groups()
    if not ten and tens and ones:
        return None
    if not ten:
        return _CHINESE[tens or ones]
    return _CHINESE.get(tens, 1) * 10 + _CHINESE.get(ones, 0)
