"""What a person of a category is like: kind, age, disability, words about health."""

from dataclasses import dataclass, field
from random import Random

from recipients.enums import Category, Kind

Wheel = tuple[tuple[str, float], ...]

KINDS: dict[str, Wheel] = {
    Category.CHILD: (
        ("ORPHAN_SOCIAL", 0.15),
        ("ORPHAN_HOME", 0.2),
        ("DE_FACTO", 0.7),
        ("CHILD_HIV", 0.71),
        ("CHILD_DISABLED", 1.0),
    ),
    Category.DISABLED: (
        ("SEVERE_DIBAO", 0.6),
        ("SEVERE_EDGE", 0.75),
        ("SEVERE_SINGLE", 0.87),
        ("MULTI", 0.95),
        ("OLD_CARE_YOUNG", 1.0),
    ),
    Category.DESTITUTE: (
        ("TEKUN_HOME", 0.66),
        ("TEKUN_CENTRE", 0.84),
        ("DIBAO_SEVERE", 0.92),
        ("ACCIDENT", 0.97),
        ("OTHER", 1.0),
    ),
}
DISABILITIES: Wheel = (
    *(("1", 0.1), ("2", 0.2), ("3", 0.23), ("4", 0.6), ("5", 0.75)),
    *(("6", 0.93), ("7", 1.0)),
)
HEALTH = {
    "1": ("双目失明,日常要人引路", "视力很弱,白内障术后"),
    "2": ("双耳听不见,靠手势交流", "戴助听器能听清大声说话"),
    "3": ("说话不清,能听懂", "不能说话,能写简单的字"),
    "4": ("下肢瘫痪,坐轮椅", "脑梗后左侧偏瘫,拄拐能走", "右手截肢,生活能自理"),
    "5": ("智力障碍,生活半自理", "智力障碍,走失过一次,要人看护"),
    "6": ("精神分裂症,服药稳定", "精神障碍,每月复诊取药"),
    "7": ("肢体和智力重度残疾,长期卧床", "听力和言语残疾,家人照料"),
    "": ("身体尚好", "高血压,按时服药", "关节炎,冬天行动不便", "慢性支气管炎"),
}
RELATIONS = {
    Category.CHILD: ("祖母", "祖父", "母亲", "父亲", "外祖母", "伯父", "姑姑"),
    Category.DISABLED: ("配偶", "儿子", "女儿", "母亲", "兄弟", "父亲"),
    Category.DESTITUTE: ("侄子", "外甥", "邻居", "村干部", "兄弟"),
}
HAS_GUARDIAN = {Category.CHILD: 0.985, Category.DISABLED: 0.35, Category.DESTITUTE: 0.2}
HAS_PHONE = {Category.CHILD: 0.12, Category.DISABLED: 0.86, Category.DESTITUTE: 0.8}
DISABLED_TOO = {Category.CHILD: 0.0, Category.DISABLED: 1.0, Category.DESTITUTE: 0.09}
TURNED_18 = 0.012
BEFORE_18 = 0.05


@dataclass(frozen=True)
class Traits:
    """What sort of person it is; texts are codes of recipients.enums."""

    kind: str
    ages: tuple[int, int]
    dibao: bool | None
    also: list[str] = field(default_factory=list)
    disability: str = ""
    parts: list[str] = field(default_factory=list)
    grade: str = ""


def traits_of(category: Category, random: Random, kind: str = "") -> Traits:
    """Return what a person of the category may be like; ``kind`` may be given."""
    kind = kind or pick(KINDS[category], random)
    dibao = _dibao(category, kind, random.random())
    ages = _ages(category, kind, random)
    chance = random.random()
    if kind != Kind.CHILD_DISABLED and chance >= DISABLED_TOO[category]:
        also = [Category.DESTITUTE.value] if category == Category.CHILD else []
        return Traits(kind, ages, dibao, also if chance > 0.985 else [])
    disability = pick(DISABILITIES, random)
    grade = "1" if random.random() < 0.42 else "2"
    also = [Category.DISABLED.value] if category != Category.DISABLED else []
    parts = ["4", "5"] if disability == "7" else []
    return Traits(kind, ages, dibao, also, disability, parts, grade)


def pick(wheel: Wheel, random: Random) -> str:
    """Return what chance points at; the wheel tells where each part ends."""
    chance = random.random()
    return next(name for name, end in wheel if chance < end)


def _dibao(category: Category, kind: str, chance: float) -> bool | None:
    if kind in (Kind.SEVERE_DIBAO, Kind.DIBAO_SEVERE):
        return True
    if category == Category.DESTITUTE:
        return False
    return None if chance < 0.06 else chance < 0.25


def _ages(category: Category, kind: str, random: Random) -> tuple[int, int]:
    if category == Category.CHILD:
        chance = random.random()
        if chance < TURNED_18:
            return 18, 18
        return (17, 17) if chance < TURNED_18 + BEFORE_18 else (1, 16)
    if category == Category.DISABLED:
        return (18, 45) if kind == Kind.OLD_CARE_YOUNG else (8, 86)
    return (60, 92) if kind == Kind.TEKUN_CENTRE else (42, 90)
