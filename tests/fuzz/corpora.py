"""Values that break programs: kept, named by nobody, thrown at every field."""

import random

ID_WRONG_SIGN = "620321196503129010"
STRINGS = (
    "",
    " ",
    "　",
    "\x00",
    "王\x00秀花",
    "\ud800",
    "\udfff王",
    "\u202e王秀花",
    "\u2066王\u2069",
    "王\u200b秀\ufeff花",
    "e\u0301\u0301\u0301",
    "𠮷𬭊䶮㛃",
    "\ue000\uf8ff",
    "👨‍👩‍👧‍👦",
    "王秀花" * 40_000,
    "A" * 100_000,
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1",
    "@SUM(A1)",
    "{{7*7}}{% debug %}${7*7}",
    "%n%s%x",
    "%",
    "_",
    "\\",
    "../../../../etc/passwd",
    "..\\..\\boot.ini",
    "王\r\nSet-Cookie: a=b",
    "\r\n\r\n<html>",
    "' OR 1=1 --",
    "'; DROP TABLE recipients_recipient; --",
    '"><svg onload=alert(1)>',
    "<script>alert(1)</script>",
    "</textarea></form><h1>",
    "javascript:alert(1)",
    "１２３４５",
    "٣٤٥",
    "62032119650312901x",
    ID_WRONG_SIGN,
    "620321650312901",
    "199 0000 1234",
    "None",
    "null",
    "undefined",
    "true",
    "[]",
    '{"a": {"a": {"a": 1}}}',
    "[" * 10_000,
    "00000000-0000-0000-0000-000000000000",
    "01a214db-d856-7da7-bcce-fbd3ad563833",
    "not-a-uuid",
    "\t\x0b\x0c\x1b[31m",
    "\x7f\x80\x9f",
)
NUMBERS = (
    *("0", "-0", "-1", "1", "0.1", "0.005", "1.999", "NaN", "Infinity", "-Infinity"),
    *("1e400", "1e-400", "9" * 40, "-" + "9" * 40, "2147483648", "-2147483649"),
    *("9223372036854775808", "0x10", "1_000", "1,000.50", "１２", "½", "1e3", "٣"),
)
DATES = (
    *("0001-01-01", "9999-12-31", "10000-01-01", "2023-02-29", "2024-02-29"),
    *("2026-13-01", "2026-00-10", "2026-11-31", "1900-01-01", "1582-10-10"),
    *("2026/11/25", "25.11.2026", "2026-11-25T00:00:00Z", "二〇二六年", "0000-00-00"),
    *("2026-11-25 24:00", "-0001-01-01", "2026-W48"),
)
ALL = (*STRINGS, *NUMBERS, *DATES)
# What no form asks for, and a hand that wants more than it was given sends along.
UNASKED = (
    *("id", "pk", "by", "by_id", "state", "status", "area", "area_id", "role"),
    *("is_staff", "is_superuser", "user", "username", "version", "csrfmiddlewaretoken"),
    *("next", "_method", "recipient", "cadre", "registered_on", "paired"),
)


def any_value(chance: random.Random) -> str:
    """Return a value of the corpora, or two of them in one."""
    value = chance.choice(ALL)
    if chance.random() < 0.1:
        value += chance.choice(ALL)
    return value
