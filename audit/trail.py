"""Writes the trail: an event is recorded with its deed or not at all."""

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models, transaction

from audit.models import Content, Event
from audit.whence import whence
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
    return _write(
        kind=kind, **_who(by), **_whom(subject), reason=reason, details=details
    )


def record_at_machine(kind: str, *, subject: models.Model, **details: Any) -> Event:
    """Write what a person did at the machine itself, where no account says who."""
    return _write(kind=kind, by_name="服务器", **_whom(subject), details=details)


def record_refusal(
    *, subject_type: str, subject_id: str, words: str, by: models.Model, **details: Any
) -> Event:
    """Write that an account was refused something, which may not even exist."""
    return _write(
        kind=REFUSED_ACCESS,
        **_who(by),
        subject_type=subject_type[:60],
        subject_id=subject_id[:40],
        subject_words=words[:120],
        # Its own office may see it; whose the row is, is not looked up.
        area=area_of(by),
        details=details,
    )


def record_about_key(
    kind: str, *, model: type[models.Model], pk: object, words: str, **details: Any
) -> Event:
    """Write one event about a row that is known by its key only, not looked at."""
    return _write(
        kind=kind,
        by_name="系统",
        subject_type=model._meta.label_lower,
        subject_id=str(pk),
        subject_words=words[:120],
        details=details,
    )


def _who(by: models.Model | None) -> dict[str, str]:
    if by is None:
        return {"by": "", "by_name": "时钟"}
    return {"by": str(by.pk), "by_name": getattr(by, "name", "")}


def _whom(subject: models.Model) -> dict[str, str]:
    return {
        "subject_type": subject._meta.label_lower,
        "subject_id": str(subject.pk),
        "subject_words": words_for(subject),
        "area": area_of(subject),
    }


def _write(**facts: Any) -> Event:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event is recorded together with its deed or not at all.")
    address, device = whence()
    return Event.objects.create(**facts, address=address, device=device)


def keep_contents(event: Event, people: Iterable[UUID]) -> None:
    """Keep whose rows the file of this event holds; see ``digest_of``."""
    Content.objects.create(n=event.pk, people=list(people))


def digest_of(people: Iterable[UUID]) -> str:
    """Return what an event tells of a list, so that the list cannot be changed."""
    whole = b"".join(sorted(person.bytes for person in people))
    return hashlib.sha256(whole).hexdigest()


def words_for(subject: models.Model) -> str:
    """Name the subject by its code, never by what it keeps private."""
    trail_words = getattr(subject, "trail_words", None)
    return str(trail_words if trail_words is not None else subject)[:120]


def area_of(subject: models.Model) -> str:
    """Return the division code by which offices find the event ('' for none)."""
    return str(getattr(subject, "trail_area", "") or "")


def changes(
    before: object,
    after: object,
    fields: Iterable[str],
    *,
    model: type[models.Model] | None = None,
) -> dict[str, list[str]]:
    """Return {field: [before, after]} of what differs, private values masked.

    Two rows, or what a form told about a ``model``; what that has no field for is
    taken for private.
    """
    differing = {}
    for name in fields:
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        if _is_private(model or type(before), name):
            differing[name] = [MASKED if old else "", MASKED if new else ""]
        else:
            differing[name] = [_plain(old), _plain(new)]
    return differing


def _is_private(model: Any, name: str) -> bool:
    try:
        return is_private(model, name)
    except KeyError:
        return True


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "、".join(str(item) for item in value)
    return str(value)
