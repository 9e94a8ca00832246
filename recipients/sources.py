"""Where each value on a file comes from: typed by whom, or which row of which file.

A new file has one source for all its values (``WHOLE``); a value that is changed later
gets one of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils import timezone

from cadres.models import User
from intake.copying import copy_in
from intake.drafts import Draft
from intake.models import ImportBatch
from recipients.enums import SourceKind
from recipients.models import FieldSource, Recipient
from recipients.person_facts import label_of

WHOLE = ""
# A roster's word for a field, where the file has another.
COLUMNS = {
    "township": "area",
    "hukou": "hukou_area",
    "dis_kind": "disability_kind",
    "dis_grade": "disability_grade",
    "g_name": "guardian_name",
    "g_rel": "guardian_relation",
    "g_phone": "guardian_phone",
}
GUARDIAN = ("guardian_name", "guardian_relation", "guardian_phone")
CHANGED = """
    INSERT INTO recipients_fieldsource
        (recipient_id, field, kind, batch_id, row, told_on, as_of)
    SELECT told.person, told.name, 'import', %(batch)s, told.row, %(today)s, told.day
    FROM unnest(
        %(people)s::uuid[], %(names)s::text[], %(rows)s::int[], %(days)s::date[]
    ) AS told(person, name, row, day)
    ON CONFLICT (recipient_id, field) DO UPDATE
    SET kind = excluded.kind, batch_id = excluded.batch_id, row = excluded.row,
        by_id = NULL, told_on = excluded.told_on, as_of = excluded.as_of
"""
_FIELDS = ("recipient", "field", "kind", "batch_id", "row", "told_on", "as_of")


@dataclass(frozen=True)
class Line:
    """One source as the page tells it."""

    label: str
    words: str
    day: date


def opened_from_file(drafts: Sequence[Draft], batch_id: UUID) -> None:
    """Say that these new files come whole from rows of this file."""
    if not drafts:
        return
    today, kind = timezone.localdate(), SourceKind.IMPORT.value
    copy_in(
        FieldSource,
        _FIELDS,
        (
            (one.target, WHOLE, kind, batch_id, one.number, today, _day_of(one))
            for one in drafts
        ),
    )


def changed_by_file(drafts: Sequence[Draft], batch_id: UUID) -> None:
    """Say of each field that a row has changed that it comes from that row."""
    told = [
        (draft.target, COLUMNS.get(name, name), draft.number, _day_of(draft))
        for draft in drafts
        for name in draft.fields
    ]
    if not told:
        return
    people, names, rows, days = zip(*told, strict=True)
    with connection.cursor() as cursor:
        # All in one statement: a roster may change a hundred thousand values.
        cursor.execute(
            CHANGED,
            {
                "people": [str(person) for person in people],
                "names": list(names),
                "rows": list(rows),
                "days": list(days),
                "batch": batch_id,
                "today": timezone.localdate(),
            },
        )


def typed(person: Recipient, fields: Iterable[str], *, whose: User) -> None:
    """Say of each field that this account has typed it today."""
    _keep(
        FieldSource(recipient=person, field=name, kind=SourceKind.TYPED, by=whose)
        for name in fields
    )


def taken_back(people: Sequence[UUID], batch_id: UUID) -> None:
    """Forget what an import that is undone had said."""
    FieldSource.objects.filter(recipient__in=people, batch_id=batch_id).delete()


def changed_on(people: Sequence[UUID]) -> dict[tuple[UUID, str], date]:
    """Return {(person, field): the day of its value}, as far as a day is known.

    What was typed or merged is of the day it was; what came from a file is of the day
    of which the file speaks, and of a file that tells none nobody knows.
    """
    rows = FieldSource.objects.filter(recipient__in=people).values_list(
        "recipient", "field", "kind", "told_on", "as_of"
    )
    days = {
        (person, field): as_of if kind == SourceKind.IMPORT else told_on
        for person, field, kind, told_on, as_of in rows
    }
    return {key: day for key, day in days.items() if day}


def lines(person: Recipient) -> list[Line]:
    """Return the sources of a file as the page tells them, the whole file's first."""
    found = list(person.sources.select_related("by").order_by("field"))
    keys = {source.batch_id for source in found if source.batch_id}
    names = dict(ImportBatch.objects.filter(pk__in=keys).values_list("pk", "file_name"))
    return [
        Line(
            label=label_of(source.field) if source.field != WHOLE else "建档",
            words=_words(source, names),
            day=source.told_on,
        )
        for source in found
    ]


def _words(source: FieldSource, names: dict[UUID, str]) -> str:
    match source.kind:
        case SourceKind.IMPORT:
            name = names.get(source.batch_id, "文件") if source.batch_id else "文件"
            return f"导入 {name} 第 {source.row} 行"
        case SourceKind.MERGE:
            return f"合并 {source.by or ''}"
        case _:
            return f"录入 {source.by or ''}"


def _keep(sources: Iterable[FieldSource]) -> None:
    FieldSource.objects.bulk_create(
        sources,
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["recipient", "field"],
        update_fields=["kind", "batch_id", "row", "by", "told_on", "as_of"],
    )


def _day_of(draft: Draft) -> str | None:
    return draft.text("reported") or None
