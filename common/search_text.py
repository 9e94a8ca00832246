"""What people type into the one search box, and the pieces names are found by."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from common import resident_id
from common.pinyin import DOTS

LONGEST = 60
MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"0[0-9]{9,11}")
CODE = re.compile(r"[A-Z]{1,10}(-[A-Z0-9]{1,10}){1,4}-?|[A-Z]{1,10}[0-9]{2,10}")
LATIN = re.compile(r"[a-z]+")
DIGITS = re.compile(r"[0-9]+X?")
PARTIAL = "证号和电话须输入完整号码才能查询,不能用其中一段。"


class Kind(StrEnum):
    """What was typed."""

    NOTHING = "nothing"
    RESIDENT_ID = "resident_id"
    PHONE = "phone"
    CODE = "code"
    PINYIN = "pinyin"
    NAME = "name"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What was typed, cleaned, and how to look for it.

    ``text`` is the id, the phone, the code (upper case, maybe only its beginning),
    the pinyin or initials (their beginning), or the part of a name. A row can only
    match a name when it holds all the ``grams``. ``words`` say why nothing is looked
    for.
    """

    kind: Kind
    text: str = ""
    grams: tuple[str, ...] = ()
    words: str = ""

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Say what was typed; a part of an id or of a phone is refused."""
        text = plain(typed)
        if not text:
            return cls(Kind.NOTHING)
        number = resident_id.normalise(text).upper()
        if DIGITS.fullmatch(number.removeprefix("+")):
            return cls._of_number(number)
        if CODE.fullmatch(code := _code(typed)):
            return cls(Kind.CODE, code)
        latin = _latin(text)
        if LATIN.fullmatch(latin):
            return cls(Kind.PINYIN, latin)
        return cls(Kind.NAME, text, tuple(_grams_to_find(text)))

    @classmethod
    def _of_number(cls, number: str) -> Self:
        phone = number.removeprefix("+")
        if len(phone) == 13 and phone.startswith("86"):
            phone = phone[2:]
        if MOBILE.fullmatch(phone) or LANDLINE.fullmatch(phone):
            return cls(Kind.PHONE, phone)
        if resident_id.OLD_SHAPE.fullmatch(number):
            number = resident_id.upgrade_15(number)
        if not resident_id.SHAPE.fullmatch(number):
            return cls(Kind.REFUSED, words=PARTIAL)
        if resident_id.check_digit(number[:17]) != number[17]:
            return cls(Kind.REFUSED, words="身份证号校验码不对,可能抄错一位,请核对。")
        return cls(Kind.RESIDENT_ID, number)


def grams(text: str) -> list[str]:
    """Return each character and each pair of neighbours, once, as they come.

    Kept in an array with a GIN index, they find a name by any part of it, from one
    character on.
    """
    clean = plain(text)
    return list(dict.fromkeys([*clean, *_pairs(clean)]))


def plain(text: str) -> str:
    """Return the text as it is compared: no spaces, dots or invisible characters."""
    folded = unicodedata.normalize("NFKC", text[: LONGEST * 10]).casefold()
    kept = (
        character
        for character in folded
        if not character.isspace()
        and character not in DOTS
        # Private use (Co) and the newest ideographs (Cn) stay: names hold them.
        and unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
    return "".join(kept)[:LONGEST]


def _pairs(text: str) -> list[str]:
    return [text[place : place + 2] for place in range(len(text) - 1)]


def _grams_to_find(text: str) -> list[str]:
    return list(dict.fromkeys(_pairs(text) if len(text) > 1 else text))


def _code(typed: str) -> str:
    """Return the text as codes are written; a space may stand for a hyphen."""
    text = unicodedata.normalize("NFKC", typed[:LONGEST]).strip().upper()
    text = re.sub(f"[{resident_id.HYPHENS}]", "-", text)
    # Words of letters alone are pinyin: 「zhang san」 has no digit and no hyphen.
    if any(character.isdigit() for character in text):
        text = re.sub(r"[\s-]+", "-", text)
    return text


def _latin(text: str) -> str:
    """Return pinyin as it is kept: without apostrophes, tones or ü."""
    parts = unicodedata.normalize("NFD", text).replace("u\u0308", "v")
    letters = "".join(
        character
        for character in parts
        if character not in "'’-" and not unicodedata.combining(character)
    )
    # Passports write lyu and nyu for lü and nü; 陈宇 is chenyu all the same.
    return re.sub("lyu|^nyu", lambda found: f"{found[0][0]}v", letters)
