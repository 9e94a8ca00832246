"""Which people make up the households, and what becomes of each household."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from recipients.enums import Category
from reports.population.plan import (
    CHILDREN,
    DESTITUTE,
    DISABLED,
    HOUSEHOLDS,
    PERSONS,
    Plan,
)

PROPOSED, UNPAIRED, PAUSED, RETURNED = "proposed", "unpaired", "paused", "returned"
HANDED_OVER, ENDS_SOON, ENDS_LATER = "handed_over", "ends_soon", "ends_later"
LATE = "late"
# How many households of a whole city have something to tell.
FATES = {
    PROPOSED: 12,
    UNPAIRED: 9,
    PAUSED: 6,
    RETURNED: 3,
    HANDED_OVER: 44,
    ENDS_SOON: 9,
    ENDS_LATER: 31,
    LATE: 82,
}


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A person whom somebody meets who signs in to the demonstration."""

    name: str
    category: Category
    kind: str
    ages: tuple[int, int]
    sex: str
    last_contact: int
    words: str
    by_mother: bool = False
    unclaimed: str = ""
    guardian: tuple[str, str] | None = None
    need: str = ""


@dataclass
class Home:
    """A household before it is written: its members' categories, and its fate."""

    categories: list[Category]
    fate: str = ""
    chosen: Chosen | None = None
    first_person: int = field(default=0)


CHOSEN = (
    Chosen(
        name="李小伟",
        category=Category.CHILD,
        kind="CHILD_DISABLED",
        ages=(9, 9),
        sex="1",
        last_contact=35,
        words="入户看望,孩子精神好,按时做康复训练;母亲问护理补贴怎么申请。",
        unclaimed="disability",
        guardian=("母亲", "王春梅"),
        need="孩子想转到县城特教班,请帮忙问教育局。",
    ),
    Chosen(
        name="王建国",
        category=Category.DESTITUTE,
        kind="TEKUN_HOME",
        ages=(67, 67),
        sex="1",
        last_contact=31,
        words="上门走访,米面油够用,煤已拉好;提醒防煤烟,约好下月再来。",
    ),
    Chosen(
        name="张秀兰",
        category=Category.DISABLED,
        kind="SEVERE_DIBAO",
        ages=(54, 54),
        sex="2",
        last_contact=2,
        words="入户看望,腰腿疼又犯了,按时服药;换了灯泡,护理补贴已到账。",
    ),
    Chosen(
        name="陈嘉怡",
        category=Category.CHILD,
        kind="DE_FACTO",
        ages=(11, 11),
        sex="2",
        last_contact=12,
        words="到家中看望,作业按时完成,字写得工整;送去一套彩笔。",
        by_mother=True,
    ),
    Chosen(
        name="马天泽",
        category=Category.CHILD,
        kind="ORPHAN_SOCIAL",
        ages=(7, 7),
        sex="1",
        last_contact=29,
        words="到家中看望,话比上次多了,和奶奶一起生活,情绪稳定。",
        by_mother=True,
    ),
)


def homes(plan: Plan, random: Random) -> Iterator[Home]:
    """Yield the households, city after city, until there are people enough."""
    person = 0
    while person < plan.persons:
        for home in _city(random, with_chosen=plan.stories and person == 0):
            del home.categories[plan.persons - person :]
            if not home.categories:
                return
            home.first_person = person
            person += len(home.categories)
            yield home


def _city(random: Random, *, with_chosen: bool) -> list[Home]:
    """Return a whole city of households, in no order but for those chosen."""
    people = [
        *[Category.CHILD] * CHILDREN,
        *[Category.DISABLED] * DISABLED,
        *[Category.DESTITUTE] * DESTITUTE,
    ]
    random.shuffle(people)
    made = [Home([category]) for category in people[:HOUSEHOLDS]]
    for category in people[HOUSEHOLDS:PERSONS]:
        made[int(random.random() * HOUSEHOLDS)].categories.append(category)
    first = _choose(made) if with_chosen else []
    rest = [home for home in made if home.chosen is None]
    _give_fates(rest, random)
    return [*first, *rest]


def _choose(made: list[Home]) -> list[Home]:
    """Return a household alone for each of the chosen."""
    first = []
    for chosen in CHOSEN:
        home = next(
            home
            for home in made
            if home.categories == [chosen.category] and home.chosen is None
        )
        home.chosen = chosen
        first.append(home)
    return first


def _give_fates(rest: list[Home], random: Random) -> None:
    fates = [fate for fate, count in FATES.items() for _ in range(count)]
    alone = [home for home in rest if len(home.categories) == 1]
    for home, fate in zip(random.sample(alone, len(fates)), fates, strict=True):
        home.fate = fate
