"""AZ-16 and IG-03: the database as a second wall, tried as the role that serves."""

from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from audit import roles

TRAIL = roles.ONLY_ADDED


@pytest.fixture
def web(db) -> Iterator["psycopg2.extensions.connection"]:
    """A line of our own to the tests' database, as the web has it."""
    web = settings.WEB_DATABASE
    ours = {**connection.get_connection_params(), "user": web["USER"]}
    named = {
        key: ours[key] for key in ("host", "port", "dbname", "user") if key in ours
    }
    password = {"password": web["PASSWORD"]} if web.get("PASSWORD") else {}
    with closing(psycopg2.connect(**named, **password)) as line:
        line.autocommit = True
        yield line


FORBIDDEN = [
    *(f"UPDATE {table} SET h = h" for table in ("audit_seal", "audit_head")),
    "UPDATE audit_event SET reason = 'x'",
    "UPDATE audit_check SET good = true",
    *(f"DELETE FROM {table}" for table in TRAIL),
    *(f"TRUNCATE {table}" for table in TRAIL),
    *(f"TRUNCATE {table} CASCADE" for table in TRAIL),
    *(f"DROP TABLE {table}" for table in TRAIL),
    *(f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE" for table in TRAIL),
    *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TRAIL),
    *(f"ALTER TABLE {table} OWNER TO CURRENT_USER" for table in TRAIL),
    "ALTER TABLE audit_event ALTER COLUMN xid SET DEFAULT 0",
    "DROP TRIGGER event_is_never_changed ON audit_event",
    "CREATE RULE quiet AS ON INSERT TO audit_event DO INSTEAD NOTHING",
    "CREATE TRIGGER quiet BEFORE INSERT ON audit_event "
    "FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE OR REPLACE FUNCTION audit_events_are_only_added() RETURNS trigger "
    "LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "DROP FUNCTION audit_events_are_only_added CASCADE",
    "DROP AGGREGATE audit_chain(bytea, bytea)",
    "SET session_replication_role = 'replica'",
    "SET ROLE jinchang",
    "SET SESSION AUTHORIZATION jinchang",
    "CREATE TABLE of_mine (id int)",
    "CREATE SCHEMA of_mine",
    "CREATE ROLE of_mine SUPERUSER",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "CREATE EXTENSION pg_trgm",
    "CREATE FUNCTION of_mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "COPY audit_event TO PROGRAM 'cat'",
    "COPY audit_event FROM PROGRAM 'true'",
    "COPY audit_event TO '/tmp/of_mine'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT * FROM pg_authid",
    "ALTER SYSTEM SET fsync = off",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_serving_role_may_not(web, statement: str):
    with (
        web.cursor() as cursor,
        pytest.raises(psycopg2.errors.InsufficientPrivilege),
    ):
        cursor.execute(statement)


def test_the_serving_role_adds_to_the_trail_and_reads_it(web):
    web.autocommit = False
    with web.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (at, by, by_name, kind, subject_type, subject_id, "
            "subject_words, area, reason, details) VALUES "
            "(now(), '', '', 'x', 'x', '1', '', '', '', '{}')"
        )
        cursor.execute("SELECT count(*) FROM audit_event WHERE kind = 'x'")
        assert cursor.fetchone() == (1,)
    web.rollback()


def test_the_serving_role_works_in_every_other_table(web):
    tables = {model._meta.db_table for model in apps.get_models()}
    ordinary = tables - set(roles.ONLY_ADDED) - set(roles.ONLY_READ)
    wanted = ("SELECT", "INSERT", "UPDATE", "DELETE")

    with web.cursor() as cursor:
        for table in sorted(ordinary):
            for right in wanted:
                cursor.execute("SELECT has_table_privilege(%s, %s)", [table, right])
                assert cursor.fetchone() == (True,), f"{right} {table}"


def test_every_table_of_the_trail_is_one_that_is_only_added_to():
    tables = {
        model._meta.db_table for model in apps.get_app_config("audit").get_models()
    }

    assert tables == set(roles.ONLY_ADDED)


@pytest.mark.parametrize("table", TRAIL)
def test_even_the_owner_meets_guards_that_a_replica_keeps(db, table: str):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass "
            "AND tgname LIKE '%%never_changed'",
            [table],
        )
        assert cursor.fetchall() == [("A",)]
