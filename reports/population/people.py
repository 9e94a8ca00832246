"""Writes invented people: file, household, guardian."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from common.encryption import blind_index
from common.invented import Inventor, Person
from common.pinyin import pinyin_of
from common.search_text import grams
from recipients.enums import Category, IdState
from recipients.models import Guardian, Household, Recipient
from reports.population.batch import Batch
from reports.population.households import Chosen, Home
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
NOT_REGISTERED_YET = 0.02
EXPIRED = 0.035
BIRTH_CERTIFICATE_AGE = 2
AT_THE_START = 0.55

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
        registered_on = self._registered_on(home.chosen)
        size = len(home.categories) + int(self.random.random() * 3)
        self.batch.add(Household, household, township.code, size)
        surname = ""
        members = []
        for place, category in enumerate(home.categories):
            traits = traits_of(
                category, self.random, home.chosen.kind if home.chosen else ""
            )
            person = self._person(traits, home.chosen)
            # Who lives together often bears one name.
            if surname and len(person.name) <= 3 and self.random.random() < 0.6:
                person = person._replace(name=surname + person.name[1:])
            surname = surname or person.name[:1]
            filed = Filed(
                *(self.keys.next(Stream.RECIPIENT), home.first_person + place),
                *(person.name, person.resident_id, category, traits),
                *(township.code, registered_on),
            )
            self._write(filed, person, household, village, address, township)
            self._write_guardian(filed, person)
            members.append(filed)
        return members

    def _registered_on(self, chosen: Chosen | None) -> date:
        # Most were put on file when the scheme began, the others since.
        chance = self.random.random
        if chosen is not None or chance() < AT_THE_START:
            back = DAYS_BACK - int(chance() * 90)
        else:
            back = 25 + int(chance() * (DAYS_BACK - 60))
        return self.today - timedelta(days=back)

    def _person(self, traits: Traits, chosen: Chosen | None) -> Person:
        if chosen is None:
            return self.inventor.person(ages=traits.ages)
        person = self.inventor.person(ages=chosen.ages, sex=chosen.sex)
        return person._replace(name=chosen.name, ethnicity="01")

    def _write(
        self,
        filed: Filed,
        person: Person,
        household: UUID,
        village: str,
        address: str,
        township: Township,
    ) -> None:
        pk, traits, chance = filed.pk, filed.traits, self.random.random
        number = person.resident_id
        state = IdState.PRESENT
        newborn = (self.today - person.birth_on).days < BIRTH_CERTIFICATE_AGE * 365
        if newborn and chance() < 0.3:
            number, state = "", IdState.PENDING
        phone = person.phone if chance() < HAS_PHONE[filed.category] else ""
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

    def _write_guardian(self, filed: Filed, person: Person) -> None:
        chance = self.random.random
        if chance() >= HAS_GUARDIAN[filed.category]:
            return
        pk = self.keys.next(Stream.GUARDIAN)
        relation = self.inventor.pick(RELATIONS[filed.category])
        male = relation[-1] in "父子弟甥侄"
        name = self.inventor.name("1" if male else "2")
        if relation in ("祖父", "父亲", "伯父", "姑姑", "兄弟", "儿子", "女儿"):
            name = person.name[:1] + name[1:]
        phone = self.inventor.phone() if chance() < 0.95 else ""
        self.batch.add(
            *(Guardian, pk, filed.pk, _G_NAME.sealed(name, pk=pk), relation),
            *(_G_PHONE.sealed(phone, pk=pk), blind_index(phone) if phone else None),
        )
