"""Resident ids by GB 11643-1999: normalised, checked, and read for birth and sex."""

import re
from dataclasses import dataclass
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
LENGTH = 18
OLD_LENGTH = 15
FULL_WIDTH = {ord("０") + digit: str(digit) for digit in range(10)}
LETTERS = dict.fromkeys(map(ord, "xＸｘХх"), "X")
NOISE = dict.fromkeys(map(ord, " \t\r\n\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff-－'‘’`"))
CLEANING = {**FULL_WIDTH, **LETTERS, **NOISE}
SHAPE = re.compile(r"\d{17}[\dX]")


class IdError(ValueError):
    """The text is no resident id; ``code`` says why, the text tells a person."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


@dataclass(frozen=True)
class ResidentId:
    """A valid id of 18 characters, with what can be read from it."""

    number: str
    birth_on: date
    sex: str
    was_15: bool = False


def normalise(text: str) -> str:
    """Return the text without spaces, hyphens, quotes and full-width characters."""
    return text.translate(CLEANING)


def check_digit(first17: str) -> str:
    """Return the 18th character for the first 17 digits."""
    total = sum(
        int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)
    )
    return CHECK_DIGITS[total % 11]


def upgrade_15(text: str) -> str:
    """Return the 18-character id of an old one of 15 digits."""
    first17 = f"{text[:6]}19{text[6:]}"
    return first17 + check_digit(first17)


def check(text: str, *, today: date) -> ResidentId:
    """Return the id that the text is, or raise IdError saying what to do.

    The birth date is looked at before the check digit: an impossible date says more
    about what went wrong.
    """
    number = normalise(text)
    was_15 = len(number) == OLD_LENGTH and number.isascii() and number.isdecimal()
    if was_15:
        number = upgrade_15(number)
    if len(number) != LENGTH:
        raise IdError("LENGTH", f"身份证号应为18位,现为{len(number)}位。")
    if not number.isascii() or not SHAPE.fullmatch(number):
        raise IdError("CHARSET", "身份证号只能是数字,末位可以是X,请核对。")
    try:
        birth_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise IdError("BIRTH", "身份证号中的出生日期不存在,请核对。") from None
    if birth_on > today:
        raise IdError("FUTURE", "身份证号中的出生日期晚于今天,请核对。")
    if check_digit(number[:17]) != number[17]:
        raise IdError("CHECKSUM", "身份证号校验码不对,可能抄错一位,请核对。")
    sex = "1" if int(number[16]) % 2 else "2"
    return ResidentId(number, birth_on, sex, was_15)


def age_on(birth_on: date, day: date) -> int:
    """Return the age in full years on that day."""
    had_birthday = (day.month, day.day) >= (birth_on.month, birth_on.day)
    return day.year - birth_on.year - (not had_birthday)
