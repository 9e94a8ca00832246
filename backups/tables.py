"""What is in a database, table by table: how many rows, and a checksum in order."""

import hashlib
from dataclasses import dataclass
from typing import Any

from psycopg2 import sql

from backups.server import Line

# Open sessions are not worth keeping, and must not come back to life.
LEFT_OUT = ("cadres_session",)

FIND_TABLES = """
SELECT c.relname,
       array(SELECT quote_ident(a.attname)
                 || CASE WHEN a.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END
             FROM pg_index i
             CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS key (number, place)
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = key.number
             WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY key.place)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> ALL (%s)
ORDER BY c.relname COLLATE "C"
"""
FIND_ROLES = """
SELECT DISTINCT r.rolname FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN aclexplode(c.relacl) AS given JOIN pg_roles r ON r.oid = given.grantee
WHERE n.nspname = 'public' AND given.grantee <> c.relowner ORDER BY 1
"""

LAST_EVENT = """
SELECT id, encode(sha256(convert_to(e::text, 'UTF8')), 'hex')
FROM public.audit_event AS e ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True)
class TableState:
    """How many rows a table has, and what they say together, in order."""

    rows: int
    checksum: str


class _Digest:
    """Takes the text of rows as a file would."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def write(self, text: bytes) -> int:
        self.digest.update(text)
        return len(text)


def states(line: Line) -> dict[str, TableState]:
    """Return {table: state} of everything that is kept, as this transaction sees it."""
    with line.cursor() as cursor:
        cursor.execute(FIND_TABLES, [list(LEFT_OUT)])
        found = cursor.fetchall()
        return {name: _state(cursor, name, keys) for name, keys in found}


def granted_roles(line: Line) -> list[str]:
    """Return the roles that have rights on our tables without owning them."""
    with line.cursor() as cursor:
        cursor.execute(FIND_ROLES)
        return [row[0] for row in cursor.fetchall()]


def head_of_trail(line: Line) -> str:
    """Return the last event of the trail, with all that it says, as one hash."""
    with line.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.audit_event')")
        if cursor.fetchone() == (None,):
            return ""
        cursor.execute(LAST_EVENT)
        row = cursor.fetchone()
    return f"{row[0]}:{row[1]}" if row else ""


def _state(cursor: Any, name: str, keys: list[str]) -> TableState:
    # A table without a key is put in order by all that its rows say.
    order = ", ".join(keys) or 't::text COLLATE "C"'
    rows = sql.SQL("COPY (SELECT * FROM public.{} AS t ORDER BY {}) TO STDOUT").format(
        sql.Identifier(name), sql.SQL(order)
    )
    sink = _Digest()
    cursor.copy_expert(rows.as_string(cursor), sink)
    return TableState(cursor.rowcount, sink.digest.hexdigest())
