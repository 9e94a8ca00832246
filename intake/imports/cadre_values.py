"""What a cadre on file holds, and how a roster's words compare with it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cadres.enums import Sex
from cadres.models import Cadre
from common.encryption import blind_index
from intake.directory import Units
from intake.drafts import Draft

WORDS = {
    "name": "姓名",
    "unit": "单位",
    "phone": "联系电话",
    "post": "职务",
    "gender": "性别",
    "capacity": "可结对户数",
}
SEXES = {"男": Sex.MALE.value, "女": Sex.FEMALE.value}
POST_LENGTH = 60
LARGEST_CAPACITY = 50
FIELDS = (
    *("pk", "resident_id_index", "name", "pinyin", "initials", "grams"),
    *("organisation_id", "organisation__name", "phone", "phone_index", "post"),
    *("sex", "capacity", "version", "active"),
)
_PHONE = Cadre._meta.get_field("phone")


@dataclass(slots=True)
class FiledCadre:
    """A cadre on file; sealed values stay sealed."""

    pk: UUID
    resident_id_index: bytes
    name: str
    pinyin: str
    initials: str
    grams: list[str]
    organisation_id: UUID
    unit: str
    phone: bytes
    phone_index: bytes
    post: str
    sex: str
    capacity: int
    version: int
    active: bool

    def opened_phone(self) -> str:
        return str(_PHONE.opened(self.phone, pk=self.pk))


def filed_cadres(cadres: Any, *, lock: bool) -> list[FiledCadre]:
    """Return the cadres as an import looks at them."""
    if lock:
        cadres = cadres.select_for_update(of=("self",), no_key=True)
    rows = [FiledCadre(*row) for row in cadres.order_by("pk").values_list(*FIELDS)]
    for cadre in rows:
        cadre.resident_id_index = bytes(cadre.resident_id_index or b"")
        cadre.phone = bytes(cadre.phone or b"")
        cadre.phone_index = bytes(cadre.phone_index or b"")
    return rows


def capacity_of(draft: Draft) -> int | None:
    """Return how many families the cadre may have; None when the cell was empty."""
    value = draft.values.get("capacity")
    return None if value in (None, "") else min(int(value), LARGEST_CAPACITY)


def differs(draft: Draft, cadre: FiledCadre, name: str, units: Units) -> bool:
    """Say whether a field the row fills in differs from the file."""
    text = draft.text(name)
    if not text:
        return False
    match name:
        case "unit":
            return units.find(text) != cadre.organisation_id
        case "phone":
            return blind_index(text) != cadre.phone_index
        case "post":
            return text[:POST_LENGTH] != cadre.post
        case "gender":
            return SEXES.get(text, cadre.sex) != cadre.sex
        case "capacity":
            return capacity_of(draft) != cadre.capacity
        case _:
            return text != cadre.name
