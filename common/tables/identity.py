"""A resident id in a cell, and what else in the row has to agree with it."""

import re
from datetime import date

from common.resident_id import IdError, check, normalise
from common.tables.cells import NOTHING, WARNING, Problem, Read, odd, wrong
from common.tables.dates import Day, read_date
from common.tables.text import Value, as_number, clean, narrow

LARGEST_EXACT = 10**15
LOST = "身份证号被Excel改成了数字,后几位已丢失,请将该列设为“文本”后重新填写。"
AGE_TOLERANCE = 2
FROM_15 = "15位旧证号已换算为18位,请核对户口簿。"

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d{1,3}")
_AROUND = '()[]【】〔〕<>《》.,。、;:*“”"\uff08\uff09\uff0c\uff1b\uff1a'
_CERTIFICATE = re.compile(r"(\d{17}[0-9X])([1-7])([1-4])(?:B\d{1,2})?")
_KIND_NAMES = ("", "视力", "听力", "言语", "肢体", "智力", "精神", "多重")
_NO_ID = (
    "无",
    "没有",
    "无证",
    "无身份证",
    "未办理",
    "/",
    "\\",
    "*",
    "不详",
    "暂无",
    "未知",
)
_EMPTY = frozenset([*_NO_ID, "", "空", "NULL", "N/A", "NONE", "—", "--"])
_HAS_NONE = re.compile(
    "无(?:居民)?身份证|没有身份证|未办(?:理)?身份证|无证件|未落户|无户口"
)
_SEXES = {"男": "男", "男性": "男", "1": "男", "M": "男", "女": "女", "女性": "女"}
_SEXES |= {"2": "女", "F": "女", "1|男": "男", "2|女": "女", "1-男": "男", "2-女": "女"}
_SEXES |= {"1男": "男", "2女": "女", "1.男": "男", "2.女": "女"}
_NUMBER = re.compile(r"\d{1,3}")


def read_id(value: Value, column: str = "id", *, today: date) -> Read:
    """Read a resident id; the value is a ``ResidentId`` or None."""
    if value.__class__ in (float, int) and not isinstance(value, bool):
        return _read_number(as_number(value), column, today)
    text = _id_text(value)
    if text in _EMPTY:
        return wrong(column, "E_ID_EMPTY", "身份证号为空,请补充。")
    if _SCIENTIFIC.fullmatch(text):
        return wrong(column, "E_ID_SCIENTIFIC", LOST)
    try:
        found = check(text, today=today)
    except IdError as fault:
        return _refused(text, fault, column)
    if found.was_15:
        return odd(column, "W_ID15", FROM_15, found)
    return Read(found)


def certificate_holder(value: Value) -> Value:
    """Return the id within a 残疾人证号; whatever else stood there stays as it is."""
    match = _CERTIFICATE.fullmatch(_id_text(value))
    return match[1] if match else value


def has_no_id(*values: Value) -> bool:
    """Say whether a cell tells that the person has no resident id."""
    return any(_HAS_NONE.search(narrow(value)) for value in values if value)


def read_sex(value: Value) -> str | None:
    """Return 男 or 女, or None for anything else."""
    text = value if value in ("男", "女") else narrow(value).upper()
    return _SEXES.get(text)  # type: ignore[arg-type]


def check_sex(value: Value, from_id: str) -> Problem | None:
    """Return what is odd about a sex that does not fit the id."""
    if value == from_id or value == "" or value is None:
        return None
    said = read_sex(value)
    if said is None or said == from_id:
        return None
    words = f"性别与身份证号不一致(证号为{from_id}),以身份证号为准。"
    return Problem("gender", "W_GENDER", words, WARNING)


def check_birth(value: Value, birth_on: date, *, from_1904: bool) -> Problem | None:
    """Return what is odd about a birth date that does not fit the id."""
    if value == "" or value is None or value == birth_on:
        return None
    if value.__class__ is str and not clean(value):
        return None
    said = read_date(value, "birth", from_1904=from_1904)
    if said is NOTHING or (said.value is None and not said.problems):
        return None
    if said.value is not None and _same_day(said.value, birth_on):
        return None
    if said.value is None and _same_number(value, birth_on):
        return None
    words = f"出生日期与身份证号不一致(证号为{birth_on}),以身份证号为准。"
    return Problem("birth", "W_BIRTH", words, WARNING)


def check_age(value: Value, age: int) -> Problem | None:
    """Return what is odd about an age that is years off."""
    if value == "" or value is None:
        return None
    if value.__class__ is float:
        said = int(value) if abs(value) < 1000 else None
    else:
        found = _NUMBER.match(narrow(value))
        said = int(found[0]) if found else None
    if said is None or abs(said - age) <= AGE_TOLERANCE:
        return None
    words = f"年龄与身份证号不一致(按证号为{age}岁),以身份证号为准。"
    return Problem("age", "W_AGE", words, WARNING)


def _id_text(value: Value) -> str:
    if value.__class__ is str and len(value) == 18 and value.isalnum():
        return value.upper()
    text = normalise(clean(value)).strip(_AROUND).upper()
    return text.removesuffix(".0") if text.endswith(".0") else text


def _read_number(number: float, column: str, today: date) -> Read:
    """Read an id that was kept as a number; beyond 15 digits its tail is lost."""
    if number != number or abs(number) >= LARGEST_EXACT:
        return wrong(column, "E_ID_LOST_DIGITS", LOST)
    text = str(int(number)) if number == int(number) else repr(number)
    return read_id(text, column, today=today)


def _refused(text: str, fault: IdError, column: str) -> Read:
    if certificate := _CERTIFICATE.fullmatch(text):
        kind, grade = (
            _KIND_NAMES[int(certificate[2])],
            "一二三四"[int(certificate[3]) - 1],
        )
        words = (
            "这是残疾人证号(20位),请填写身份证号:"
            f"一般就是它的前18位,后两位是{kind}{grade}级。"
        )
        return Read(
            None, (Problem(column, "E_ID_LENGTH", words),), certificate.groups()
        )
    return wrong(column, f"E_ID_{fault.code}", fault.words)


def _same_day(said: Day, birth_on: date) -> bool:
    if said.month_only:
        return (said.on.year, said.on.month) == (birth_on.year, birth_on.month)
    return said.on == birth_on


def _same_number(value: Value, birth_on: date) -> bool:
    """Say whether 1990.1, kept as a number, may be January or October of the birth."""
    if value.__class__ is not float or not 0 < value < 10_000:
        return False
    tenth = round(value * 10) - birth_on.year * 10
    return tenth == 1 and birth_on.month in (1, 10)
