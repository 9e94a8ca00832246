"""Phone numbers in a cell: one or several, with whom they reach in brackets."""

import re
from typing import NamedTuple

from common.tables.cells import NOTHING, WARNING, Problem, Read
from common.tables.text import Value, narrow

AREA_CODE = "0935"
_PLAIN = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0\d{2,3})-?([2-9]\d{6,7})")
_LOCAL = re.compile(r"[2-9]\d{6,7}")
_EMPTY = frozenset(["", "无", "/", "-", "--", "不详", "暂无", "没有", "未知", "空"])
_EMPTY |= frozenset(["\\", "*", "N/A", "n/a", "NULL", "null", "无电话", "0"])
_BETWEEN = re.compile(r"[/,;|\\]|或|和|(?<=\d{11})(?=1[3-9]\d{9})")
_RELATION = re.compile(r"\(([^()]{1,8})\)|([\u4e00-\u9fff]{1,6})")
_SCIENTIFIC = re.compile(r"\A\d\.?\d*[Ee]\+?\d+")
MOBILE_WORDS = "手机号应为11位,此电话未录入,请核对。"
OTHER_WORDS = "电话看不懂,未录入,请核对。"


class Phone(NamedTuple):
    """A number, and whose it is when the cell says so."""

    number: str
    relation: str = ""


def read_phone(value: Value, column: str = "phone") -> Read:
    """Read phones: the value is the first number, ``more`` all of them."""
    if value == "" or value is None:
        return NOTHING
    if value.__class__ is str and _PLAIN.fullmatch(value):
        return Read(value)
    text = narrow(value)
    if text in _EMPTY:
        return NOTHING
    if _SCIENTIFIC.fullmatch(text):
        return _malformed((), column, "电话被Excel改成了数字,后几位已丢失,请重新填写。")
    found, strange = _phones(text)
    if not found or strange:
        short = re.sub(r"\D", "", text)
        words = MOBILE_WORDS if short.startswith("1") else OTHER_WORDS
        return _malformed(found, column, words)
    return Read(found[0].number, (), found)


def _malformed(found: tuple[Phone, ...], column: str, words: str) -> Read:
    first = found[0].number if found else None
    return Read(first, (Problem(column, "W_PHONE", words, WARNING),), found)


def _phones(text: str) -> tuple[tuple[Phone, ...], bool]:
    """Return the numbers in the text, and whether something else stood there."""
    whole = _number(text)
    if whole:
        return (Phone(whole),), False
    found: list[Phone] = []
    strange = False
    for part in _BETWEEN.split(text):
        relation = "".join(a or b for a, b in _RELATION.findall(part))
        number = _number(_RELATION.sub("", part))
        if number:
            found.append(Phone(number, relation))
        elif part and part not in _EMPTY:
            strange = True
    return tuple(found), strange


def _number(text: str) -> str:
    """Return the number as we keep it; '' when the text is none."""
    digits = text.replace("-", "").replace(":", "").removesuffix(".0")
    digits = digits.removeprefix("+86").removeprefix("0086")
    if len(digits) == 13 and digits.startswith("861"):
        digits = digits[2:]
    if _PLAIN.fullmatch(digits):
        return digits
    plain = text.removeprefix("+86").removesuffix(".0")
    if landline := _LANDLINE.fullmatch(plain) or _LANDLINE.fullmatch(digits):
        return f"{landline[1]}-{landline[2]}"
    if _LOCAL.fullmatch(digits) and len(digits) == 7:
        return f"{AREA_CODE}-{digits}"
    return ""
