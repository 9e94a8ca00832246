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


# What was made before the first release: no office has a full table that these hold.
# A later step that does any of this says here why it may.
BEFORE_ANY_RELEASE = {
    ("cadres", "0002_doors"): {"fills cadres_user", "validates cadres_user"},
    ("cadres", "0003_posts_and_units_end"): {
        *("indexes cadres_cadre", "indexes cadres_organisation"),
        *("validates cadres_cadre", "validates cadres_organisation"),
    },
    ("casework", "0002_refer_needs"): {"validates casework_need"},
    ("intake", "0002_rows_that_ask"): {
        *("indexes intake_importrow", "validates intake_importrow"),
    },
    ("recipients", "0003_find_people_at_any_size"): {"indexes recipients_recipient"},
    ("recipients", "0004_lives"): {
        *("indexes recipients_household", "indexes recipients_recipient"),
        *("validates recipients_guardian", "validates recipients_household"),
    },
    ("recipients", "0007_erased_on"): {"validates recipients_recipient"},
    ("recipients", "0011_answer_from_indexes_alone"): {
        *("indexes recipients_pairing", "indexes recipients_recipient"),
        *("validates recipients_pairing", "validates recipients_recipient"),
    },
    # One look at a row a person, at a column that is empty: a blink at any size.
    ("recipients", "0013_resumed_on"): {"validates recipients_pairing"},
    ("visits", "0002_standing_reminders"): {"indexes visits_reminder"},
    ("visits", "0004_answer_from_indexes_alone"): {
        *("indexes visits_homevisit", "validates visits_homevisit"),
    },
    ("rosters", "0002_lists_overlap"): {"validates rosters_difference"},
    # Found by the index of what is open; few lists of a month are ever replaced.
    ("rosters", "0003_open_differences_go_with_their_list"): {
        "fills rosters_difference"
    },
}


def heavy(app: str, name: str) -> set[str]:
    """Return what the step does to tables that it has not made itself."""
    told = statements(app, name)
    made = made_by(app, name)
    return set(_heavy(told, made))


def made_by(app: str, name: str) -> set[str]:
    """Return the tables that the step makes."""
    return {table for one in statements(app, name) for table in MADE.findall(one)}


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
