"""What may be shown of an id, a phone, a name or an address to those who need less.

The full value never leaves the server unless someone asks for it with a reason.
"""

import re

from common.encryption import UNREADABLE
from common.pinyin import DOTS, surname_length
from common.resident_id import CERTIFICATE, FULL_WIDTH, normalise

MASKED_NAME = "***"
LONGEST_PERSON = 4
ID_LENGTHS = (15, 18)

LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))([0-9]{7,8})")
MOBILE = re.compile(r"1[0-9]{10}")
VILLAGE = re.compile(r"\A.*?(?:村委会|居委会|社区|村(?!村|委会))")
TOWNSHIP = re.compile(r"\A(?:.*(?:街道|镇|乡)|.*?[县区市])")

# A number in words may be written in groups: 199 0000 1234, 620321-19650312-9019.
_DIGIT = r"[0-9][ \-]?"
IN_TEXT = re.compile(
    rf"(?<![0-9])(?P<id>(?:{_DIGIT}){{17}}[0-9Xx](?:[1-7][1-4])?)(?![0-9])"
    r"|(?<![0-9])(?P<old>[0-9]{15})(?![0-9])"
    r"|(?<![0-9])(?P<account>[0-9]{16,30})(?![0-9])"
    rf"|(?<![0-9])(?P<phone>1[ \-]?(?:{_DIGIT}){{9}}[0-9])(?![0-9])"
    r"|(?<![0-9])(?P<landline>0[0-9]{2,3}[ \-]?[0-9]{7,8})(?![0-9])"
)
_SAME_LENGTH = {**FULL_WIDTH, ord("－"): "-", ord("\u3000"): " ", ord("Ｘ"): "X"}


def mask_id(number: str, *, strict: bool = False) -> str:
    """Return 620321********9019; strict, for children and print, 620*************19.

    What is no id is hidden whole.
    """
    if number == UNREADABLE:
        return number
    clean = normalise(number).upper()
    if len(clean) not in ID_LENGTHS:
        return "*" * len(clean)
    first, last = (3, 2) if strict else (6, 4 if len(clean) == 18 else 3)
    return clean[:first] + "*" * (len(clean) - first - last) + clean[-last:]


def mask_cert(number: str, *, strict: bool = False) -> str:
    """Return 620321********9019**: kind and grade are health, and hidden too."""
    if number == UNREADABLE:
        return number
    clean = normalise(number).upper()
    match = CERTIFICATE.fullmatch(clean)
    if match is None:
        return "*" * len(clean)
    return mask_id(match[1], strict=strict) + "**"


def mask_phone(phone: str) -> str:
    """Return 199****0123, or 0935-****123 for a landline."""
    if phone == UNREADABLE:
        return phone
    clean = normalise(phone).removeprefix("+86").strip("()（）")
    if MOBILE.fullmatch(clean):
        return f"{clean[:3]}****{clean[7:]}"
    if match := LANDLINE.fullmatch(clean):
        return f"{match[1]}-****{match[2][4:]}"
    return "*" * len(clean)


def mask_name(name: str) -> str:
    """Return 张* for 张三, 欧阳** for 欧阳小明, 买*** for 买买提·艾力."""
    clean = "".join(name.split())
    if len(clean) > LONGEST_PERSON or not DOTS.isdisjoint(clean):
        return clean[:1] + MASKED_NAME
    if len(clean) < 2:
        return "*" * len(clean)
    shown = surname_length(clean)
    return clean[:shown] + "*" * (len(clean) - shown)


def mask_address(address: str) -> str:
    """Return the address down to the village: 永昌县焦家庄镇杏树庄村***."""
    if address == UNREADABLE:
        return address
    clean = "".join(address.split())
    match = VILLAGE.match(clean) or TOWNSHIP.match(clean)
    shown = match[0] if match else ""
    return shown if shown == clean else f"{shown}***"


def mask_text(text: str) -> str:
    """Return the words with every id, phone and account number in them masked."""
    return _replace(text, text.translate(_SAME_LENGTH))


def _replace(text: str, plain: str) -> str:
    pieces, end = [], 0
    for match in IN_TEXT.finditer(plain):
        pieces += [text[end : match.start()], _masked(match)]
        end = match.end()
    return "".join([*pieces, text[end:]])


def _masked(match: re.Match[str]) -> str:
    number = re.sub(r"[ \-]", "", match[0])
    match match.lastgroup:
        case "id" if len(number) > 18:
            return mask_id(number[:18]) + "**"
        case "id" | "old":
            return mask_id(number)
        case "account":
            return f"****{number[-4:]}"
        case _:
            return mask_phone(number)
