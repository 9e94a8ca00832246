"""Says what depends on rows, whatever the app: nothing that points at them is missed.

The relations are asked of the models themselves, so a new one is known the day it is
written.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import models

from intake.copying import in_blocks


def pointed_at(
    model: type[models.Model], keys: Sequence[UUID], *, own: Sequence[str] = ()
) -> dict[UUID, str]:
    """Return {key: what depends on it} for the rows that something points at.

    ``own`` are the relations that are part of the row itself, and go with it.
    """
    found: dict[UUID, str] = {}
    for related in relations(model, own=own):
        words = f"已有{related.related_model._meta.verbose_name}"
        for block in in_blocks(keys):
            for key in _keys(related, block):
                found.setdefault(key, words)
    return found


def relations(model: type[models.Model], *, own: Sequence[str] = ()) -> list[Any]:
    """Return every relation by which another row points at rows of this model."""
    return [
        related
        for related in model._meta.get_fields(include_hidden=True)
        if related.auto_created and related.is_relation and not related.concrete
        if related.name not in own
    ]


def _keys(related: Any, block: Sequence[UUID]) -> set[UUID]:
    name = related.field.name if related.many_to_many else related.field.attname
    rows = related.related_model._base_manager
    pointing = rows.filter(**{f"{name}__in": list(block)})
    return set(pointing.values_list(name, flat=True))
