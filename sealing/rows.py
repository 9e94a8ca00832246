"""Finds what is sealed by an old key, and seals or indexes it anew, batch by batch."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from psycopg2 import Binary

from common.encryption import UnreadableText, blind_index
from common.sealed_fields import SealedTextField

BATCH = 1_000
INDEX_SUFFIX = "_index"


@dataclass(frozen=True)
class Table:
    """One model with sealed fields, and the indexes that are made of them."""

    model: type[models.Model]
    sealed: tuple[SealedTextField, ...]
    # {index column: (sealed field, key inside its JSON or "")}
    indexed: dict[str, tuple[str, str]]

    @property
    def name(self) -> str:
        return connection.ops.quote_name(self.model._meta.db_table)

    @property
    def columns(self) -> list[str]:
        """The sealed columns, then those of the indexes."""
        return [column_of(field) for field in self.sealed] + list(self.indexed)

    def old(self, number: str) -> str:
        """Return the condition: a value here was sealed by another key than this."""
        return " OR ".join(
            f"(length({column}) > 2 AND get_byte({column}, 1) <> {number})"
            for column in (column_of(field) for field in self.sealed)
        )

    def by(self, number: str) -> str:
        """Return the condition: a value here was sealed by this key."""
        return self.old(number).replace("<>", "=")


def column_of(field: "models.Field[Any, Any]") -> str:
    """Name the field's column."""
    return str(field.column)


def tables() -> Iterator[Table]:
    """Return every model that has a sealed field; a new one is found by itself."""
    for model in apps.get_models():
        sealed = tuple(
            field
            for field in model._meta.concrete_fields
            if isinstance(field, SealedTextField)
        )
        if sealed:
            yield Table(model, sealed, _indexed(model, {one.name for one in sealed}))


def _indexed(model: type[models.Model], sealed: set[str]) -> dict[str, tuple[str, str]]:
    """Pair ``phone_index`` with ``phone``; else the model's INDEX_SOURCES tells."""
    sources: dict[str, tuple[str, str]] = getattr(model, "INDEX_SOURCES", {})
    found = {}
    for field in model._meta.concrete_fields:
        if not (
            isinstance(field, models.BinaryField) and field.name.endswith(INDEX_SUFFIX)
        ):
            continue
        own = field.name.removesuffix(INDEX_SUFFIX)
        source = (own, "") if own in sealed else sources[field.name]
        found[column_of(field)] = source
    return found


def count_by(number: int) -> int:
    """Count the rows that still need the field key with this number."""
    total = 0
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(
                f"SELECT count(*) FROM {table.name} WHERE {table.by('%(number)s')}",
                {"number": number},
            )
            total += cursor.fetchone()[0]
    return total


@dataclass
class Pass:
    """What one walk over a table did."""

    rows: int = 0
    unreadable: int = 0


def renew(table: Table, *, indexes: bool, skip_locked: bool = True) -> Iterator[Pass]:
    """Walk the table in batches, each its own transaction, sealing with today's key.

    Killed anywhere it has lost nothing: what is done is seen by the values. With
    ``indexes`` every row is looked at, because an index does not tell its key.
    """
    after: Any = None
    while True:
        done = Pass()
        after = _batch(table, after, done, indexes=indexes, skip_locked=skip_locked)
        yield done
        if after is None:
            return


@transaction.atomic
def _batch(
    table: Table, after: Any, done: Pass, *, indexes: bool, skip_locked: bool
) -> Any:
    pk = column_of(table.model._meta.pk)
    number = settings.SECRETS.ring().active_field_key
    wanted = ["TRUE" if indexes else f"({table.old('%(number)s')})"]
    wanted += [f"{pk} > %(after)s"] if after is not None else []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join([pk, *table.columns])} FROM {table.name}"
            f" WHERE {' AND '.join(wanted)} ORDER BY {pk} LIMIT {BATCH}"
            f" FOR UPDATE {'SKIP LOCKED' if skip_locked else ''}",
            {"number": number, "after": after},
        )
        rows = cursor.fetchall()
        renewed = [new for row in rows if (new := _renewed(table, row, done)) != row]
        if renewed:
            _write(cursor, table, renewed)
    done.rows = len(renewed)
    return rows[-1][0] if len(rows) == BATCH else None


def _renewed(table: Table, row: tuple[Any, ...], done: Pass) -> tuple[Any, ...]:
    """Return the row as it should be: sealed and indexed with today's keys."""
    pk, values = row[0], dict(zip(table.columns, row[1:], strict=True))
    active = settings.SECRETS.ring().active_field_key
    opened: dict[str, str] = {}
    for field in table.sealed:
        value = values[column_of(field)]
        needed = any(source == field.name for source, _ in table.indexed.values())
        if not value or not (needed or bytes(value)[1] != active):
            continue
        text = opened[field.name] = field.opened(value, pk=pk)
        if isinstance(text, UnreadableText):
            done.unreadable += 1
        elif bytes(value)[1] != active:
            values[column_of(field)] = field.sealed(text, pk=pk)
    for column, (source, inside) in table.indexed.items():
        text = opened.get(source, "")
        if values[column] and text and not isinstance(text, UnreadableText):
            index = blind_index(json.loads(text)[inside] if inside else text)
            # Compared as bytes: what the driver gives never equals what we made.
            if bytes(values[column]) != index:
                values[column] = index
    return (pk, *values.values())


def _write(cursor: Any, table: Table, rows: list[tuple[Any, ...]]) -> None:
    meta = table.model._meta
    kind = meta.pk.rel_db_type(connection)
    names = [f"c{number}" for number in range(len(table.columns))]
    pairs = zip(table.columns, names, strict=True)
    arrays = [
        [None if row[at] is None else Binary(bytes(row[at])) for row in rows]
        for at in range(1, len(table.columns) + 1)
    ]
    cursor.execute(
        f"UPDATE {table.name} t SET {', '.join(f'{a} = v.{b}' for a, b in pairs)}"
        f" FROM unnest(%s::{kind}[], {', '.join(['%s::bytea[]'] * len(names))})"
        f" AS v(pk, {', '.join(names)}) WHERE t.{meta.pk.column} = v.pk",
        [[str(row[0]) for row in rows], *arrays],
    )
