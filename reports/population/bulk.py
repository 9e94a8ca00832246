"""Lets very many rows in at once: keys and indexes are checked and built at the end.

PostgreSQL's manual (populating a database) says to drop foreign keys and indexes
first; every one comes back by the words it was made of, and is checked then.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg2 import sql

from recipients.models import Pairing, Recipient
from visits.models import Deed, HomeVisit

TABLES = [model._meta.db_table for model in (HomeVisit, Deed, Pairing, Recipient)]
KEYS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE contype = 'f' AND conrelid = ANY (%s::regclass[])
"""
# Unique ones stay: they hold the rules that rows are written by.
INDEXES = """
    SELECT c.relname, pg_get_indexdef(i.indexrelid)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = ANY (%s::regclass[]) AND NOT i.indisunique
"""


@contextmanager
def without_checks() -> Iterator[None]:
    """Drop foreign keys and plain indexes of the large tables while rows come in.

    All is one transaction: broken off, nothing has happened.
    """
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(KEYS, [TABLES])
        keys = cursor.fetchall()
        cursor.execute(INDEXES, [TABLES])
        indexes = cursor.fetchall()
        for table, name, _ in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {quote(name)}")
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {quote(name)}")
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {quote(name)} {definition}"
            )
        look_afresh(cursor)


def look_afresh(cursor: Any) -> None:
    """Tell the planner what our tables hold now; the cluster's are not ours to read."""
    tables = connection.introspection.table_names(cursor)
    named = sql.SQL(", ").join(map(sql.Identifier, tables))
    cursor.execute(sql.SQL("ANALYZE {}").format(named))
