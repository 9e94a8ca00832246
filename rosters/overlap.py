"""Finds who is on the lists of 低保 and of 特困供养 in one month.

Whoever becomes 特困 leaves 低保 with the month and begins the next: for that month both
lists may name the person, and it is for the office to say whether that is all.
"""

from datetime import date
from typing import Any

from django.db import connection

from rosters.enums import DifferenceKind, RosterKind
from rosters.self_check import BACK, FOUND, GONE

LISTS = (RosterKind.DIBAO, RosterKind.TEKUN)
NAMED = """
    SELECT w.recipient_id FROM rosters_rosterrow w
    JOIN rosters_roster l ON l.id = w.roster_id
    WHERE l.kind = '{kind}' AND l.month = %(month)s AND l.replaced_at IS NULL
      AND w.recipient_id IS NOT NULL
"""
ON_BOTH = " INTERSECT ".join(NAMED.format(kind=kind) for kind in LISTS)
PEOPLE = f"FROM recipients_recipient r WHERE r.status <> 'left' AND r.id IN ({ON_BOTH})"


def find_overlap(*, month: date, now: object) -> None:
    """Write who of the registry is on both lists; run again it finds the same.

    Must run inside a transaction, after the rows of the lists have been matched.
    """
    values: dict[str, Any] = {"month": month, "now": now}
    told = {
        "kind": DifferenceKind.ON_BOTH_LISTS,
        "people": PEOPLE,
        "fields": "ARRAY['dibao']",
    }
    with connection.cursor() as cursor:
        for statement in (FOUND, BACK, GONE):
            cursor.execute(statement.format(**told), values)
