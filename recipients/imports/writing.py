"""Writes the people of a roster: new files, and what has changed in others."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from cadres.enums import Sex
from cadres.models import Area
from common.encryption import blind_index
from common.pinyin import pinyin_of
from common.rows import uuid7
from common.search_text import grams
from intake.copying import change_many, copy_in
from intake.drafts import Draft
from recipients.enums import IdState
from recipients.imports.filed import Filed, FiledGuardian
from recipients.imports.values import (
    GUARDIAN,
    disability_of,
    hukou_of,
    is_cleared,
    township_of,
    value_for,
)
from recipients.models import Guardian, Household, Recipient
from recipients.operations.numbering import take_numbers

_ID = Recipient._meta.get_field("resident_id")
_ADDRESS = Recipient._meta.get_field("address")
_HUKOU = Recipient._meta.get_field("hukou_address")
_PHONE = Recipient._meta.get_field("phone")
_CERTIFICATE = Recipient._meta.get_field("certificate")
_NOTE = Recipient._meta.get_field("note")
_HEALTH = Recipient._meta.get_field("health")
_G_NAME = Guardian._meta.get_field("name")
_G_PHONE = Guardian._meta.get_field("phone")
_SEXES = {"男": Sex.MALE.value, "女": Sex.FEMALE.value}

NEW_FIELDS = (
    *("id", "code", "household", "name", "pinyin", "initials", "grams"),
    *("resident_id", "resident_id_index", "id_state", "sex", "birth_on", "ethnic"),
    *(
        "category",
        "also",
        "kind",
        "disability_kind",
        "disability_kinds",
        "disability_grade",
    ),
    *("certificate", "area", "village", "address", "phone", "phone_index", "dibao"),
    *("health", "note", "registered_on", "hukou_area", "hukou_address"),
)
CHANGED_FIELDS = (
    *("name", "pinyin", "initials", "grams", "area", "village", "address"),
    *("phone", "phone_index", "kind", "disability_kind", "disability_kinds"),
    *("disability_grade", "dibao", "also", "version", "updated_at"),
    *("hukou_area", "hukou_address"),
)
GUARDIAN_FIELDS = ("name", "relation", "phone", "phone_index")


def add(drafts: Sequence[Draft]) -> None:
    """Open a file for each; every person gets a household of their own.

    A roster names a head, not who lives together: whether two people are one
    household is for the office to say.
    """
    if not drafts:
        return
    codes = _codes(drafts)
    homes = {draft.position: uuid7() for draft in drafts}
    copy_in(
        Household,
        ("id", "area", "size"),
        ((homes[d.position], township_of(d), d.values.get("size")) for d in drafts),
    )
    today = timezone.localdate()
    copy_in(
        Recipient,
        NEW_FIELDS,
        (_new(d, codes[d.position], homes[d.position], today) for d in drafts),
    )
    _add_guardians([draft for draft in drafts if _names_guardian(draft)])


def change(drafts: Sequence[Draft]) -> None:
    """Bring files up to date, keeping in each draft what stood there before."""
    if not drafts:
        return
    for draft in drafts:
        draft.before = {name: held(draft.found, name) for name in draft.fields}
    change_many(Recipient, CHANGED_FIELDS, (_changed(d) for d in drafts))
    told = [draft for draft in drafts if set(draft.fields) & set(GUARDIAN)]
    _add_guardians([draft for draft in told if draft.found.guardian is None])
    change_many(
        Guardian,
        GUARDIAN_FIELDS,
        (_guardian_changed(d) for d in told if d.found.guardian is not None),
    )


def hold(person: Filed, values: dict[str, Any]) -> tuple[Any, ...]:
    """Return the row of ``person`` with these compared fields set."""
    merged = Holding(person)
    for name, value in values.items():
        merged.set(name, value)
    return merged.row()


class Holding:
    """A person's row while its compared fields are being set."""

    def __init__(self, person: Filed) -> None:
        """Begin with what is on file."""
        self.person = person
        self.facts: dict[str, Any] = {
            "name": person.name,
            "pinyin": person.pinyin,
            "initials": person.initials,
            "grams": person.grams,
            "area": person.area_id,
            "village": person.village,
            "address": person.address,
            "phone": person.phone,
            "phone_index": person.phone_index or None,
            "kind": person.kind,
            "disability_kind": person.disability_kind,
            "disability_kinds": person.disability_kinds,
            "disability_grade": person.disability_grade,
            "dibao": person.dibao,
            "also": person.also,
            "hukou_area": person.hukou_area_id,
            "hukou_address": person.hukou_address,
        }

    def set(self, name: str, value: Any) -> None:
        """Set one compared field, with all that follows from it."""
        match name:
            case "name":
                full, initials = pinyin_of(value)
                self.facts |= {"name": value, "pinyin": full, "initials": initials}
                self.facts["grams"] = grams(value)
            case "address":
                self.facts["address"] = _sealed(_ADDRESS, value, self.person.pk)
            case "hukou":
                code, address = value or (None, "")
                self.facts["hukou_area"] = code
                self.facts["hukou_address"] = _sealed(_HUKOU, address, self.person.pk)
            case "phone":
                self.facts["phone"] = _sealed(_PHONE, value, self.person.pk)
                self.facts["phone_index"] = blind_index(value) if value else None
            case "dis_kind":
                kind, kinds = value
                self.facts |= {"disability_kind": kind, "disability_kinds": kinds}
            case _:
                self.facts[_COLUMNS.get(name, name)] = value

    def row(self) -> tuple[Any, ...]:
        facts = {**self.facts, "version": self.person.version + 1}
        facts["updated_at"] = timezone.now()
        return (self.person.pk, *(facts[name] for name in CHANGED_FIELDS))


_COLUMNS = {"township": "area", "dis_grade": "disability_grade"}


def guardian_row(pk: UUID, name: str, relation: str, phone: str) -> tuple[Any, ...]:
    """Return a guardian's key and values as they are stored."""
    return (
        pk,
        _sealed(_G_NAME, name, pk),
        relation,
        _sealed(_G_PHONE, phone, pk),
        blind_index(phone) if phone else None,
    )


def held(person: Filed, name: str) -> Any:
    """Return a compared field as JSON can keep it, opened."""
    if name in GUARDIAN:
        return person.guardian and _GUARDIAN_HELD[name](person.guardian)
    read = _HELD.get(name)
    return read(person) if read else getattr(person, name)


_HELD: dict[str, Callable[[Filed], Any]] = {
    "township": lambda person: person.area_id,
    "address": lambda person: person.opened_address(),
    "hukou": lambda person: [person.hukou_area_id, person.opened_hukou()],
    "phone": lambda person: person.opened_phone(),
    "dis_kind": lambda person: [person.disability_kind, list(person.disability_kinds)],
    "dis_grade": lambda person: person.disability_grade,
    "also": lambda person: list(person.also),
}
_GUARDIAN_HELD: dict[str, Callable[[FiledGuardian], str]] = {
    "g_name": lambda guardian: guardian.opened_name(),
    "g_rel": lambda guardian: guardian.relation,
    "g_phone": lambda guardian: guardian.opened_phone(),
}


def told(draft: Draft, name: str, person: Filed) -> Any:
    """Return what the row makes of a compared field of this person."""
    value = value_for(draft, name)
    if name == "dis_kind":
        return disability_of(value)
    if name == "also":
        return [*person.also, value]
    return value


def _changed(draft: Draft) -> tuple[Any, ...]:
    person: Filed = draft.found
    own = [name for name in draft.fields if name not in GUARDIAN]
    return hold(person, {name: told(draft, name, person) for name in own})


def _guardian_changed(draft: Draft) -> tuple[Any, ...]:
    guardian = draft.found.guardian
    return guardian_row(
        guardian.pk,
        draft.text("g_name") or guardian.opened_name(),
        *(_told_of(draft, guardian, name) for name in ("g_rel", "g_phone")),
    )


def _told_of(draft: Draft, guardian: FiledGuardian, name: str) -> str:
    if is_cleared(draft, name):
        return ""
    return str(value_for(draft, name) or _GUARDIAN_HELD[name](guardian))


def _new(draft: Draft, code: str, home: UUID, today: date) -> tuple[Any, ...]:
    pk, name, number = draft.target, draft.text("name"), draft.text("id")
    full, initials = pinyin_of(name)
    kind, kinds = disability_of(draft.text("dis_kind"))
    phone = draft.text("phone")
    hukou, hukou_address = hukou_of(draft)
    return (
        *(pk, code, home, name, full, initials, grams(name)),
        _sealed(_ID, number, pk),
        blind_index(number) if number else None,
        IdState.PRESENT.value if number else IdState.UNKNOWN.value,
        _SEXES.get(draft.text("gender"), Sex.UNKNOWN.value),
        draft.text("birth") or None,
        draft.text("ethnic")[:20],
        draft.text("category"),
        draft.values.get("also_said") or [],
        value_for(draft, "kind") or draft.text("kind_said"),
        kind,
        kinds,
        value_for(draft, "dis_grade"),
        _sealed(_CERTIFICATE, draft.text("certificate"), pk),
        township_of(draft),
        value_for(draft, "village"),
        _sealed(_ADDRESS, draft.text("address"), pk),
        _sealed(_PHONE, phone, pk),
        blind_index(phone) if phone else None,
        draft.values.get("dibao"),
        _sealed(_HEALTH, draft.text("health"), pk),
        _sealed(_NOTE, draft.text("note"), pk),
        today,
        hukou,
        _sealed(_HUKOU, hukou_address, pk),
    )


def _codes(drafts: Sequence[Draft]) -> dict[int, str]:
    """Number the new files township by township, in the order of the rows."""
    by_township: dict[str, list[int]] = defaultdict(list)
    for draft in drafts:
        by_township[township_of(draft)].append(draft.position)
    areas = Area.objects.in_bulk(sorted(by_township))
    codes: dict[int, str] = {}
    for township in sorted(by_township):
        positions = by_township[township]
        numbers = take_numbers(areas[township], len(positions))
        codes |= dict(zip(positions, numbers, strict=True))
    return codes


def _names_guardian(draft: Draft) -> bool:
    return any(draft.text(name) for name in GUARDIAN)


def _add_guardians(drafts: Iterable[Draft]) -> None:
    copy_in(
        Guardian,
        ("recipient", "id", *GUARDIAN_FIELDS),
        _guardians(drafts),
    )


def _guardians(drafts: Iterable[Draft]) -> Iterator[tuple[Any, ...]]:
    for draft in drafts:
        relation = value_for(draft, "g_rel")
        name, phone = draft.text("g_name"), draft.text("g_phone")
        yield (draft.target, *guardian_row(uuid7(), name, relation, phone))


def _sealed(field: Any, text: str, pk: object) -> bytes:
    sealed: bytes = field.sealed(text, pk=pk)
    return sealed
