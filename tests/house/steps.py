"""What a step of the schema does to tables that are full already, read from its SQL."""

import re
from collections.abc import Iterator
from functools import cache

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

Key = tuple[str, str]

# Each holds its table, or reads or writes all of it, for as long as there are rows.
HEAVY = {
    "rewrites": re.compile(
        r'ALTER TABLE "(?P<table>\w+)" (?:ALTER COLUMN "\w+" TYPE'
        r"|ADD COLUMN .*(?:GENERATED ALWAYS|DEFAULT (?:now|clock_timestamp|gen_random))"
        r")",
        re.IGNORECASE | re.DOTALL,
    ),
    "indexes": re.compile(
        r"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)"
        r'(?:IF NOT EXISTS )?"?\w+"? ON "?(?P<table>\w+)"?',
        re.IGNORECASE,
    ),
    "validates": re.compile(
        r'ALTER TABLE "(?P<table>\w+)" (?:ADD CONSTRAINT (?!.*NOT VALID)'
        r"|ADD COLUMN .* CONSTRAINT .* REFERENCES"
        r'|ALTER COLUMN "\w+" SET NOT NULL)',
        re.IGNORECASE | re.DOTALL,
    ),
    "fills": re.compile(r'UPDATE "?(?P<table>\w+)"? SET', re.IGNORECASE),
}
MADE = re.compile(r'CREATE TABLE "(\w+)"', re.IGNORECASE)


def heavy(app: str, name: str) -> set[str]:
    """Return what the step does to tables that it has not made itself."""
    told = statements(app, name)
    made = {table for one in told for table in MADE.findall(one)}
    return set(_heavy(told, made))


def _heavy(told: list[str], made: set[str]) -> Iterator[str]:
    for one in told:
        for what, shape in HEAVY.items():
            found = shape.search(one)
            if found and found["table"] not in made:
                yield f"{what} {found['table']}"


@cache
def _executor() -> MigrationExecutor:
    return MigrationExecutor(connection)


def statements(app: str, name: str) -> list[str]:
    """Return the SQL of the step."""
    loader = _executor().loader
    step = loader.graph.nodes[app, name]
    told = loader.collect_sql([(step, False)])
    return [line for line in told if not line.startswith("--")]
