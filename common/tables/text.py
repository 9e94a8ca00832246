"""Text of a cell as it was meant: no invisible characters, no full-width digits."""

import re
from datetime import date
from typing import Any

# Stands in a cell whose formula has no result, or whose result is an error.
NO_RESULT = "#公式没有结果"

Value = str | float | int | bool | date | None

_ZERO_WIDTH = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
_WIDE = {
    **{0xFF10 + n: chr(0x30 + n) for n in range(10)},
    **{0xFF21 + n: chr(0x41 + n) for n in range(26)},
    **{0xFF41 + n: chr(0x61 + n) for n in range(26)},
}
_SPACES = dict.fromkeys([0xA0, 0x3000, *range(0x2000, 0x200B), 0x202F, 0x205F], " ")
_TABLE: dict[int, Any] = {**_ZERO_WIDTH, **_WIDE, **_SPACES}
_TO_CLEAN = re.compile(
    "[\u200b-\u200d\u2060\ufeff\u00ad０-９Ａ-Ｚａ-ｚ\u00a0\u3000\u2000-\u200a"
    "\u202f\u205f\r\n\t'‘’＇]"
)
_SPACE = re.compile(r"\s")
_APOSTROPHES = "'‘’＇`"
_NARROW = {
    **{0xFF01 + n: chr(0x21 + n) for n in range(94)},
    0xFFE5: "¥",
    ord("—"): "-",
    ord("–"): "-",
    ord("−"): "-",
    ord("〔"): "(",
    ord("〕"): ")",
    ord("【"): "(",
    ord("】"): ")",
    ord("。"): ".",
    ord("、"): ",",
}

EMPTY_WORDS = frozenset(
    [
        "",
        "无",
        "/",
        "//",
        "\\",
        "-",
        "--",
        "—",
        "——",
        "——",
        "–",
        "暂无",
        "N/A",
        "n/a",
        "NA",
        "null",
        "NULL",
        "None",
        "不详",
        "未知",
        "*",
        "、",
        "空",
        "没有",
        "...",
        "…",
    ]
)


def clean(value: Value) -> str:
    """Return the cell as text, without what nobody sees."""
    if value.__class__ is not str:
        return _written(value)
    if not _TO_CLEAN.search(value):
        return value.strip()
    text = str(value).translate(_TABLE).strip().lstrip(_APOSTROPHES).strip()
    return text.replace("\r\n", "\n") if "\r" in text else text


def squeezed(value: Value) -> str:
    """Return the cell as text without any spaces."""
    text = clean(value)
    return "".join(text.split()) if _SPACE.search(text) else text


def narrow(value: Value) -> str:
    """Return the text without spaces and with Western punctuation, to be parsed."""
    return squeezed(value).translate(_NARROW)


def is_blank(value: Value) -> bool:
    """Say whether there is nothing to be seen in the cell."""
    return value in ("", None) or (value.__class__ is str and not clean(value))


def as_number(value: Any) -> float:
    """Return a cell that holds a number; what is too large to be one is nan."""
    try:
        return float(value)
    except (OverflowError, ValueError, TypeError):
        return float("nan")


def filled(value: Value) -> str:
    """Return the text; '' also for the words by which people say there is none."""
    text = clean(value)
    return "" if text in EMPTY_WORDS else text


def _written(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return (
            str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        )
    return value.isoformat() if isinstance(value, date) else str(value)
