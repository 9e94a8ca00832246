"""Compares the registry with itself: who is unpaired, overdue, expired, incomplete."""

from datetime import date, datetime
from uuid import UUID

from django.db import connection

from rosters.enums import DifferenceKind

EVERYONE = "FROM recipients_recipient r WHERE r.status = 'on_file'"
ADULTHOOD = "18 years"

# Each finds people; the second is the fields to look at.
CHECKS = {
    DifferenceKind.UNPAIRED: (f"{EVERYONE} AND NOT r.paired", "'{}'"),
    DifferenceKind.CERTIFICATE_EXPIRED: (
        f"{EVERYONE} AND r.certificate_until < %(today)s",
        "ARRAY['certificate_until']",
    ),
    DifferenceKind.TURNED_18: (
        f"{EVERYONE} AND r.category = 'CHILD'"
        f" AND r.birth_on + interval '{ADULTHOOD}' <= %(today)s",
        "ARRAY['birth_on']",
    ),
    DifferenceKind.NO_CONTACT: (
        f"{EVERYONE} AND EXISTS (SELECT 1 FROM recipients_pairing p"
        " WHERE p.recipient_id = r.id AND p.kind = 'cadre'"
        " AND p.status = 'active' AND p.next_due_on < %(today)s)",
        "'{}'",
    ),
    DifferenceKind.SAME_PHONE: (
        f"{EVERYONE} AND EXISTS (SELECT 1 FROM recipients_recipient o"
        " WHERE o.status = 'on_file' AND o.phone_index = r.phone_index"
        " AND o.household_id <> r.household_id)",
        "ARRAY['phone']",
    ),
}
# What a file cannot do without, by what it is.
LACKS = {
    "birth_on": "r.birth_on IS NULL",
    "village": "r.village = ''",
    "phone": (
        "r.phone_index IS NULL AND NOT EXISTS (SELECT 1 FROM recipients_guardian g"
        " WHERE g.recipient_id = r.id AND g.phone_index IS NOT NULL)"
    ),
    "guardian": (
        "r.category = 'CHILD' AND NOT EXISTS ("
        "SELECT 1 FROM recipients_guardian g WHERE g.recipient_id = r.id)"
    ),
    "dis_kind": "r.category = 'DISABLED' AND r.disability_kind = ''",
    "dis_grade": "r.category = 'DISABLED' AND r.disability_grade = ''",
}
FOUND = """
    INSERT INTO rosters_difference
        (id, kind, month, roster_id, row_id, recipient_id, area_id, fields,
         status, found_at, deed, words)
    SELECT uuidv7(), '{kind}', %(month)s, NULL, NULL, r.id, r.area_id,
           ({fields})::varchar(20)[], 'open', %(now)s, '', ''
    {people}
    ON CONFLICT (month, kind, recipient_id) WHERE roster_id IS NULL
    DO UPDATE SET fields = excluded.fields, area_id = excluded.area_id
        WHERE rosters_difference.status = 'open'
"""
GONE = """
    UPDATE rosters_difference d SET status = 'gone'
    WHERE d.month = %(month)s AND d.kind = '{kind}' AND d.roster_id IS NULL
      AND d.status = 'open'
      AND d.recipient_id NOT IN (SELECT r.id {people})
"""
BACK = """
    UPDATE rosters_difference d SET status = 'open'
    WHERE d.month = %(month)s AND d.kind = '{kind}' AND d.roster_id IS NULL
      AND d.status = 'gone' AND d.recipient_id IN (SELECT r.id {people})
"""
STILL = "SELECT EXISTS (SELECT 1 {people} AND r.id = %(person)s)"
TALLIES = """
    SELECT kind, count(*) FROM rosters_difference
    WHERE month = %(month)s AND roster_id IS NULL AND status <> 'gone' GROUP BY kind
"""


def check_registry(*, month: date, today: date, now: datetime) -> dict[str, int]:
    """Write what the registry itself shows to be wrong; return {kind: people}.

    Must run inside a transaction; run again it finds the same.
    """
    values = {"month": month.replace(day=1), "today": today, "now": now}
    with connection.cursor() as cursor:
        for kind, (people, fields) in _checks().items():
            for statement in (FOUND, BACK, GONE):
                sql = statement.format(kind=kind, people=people, fields=fields)
                cursor.execute(sql, values)
        cursor.execute(TALLIES, values)
        found = dict(cursor.fetchall())
    return {kind: found.get(kind, 0) for kind in _checks()}


def still_finds(*, kind: str, person: UUID, today: date) -> bool:
    """Say whether the check would find this person today."""
    people, _ = _checks()[DifferenceKind(kind)]
    with connection.cursor() as cursor:
        still = STILL.format(people=people)
        cursor.execute(still, {"today": today, "person": str(person)})
        return bool(cursor.fetchone()[0])


def _checks() -> dict[DifferenceKind, tuple[str, str]]:
    lacking = ", ".join(
        f"CASE WHEN {condition} THEN '{field}' END"
        for field, condition in LACKS.items()
    )
    any_lack = " OR ".join(f"({condition})" for condition in LACKS.values())
    return {
        **CHECKS,
        DifferenceKind.MISSING_FIELDS: (
            f"{EVERYONE} AND ({any_lack})",
            f"array_remove(ARRAY[{lacking}], NULL)",
        ),
    }
