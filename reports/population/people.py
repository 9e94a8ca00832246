"""Writes invented people: file, household, guardian."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from common.encryption import blind_index
from common.invented import Inventor, Person
from common.pinyin import pinyin_of, surname_length
from common.search_text import grams
from recipients.enums import Category, IdState
from recipients.models import Guardian, Household, Recipient
from reports.population.batch import Batch
from reports.population.households import LATE, Chosen, Home
from reports.population.keys import Keys, Stream
from reports.population.places import Township
from reports.population.plan import DAYS_BACK
from reports.population.traits import (
    HAS_GUARDIAN,
    HAS_PHONE,
    HEALTH,
    RELATIONS,
    Traits,
    traits_of,
)

ETHNICITIES = {
    "01": "汉族",
    "03": "回族",
    "04": "藏族",
    "05": "维吾尔族",
    "48": "裕固族",
}
NOT_REGISTERED_YET = 0.3
EXPIRED = 0.035
BIRTH_CERTIFICATE_AGE = 2
AT_THE_START = 0.55
MALE = "父子弟甥侄居部"
SAME_SURNAME = ("祖父", "父亲", "伯父", "姑姑", "兄弟", "儿子", "女儿")

_ID = Recipient._meta.get_field("resident_id")
_CERTIFICATE = Recipient._meta.get_field("certificate")
_ADDRESS = Recipient._meta.get_field("address")
_PHONE = Recipient._meta.get_field("phone")
_HEALTH = Recipient._meta.get_field("health")
_G_NAME = Guardian._meta.get_field("name")
_G_PHONE = Guardian._meta.get_field("phone")


class Filed(NamedTuple):
    """A person as pairings, visits and rosters need it."""

    pk: UUID
    number: int
    name: str
    resident_id: str
    category: Category
    traits: Traits
    area: str
    registered_on: date


class Registrar:
    """Opens files, numbered township by township."""

    def __init__(self, inventor: Inventor, batch: Batch, keys: Keys) -> None:
        self.inventor, self.batch, self.keys = inventor, batch, keys
        self.random: Random = inventor.random
        self.today = inventor.today
        self.numbered: dict[str, int] = {}

    def open(self, home: Home, township: Township) -> list[Filed]:
        """Write a household with its members; return them."""
        household = self.keys.next(Stream.HOUSEHOLD)
        village = self.inventor.pick(township.villages)
        address = self.inventor.address(village)
        registered_on = self._registered_on(home)
        size = len(home.categories) + int(self.random.random() * 3)
        self.batch.add(Household, household, township.code, size)
        surname = ""
        members = []
        for place, category in enumerate(home.categories):
            traits = traits_of(
                category, self.random, home.chosen.kind if home.chosen else ""
            )
            person = self._person(category, traits, home.chosen)
            # Who lives together often bears one name.
            if surname and len(person.name) <= 3 and self.random.random() < 0.6:
                person = person._replace(name=surname + person.name[1:])
            surname = surname or person.name[:1]
            filed = Filed(
                pk=self.keys.next(Stream.RECIPIENT),
                number=home.first_person + place,
                name=person.name,
                resident_id=self._number(person),
                category=category,
                traits=traits,
                area=township.code,
                registered_on=registered_on,
            )
            self._write(filed, person, household, (village, address), township)
            self._write_guardian(filed, person, home.chosen)
            members.append(filed)
        return members

    def _registered_on(self, home: Home) -> date:
        # Most were put on file when the scheme began, the others since.
        chance = self.random.random
        early = home.chosen is not None or home.fate == LATE
        if early or chance() < AT_THE_START:
            back = DAYS_BACK - int(chance() * 90)
        else:
            back = 25 + int(chance() * (DAYS_BACK - 60))
        return self.today - timedelta(days=back)

    def _person(
        self, category: Category, traits: Traits, chosen: Chosen | None
    ) -> Person:
        if chosen is None:
            person = self.inventor.person(ages=traits.ages)
            has_phone = self.random.random() < HAS_PHONE[category]
            return person if has_phone else person._replace(phone="")
        person = self.inventor.person(ages=chosen.ages, sex=chosen.sex)
        return person._replace(name=chosen.name, ethnicity="01")

    def _number(self, person: Person) -> str:
        """Return the resident id; some of the youngest have none yet."""
        newborn = (self.today - person.birth_on).days < BIRTH_CERTIFICATE_AGE * 365
        if newborn and self.random.random() < NOT_REGISTERED_YET:
            return ""
        return person.resident_id

    def _write(
        self,
        filed: Filed,
        person: Person,
        household: UUID,
        place: tuple[str, str],
        township: Township,
    ) -> None:
        village, address = place
        pk, traits = filed.pk, filed.traits
        number = filed.resident_id
        state = IdState.PRESENT if number else IdState.PENDING
        phone = person.phone
        full, initials = pinyin_of(person.name)
        self.batch.add(
            *(Recipient, pk, self._code(township), household),
            *(person.name, full, initials, grams(person.name)),
            *(_ID.sealed(number, pk=pk), blind_index(number) if number else None),
            *(state.value, person.sex, person.birth_on, ETHNICITIES[person.ethnicity]),
            *(filed.category.value, traits.also, traits.kind),
            *(traits.disability, traits.parts, traits.grade),
            *self._certificate(filed, number),
            *(township.code, village, _ADDRESS.sealed(address, pk=pk)),
            *(_PHONE.sealed(phone, pk=pk), blind_index(phone) if phone else None),
            *(traits.dibao, self._health(filed), filed.registered_on),
        )

    def _code(self, township: Township) -> str:
        number = self.numbered.get(township.code, 0) + 1
        self.numbered[township.code] = number
        return f"{township.front}-{number:04d}"

    def _certificate(self, filed: Filed, number: str) -> tuple[bytes, date | None]:
        traits = filed.traits
        if not (traits.disability and number):
            return b"", None
        chance = self.random.random
        days = -int(chance() * 200) if chance() < EXPIRED else 40 + int(chance() * 3200)
        text = f"{number}{traits.disability}{traits.grade}"
        return (
            _CERTIFICATE.sealed(text, pk=filed.pk),
            self.today + timedelta(days=days),
        )

    def _health(self, filed: Filed) -> bytes:
        words = HEALTH[filed.traits.disability]
        return bytes(_HEALTH.sealed(self.inventor.pick(words), pk=filed.pk))

    def _write_guardian(
        self, filed: Filed, person: Person, chosen: Chosen | None
    ) -> None:
        chance = self.random.random
        relation, name = (chosen and chosen.guardian) or ("", "")
        if not name:
            if chance() >= HAS_GUARDIAN[filed.category]:
                return
            relation = self.inventor.pick(RELATIONS[filed.category])
            name = self._relative(person.name, relation)
        pk = self.keys.next(Stream.GUARDIAN)
        phone = self.inventor.phone() if chance() < 0.95 or chosen else ""
        self.batch.add(
            *(Guardian, pk, filed.pk, _G_NAME.sealed(name, pk=pk), relation),
            *(_G_PHONE.sealed(phone, pk=pk), blind_index(phone) if phone else None),
        )

    def _relative(self, name: str, relation: str) -> str:
        """Return a name for a relation, the same surname on the father's side."""
        relative = self.inventor.name("1" if relation[-1] in MALE else "2")
        length = surname_length(name)
        if relation not in SAME_SURNAME or "·" in name + relative:
            return relative
        return name[:length] + relative[surname_length(relative) :]
