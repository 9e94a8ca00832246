"""Words of the scheme in cells: category, visit, relation, unit, pairing."""

import re
from functools import lru_cache
from typing import NamedTuple

from common.tables.cells import NOTHING, Read, odd, shown, wrong
from common.tables.text import EMPTY_WORDS, Value, clean, filled, narrow, squeezed

CHILD, DISABLED, DESTITUTE = "CHILD", "DISABLED", "DESTITUTE"
CATEGORY_LABELS = {
    CHILD: "孤残儿童",
    DISABLED: "困难重度残疾人",
    DESTITUTE: "特困家庭",
}
CATEGORY_WORDS = "对象类别“{}”看不懂,请填孤残儿童、困难重度残疾人或特困家庭。"
CATEGORY_EMPTY = "对象类别为空,请填孤残儿童、困难重度残疾人或特困家庭。"
TWO_CATEGORIES = "写了两个类别,按“{}”计,“{}”记为兼属,请核对。"
WAY_WORDS = "走访方式“{}”看不懂,请填入户、电话、视频或陪同办事。"
OUTCOME_WORDS = "走访结果“{}”看不懂,按见到计;没有见到的请填未遇或拒绝。"
UNIT_EMPTY = "单位为空,请补充。"

_IN_TITLE = (
    (CHILD, re.compile("孤|儿童")),
    (DISABLED, re.compile("残疾")),
    (DESTITUTE, re.compile("特困")),
)
_IN_CELL = (
    (CHILD, re.compile("孤(?![寡老])|儿童|事实无人抚养|困境儿|残儿|未成年|CHILD")),
    (DISABLED, re.compile("残疾|(?<!重病)重残|残障|多残|老残一体|老养残|DISABLED")),
    (DESTITUTE, re.compile("特困|五保|重病重残|变故|孤[寡老]|DESTITUTE")),
)
_KINDS = (
    ("DE_FACTO", re.compile("事实")),
    ("ORPHAN_HOME", re.compile("集中养育|福利院.*孤")),
    ("ORPHAN_SOCIAL", re.compile("散居孤儿|社会散居")),
    ("CHILD_DISABLED", re.compile("残疾儿童")),
    ("TEKUN_CENTRE", re.compile("集中供养")),
    ("TEKUN_HOME", re.compile("五保|分散供养")),
    ("DIBAO_SEVERE", re.compile("重病重残")),
    ("ACCIDENT", re.compile("变故")),
    ("SEVERE_DIBAO", re.compile("低保重残")),
    ("SEVERE_EDGE", re.compile("边缘.*重残")),
    ("SEVERE_SINGLE", re.compile("单人户")),
    ("MULTI", re.compile("一户多残")),
    ("OLD_CARE_YOUNG", re.compile("老残一体|老养残")),
    ("CHILD_HIV", re.compile("艾滋")),
)
_WAYS = (
    ("医院探视", re.compile("医院|住院|病房")),
    ("机构探视", re.compile("福利院|敬老院|养老院|机构|供养中心")),
    ("陪同办事", re.compile("陪|代办|帮办")),
    ("视频", re.compile("视频")),
    ("电话", re.compile("电话|来电|致电|通话|短信|微信")),
    ("来访接待", re.compile("来访|接待|到单位")),
    ("入户", re.compile("入户|上门|走访|家访|到家|登门|实地")),
)
MET = "见到"
_OUTCOMES = (
    ("拒绝", re.compile("拒|谢绝|不让进|不[愿肯]见")),
    (
        "未遇",
        re.compile("[未没]有?(?:见[到面着]|遇|碰|找[到着])|不在|无人$|没人|锁门|^否$"),
    ),
    (MET, re.compile("[见遇碰]到|见面|在家|^[是√]$")),
)
# Longer cells tell of the visit and are no word for how it went.
_OUTCOME_LENGTH = 8
_UNIT_FRONTS = {"市": "金昌市", "区": "金川区", "县": "永昌县"}
_NOT_THE_CITY = re.compile(
    r"市(?:场|政(?!府|协)|容|民(?!政|委|宗|革|盟|建|进))|区域|县域"
)
_BETWEEN = re.compile(r"[,/;+|]|以及|[和及与兼]")
_PAIRINGS = {
    "爱心妈妈": re.compile("爱心|妈妈|爸爸|母亲"),
    "医师包联": re.compile("医|卫生"),
}


class Said(NamedTuple):
    """What a category's cell tells besides: the finer kind, other categories."""

    kind: str | None = None
    also: tuple[str, ...] = ()


def read_category(value: Value, column: str = "category") -> Read:
    """Read a category from its cell; ``more`` is what it tells besides."""
    text = narrow(value).upper()
    if text in EMPTY_WORDS:
        return wrong(column, "E_CATEGORY", CATEGORY_EMPTY)
    return _category(text, column)


def category_in(*texts: str) -> str | None:
    """Return the category that the first telling of these texts tells."""
    for text in texts:
        for category, mark in _IN_TITLE:
            if mark.search(text):
                return category
    return None


@lru_cache(maxsize=1024)
def read_way(value: Value, column: str = "way") -> Read:
    """Read how a contact was made; the value is the word the form uses."""
    text = narrow(value)
    if text in EMPTY_WORDS:
        return wrong(column, "E_WAY_BAD", "走访方式为空,请补充。")
    for way, mark in _WAYS:
        if mark.search(text):
            return Read(way)
    return wrong(column, "E_WAY_BAD", WAY_WORDS.format(shown(text)))


@lru_cache(maxsize=1024)
def read_outcome(value: Value, column: str = "outcome") -> Read:
    """Read how a visit went; nothing said, or no word of it, is that they met."""
    text = narrow(value)
    if text in EMPTY_WORDS:
        return Read(MET)
    for outcome, mark in _OUTCOMES if len(text) <= _OUTCOME_LENGTH else ():
        if mark.search(text):
            return Read(outcome)
    return odd(column, "W_OUTCOME", OUTCOME_WORDS.format(shown(text)), MET)


@lru_cache(maxsize=4096)
def read_unit(value: Value, column: str = "unit") -> Read:
    """Read the name of a unit; 市, 区 and 县 in front are those of this city."""
    text = squeezed(value).replace("\uff08", "(").replace("\uff09", ")")
    if text in EMPTY_WORDS:
        return wrong(column, "E_UNIT_EMPTY", UNIT_EMPTY)
    text = text.removeprefix("甘肃省")
    if text[:1] in _UNIT_FRONTS and len(text) > 1 and not _NOT_THE_CITY.match(text):
        text = _UNIT_FRONTS[text[0]] + text[1:]
    return Read(text)


@lru_cache(maxsize=1024)
def read_relation(value: Value) -> Read:
    """Read a relation as it is said; 系其父亲 is 父亲."""
    text = filled(value).replace(" ", "").removeprefix("系其").removeprefix("是其")
    return Read(text) if text else NOTHING


@lru_cache(maxsize=256)
def read_pairing(value: Value) -> Read:
    """Read the kind of a pairing; nothing said is a cadre's."""
    text = squeezed(value)
    for kind, mark in _PAIRINGS.items():
        if mark.search(text):
            return Read(kind)
    return Read("干部结对")


@lru_cache(maxsize=1024)
def _category(text: str, column: str) -> Read:
    parts = [part for part in _BETWEEN.split(text) if _first_of(part)] or [text]
    told = {_first_of(part) for part in parts}
    found = [category for category, _ in _IN_CELL if category in told]
    if not found:
        words = CATEGORY_WORDS.format(shown(clean(text)))
        return wrong(column, "E_CATEGORY", words)
    kinds = (kind for kind, mark in _KINDS if mark.search(text))
    said = Said(next(kinds, None), tuple(found[1:]))
    if not said.also:
        return Read(found[0], (), said)
    words = TWO_CATEGORIES.format(*(CATEGORY_LABELS[one] for one in found[:2]))
    return odd(column, "W_CATEGORY_TWO", words, found[0], said)


def _first_of(text: str) -> str | None:
    return next((category for category, mark in _IN_CELL if mark.search(text)), None)
