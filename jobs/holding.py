"""Who is at work on a job or sweep just now, told by a lock that ends with him.

The lock belongs to a line to the database of its own: it lasts as long as the process,
however long one step takes, and is gone the moment the process or the database is.
"""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar
from uuid import UUID

from django.db import DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# The first of the lock's two numbers: what kind of thing is held.
OF_JOBS = 0x4A4F42
Key = TypeVar("Key", UUID, str)


@contextmanager
def held(key: UUID | str) -> Iterator[bool]:
    """Hold the work inside the block; say whether it was free to be held."""
    beside = connections.create_connection("default")
    try:
        with beside.cursor() as cursor:
            cursor.execute(
                "SELECT pg_try_advisory_lock(%s, %s)", [OF_JOBS, _number(key)]
            )
            mine: bool = cursor.fetchone()[0]
        yield mine
        if mine:
            _let_go(beside, key)
    finally:
        beside.close()


def _let_go(beside: BaseDatabaseWrapper, key: UUID | str) -> None:
    """Let go before the line is closed, which the server notices a moment later."""
    # A line that is broken has let go already, and the work inside was done.
    with suppress(DatabaseError), beside.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [OF_JOBS, _number(key)])


def abandoned(keys: Iterable[Key]) -> list[Key]:
    """Return those of the works that nobody holds."""
    with connection.cursor() as cursor:
        # An object's number is unsigned in the view, and ours may be negative.
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory'"
            " AND classid = %s AND objsubid = 2 AND granted AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())",
            [OF_JOBS],
        )
        kept = {number for (number,) in cursor.fetchall()}
    return [key for key in keys if _number(key) % 2**32 not in kept]


def _number(key: UUID | str) -> int:
    """Return the work's number among locks, of 32 bits with a sign."""
    unsigned = zlib.crc32(str(key).encode())
    return unsigned - 2**32 if unsigned >= 2**31 else unsigned
