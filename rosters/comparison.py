"""Compares the registry with lists and with itself, set-wise, in the database.

A person is matched by the blind index of the resident id, the present one or an
earlier one; a list of a million rows is one statement (semantics: the scheme's data
notes on 比对).
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from cadres.models import Area
from rosters.enums import RosterKind
from rosters.models import Roster


@dataclass(frozen=True)
class Rule:
    """What a kind of list says of the registry."""

    # Says whether the registry holds the person to be of the list's kind.
    held: str
    field: str
    compares_disability: bool = False
    # Says of whom the list may speak although the registry no longer does.
    excused: str = "FALSE"


# 低保 ends with the month in which 特困 is granted: whose file the office has corrected
# for that is still rightly on the month's list.
ENDS_WITH_THE_MONTH = """EXISTS (
          SELECT 1 FROM rosters_difference o
          WHERE o.recipient_id = r.id AND o.month = %(month)s
            AND o.kind = 'on_both_lists' AND o.deed = 'corrected')"""
RULES = {
    RosterKind.DIBAO: Rule("r.dibao IS TRUE", "dibao", excused=ENDS_WITH_THE_MONTH),
    RosterKind.TEKUN: Rule(
        "(r.category = 'DESTITUTE' OR 'DESTITUTE' = ANY (r.also))", "category"
    ),
    RosterKind.DISABILITY: Rule(
        "r.disability_kind <> ''", "disability", compares_disability=True
    ),
}

REPEATED = """
    UPDATE rosters_rosterrow w SET outcome = 'repeated'
    FROM (SELECT id, row_number() OVER (
              PARTITION BY resident_id_index ORDER BY position) AS nth
          FROM rosters_rosterrow
          WHERE roster_id = %(roster)s AND reason = ''
            AND resident_id_index IS NOT NULL) n
    WHERE w.id = n.id AND n.nth > 1
"""
# Of a list that has just come in, only what is invalid is not so already.
INVALID = """
    UPDATE rosters_rosterrow w SET recipient_id = NULL, outcome = anew.outcome
    FROM (SELECT id, CASE WHEN reason <> '' OR resident_id_index IS NULL
                          THEN 'invalid' ELSE '' END AS outcome
          FROM rosters_rosterrow WHERE roster_id = %(roster)s) anew
    WHERE w.id = anew.id
      AND (w.recipient_id IS NOT NULL OR w.outcome <> anew.outcome)
"""
# A field differs only where the list says something.
FIELDS = """
    array_remove(ARRAY[
        CASE WHEN w.name <> r.name THEN 'name' END,
        CASE WHEN w.area_id IS NOT NULL
              AND left(w.area_id, 9) <> left(r.area_id, 9) THEN 'township' END,
        CASE WHEN NOT ({held}) AND NOT {excused} THEN '{field}' END{disability}
    ], NULL)::varchar(20)[]
"""
DISABILITY_FIELDS = """,
        CASE WHEN {held} AND w.disability_kind <> ''
              AND w.disability_kind <> r.disability_kind THEN 'dis_kind' END,
        CASE WHEN {held} AND w.disability_grade <> ''
              AND w.disability_grade <> r.disability_grade THEN 'dis_grade' END"""
# A list may lag behind: an id that was corrected or merged away still means somebody,
# as long as it means one person only.
MATCHED = """
    CREATE TEMP TABLE matched ON COMMIT DROP AS
    SELECT w.id AS row_id, r.id AS recipient_id, {area} AS area_id,
           CASE WHEN r.id IS NULL THEN '{{}}' ELSE {fields} END AS fields
    FROM rosters_rosterrow w
    LEFT JOIN recipients_recipient own
        ON own.resident_id_index = w.resident_id_index AND own.status <> 'left'
    LEFT JOIN (
        SELECT f.index, (array_agg(f.recipient_id))[1] AS recipient_id
        FROM recipients_formermark f JOIN recipients_recipient p
            ON p.id = f.recipient_id AND p.status <> 'left'
        WHERE f.kind = 'resident_id' GROUP BY f.index HAVING count(*) = 1
    ) former ON former.index = w.resident_id_index
    LEFT JOIN recipients_recipient r
        ON r.id = coalesce(own.id, former.recipient_id)
    WHERE w.roster_id = %(roster)s AND w.outcome = ''
"""
# Somebody may stand in a list by the earlier id and by the present one.
MATCHED_TWICE = """
    WITH again AS (
        DELETE FROM matched WHERE row_id IN (
            SELECT row_id FROM (
                SELECT m.row_id, row_number() OVER (
                    PARTITION BY m.recipient_id ORDER BY w.position) AS nth
                FROM matched m JOIN rosters_rosterrow w ON w.id = m.row_id
                WHERE m.recipient_id IS NOT NULL) numbered
            WHERE nth > 1)
        RETURNING row_id)
    UPDATE rosters_rosterrow w SET outcome = 'repeated'
    FROM again WHERE w.id = again.row_id
"""
IN_LIST = """EXISTS (
          SELECT 1 FROM rosters_rosterrow w
          WHERE w.roster_id = %(roster)s AND w.recipient_id = r.id)"""
ROW_AREA = "coalesce(r.area_id, w.area_id, %(area)s)"
CLASSED = """
    UPDATE rosters_rosterrow w SET recipient_id = m.recipient_id, outcome =
        CASE WHEN m.recipient_id IS NULL THEN '{absent}'
             WHEN '{present}' <> '' THEN '{present}'
             WHEN cardinality(m.fields) > 0 THEN 'differs'
             ELSE 'agrees' END
    FROM matched m WHERE w.id = m.row_id
"""
ROW_DIFFERENCES = """
    INSERT INTO rosters_difference
        (id, kind, month, roster_id, row_id, recipient_id, area_id, fields,
         status, found_at, deed, words)
    SELECT uuidv7(), w.outcome, %(month)s, %(roster)s, w.id, w.recipient_id,
           coalesce(m.area_id, w.area_id, %(area)s),
           coalesce(m.fields, '{}'), 'open', %(now)s, '', ''
    FROM rosters_rosterrow w LEFT JOIN matched m ON m.row_id = w.id
    WHERE w.roster_id = %(roster)s AND w.outcome NOT IN ('agrees', 'not_on_file')
    ON CONFLICT (row_id) WHERE row_id IS NOT NULL DO UPDATE
        SET kind = excluded.kind, fields = excluded.fields,
            recipient_id = excluded.recipient_id, area_id = excluded.area_id
        WHERE rosters_difference.status = 'open'
"""
# Only people of the area the list covers can be missing from it.
MISSING = """
    INSERT INTO rosters_difference
        (id, kind, month, roster_id, row_id, recipient_id, area_id, fields,
         status, found_at, deed, words)
    SELECT uuidv7(), 'not_in_roster', %(month)s, %(roster)s, NULL, r.id, r.area_id,
           ARRAY['{field}']::varchar(20)[], 'open', %(now)s, '', ''
    FROM recipients_recipient r
    WHERE r.status <> 'left' AND {held}
      AND r.area_id >= %(low)s AND r.area_id < %(high)s
      AND NOT {in_list}
    ON CONFLICT (roster_id, recipient_id) WHERE kind = 'not_in_roster' DO NOTHING
"""
# What no longer differs goes by itself, unless somebody has closed it already.
GONE_ROWS = """
    UPDATE rosters_difference d SET status = 'gone'
    FROM rosters_rosterrow w
    WHERE d.roster_id = %(roster)s AND d.row_id = w.id AND d.status = 'open'
      AND w.outcome IN ('agrees', 'not_on_file')
"""
GONE_MISSING = """
    UPDATE rosters_difference d SET status = 'gone'
    FROM recipients_recipient r
    WHERE d.roster_id = %(roster)s AND d.kind = 'not_in_roster' AND d.status = 'open'
      AND r.id = d.recipient_id AND (r.status = 'left' OR NOT ({held}) OR {in_list})
"""
TALLIES = """
    SELECT outcome, count(*) FROM rosters_rosterrow
    WHERE roster_id = %(roster)s GROUP BY outcome
    UNION ALL
    SELECT 'not_in_roster', count(*) FROM rosters_difference
    WHERE roster_id = %(roster)s AND kind = 'not_in_roster' AND status <> 'gone'
"""


def compare(roster: Roster, *, now: object) -> dict[str, int]:
    """Put every row of the list in one class and write what differs.

    Returns {outcome: rows}, with ``not_in_roster`` for people on file whom the list
    leaves out. Must run inside a transaction; may be run again.
    """
    rule = RULES.get(RosterKind(roster.kind))
    values: dict[str, Any] = {
        "roster": roster.pk,
        "month": roster.month,
        "now": now,
        "area": roster.area_id,
        **_range(roster.area),
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS matched")
        for statement in _statements(rule):
            cursor.execute(statement, values)
        cursor.execute(TALLIES, values)
        return dict(cursor.fetchall())


def _statements(rule: Rule | None) -> list[str]:
    if rule is None:
        # A list of the dead: to be on file at all is what matters.
        return [
            INVALID,
            REPEATED,
            MATCHED.format(area=ROW_AREA, fields="'{}'::varchar(20)[]"),
            MATCHED_TWICE,
            CLASSED.format(absent="not_on_file", present="suspected_death"),
            ROW_DIFFERENCES,
            GONE_ROWS,
        ]
    disability = DISABILITY_FIELDS if rule.compares_disability else ""
    fields = FIELDS.format(
        held=rule.held,
        field=rule.field,
        excused=rule.excused,
        disability=disability.format(held=rule.held),
    )
    return [
        INVALID,
        REPEATED,
        MATCHED.format(area=ROW_AREA, fields=fields),
        MATCHED_TWICE,
        CLASSED.format(absent="not_in_registry", present=""),
        ROW_DIFFERENCES,
        MISSING.format(held=rule.held, field=rule.field, in_list=IN_LIST),
        GONE_ROWS,
        GONE_MISSING.format(held=rule.held, in_list=IN_LIST),
    ]


def _range(area: Area) -> dict[str, str]:
    return {"low": area.prefix, "high": str(int(area.prefix) + 1)}
