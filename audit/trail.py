"""Writes the trail: an event is recorded with its deed or not at all."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from audit.models import Event
from common.privacy import is_private

MASKED = "***"
REFUSED_ACCESS = "access.refused"


def record(
    kind: str,
    *,
    subject: models.Model,
    by: models.Model | None,
    reason: str = "",
    **details: Any,
) -> Event:
    """Write one event; refuses to run outside a transaction.

    ``by`` is None for what the clock does by itself.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event is recorded together with its deed or not at all.")
    return Event.objects.create(
        kind=kind,
        by=str(by.pk) if by else "",
        by_name=getattr(by, "name", "") if by else "时钟",
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_words=words_for(subject),
        area=area_of(subject),
        reason=reason,
        details=details,
    )


def words_for(subject: models.Model) -> str:
    """Name the subject by its code, never by what it keeps private."""
    trail_words = getattr(subject, "trail_words", None)
    return str(trail_words if trail_words is not None else subject)[:120]


def area_of(subject: models.Model) -> str:
    """Return the division code by which offices find the event ('' for none)."""
    return str(getattr(subject, "trail_area", "") or "")


def changes(
    before: models.Model, after: models.Model, fields: Iterable[str]
) -> dict[str, list[str]]:
    """Return {field: [before, after]} of what differs, private values masked."""
    differing = {}
    for name in fields:
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        if is_private(before, name):
            differing[name] = [MASKED if old else "", MASKED if new else ""]
        else:
            differing[name] = [_plain(old), _plain(new)]
    return differing


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "、".join(str(item) for item in value)
    return str(value)
