"""Says what depends on rows, whatever the app: nothing that points at them is missed.

The relations are asked of the models themselves, so a new one is known the day it is
written.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import models

from intake.copying import in_blocks


class Computed:
    """Rows that a higher app computes about others, and would compute without them.

    Only what somebody has ``decided`` of them stands in the way of an undo;
    ``let_go`` takes the rest along, within the transaction of the undo. An app that
    has such rows registers them in its ``imports`` module.
    """

    def __init__(
        self,
        about: type[models.Model],
        decided: dict[type[models.Model], models.Q | None],
        let_go: Callable[[Sequence[UUID]], None],
    ) -> None:
        """Name the models computed, with what of each is decided: None for none."""
        self.about, self.decided, self.let_go = about, decided, let_go


ALL = models.Q()
_COMPUTED: list[Computed] = []


def register_computed(computed: Computed) -> None:
    """Let undos know of rows that are computed anew without those taken back."""
    _COMPUTED.append(computed)


def let_go(model: type[models.Model], keys: Sequence[UUID]) -> None:
    """Take along what was computed about rows that are about to be removed.

    Raises Refused when somebody decides on it at this very moment.
    """
    for computed in _COMPUTED:
        if computed.about is model:
            computed.let_go(keys)


def pointed_at(
    model: type[models.Model], keys: Sequence[UUID], *, own: Sequence[str] = ()
) -> dict[UUID, str]:
    """Return {key: what depends on it} for the rows that something points at.

    ``own`` are the relations that are part of the row itself, and go with it. Of what
    is only computed, what somebody has decided counts.
    """
    found: dict[UUID, str] = {}
    decided = {
        part: which
        for computed in _COMPUTED
        if computed.about is model
        for part, which in computed.decided.items()
    }
    for related in relations(model, own=own):
        which = decided.get(related.related_model, ALL)
        if which is None:
            continue
        done = "已有" if which is ALL else "已处理过"
        words = f"{done}{related.related_model._meta.verbose_name}"
        for block in in_blocks(keys):
            for key in _keys(related, block, which):
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


def _keys(related: Any, block: Sequence[UUID], which: models.Q) -> set[UUID]:
    name = related.field.name if related.many_to_many else related.field.attname
    rows = related.related_model._base_manager
    pointing = rows.filter(which, **{f"{name}__in": list(block)})
    return set(pointing.values_list(name, flat=True))
