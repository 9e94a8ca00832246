"""The people who care: where each works, and how many families each takes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from uuid import UUID

from cadres.enums import CadreKind, Role
from cadres.models import Cadre, User
from common.encryption import blind_index
from common.invented import Inventor, Person
from common.invented_places import YONGCHANG
from common.invented_words import POSTS
from common.pinyin import pinyin_of
from common.search_text import grams
from reports.population.batch import Batch
from reports.population.keys import Keys, Stream
from reports.population.places import COUNTIES, City

YONGCHANG_SHARE = 0.62
ONE_IS_A_MOTHER = 50
OVERLOADED_EVERY = 271
ROWS_AT_ONCE = 5_000
CHILDREN_A_MOTHER = 2
_ID = Cadre._meta.get_field("resident_id")
_PHONE = Cadre._meta.get_field("phone")


@dataclass(frozen=True, slots=True)
class Carer:
    """A cadre as a pairing and a visit need it."""

    pk: UUID
    organisation: UUID
    user: UUID | None


@dataclass(frozen=True)
class Ranks:
    """The numbers that the cadres of one county bear."""

    first: int
    end: int

    @property
    def mothers(self) -> range:
        """Return the last ones: they care for children, beside a cadre."""
        return range(
            self.end - max(1, (self.end - self.first) // ONE_IS_A_MOTHER), self.end
        )

    @property
    def cadres(self) -> range:
        return range(self.first, max(self.first + 1, self.mothers.start))


class Staff:
    """All who care. Who the n-th is follows from n: nobody is kept in memory."""

    def __init__(self, city: City, count: int, keys: Keys, *, accounts: bool) -> None:
        count = max(count, 4)
        border = max(2, round(count * (1 - YONGCHANG_SHARE)))
        self.ranks = dict(
            zip(COUNTIES, (Ranks(0, border), Ranks(border, count)), strict=True)
        )
        self.count = count
        self._city, self._keys, self._accounts = city, keys, accounts
        # Whose families are chosen by hand, so that chance gives them none.
        self.cadre = self.ranks[YONGCHANG].first
        self.mother = self.ranks[YONGCHANG].mothers.start
        # The next one of the same unit.
        ranks = self.ranks[YONGCHANG]
        self.colleague = min(ranks.first + len(city.units[YONGCHANG]), ranks.end - 1)
        self._chosen = {self.cadre, self.mother} if accounts else set()

    def carer(self, number: int) -> Carer:
        """Return who bears this number."""
        account = self._keys.nth(Stream.USER, number) if self._accounts else None
        return Carer(
            self._keys.nth(Stream.CADRE, number), self._unit_of(number), account
        )

    def is_mother(self, number: int) -> bool:
        return any(number in ranks.mothers for ranks in self.ranks.values())

    def capacity(self, number: int) -> int:
        return 1 if number % OVERLOADED_EVERY == 1 else 3

    def turns(self, county: str, random: Random) -> Iterator[int]:
        """Yield the cadres of a county, each as often as families come to them."""
        while True:
            for number in self.ranks[county].cadres:
                yield from [number] * self._families(number, random)

    def mothers_turns(self, county: str) -> Iterator[int]:
        """Yield the mothers of a county, each as often as children come to them."""
        for number in self.ranks[county].mothers:
            if number not in self._chosen:
                yield from [number] * CHILDREN_A_MOTHER

    def _families(self, number: int, random: Random) -> int:
        if number in self._chosen:
            return 0
        if self.capacity(number) == 1:
            return 2
        chance = random.random()
        return 2 if chance < 0.07 else 3 if chance < 0.09 else 0 if chance > 0.92 else 1

    def _unit_of(self, number: int) -> UUID:
        county = next(c for c, r in self.ranks.items() if r.first <= number < r.end)
        places = self._city.units[county]
        place = places[(number - self.ranks[county].first) % len(places)]
        return self._keys.nth(Stream.ORGANISATION, place)


def write_staff(
    staff: Staff,
    inventor: Inventor,
    batch: Batch,
    *,
    password: str,
    known: dict[int, tuple[str, str]],
) -> None:
    """Write every cadre, with an account where the staff has accounts.

    ``known`` gives (account, name) of those whom one can sign in as.
    """
    for number in range(staff.count):
        account, name = known.get(number, (f"gb{number + 1:04d}", ""))
        mother = staff.is_mother(number)
        person = inventor.person(ages=(24, 58), sex="2" if mother else "")
        person = person._replace(name=name or person.name)
        _add_account(batch, staff.carer(number), account, person.name, password)
        _add_cadre(batch, staff, number, person, inventor.pick(POSTS))
        if number % ROWS_AT_ONCE == ROWS_AT_ONCE - 1:
            batch.write()
    batch.write()


def _add_account(
    batch: Batch, carer: Carer, account: str, name: str, password: str
) -> None:
    if carer.user is None:
        return
    batch.add(
        *(User, carer.user, account, name, Role.CADRE.value, None),
        *(carer.organisation, password, True),
    )


def _add_cadre(
    batch: Batch, staff: Staff, number: int, person: Person, post: str
) -> None:
    carer = staff.carer(number)
    kind = CadreKind.MOTHER if staff.is_mother(number) else CadreKind.CADRE
    full, initials = pinyin_of(person.name)
    batch.add(
        *(Cadre, carer.pk, carer.organisation, carer.user, person.name),
        *(kind.value, person.sex, post),
        *(_ID.sealed(person.resident_id, pk=carer.pk), blind_index(person.resident_id)),
        *(_PHONE.sealed(person.phone, pk=carer.pk), blind_index(person.phone)),
        *(staff.capacity(number), full, initials, grams(person.name)),
    )
