"""Kind and grade of a disability (GB/T 26341), in one cell or in two."""

import re
from functools import lru_cache
from typing import NamedTuple

from common.tables.cells import ERROR, WARNING, Problem, shown
from common.tables.text import EMPTY_WORDS, Value, clean, narrow

MULTIPLE = "多重"
CODES = {"视力": "1", "听力": "2", "言语": "3", "肢体": "4", "智力": "5", "精神": "6"}
CODES[MULTIPLE] = "7"
LABELS = {code: label for label, code in CODES.items()}
KIND_WORDS = "残疾类别“{}”看不懂,请从视力、听力、言语、肢体、智力、精神、多重中选填。"
GRADE_WORDS = "残疾等级“{}”看不懂,请填一级、二级、三级或四级。"
HEAVY_WORDS = "残疾等级“{}”不明确,请写明一级还是二级。"
ARMY_WORDS = "残疾等级只有一至四级,“{}”可能是伤残军人或工伤等级,请核对。"

_KINDS = {"视力": "视力", "盲": "视力", "低视力": "视力", "听力": "听力", "聋": "听力"}
_KINDS |= {"言语": "言语", "语言": "言语", "哑": "言语", "肢体": "肢体", "肢残": "肢体"}
_KINDS |= {"智力": "智力", "弱智": "智力", "智残": "智力", "智障": "智力"}
_KINDS |= {"精神": "精神", "精残": "精神", "视障": "视力", "听障": "听力"}
_KINDS |= {"多重": MULTIPLE, "综合": MULTIPLE, "多种": MULTIPLE}
_KIND = re.compile("|".join(sorted(_KINDS, key=len, reverse=True)))
_CODED = re.compile(rf"([1-7])[-|.,:、 ]*(?=(?:{_KIND.pattern}))")
_GRADES = dict(zip("一二三四壹贰叁肆1234ⅠⅡⅢⅣⅰⅱⅲⅳ", [1, 2, 3, 4] * 5, strict=True))
_GRADES |= {"I": 1, "II": 2, "III": 3, "IV": 4, "贰": 2, "弍": 2, "叄": 3}
_TOKEN = r"IV|I{1,3}|[一二三四壹贰叁肆弍叄1234ⅠⅡⅢⅣⅰⅱⅲⅳ]"
_GRADE = re.compile(rf"({_TOKEN})\.?0?[级級]")
_ALONE = re.compile(rf"(?:[级級]别?)?({_TOKEN})(?:\.0)?[级級]?")
_WORDED = {"极重度": 1, "中度": 3, "轻度": 4}
_FILLING = re.compile(r"残疾人|残疾|障碍|类别|类型|等级|类|证|人|残|[-/|,.;:()\[\]+&]")
_ARMY = re.compile("[五六七八九十伍陆柒捌玖拾]|[5-9]|10")


class Disability(NamedTuple):
    """What a row says of a disability; ``kinds`` are the parts of 多重."""

    kind: str | None = None
    grade: int | None = None
    kinds: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def words(self) -> str | None:
        """The kind in words, with its parts where there are several."""
        if self.kinds:
            return "、".join([MULTIPLE, *self.kinds])
        return self.kind


class _Part(NamedTuple):
    kinds: tuple[str, ...]
    grade: int | None
    rest: str


NONE = Disability()


def read_disability(
    kind: Value, grade: Value = "", *, severity: str = ERROR
) -> Disability:
    """Read kind and grade, whichever of the two cells they stand in."""
    if kind == "" and grade == "":
        return NONE
    return _read(narrow(kind).upper(), narrow(grade).upper(), severity)


def code_of(kind: str | None) -> str:
    """Return the code of a kind in GB/T 26341; '' for none."""
    return CODES.get(kind or "", "")


@lru_cache(maxsize=4096)
def _read(kind_text: str, grade_text: str, severity: str) -> Disability:
    kind_text = "" if _is_empty(kind_text) else kind_text
    grade_text = "" if _is_empty(grade_text) else grade_text
    first, second = _parted(kind_text, of_kind=True), _parted(grade_text, of_kind=False)
    kinds = first.kinds or second.kinds
    grade = second.grade or first.grade
    problems: list[Problem] = []
    if not kinds and kind_text:
        words = KIND_WORDS.format(shown(kind_text))
        problems.append(Problem("dis_kind", "E_DIS_KIND", words, severity))
    if grade is None:
        unread = second.rest or (grade_text and "?") or (first.rest if kinds else "")
        if unread:
            words = _grade_words(grade_text or kind_text)
            problems.append(Problem("dis_grade", "E_DIS_GRADE", words, severity))
    if severity == WARNING:
        problems = [
            Problem(p.column, f"W{p.code[1:]}", p.words, WARNING) for p in problems
        ]
    return _joined(kinds, grade, problems)


def _joined(
    kinds: tuple[str, ...], grade: int | None, problems: list[Problem]
) -> Disability:
    singles = tuple(kind for kind in CODES if kind in kinds and kind != MULTIPLE)
    if len(singles) > 1 and MULTIPLE not in kinds:
        words = f"“{'、'.join(singles)}”按多重残疾录入,请核对残疾证。"
        problems.append(Problem("dis_kind", "W_DIS_MULTIPLE", words, WARNING))
    if MULTIPLE in kinds or len(singles) > 1:
        return Disability(MULTIPLE, grade, singles, tuple(problems))
    return Disability(singles[0] if singles else None, grade, (), tuple(problems))


def _parted(text: str, *, of_kind: bool) -> _Part:
    """Take a cell apart into kinds, a grade, and what nobody understands."""
    text = text.removesuffix(".0")
    if not text:
        return _Part((), None, "")
    if of_kind and text in LABELS:
        return _Part((LABELS[text],), None, "")
    coded = _CODED.match(text)
    if coded:
        text = text[coded.end() :]
    kinds = tuple(dict.fromkeys(_KINDS[word] for word in _KIND.findall(text)))
    if coded and LABELS[coded[1]] not in kinds:
        return _Part((), None, text)
    rest = _KIND.sub("", text)
    grade, rest = _grade(_FILLING.sub("", rest))
    return _Part(kinds, grade, rest)


def _grade(rest: str) -> tuple[int | None, str]:
    """Return the heaviest grade that is named, and what is left over."""
    if named := _GRADE.findall(rest):
        left = _GRADE.sub("", rest)
        return min(_GRADES[token] for token in named), left
    if alone := _ALONE.fullmatch(rest):
        return _GRADES[alone[1]], ""
    if rest in _WORDED:
        return _WORDED[rest], ""
    return None, rest


def _grade_words(text: str) -> str:
    if "重度" in text:
        return HEAVY_WORDS.format(shown(text))
    return (ARMY_WORDS if _ARMY.search(text) else GRADE_WORDS).format(shown(text))


def _is_empty(text: str) -> bool:
    return not text or clean(text) in EMPTY_WORDS
