"""What is written down about a person, and what is found out from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from cadres.enums import Sex
from cadres.models import Area
from common import resident_id
from common.encryption import blind_index
from common.masks import mask_address, mask_cert, mask_id, mask_name, mask_phone
from common.pinyin import pinyin_of
from common.search_text import grams
from recipients.enums import IdState
from recipients.models import Guardian, Recipient

# Fields that a form tells as they are kept; the rest needs a little work.
PLAIN = (
    *("name", "ethnic", "category", "also", "kind"),
    *("disability_kind", "disability_kinds", "disability_grade"),
    *("certificate", "certificate_until", "village", "address", "phone"),
    *("hukou_area", "hukou_address"),
    *("dibao", "health", "note"),
)
DERIVED = (
    *("pinyin", "initials", "grams", "resident_id", "resident_id_index"),
    *("id_state", "sex", "birth_on", "phone_index", "area"),
)
STORED = (*PLAIN, *DERIVED)
MASKS: dict[str, Callable[[str], str]] = {
    "resident_id": mask_id,
    "certificate": mask_cert,
    "phone": mask_phone,
    "address": mask_address,
    "hukou_address": mask_address,
    "guardian_name": mask_name,
    "guardian_phone": mask_phone,
    "health": lambda text: f"写了 {len(text)} 字",
    "note": lambda text: f"写了 {len(text)} 字",
}
# What the form itself shows only in part; the rest stands in it word for word.
MASKED_IN_THE_FORM = ("resident_id", "certificate", "phone", "guardian_phone")
GUARDIAN_WORDS = {
    "guardian_name": "监护人姓名",
    "guardian_relation": "监护人关系",
    "guardian_phone": "监护人电话",
    "household_size": "家庭人口",
}


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """All that a form asks about a person, their guardian and their household."""

    name: str
    category: str
    area: Area
    resident_id: str = ""
    id_state: str = IdState.PRESENT
    sex: str = Sex.UNKNOWN
    birth_on: date | None = None
    ethnic: str = ""
    also: list[str] = field(default_factory=list)
    kind: str = ""
    disability_kind: str = ""
    disability_kinds: list[str] = field(default_factory=list)
    disability_grade: str = ""
    certificate: str = ""
    certificate_until: date | None = None
    village: str = ""
    address: str = ""
    hukou_area: Area | None = None
    hukou_address: str = ""
    phone: str = ""
    dibao: bool | None = None
    health: str = ""
    note: str = ""
    guardian_name: str = ""
    guardian_relation: str = ""
    guardian_phone: str = ""
    household_size: int | None = None

    @classmethod
    def of(cls, person: Recipient, guardian: Guardian | None) -> "PersonFacts":
        """Return what is on file."""
        names = {one.name for one in fields(cls)} - set(GUARDIAN_WORDS)
        return cls(
            **{name: getattr(person, name) for name in names},
            guardian_name=guardian.name if guardian else "",
            guardian_relation=guardian.relation if guardian else "",
            guardian_phone=guardian.phone if guardian else "",
            household_size=person.household.size,
        )

    def as_initial(self) -> dict[str, Any]:
        """Return the facts as a form begins with them."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def names_guardian(self) -> bool:
        return any((self.guardian_name, self.guardian_relation, self.guardian_phone))


def searched(name: str) -> dict[str, Any]:
    """Return how a name is found: its pinyin, initials and grams."""
    full, initials = pinyin_of(name)
    return {"pinyin": full, "initials": initials, "grams": grams(name)}


def facts_of(name: str, number: str, *, today: date) -> dict[str, Any]:
    """Return what follows from a name and a valid resident id, ready to be stored.

    Without a number the sex and the birth date are left to be told. Raises IdError.
    """
    found = {"name": name, **searched(name), "resident_id": number}
    if not number:
        return {**found, "resident_id_index": None}
    read = resident_id.check(number, today=today)
    return {
        **found,
        "resident_id": read.number,
        "resident_id_index": blind_index(read.number),
        "id_state": IdState.PRESENT,
        "sex": read.sex,
        "birth_on": read.birth_on,
    }


def stored(facts: PersonFacts, *, today: date) -> dict[str, Any]:
    """Return the facts as they stand on a person's row."""
    values = {name: getattr(facts, name) for name in PLAIN}
    values |= {"id_state": facts.id_state, "sex": facts.sex, "area": facts.area}
    values |= {"birth_on": facts.birth_on, "phone_index": index_of(facts.phone)}
    return values | facts_of(facts.name, facts.resident_id, today=today)


def index_of(text: str) -> bytes | None:
    return blind_index(text) if text else None


def differences(yours: PersonFacts, now: PersonFacts) -> list[tuple[str, str, str]]:
    """Return (label, the form's, today's) of what differs, as the form shows it.

    It is for whoever has the form before them: numbers are masked as they are there,
    and words are told whole, so that one can choose between them.
    """
    told = [one.name for one in fields(PersonFacts)]
    return [
        (label_of(name), *_side_by_side(name, getattr(yours, name), value))
        for name in told
        if getattr(yours, name) != (value := getattr(now, name))
    ]


def _side_by_side(name: str, yours: Any, now: Any) -> tuple[str, str]:
    if name not in MASKED_IN_THE_FORM:
        return _in_words(name, yours), _in_words(name, now)
    left, right = shown(name, yours), shown(name, now)
    if left == right:
        return f"{left}(遮住的几位不同)", right
    return left, right


def hukou_words(person: Recipient) -> str:
    """Return where the 户口 is, down to the village."""
    area = person.hukou_area.full_name if person.hukou_area else ""
    return area + mask_address(person.hukou_address)


def label_of(name: str) -> str:
    if name in GUARDIAN_WORDS:
        return GUARDIAN_WORDS[name]
    return str(Recipient._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def shown(name: str, value: Any) -> str:
    """Return a fact in words, masked where it is private."""
    if value in (None, "", []):
        return ""
    if name in MASKS:
        return MASKS[name](str(value))
    return _in_words(name, value)


def _in_words(name: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    words = _choices(name)
    if isinstance(value, list):
        return "、".join(words.get(one, str(one)) for one in value)
    return words.get(value, str(value))


def _choices(name: str) -> Mapping[Any, str]:
    if name in GUARDIAN_WORDS:
        return {}
    column: Any = Recipient._meta.get_field(name)
    return dict(getattr(column, "base_field", column).choices or ())
