"""Writes the cadres of a roster, and their units where there are none yet."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cadres.enums import AreaLevel, OrganisationLevel, Sex
from cadres.models import Area, Cadre, Organisation
from cadres.models.cadre import DEFAULT_CAPACITY
from common.encryption import blind_index
from common.pinyin import pinyin_of
from common.rows import uuid7
from common.search_text import grams
from intake.copying import change_many, copy_in
from intake.directory import Units
from intake.drafts import Draft
from intake.enums import Outcome
from intake.imports.cadre_values import (
    POST_LENGTH,
    SEXES,
    FiledCadre,
    capacity_of,
)
from intake.models import ImportBatch

_ID = Cadre._meta.get_field("resident_id")
_PHONE = Cadre._meta.get_field("phone")
_LEVELS = {
    AreaLevel.CITY: OrganisationLevel.CITY,
    AreaLevel.COUNTY: OrganisationLevel.COUNTY,
    AreaLevel.TOWNSHIP: OrganisationLevel.TOWNSHIP,
}
UNIT_LENGTH = 80
NEW_FIELDS = (
    *("id", "organisation", "name", "pinyin", "initials", "grams", "sex", "post"),
    *("resident_id", "resident_id_index", "phone", "phone_index", "capacity"),
    "skills",
)
CHANGED_FIELDS = (
    *("organisation", "name", "pinyin", "initials", "grams", "sex", "post"),
    *("phone", "phone_index", "capacity", "version"),
)


def write(drafts: Sequence[Draft], *, batch: ImportBatch) -> None:
    """Write new and changed cadres; the batch remembers which units it made."""
    accepted = [d for d in drafts if d.outcome in (Outcome.NEW, Outcome.CHANGED)]
    units = Units()
    made = _make_units(accepted, units)
    batch.settings = {**batch.settings, "units": [str(pk) for pk in made]}
    batch.save(update_fields=["settings"])
    copy_in(
        Cadre,
        NEW_FIELDS,
        (_new(d, units) for d in accepted if d.outcome == Outcome.NEW),
    )
    changed = [d for d in accepted if d.outcome == Outcome.CHANGED]
    for draft in changed:
        draft.before = {name: held(draft.found, name) for name in draft.fields}
    change_many(Cadre, CHANGED_FIELDS, (_changed(d, units) for d in changed))


def held(cadre: FiledCadre, name: str) -> Any:
    """Return a compared field as JSON can keep it, opened."""
    match name:
        case "unit":
            return str(cadre.organisation_id)
        case "phone":
            return cadre.opened_phone()
        case "gender":
            return cadre.sex
        case _:
            return getattr(cadre, name)


def told(draft: Draft, name: str, units: Units) -> Any:
    """Return what the row makes of a compared field, as ``held`` would say it."""
    match name:
        case "unit":
            return str(units.find(draft.text("unit")))
        case "post":
            return draft.text("post")[:POST_LENGTH]
        case "gender":
            return SEXES[draft.text("gender")]
        case "capacity":
            return capacity_of(draft)
        case _:
            return draft.text(name)


def hold(cadre: FiledCadre, values: dict[str, Any]) -> tuple[Any, ...]:
    """Return the row of ``cadre`` with these compared fields set."""
    name = values.get("name", cadre.name)
    full, initials, parts = cadre.pinyin, cadre.initials, cadre.grams
    if name != cadre.name:
        (full, initials), parts = pinyin_of(name), grams(name)
    phone, index = cadre.phone, cadre.phone_index or None
    if "phone" in values:
        phone = _PHONE.sealed(values["phone"], pk=cadre.pk)
        index = blind_index(values["phone"]) if values["phone"] else None
    return (
        cadre.pk,
        values.get("unit", cadre.organisation_id),
        *(name, full, initials, parts),
        values.get("gender", cadre.sex),
        values.get("post", cadre.post),
        phone,
        index,
        values.get("capacity", cadre.capacity),
        cadre.version + 1,
    )


def _new(draft: Draft, units: Units) -> tuple[Any, ...]:
    pk, name = draft.target, draft.text("name")
    number, phone = draft.text("id"), draft.text("phone")
    capacity = capacity_of(draft)
    skills = draft.values.get("skills") or []
    return (
        *(pk, units.find(draft.text("unit")), name, *pinyin_of(name), grams(name)),
        SEXES.get(draft.text("gender"), Sex.UNKNOWN.value),
        draft.text("post")[:POST_LENGTH],
        _ID.sealed(number, pk=pk),
        blind_index(number) if number else None,
        _PHONE.sealed(phone, pk=pk),
        blind_index(phone) if phone else None,
        DEFAULT_CAPACITY if capacity is None else capacity,
        [skills] if isinstance(skills, str) else list(skills),
    )


def _changed(draft: Draft, units: Units) -> tuple[Any, ...]:
    values = {name: told(draft, name, units) for name in draft.fields}
    return hold(draft.found, values)


def _make_units(drafts: Sequence[Draft], units: Units) -> list[UUID]:
    """Make the units that are not on file; return their keys."""
    missing = dict.fromkeys(
        draft.text("unit")
        for draft in drafts
        if draft.text("unit") and units.find(draft.text("unit")) is None
    )
    areas = list(Area.objects.exclude(level=AreaLevel.VILLAGE).order_by("-code"))
    rows = [_unit(name, areas) for name in missing]
    fields = ("id", "name", "level", "area", "pinyin", "initials", "grams")
    copy_in(Organisation, fields, rows)
    units.by_name.update({row[1]: row[0] for row in rows})
    return [row[0] for row in rows]


def _unit(name: str, areas: Sequence[Area]) -> tuple[Any, ...]:
    full, initials = pinyin_of(name)
    area = next((area for area in areas if name.startswith(area.name)), None)
    level = _LEVELS[AreaLevel(area.level)] if area else OrganisationLevel.OTHER
    code = area.pk if area else None
    return uuid7(), name, level.value, code, full[:200], initials[:60], grams(name)
