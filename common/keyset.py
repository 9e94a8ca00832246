"""Pages of a long list by the place where the last one ended, flat in its length."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.utils.http import MAX_URL_LENGTH

M = TypeVar("M", bound=Model)
COUNTED_UP_TO = 10_000
PAGE_SIZE = 50
FORWARD, BACKWARD = "n", "p"


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows, and the cursors of the pages after and before them."""

    rows: list[M]
    next: str
    previous: str


def keyset_page(
    queryset: QuerySet[M],
    *,
    order: Sequence[str],
    cursor: str | None,
    size: int = PAGE_SIZE,
) -> Page[M]:
    """Return the page that the cursor names; the first one for none or rubbish.

    The last field of ``order`` must be unique; ``-`` before a field turns it.
    """
    way, values = _read(cursor, queryset, order)
    backward = way == BACKWARD
    ordered = queryset.order_by(*(_turned(order) if backward else order))
    stretches = _stretches(order, values, backward=backward) if values else [Q()]
    found: list[M] = []
    for stretch in stretches:
        if len(found) <= size:
            found += ordered.filter(stretch)[: size + 1 - len(found)]
    more, rows = len(found) > size, found[:size]
    if backward:
        rows.reverse()
    has_next, has_previous = (True, more) if backward else (more, bool(values))
    return Page(
        rows=rows,
        next=_cursor(FORWARD, rows[-1], order) if rows and has_next else "",
        previous=_cursor(BACKWARD, rows[0], order) if rows and has_previous else "",
    )


def capped_count(queryset: QuerySet[M], *, limit: int = COUNTED_UP_TO) -> int:
    """Count, but stop one beyond the limit: 10,001 means 10,000+."""
    return queryset.order_by()[: limit + 1].count()


def capped_counts(
    querysets: Mapping[str, QuerySet[M]], *, limit: int = COUNTED_UP_TO
) -> dict[str, int]:
    """Count each as ``capped_count`` does, all in one question to the database."""
    counted: list[str] = []
    values: list[Any] = []
    for rows in querysets.values():
        try:
            text, parameters = (
                rows.order_by().values("pk")[: limit + 1].query.sql_with_params()
            )
        except EmptyResultSet:
            counted.append("0")
            continue
        counted.append(f"(SELECT count(*) FROM ({text}) counted)")
        values += parameters
    if not counted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counted)}", values)
        numbers = cursor.fetchone() or ()
    return dict(zip(querysets, numbers, strict=True))


def _stretches(order: Sequence[str], values: list[Any], *, backward: bool) -> list[Q]:
    """Return what lies behind these values as runs of an index, the nearest first.

    Behind (a, b) are those of the same a and a later b, and then those of a later a:
    asked for at once, the index would be read from where a begins.
    """
    first, same = order[:1], {order[0].removeprefix("-"): values[0]}
    later = _beyond(first, values[:1], backward=backward)
    if len(order) == 1:
        return [later]
    return [Q(**same) & _beyond(order[1:], values[1:], backward=backward), later]


def _beyond(order: Sequence[str], values: list[Any], *, backward: bool) -> Q:
    """Return what lies behind these values: (a, b) > (x, y), field by field."""
    beyond, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field = name.removeprefix("-")
        lookup = "lt" if name.startswith("-") != backward else "gt"
        beyond |= equal & Q((f"{field}__{lookup}", value))
        equal &= Q((field, value))
    first, lead = order[0], "lte" if order[0].startswith("-") != backward else "gte"
    # The leading bound says it again in a way that an index can use.
    return Q((f"{first.removeprefix('-')}__{lead}", values[0])) & beyond


def _turned(order: Sequence[str]) -> list[str]:
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def _cursor(way: str, row: Model, order: Sequence[str]) -> str:
    values = []
    for name in order:
        value: Any = row
        for part in name.removeprefix("-").split("__"):
            value = getattr(value, part)
        values.append(str(value))
    text = json.dumps([way, values], ensure_ascii=False)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(
    cursor: str | None, queryset: QuerySet[M], order: Sequence[str]
) -> tuple[str, list[Any]]:
    if not cursor or len(cursor) > MAX_URL_LENGTH:
        return FORWARD, []
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        way, texts = json.loads(urlsafe_b64decode(padded))
        if way not in (FORWARD, BACKWARD) or len(texts) != len(order):
            return FORWARD, []
        pairs = zip(order, texts, strict=True)
        return way, [_value(queryset.model, name, text) for name, text in pairs]
    except (ValueError, TypeError, ValidationError, RecursionError):
        return FORWARD, []


def _value(model: type[Model], name: str, text: Any) -> Any:
    """Return the text as a value of the field; raises on rubbish."""
    if not isinstance(text, str) or "\0" in text:
        raise ValueError(name)
    field: Any = None
    for part in name.removeprefix("-").split("__"):
        field = (field.related_model if field else model)._meta.get_field(
            part.removesuffix("_id")
        )
    target = field.target_field if field.is_relation else field
    return target.to_python(text)
