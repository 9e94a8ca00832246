"""All rows about some people exactly as the database holds them, and back again.

Sealed values stay sealed: what is put back is the same to the byte.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import sql

from recipients.merging.plan import references
from recipients.models import Household, HouseholdMember, LikelyPair, Recipient

# By table, then by key: the row as it stands, column by column.
Image = dict[str, dict[str, dict[str, Any]]]
PEOPLE = Recipient._meta.db_table
HOMES = Household._meta.db_table
MEMBERS = HouseholdMember._meta.db_table
DOUBTS = LikelyPair._meta.db_table


def take(people: Sequence[UUID], homes: Sequence[UUID]) -> Image:
    """Return every row of these people and homes and all that points at the people."""
    image = {
        PEOPLE: _rows(PEOPLE, "id", people),
        HOMES: _rows(HOMES, "id", homes),
        MEMBERS: _rows(MEMBERS, "household_id", homes),
        DOUBTS: {
            **_rows(DOUBTS, "first_key", people),
            **_rows(DOUBTS, "second_key", people),
        },
    }
    for reference in references():
        table = reference.model._meta.db_table
        image.setdefault(table, {}).update(_rows(table, reference.column, people))
    return image


def digest(image: Image) -> str:
    """Return a fingerprint by which two images can be told apart.

    What the clock finds likely meanwhile is no change of a file.
    """
    told = {table: rows for table, rows in image.items() if table != DOUBTS}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def put_back(earlier: Image, now: Image) -> None:
    """Make the rows as they were: take out, set, and add; people come first."""
    # Whoever counts where people were counted must not take this for a move.
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jinchang.counted_until', 'none', true)")
    _put_back_people(earlier[PEOPLE], now[PEOPLE])
    for table in sorted(earlier.keys() - {PEOPLE}):
        before, after = earlier[table], now.get(table, {})
        gone = [key for key in after if after[key] != before.get(key)]
        # Taken out first: row by row, two could not change places under a rule that
        # allows one. Keys to them are looked at when the transaction ends.
        _run("DELETE FROM {table} WHERE id::text = ANY(%s)", table, [gone])
        for key, row in before.items():
            if row != after.get(key):
                _insert(table, row)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jinchang.counted_until', '', true)")


def _put_back_people(
    before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]
) -> None:
    """Set the kept file, on whose row others may wait, before the other is added."""
    for key, row in sorted(before.items(), key=lambda one: one[0] not in after):
        if key in after:
            _update(PEOPLE, key, row)
        else:
            _insert(PEOPLE, row)


def _rows(table: str, column: str, keys: Sequence[UUID]) -> dict[str, dict[str, Any]]:
    statement = sql.SQL(
        "SELECT t.id::text, to_jsonb(t)::text FROM {table} t "
        "WHERE t.{column} = ANY(%s) ORDER BY t.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(
                table=sql.Identifier(table), column=sql.Identifier(column)
            ),
            [list(keys)],
        )
        return {key: json.loads(text) for key, text in cursor.fetchall()}


def _insert(table: str, row: dict[str, Any]) -> None:
    _run(
        "INSERT INTO {table} ({columns}) SELECT {columns} "
        "FROM jsonb_populate_record(NULL::{table}, %s::jsonb)",
        *(table, [json.dumps(row)]),
        columns=row,
    )


def _update(table: str, key: str, row: dict[str, Any]) -> None:
    _run(
        "UPDATE {table} SET ({columns}) = (SELECT {columns} "
        "FROM jsonb_populate_record(NULL::{table}, %s::jsonb)) WHERE id::text = %s",
        *(table, [json.dumps(row), key]),
        columns=row,
    )


def _run(
    statement: str, table: str, values: list[Any], columns: Iterable[str] = ()
) -> None:
    names = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(statement).format(table=sql.Identifier(table), columns=names),
            values,
        )
