"""What cadres write most often, so that a tap says it."""

from dataclasses import dataclass

from recipients.enums import Category
from visits.enums import VISITING_WAYS, Outcome, Way

SEEN = tuple(str(way) for way in VISITING_WAYS)
HEARD = (str(Way.PHONE), str(Way.VIDEO))
ERRAND = (str(Way.ERRAND),)
OFFICE = (str(Way.OFFICE),)


@dataclass(frozen=True)
class Phrase:
    """A sentence to tap, and the ways of visiting that it goes with."""

    words: str
    ways: tuple[str, ...]
    outcome: str = Outcome.MET

    @property
    def ways_words(self) -> str:
        """The ways as one attribute of a page."""
        return " ".join(self.ways)


ANYBODY = (
    ("身体平稳", SEEN + HEARD),
    ("补贴已到账", SEEN + HEARD + OFFICE),
    ("打扫卫生", (Way.HOME,)),
    ("送慰问品", SEEN),
    ("查看用火用电安全", (Way.HOME,)),
    ("家里一切都好", HEARD),
    ("问了近况,没有新困难", SEEN + HEARD),
    ("代缴医保", ERRAND),
    ("陪同就医", ERRAND),
    ("陪同办证", ERRAND),
    ("代领补贴", ERRAND),
    ("来问政策,已解答", OFFICE),
    ("来反映困难,已记下", OFFICE),
)
UNMET = (
    ("家里没人,改日再去", SEEN, Outcome.NOT_MET),
    ("邻居说外出了", SEEN, Outcome.NOT_MET),
    ("没人接,稍后再打", HEARD, Outcome.NOT_MET),
    ("不愿让进门,已说明来意", SEEN, Outcome.REFUSED),
    ("不愿多说,改日再联系", HEARD, Outcome.REFUSED),
)
FOR_CATEGORY = {
    Category.CHILD: (
        ("精神好,学习正常", SEEN + HEARD),
        ("按时做康复训练", SEEN + HEARD),
        ("辅导功课", (Way.HOME, Way.VIDEO)),
    ),
    Category.DISABLED: (
        ("按时服药", SEEN + HEARD),
        ("辅具好用", SEEN),
        ("查看残疾人证有效期", SEEN),
    ),
    Category.DESTITUTE: (
        ("米面油够用", SEEN + HEARD),
        ("按时服药", SEEN + HEARD),
        ("取暖安全", (Way.HOME,)),
    ),
}


def phrases_for(category: str) -> list[Phrase]:
    """Return the phrases for such a person, the particular ones first."""
    particular = FOR_CATEGORY.get(Category(category), ())
    first, *rest = ANYBODY
    met = [Phrase(words, ways) for words, ways in (first, *particular, *rest)]
    return [*met, *(Phrase(*told) for told in UNMET)]


def phrases_for_all(categories: set[str]) -> list[Phrase]:
    """Return the phrases for several people who were met: of one sort, or anybody's."""
    if len(categories) == 1:
        return [one for one in phrases_for(*categories) if one.outcome == Outcome.MET]
    return [Phrase(words, ways) for words, ways in ANYBODY]


def phrases_of_unmet() -> list[Phrase]:
    """Return the phrases for who was not met."""
    return [Phrase(*told) for told in UNMET]
