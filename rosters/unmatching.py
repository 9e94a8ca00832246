"""Classes the rows of lists anew when the people they meant leave the registry again.

As the next comparison would find it: whom the registry does not hold is missing from
it, or, on a list of the dead, nobody of ours.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from common.refusals import Refused
from intake.copying import in_blocks
from rosters.comparison import TALLIES
from rosters.enums import DifferenceStatus, RosterStatus
from rosters.models import Difference, Roster, RosterRow

# A list that a newer version has replaced keeps what was found in it.
UNMATCHED = """
    WITH unmatched AS (
        UPDATE rosters_rosterrow w SET recipient_id = NULL, outcome =
            CASE l.kind WHEN 'deaths' THEN 'not_on_file' ELSE 'not_in_registry' END
        FROM rosters_roster l
        WHERE l.id = w.roster_id AND l.replaced_at IS NULL
          AND w.recipient_id = ANY(%(people)s)
        RETURNING w.id, w.roster_id, w.outcome, w.area_id)
    INSERT INTO rosters_difference
        (id, kind, month, roster_id, row_id, recipient_id, area_id, fields,
         status, found_at, deed, words)
    SELECT uuidv7(), u.outcome, l.month, l.id, u.id, NULL,
           coalesce(u.area_id, l.area_id), '{}', 'open', %(now)s, '', ''
    FROM unmatched u JOIN rosters_roster l ON l.id = u.roster_id
    WHERE u.outcome = 'not_in_registry'
    -- It was found before the people were brought in; a decision on it stands.
    ON CONFLICT (row_id) WHERE row_id IS NOT NULL DO UPDATE
        SET kind = excluded.kind, fields = excluded.fields, recipient_id = NULL,
            area_id = excluded.area_id, status = 'open'
        WHERE rosters_difference.status <> 'closed'
"""


def unmatch(people: Sequence[UUID]) -> None:
    """Let go of what comparisons found of these people, and class their rows anew.

    Must run inside a transaction. Raises Refused when somebody settles a difference
    of one of them at this very moment.
    """
    touched = set()
    for block in in_blocks(people):
        touched |= _lists_of(block)
        about = Difference.objects.filter(recipient__in=list(block))
        about.exclude(status=DifferenceStatus.CLOSED).delete()
        if about.exists():
            raise Refused("刚才有人处理了其中的比对差异,请再看一遍。")
        values: dict[str, Any] = {"people": list(block), "now": timezone.now()}
        with connection.cursor() as cursor:
            cursor.execute(UNMATCHED, values)
    for roster in Roster.objects.filter(pk__in=touched).order_by("kind", "month"):
        _count_anew(roster)


def _lists_of(people: Sequence[UUID]) -> set[UUID]:
    """Return the lists in force that speak of these people, held until the end."""
    rows = RosterRow.objects.filter(recipient__in=list(people))
    missing = Difference.objects.filter(recipient__in=list(people), row=None)
    named = {
        *rows.values_list("roster", flat=True),
        *missing.values_list("roster", flat=True),
    }
    lists = Roster.objects.in_force().filter(pk__in=named - {None})
    held = lists.order_by("kind", "month").select_for_update(of=("self",))
    return set(held.values_list("pk", flat=True))


def _count_anew(roster: Roster) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TALLIES, {"roster": roster.pk})
        roster.tallies = dict(cursor.fetchall())
    if roster.status == RosterStatus.WORKED and roster.differences.open().exists():
        roster.move_to(RosterStatus.COMPARED)
    roster.save(update_fields=["tallies", "status"])
