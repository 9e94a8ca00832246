"""Invented people for the demo city and for measurements; nobody here exists.

Ids are valid but their sequence is 9xx, phones begin with 1990: whoever meets one
outside knows what it is. The same seed gives the same people in the same order.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import NamedTuple

from common.invented_words import (
    BOYS,
    ETHNIC_GIVEN,
    GIRLS,
    RARE_SURNAMES,
    SURNAMES,
)
from common.resident_id import check_digit

FIRST_SEQUENCE = 900
A_SEX_A_DAY = 50
COUNTIES = ("620302", "620321")
ELSEWHERE = ("620621", "620602", "620725", "622301", "620121", "622225")
NEAR_PHONES = 10_000
FAR_PHONES = 10_000_000
FROM_ELSEWHERE = 0.08
ONE_CHARACTER = 0.22
ETHNIC_NAME = 0.8
# The places on the wheel of surnames.
WHEEL = 4_096

# GB/T 3304: how many of a hundred, as a county of Gansu may have it.
HAN, HUI, TIBETAN, UYGHUR, YUGUR = "01", "03", "04", "05", "48"
ETHNICITIES = ((HAN, 0.92), (HUI, 0.965), (TIBETAN, 0.98), (YUGUR, 0.99), (UYGHUR, 1.0))


class Person(NamedTuple):
    """An invented person: sex by GB/T 2261.1, ethnicity by GB/T 3304."""

    name: str
    resident_id: str
    birth_on: date
    sex: str
    ethnicity: str
    phone: str


class Inventor:
    """Invents people, never the same id or phone twice."""

    def __init__(self, seed: int, *, today: date) -> None:
        self.random = Random(seed)
        self.today = today
        self._taken: dict[tuple[str, int, str], int] = {}
        self._phones = 0

    def person(
        self, *, ages: tuple[int, int] = (18, 90), sex: str = "", phone: bool = True
    ) -> Person:
        """Return someone whose age today lies within ``ages``."""
        chance = self.random.random
        sex = sex or ("1" if chance() < 0.53 else "2")
        ethnicity = _ethnicity(chance())
        number, birth_on = self.resident_id(sex, ages)
        return Person(
            self.name(sex, ethnicity),
            number,
            birth_on,
            sex,
            ethnicity,
            self.phone() if phone else "",
        )

    def people(
        self, count: int, *, ages: tuple[int, int] = (18, 90)
    ) -> Iterator[Person]:
        """Yield so many people."""
        return (self.person(ages=ages) for _ in range(count))

    def resident_id(self, sex: str, ages: tuple[int, int]) -> tuple[str, date]:
        """Return an id that was not given out before, and its birth date."""
        chance = self.random.random
        youngest, oldest = _births(self.today, ages)
        span = youngest - oldest + 1
        codes = ELSEWHERE if chance() < FROM_ELSEWHERE else COUNTIES
        area = codes[int(chance() * len(codes))]
        ordinal = oldest + int(chance() * span)
        for tried in range(span):
            day = oldest + (ordinal - oldest + tried) % span
            key = (area, day, sex)
            taken = self._taken.get(key, 0)
            if taken < A_SEX_A_DAY:
                self._taken[key] = taken + 1
                birth_on, digits = _day(day)
                sequence = FIRST_SEQUENCE + 2 * taken + (sex == "1")
                first17 = f"{area}{digits}{sequence}"
                return first17 + check_digit(first17), birth_on
        raise ValueError(f"No id is left for ages {ages} in {area}.")

    def name(self, sex: str, ethnicity: str = HAN) -> str:
        """Return a name as it is usual among these people."""
        chance = self.random.random
        given = BOYS if sex == "1" else GIRLS
        if ethnicity in ETHNIC_GIVEN and chance() < ETHNIC_NAME:
            return self._ethnic_name(sex, ethnicity)
        surname = _surnames(ethnicity)[int(chance() * WHEEL)]
        first = given[int(chance() * len(given))]
        if chance() < ONE_CHARACTER:
            return surname + first
        return surname + first + given[int(chance() * len(given))]

    def phone(self) -> str:
        """Return 199 0000 xxxx for the first ten thousand, then 1990 xxx xxxx."""
        number = self._phones
        self._phones += 1
        if number < NEAR_PHONES:
            return f"1990000{number * 7919 % NEAR_PHONES:04d}"
        # Steps that have no factor in common with the size visit every number once.
        far = NEAR_PHONES + (number * 7_654_321) % (FAR_PHONES - NEAR_PHONES)
        return f"1990{far:07d}"

    def address(self, village: str) -> str:
        """Return an address within the village or community."""
        chance = self.random.random
        if village.endswith("社区"):
            return (
                f"{village}{1 + int(chance() * 28)}号楼{1 + int(chance() * 5)}单元"
                f"{1 + int(chance() * 6)}0{1 + int(chance() * 3)}室"
            )
        group = "一二三四五六七八九"[int(chance() * 9)]
        return f"{village}{group}组{1 + int(chance() * 96)}号"

    def pick(self, words: tuple[str, ...]) -> str:
        return words[int(self.random.random() * len(words))]

    def _ethnic_name(self, sex: str, ethnicity: str) -> str:
        first, second = ETHNIC_GIVEN[ethnicity][sex]
        name = self.pick(first)
        if not second:
            return name
        joint = "·" if ethnicity == UYGHUR else ""
        return f"{name}{joint}{self.pick(second)}"


@cache
def _surnames(ethnicity: str) -> tuple[str, ...]:
    """Return a wheel on which a surname stands as often as people bear it."""
    weights = {**SURNAMES, **dict.fromkeys(RARE_SURNAMES, 0.06)}
    if ethnicity == HUI:
        weights |= {"马": 60.0, "丁": 6.0, "哈": 4.0, "白": 4.0, "沙": 3.0, "穆": 3.0}
    reached = list(accumulate(weights.values()))
    wheel, names, place = [], list(weights), 0
    for step in range(WHEEL):
        while reached[place] < (step + 0.5) / WHEEL * reached[-1]:
            place += 1
        wheel.append(names[place])
    return tuple(wheel)


def _ethnicity(chance: float) -> str:
    if chance < ETHNICITIES[0][1]:
        return HAN
    return next(code for code, reached in ETHNICITIES if chance < reached)


@cache
def _births(today: date, ages: tuple[int, int]) -> tuple[int, int]:
    """Return the ordinals of the last and the first birth day of such ages."""
    youngest = _years_before(today, ages[0])
    oldest = _years_before(today, ages[1] + 1) + timedelta(days=1)
    return youngest.toordinal(), oldest.toordinal()


def _years_before(today: date, years: int) -> date:
    # Who was born on 29 February is a year older on 1 March.
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return date(today.year - years, today.month, day)


@cache
def _day(ordinal: int) -> tuple[date, str]:
    day = date.fromordinal(ordinal)
    return day, day.strftime("%Y%m%d")
