"""A department's list compared with the registry, set-wise and row by row."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from benchmarks.children import in_a_child
from benchmarks.figures import Figure
from benchmarks.sizes import Size
from benchmarks.stage import MANY, Stage

ROW_BY_ROW = 2_000
OF_THE_JOIN = 2
# Of a hundred rows: people nobody has on file, other names, other grades.
STRANGERS, RENAMED, REGRADED = 1, 1, 2
HELD = (
    *("name", "resident_id_index", "area_id"),
    *("disability_kind", "disability_grade"),
)
JOIN = """
    SELECT count(*) FILTER (WHERE r.id IS NULL), count(*) FILTER (WHERE w.id IS NULL),
           count(*) FILTER (WHERE w.name <> r.name
               OR w.disability_kind <> r.disability_kind
               OR w.disability_grade <> r.disability_grade
               OR left(w.area_id, 9) <> left(r.area_id, 9))
    FROM (SELECT * FROM rosters_rosterrow WHERE roster_id = %s) w
    FULL JOIN (SELECT * FROM recipients_recipient
               WHERE status <> 'left' AND disability_kind <> '') r
        ON r.resident_id_index = w.resident_id_index
"""


def measure(size: Size, stage: Stage) -> Iterator[Figure]:
    """Compare one list by the three ways; each is rolled back."""
    told = in_a_child(stage, MANY, "benchmarks.reconciliation:compare")
    rows = told.result["rows"]
    yield Figure(
        id="reconcile_join",
        words="名单比对并写下差异,与只查不写的联接相比",
        size=rows,
        unit="秒",
        ours=told.result["ours"],
        baseline=told.result["join"],
        target=OF_THE_JOIN,
        at_least=False,
        peak_mb=told.peak_mb,
    )
    yield Figure(
        id="reconcile_rows",
        words=f"名单比对,与逐行比对({told.result['looped']:,}行实测)相比",
        size=rows,
        unit="行/秒",
        ours=rows / told.result["ours"],
        baseline=told.result["looped"] / told.result["loop"],
        target=None,
    )


def compare() -> dict[str, Any]:
    """Return the seconds of each way, and how many rows there were."""
    from benchmarks.accounts import city_office
    from rosters.operations.reconcile import compare_roster

    by = city_office()
    roster = list_of_disabled(by)
    rows = roster.rows_read
    looped = min(ROW_BY_ROW, rows)
    return {
        "rows": rows,
        "looped": looped,
        "join": _undone(lambda: _join(roster)),
        "loop": _undone(lambda: _row_by_row(roster, looped)),
        "ours": _undone(lambda: compare_roster(roster=roster, by=by)),
    }


def _undone(work: Callable[[], Any]) -> float:
    """Return the seconds that the work takes, then undo what it wrote."""
    from django.db import transaction

    with transaction.atomic():
        began = time.perf_counter()
        work()
        taken = time.perf_counter() - began
        transaction.set_rollback(True)
    return taken


def list_of_disabled(by: Any) -> Any:
    """Return a list of the certified disabled, a few rows of which differ."""
    from django.db import connection
    from django.utils import timezone

    from intake.copying import copy_in
    from recipients.models import Recipient
    from rosters.enums import RosterKind
    from rosters.models import Roster, RosterRow

    today = timezone.localdate()
    roster = Roster.objects.create(
        kind=RosterKind.DISABILITY,
        month=date(today.year, today.month, 1),
        area=by.area,
        file_name="持证名单.xlsx",
        content_hash="0" * 64,
        by=by,
    )
    # A list of certificates names nobody by anything but an id.
    certified = Recipient.objects.not_left().exclude(disability_kind="")
    held = certified.exclude(resident_id_index=None).values_list(*HELD)
    fields = (
        *("id", "roster", "number", "position", "name", "resident_id_index", "area"),
        *("disability_kind", "disability_grade", "content"),
    )
    rows = (
        _row(roster.pk, number, *person)
        for number, person in enumerate(list(held), start=1)
    )
    roster.rows_read = copy_in(RosterRow, fields, rows)
    roster.save(update_fields=["rows_read"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE rosters_rosterrow")
    return roster


def _row(
    roster: Any, number: int, name: str, index: Any, area: str, kind: str, grade: str
) -> tuple[Any, ...]:
    from common.encryption import blind_index
    from common.rows import uuid7
    from rosters.models import RosterRow

    pk, nth = uuid7(), number % 100
    if nth < STRANGERS:
        index = blind_index(f"stranger {number}")
    elif nth < STRANGERS + RENAMED:
        name = f"{name}某"
    elif nth < STRANGERS + RENAMED + REGRADED:
        grade = "3"
    content = RosterRow._meta.get_field("content")
    sealed = content.sealed(f"{name} {area} {kind} {grade}", pk=pk)
    return (pk, roster, number, number, name, index, area, kind, grade, sealed)


def _join(roster: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(JOIN, [roster.pk])
        cursor.fetchall()


def _row_by_row(roster: Any, rows: int) -> None:
    """Compare as a loop over the list does it: look up, compare, write."""
    from recipients.models import Recipient
    from rosters.enums import DifferenceKind, RowOutcome
    from rosters.models import Difference

    for row in roster.rows.order_by("position")[:rows]:
        person = (
            Recipient.objects.not_left()
            .filter(resident_id_index=row.resident_id_index)
            .first()
        )
        row.recipient, row.outcome = person, RowOutcome.NOT_IN_REGISTRY
        fields = []
        if person is not None:
            told = {
                "name": row.name != person.name,
                "township": row.area_id != person.area_id,
                "dis_kind": row.disability_kind != person.disability_kind,
                "dis_grade": row.disability_grade != person.disability_grade,
            }
            fields = [name for name, differs in told.items() if differs]
            row.outcome = RowOutcome.DIFFERS if fields else RowOutcome.AGREES
        row.save(update_fields=["recipient", "outcome"])
        if row.outcome != RowOutcome.AGREES:
            Difference.objects.create(
                kind=DifferenceKind(row.outcome),
                month=roster.month,
                roster=roster,
                row=row,
                recipient=person,
                area_id=row.area_id,
                fields=fields,
            )
