"""What is left of a person when identity is removed, derived from the schema.

Every table that leads to a person by foreign keys is found by itself, and in it every
text that privacy.toml calls personal or sensitive. Codes stay, so that sums do.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from common.privacy import is_private
from recipients.enums import IdState
from recipients.models import Recipient

NAME = "已清除"
# Rows that tell nothing without identity are removed whole.
REMOVED = (
    *("recipients.Guardian", "recipients.Consent", "recipients.FormerMark"),
    "recipients.CadreRelative",
    *("visits.VisitDraft", "visits.VisitPhoto"),
)
# Words that a file's privacy class calls work, but that are written about a person.
ALSO = {
    "visits.Deed": ("words",),
    "recipients.Pairing": (
        *("proposal_words", "review_words", "over_capacity_words", "handover_words"),
    ),
    "recipients.ActingCarer": ("words", "end_words"),
    "rosters.RosterRow": ("reason_words",),
    "rosters.Difference": ("fields",),
}
# Tables that hold people as plain keys.
KEYED = {"recipients.FileMerge": ("kept_key", "gone_key")}
# How deep a table may lie below a person: deed, visit, person.
DEPTH = 3
# Files that belong to rows of higher apps: told the person's key, they remove them.
remove_files: list[Callable[[UUID], None]] = []


def rows_about(person: Recipient) -> Iterator[models.QuerySet[Any]]:
    """Yield, for every table below a person, the rows about this one.

    Also those that only hold the same number, and what was imported for any of them.
    """
    keys = [person.pk]
    for model in apps.get_models():
        if model is Recipient:
            continue
        for path in paths(model):
            rows = model._base_manager.filter(**{path: person.pk})
            keys += rows.values_list("pk", flat=True)
            yield rows
        names = {field.name for field in model._meta.concrete_fields}
        if "resident_id_index" in names and not _is_account_of_staff(model):
            index = bytes(person.resident_id_index or b"")
            if index:
                yield model._base_manager.filter(resident_id_index=index)
    yield from _keyed(person)
    for model in apps.get_models():
        if any(field.name == "target_id" for field in model._meta.concrete_fields):
            yield model._base_manager.filter(target_id__in=_uuids(keys))


def paths(model: type[models.Model], depth: int = DEPTH) -> list[str]:
    """Return how one gets from the table to a person: ``visit__recipient``."""
    found = []
    for field in model._meta.concrete_fields:
        target = field.related_model
        if not isinstance(field, models.ForeignKey) or target is model:
            continue
        if target is Recipient:
            found.append(field.name)
        elif depth > 1 and isinstance(target, type):
            found += [f"{field.name}__{rest}" for rest in paths(target, depth - 1)]
    return found


def blanks(model: type[models.Model]) -> dict[str, Any]:
    """Return what every private text of the table becomes."""
    also = ALSO.get(model._meta.label, ())
    return {
        field.name: _blank(field)
        for field in model._meta.concrete_fields
        if _is_text(field) and (field.name in also or is_private(model, field.name))
    }


def blank_person(person: Recipient, on: date) -> None:
    """Leave of the person in hand the code, the place and what sums are made of."""
    for name, value in blanks(Recipient).items():
        setattr(person, name, value)
    person.name, person.village = NAME, ""
    person.id_state = IdState.UNKNOWN
    if person.birth_on is not None:
        person.birth_on = person.birth_on.replace(month=1, day=1)
    person.certificate_until = None
    person.hukou_area = None
    person.erased_on = on


def _keyed(person: Recipient) -> Iterator[models.QuerySet[Any]]:
    for label, names in KEYED.items():
        for name in names:
            yield apps.get_model(label)._base_manager.filter(**{name: person.pk})


def _is_account_of_staff(model: type[models.Model]) -> bool:
    """A cadre's own file has the number of the cadre, not of the person."""
    return model._meta.label == "cadres.Cadre"


def _uuids(keys: list[Any]) -> list[UUID]:
    return [key for key in keys if isinstance(key, UUID)]


def _is_text(field: "models.Field[Any, Any]") -> bool:
    if field.choices or field.is_relation:
        return False
    if isinstance(field, ArrayField):
        return not field.base_field.choices
    return (
        isinstance(
            field,
            models.CharField | models.TextField | models.JSONField | models.BinaryField,
        )
        or field.get_internal_type() == "BinaryField"
    )


def _blank(field: "models.Field[Any, Any]") -> Any:
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, models.JSONField):
        return {}
    return None if field.null else ""
