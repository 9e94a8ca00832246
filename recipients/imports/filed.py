"""What is on file about the people a roster names, fetched for many at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cadres.models import User
from intake.copying import in_blocks
from recipients.enums import FormerKind
from recipients.models import FormerMark, Guardian, Recipient

FIELDS = (
    *("pk", "resident_id_index", "name", "pinyin", "initials", "grams"),
    *("birth_on", "area_id", "village", "address", "phone", "phone_index"),
    *("kind", "disability_kind", "disability_kinds", "disability_grade"),
    *("dibao", "category", "also", "status", "household_id", "version", "left_on"),
    *("hukou_area_id", "hukou_address"),
)
_ADDRESS = Recipient._meta.get_field("address")
_HUKOU = Recipient._meta.get_field("hukou_address")
_PHONE = Recipient._meta.get_field("phone")
_G_NAME = Guardian._meta.get_field("name")
_G_PHONE = Guardian._meta.get_field("phone")


def _raw(value: Any) -> bytes:
    """Return a sealed or hashed column as bytes; the driver hands out views."""
    return bytes(value) if value else b""


@dataclass(slots=True)
class FiledGuardian:
    """The first guardian of a person on file; sealed values stay sealed."""

    pk: UUID
    name: bytes
    relation: str
    phone: bytes
    phone_index: bytes

    def opened_name(self) -> str:
        return str(_G_NAME.opened(self.name, pk=self.pk))

    def opened_phone(self) -> str:
        return str(_G_PHONE.opened(self.phone, pk=self.pk))


@dataclass(slots=True)
class Filed:
    """A person on file as an import looks at it; sealed values stay sealed."""

    pk: UUID
    resident_id_index: bytes
    name: str
    pinyin: str
    initials: str
    grams: list[str]
    birth_on: date | None
    area_id: str
    village: str
    address: bytes
    phone: bytes
    phone_index: bytes
    kind: str
    disability_kind: str
    disability_kinds: list[str]
    disability_grade: str
    dibao: bool | None
    category: str
    also: list[str]
    status: str
    household_id: UUID
    version: int
    left_on: date | None
    hukou_area_id: str | None
    hukou_address: bytes
    guardian: FiledGuardian | None = None

    def opened_address(self) -> str:
        return str(_ADDRESS.opened(self.address, pk=self.pk))

    def opened_hukou(self) -> str:
        return str(_HUKOU.opened(self.hukou_address, pk=self.pk))

    def opened_phone(self) -> str:
        return str(_PHONE.opened(self.phone, pk=self.pk))


def by_resident_id(indexes: Sequence[bytes], *, lock: bool) -> dict[bytes, Filed]:
    """Return {blind index: person} for the ids that are on file."""
    found: dict[bytes, Filed] = {}
    for block in in_blocks(indexes):
        people = Recipient.objects.filter(resident_id_index__in=list(block))
        found |= {
            person.resident_id_index: person for person in _fetch(people, lock=lock)
        }
        found = _by_former_id(block, lock=lock) | found
    return found


def _by_former_id(indexes: Sequence[bytes], *, lock: bool) -> dict[bytes, Filed]:
    """Return who had these ids before they were corrected: a roster may lag behind."""
    marks = FormerMark.objects.filter(
        kind=FormerKind.RESIDENT_ID, index__in=list(indexes)
    )
    holders = {_raw(index): pk for index, pk in marks.values_list("index", "recipient")}
    people = by_pk(list(holders.values()), lock=lock) if holders else {}
    return {index: people[pk] for index, pk in holders.items() if pk in people}


def by_person(
    births: Iterable[date], *, lock: bool
) -> dict[tuple[str, str, str], Filed]:
    """Return {(name, birth date, township): person} of those born on these days.

    Whoever has no id is known again by these three; of two such people neither is.
    """
    found: dict[tuple[str, str, str], Filed] = {}
    twice = set()
    for block in in_blocks(sorted(set(births))):
        people = Recipient.objects.filter(birth_on__in=list(block))
        for person in _fetch(people, lock=lock):
            key = (person.name, str(person.birth_on), person.area_id)
            if key in found:
                twice.add(key)
            found[key] = person
    return {key: person for key, person in found.items() if key not in twice}


def by_name(names: Iterable[str], *, lock: bool) -> dict[str, list[Filed]]:
    """Return {name: people on file who bear it}, for rosters without ids."""
    found: dict[str, list[Filed]] = {}
    for block in in_blocks(sorted(set(names))):
        people = Recipient.objects.not_left().filter(name__in=list(block))
        for person in _fetch(people, lock=lock):
            found.setdefault(person.name, []).append(person)
    return found


def seen_by(user: User, keys: Sequence[UUID]) -> dict[UUID, Filed]:
    """Return {key: person} of those among these people whom the account may see."""
    people = Recipient.objects.visible_to(user).filter(pk__in=list(keys))
    return {person.pk: person for person in _fetch(people, lock=False)}


def by_pk(keys: Sequence[UUID], *, lock: bool) -> dict[UUID, Filed]:
    """Return {key: person} for these people, as far as they are on file."""
    found: dict[UUID, Filed] = {}
    for block in in_blocks(keys):
        people = Recipient.objects.filter(pk__in=list(block))
        found |= {person.pk: person for person in _fetch(people, lock=lock)}
    return found


def _fetch(people: QuerySet[Recipient], *, lock: bool) -> list[Filed]:
    if lock:
        people = people.select_for_update(of=("self",), no_key=True)
    rows = [_filed(row) for row in people.order_by("pk").values_list(*FIELDS)]
    guardians = _guardians([person.pk for person in rows])
    for person in rows:
        person.guardian = guardians.get(person.pk)
    return rows


def _filed(row: tuple[Any, ...]) -> Filed:
    person = Filed(*row)
    person.resident_id_index = _raw(person.resident_id_index)
    person.address, person.phone = _raw(person.address), _raw(person.phone)
    person.phone_index = _raw(person.phone_index)
    person.hukou_address = _raw(person.hukou_address)
    return person


def _guardians(people: Sequence[UUID]) -> dict[UUID, FiledGuardian]:
    rows = Guardian.objects.filter(recipient__in=people, first=True).values_list(
        "recipient", "pk", "name", "relation", "phone", "phone_index"
    )
    return {
        person: FiledGuardian(pk, _raw(name), relation, _raw(phone), _raw(index))
        for person, pk, name, relation, phone, index in rows
    }
