"""What one cell says: a value, and what is wrong or odd about it.

Every reader here takes whatever stood in a cell and always gives a ``Read``; it never
raises. The readers of dates, phones, amounts, places and codes have modules of their
own beside this one.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from common.tables.limits import CELL_LENGTH
from common.tables.text import NO_RESULT, Value, clean, filled, narrow

ERROR, WARNING = "error", "warning"
NAME_LENGTH = 25
SHOWN = 20

MIDDLE_DOT = "·"
_DOTS = dict.fromkeys(map(ord, "•・．‧∙●⋅᛫･"), MIDDLE_DOT)
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_DOT_BETWEEN = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_])")
# 0xFF08 and 0xFF09 are the brackets that Chinese keyboards give.
_BRACKETED = re.compile(
    "[(\uff08【〔\\[]([^()\uff08\uff09【】〔〕\\[\\]]*)[)\uff09】〕\\]]"
)
_AROUND = " .·,。、;:\uff0c\uff1b\uff1a\uff0e"
_LETTERS = ("Lo", "Lu", "Ll", "Lm", "Mn", "Mc")
_LOST = "?□*�○"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, or odd about it, in words for who typed it."""

    column: str
    code: str
    words: str
    severity: str = ERROR


class Read(NamedTuple):
    """What a cell says; ``more`` is what else stood in it."""

    value: Any = None
    problems: tuple[Problem, ...] = ()
    more: Any = None

    @property
    def code(self) -> str:
        """The code of the first problem; '' when there is none."""
        return self.problems[0].code if self.problems else ""


NOTHING = Read()


def wrong(column: str, code: str, words: str, value: Any = None) -> Read:
    """Return a cell that keeps its row out."""
    return Read(value, (Problem(column, code, words),))


def odd(
    column: str, code: str, words: str, value: Any = None, more: Any = None
) -> Read:
    """Return a cell that is remarked upon."""
    return Read(value, (Problem(column, code, words, WARNING),), more)


def shown(text: str) -> str:
    """Return as much of a cell as a sentence can carry."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def read_text(value: Value, column: str) -> Read:
    """Read plain words; words for nothing are nothing."""
    if value == "" or value is None:
        return NOTHING
    return Read(filled(value) or None)


def too_long(value: Value, column: str, heading: str) -> Problem | None:
    """Return the problem of a cell that holds more than a cell can mean."""
    if value.__class__ is str and len(value) > CELL_LENGTH:
        words = f"“{heading}”内容过长(最多{CELL_LENGTH}字),请缩短。"
        return Problem(column, "E_TOO_LONG", words)
    return None


def without_result(column: str, heading: str) -> Problem:
    """Return the problem of a formula that came without its result."""
    words = f"“{heading}”是公式且没有结果,请复制后“选择性粘贴-数值”。"
    return Problem(column, "E_FORMULA", words)


def is_without_result(value: Value) -> bool:
    return value == NO_RESULT


def read_name(value: Value, column: str = "name") -> Read:
    """Read a person's name; ``more`` is what stood in brackets after it."""
    if value.__class__ is str and _PLAIN_NAME.fullmatch(value):
        return Read(value)
    text, bracketed = _name_parts(value)
    if not text:
        return wrong(column, "E_NAME_EMPTY", "姓名为空,请补充。")
    joined = "".join(text.split())
    if not _is_name(joined):
        words = f"姓名“{shown(joined)}”不像人名,请核对。"
        return wrong(column, "E_NAME_CHARS", words)
    problems = []
    if joined != text:
        words = "姓名中间的空格已去掉。"
        problems.append(Problem(column, "W_NAME_SPACES", words, WARNING))
    if any(_is_lost(character) for character in joined):
        words = "姓名含无法显示的字,请核对。"
        problems.append(Problem(column, "W_NAME_RARE", words, WARNING))
    if bracketed:
        words = f"姓名后的“{shown(bracketed)}”未计入姓名。"
        problems.append(Problem(column, "W_NAME_BRACKET", words, WARNING))
    return Read(joined, tuple(problems), bracketed or None)


def read_optional_name(value: Value, column: str) -> Read:
    """Read the name of somebody who need not be named; odd names stay as typed."""
    if value == "" or value is None:
        return NOTHING
    if value.__class__ is str and _PLAIN_NAME.fullmatch(value):
        return Read(value) if value not in ("没有", "不详", "暂无", "未知") else NOTHING
    text, bracketed = _name_parts(value)
    joined = "".join(text.split())
    return Read(joined or None, (), bracketed or None)


def read_yes_no(value: Value, column: str, heading: str = "") -> Read:
    """Read yes, no or nothing; ``more`` is what was said besides."""
    if value == "" or value is None:
        return NOTHING
    if value.__class__ is bool:
        return Read(value)
    text = narrow(value).upper()
    said, more = _yes_no(text)
    if said is None and text not in _UNSAID:
        words = f"“{heading or '此列'}”请填“是”或“否”,现为“{shown(clean(value))}”。"
        return odd(column, "W_YES_NO", words)
    return Read(said, (), more or None)


_YES: tuple[str, ...] = (
    "是",
    "√",
    "✓",
    "✔",
    "☑",
    "有",
    "Y",
    "YES",
    "TRUE",
    "T",
    "1",
    "已",
    "对",
    "在享",
)
_YES += ("享受", "已享受", "在保", "已参加", "已纳入", "1.0", "■", "V")
_NO: tuple[str, ...] = (
    "否",
    "×",
    "✗",
    "✘",
    "✕",
    "☒",
    "□",
    "☐",
    "无",
    "没有",
    "N",
    "NO",
    "FALSE",
    "F",
)
_NO += (
    "0",
    "未",
    "停发",
    "未享受",
    "不享受",
    "不是",
    "未参加",
    "未纳入",
    "X",
    "0.0",
    "非",
)
_UNSAID = frozenset(["", "/", "-", "--", "不详", "未知", "N/A", "NA", "NULL", "\\"])
_SAID_MORE = re.compile(r"(是|有|√|否|无|已享受|享受|未享受)[(,:;](.+?)\)?")


@lru_cache(maxsize=2048)
def _yes_no(text: str) -> tuple[bool | None, str]:
    if text in _YES:
        return True, ""
    if text in _NO:
        return False, ""
    if more := _SAID_MORE.fullmatch(text):
        return more[1] in _YES, more[2]
    return None, ""


def _name_parts(value: Value) -> tuple[str, str]:
    """Return the name with its inner spaces, and what stood in brackets."""
    text = clean(value).translate(_DOTS).strip(_AROUND)
    bracketed = _BRACKETED.search(text)
    if bracketed:
        text = text[: bracketed.start()] + text[bracketed.end() :]
    text = _DOT_BETWEEN.sub(MIDDLE_DOT, text).strip()
    if filled(text) == "" or text == "空白":
        return "", ""
    return text, bracketed[1].strip() if bracketed else ""


def _is_name(text: str) -> bool:
    if len(text) > NAME_LENGTH:
        return False
    letters = [character for character in text if character not in "·-'’〇" + _LOST]
    return bool(letters) and all(_is_letter(character) for character in letters)


def _is_letter(character: str) -> bool:
    # Python's tables may be older than the newest ideographs of planes 2 and 3.
    if "\u4e00" <= character <= "\u9fff" or 0x20000 <= ord(character) < 0x3_FFFE:
        return True
    return unicodedata.category(character) in _LETTERS or _is_private(character)


def _is_private(character: str) -> bool:
    return "\ue000" <= character <= "\uf8ff"


def _is_lost(character: str) -> bool:
    return character in _LOST or _is_private(character)
