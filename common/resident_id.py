"""Resident ids by GB 11643-1999: normalised, checked, and read for birth and sex."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
LENGTH = 18
OLD_LENGTH = 15
OLDEST = 120

# 9x is a foreigner's permanent residence; 81 to 83 are 港澳台居民居住证.
_NAMED = "11-15 21-23 31-37 41-46 50-54 61-65 71-71 81-83 90-99"
PROVINCES = frozenset(
    str(code)
    for first, last in (span.split("-") for span in _NAMED.split())
    for code in range(int(first), int(last) + 1)
)

FULL_WIDTH = {ord("０") + digit: str(digit) for digit in range(10)}
# Latin small, full-width and the Cyrillic letters that look the same.
LETTERS = dict.fromkeys(map(ord, "xＸｘХх"), "X")
SPACES = " \t\r\n\v\f\u00a0\u2002\u2003\u2009\u202f\u3000"
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
HYPHENS = "-－‐‑‒–—−"
QUOTES = "'‘’`´＇"
NOISE = dict.fromkeys(map(ord, SPACES + INVISIBLE + HYPHENS + QUOTES))
CLEANING = {**FULL_WIDTH, **LETTERS, **NOISE}

SHAPE = re.compile(r"[0-9]{17}[0-9X]")
OLD_SHAPE = re.compile(r"[0-9]{15}")
CERTIFICATE = re.compile(r"([0-9]{17}[0-9X])([1-7])([1-4])(?:B([0-9]{1,2}))?")


class IdError(ValueError):
    """The text is no resident id; ``code`` says why, ``words`` tell a person."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


@dataclass(slots=True, unsafe_hash=True)
class ResidentId:
    """A valid id of 18 characters, with what can be read from it.

    The sex is that of GB/T 2261.1: "1" male, "2" female.
    """

    number: str
    birth_on: date
    sex: str
    was_15: bool = False


@dataclass(frozen=True, slots=True)
class DisabilityCertificate:
    """A 残疾人证 number: the holder's id, the kind (1-7) and the grade (1-4)."""

    number: str
    resident_id: ResidentId
    kind: str
    grade: str
    reissued: int = 0


def normalise(text: str) -> str:
    """Return the text without spaces, hyphens, quotes and full-width characters."""
    # Most are plain digits, and a ledger has hundreds of thousands of them.
    return text if text.isdecimal() and text.isascii() else text.translate(CLEANING)


def check_digit(first17: str) -> str:
    """Return the 18th character for the first 17 digits."""
    total = _weigh(first17[:6], 0) + _weigh(first17[6:14], 6) + _weigh(first17[14:], 14)
    return CHECK_DIGITS[total % 11]


def upgrade_15(text: str) -> str:
    """Return the 18-character id of an old one of 15 digits."""
    first17 = f"{text[:6]}19{text[6:]}"
    return first17 + check_digit(first17)


def check(text: str, *, today: date) -> ResidentId:
    """Return the id that the text is, or raise IdError saying what to do.

    The birth date is looked at before the check digit: an impossible date says more
    about what went wrong. A county that is not known is never a reason to refuse.
    """
    number, was_15 = (text, False) if SHAPE.fullmatch(text) else _shaped(text)
    birth_on = _birth(number[6:14])
    if birth_on is None:
        raise IdError("BIRTH", "身份证号中的出生日期不存在,请核对。")
    if birth_on > today:
        raise IdError("FUTURE", "身份证号中的出生日期晚于今天,请核对。")
    if birth_on.year < today.year - OLDEST:
        raise IdError("BIRTH", f"按身份证号年龄超过{OLDEST}岁,请核对出生日期。")
    if check_digit(number[:17]) != number[17]:
        raise IdError("CHECKSUM", "身份证号校验码不对,可能抄错一位,请核对。")
    if number[:2] not in PROVINCES:
        raise IdError("PROVINCE", "身份证号前两位不是省级代码,请核对。")
    return ResidentId(number, birth_on, "1" if number[16] in "13579" else "2", was_15)


def age_on(birth_on: date, day: date) -> int:
    """Return the age in full years on that day.

    Whoever was born on 29 February has the birthday on 1 March in other years.
    """
    had_birthday = (day.month, day.day) >= (birth_on.month, birth_on.day)
    return day.year - birth_on.year - (not had_birthday)


def parse_disability_certificate(text: str, *, today: date) -> DisabilityCertificate:
    """Return the certificate that the text is, or raise IdError.

    Raises with LENGTH, CHARSET, KIND or GRADE, or as ``check`` does for the holder's
    id.
    """
    number = normalise(text).upper()
    match = CERTIFICATE.fullmatch(number)
    if match is None:
        raise _not_a_certificate(number)
    holder, kind, grade, count = match.groups()
    return DisabilityCertificate(
        number, check(holder, today=today), kind, grade, int(count or 0)
    )


def _shaped(text: str) -> tuple[str, bool]:
    """Return 18 characters of the right kind, and whether there were 15."""
    number = normalise(text)
    if OLD_SHAPE.fullmatch(number):
        return upgrade_15(number), True
    if len(number) not in (LENGTH, OLD_LENGTH):
        raise IdError("LENGTH", f"身份证号应为18位,现为{len(number)}位。")
    if not SHAPE.fullmatch(number):
        raise IdError("CHARSET", "身份证号只能是数字,末位可以是X,请核对。")
    return number, False


def _not_a_certificate(number: str) -> IdError:
    body = number.partition("B")[0]
    if len(body) != LENGTH + 2:
        return IdError("LENGTH", f"残疾人证号应为20位,现为{len(body)}位。")
    if not SHAPE.fullmatch(body[:LENGTH]) or not body[LENGTH:].isdecimal():
        return IdError("CHARSET", "残疾人证号应为身份证号加两位数字,请核对。")
    if body[LENGTH] not in "1234567":
        return IdError("KIND", "残疾人证号第19位是残疾类别,只能是1至7,请核对。")
    if body[LENGTH + 1] not in "1234":
        return IdError("GRADE", "残疾人证号第20位是残疾等级,只能是1至4,请核对。")
    return IdError("CHARSET", "残疾人证号末尾应为B加换发次数,请核对。")


@lru_cache(maxsize=65_536)
def _birth(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


# Ids of one city share few areas, birthdays and sequences: to remember their weights
# is several times as quick as to add up 17 products for each id.
@lru_cache(maxsize=131_072)
def _weigh(digits: str, start: int) -> int:
    """Return the weighted sum of the digits that stand at ``start`` in an id."""
    weights = WEIGHTS[start : start + len(digits)]
    return sum(
        int(digit) * weight for digit, weight in zip(digits, weights, strict=True)
    )
