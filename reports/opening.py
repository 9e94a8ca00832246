"""Opens sealed values of streamed rows, and puts the masks on."""

from typing import Any

from django.db import models

from common import masks
from common.sealed_fields import SealedTextField
from reports.scope import Scope


def opener(model: type[models.Model], name: str) -> Any:
    """Return a function (sealed value, row's key) → text for one field."""
    field = model._meta.get_field(name)
    if not isinstance(field, SealedTextField):
        raise TypeError(f"{field} is not sealed")

    def opened(value: bytes | memoryview | str | None, pk: object) -> str:
        return field.opened(value, pk=pk) if value else ""  # type: ignore[arg-type]

    return opened


def id_words(number: str, scope: Scope) -> str:
    """Return the id as the export may show it."""
    if not number or scope.full_ids:
        return number
    return masks.mask_id(number)


def phone_words(number: str, scope: Scope) -> str:
    """Return the phone as the export may show it."""
    if not number or scope.full_ids:
        return number
    return masks.mask_phone(number)
