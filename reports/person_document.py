"""All that is held on one person, and who saw it, as one document (个人信息查阅、复制).

Read from the schema like erasing, so that a new table is in it by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.db import models
from django.utils import timezone

from audit.models import Event
from audit.sentences import sentence
from cadres.models import User
from casework.models import Need, Referral
from common.excel import Column, Frame, write_ledger
from common.sealed_fields import SealedTextField
from recipients import erasing
from recipients.models import Recipient
from reports.queries import events_about_person

# What only the machine reads, or what merely repeats another field.
TECHNICAL = {
    *("id", "version", "pinyin", "initials", "grams", "client_id", "content_hash"),
    *("stored_as", "key", "position", "number", "fold", "updated_at"),
}
TRAIL = "谁看过、动过"


@dataclass(frozen=True)
class Line:
    """One value: which table it stands in, which of its rows, what it is."""

    table: str
    row: int
    label: str
    words: str


COLUMNS = [
    Column[Line]("类别", lambda line: line.table, 18),
    Column[Line]("第几条", lambda line: line.row, 8, "int"),
    Column[Line]("项目", lambda line: line.label, 22),
    Column[Line]("内容", lambda line: line.words, 70),
]


def lines_about(person: Recipient) -> list[Line]:
    """Return every value on file, table by table, and then the trail."""
    told = list(_row(person, 1))
    counted: dict[str, int] = {}
    for rows in erasing.rows_about(person):
        for row in _without_reports(rows).select_related().order_by("pk"):
            table = str(row._meta.verbose_name)
            counted[table] = counted.get(table, 0) + 1
            told += _row(row, counted[table])
    return [*told, *_trail(person)]


def write_document(lines: list[Line], out: IO[bytes], *, reason: str, by: User) -> int:
    """Write the document as a workbook, with who asked for it and why."""
    now = timezone.localtime()
    frame = Frame(
        title="个人信息查阅复制件",
        second_line=f"制作:{by.name}({by.username})  {now:%Y-%m-%d %H:%M}",
        notes=[
            ("制作人", f"{by.name}({by.username})"),
            ("制作时间", f"{now:%Y-%m-%d %H:%M:%S}"),
            ("申请事由", reason),
            ("依据", "《个人信息保护法》第四十五条"),
            ("提醒", "含完整个人信息,只交给本人或其监护人、受托人。"),
        ],
        sheet="查阅复制件",
        author=by.name,
    )
    return write_ledger(out, lines, COLUMNS, frame)


def _without_reports(rows: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
    """Leave out urgent reports, which offices alone may see (未成年人保护法第11条)."""
    label = rows.model._meta.label
    if label == "casework.Need":
        return rows.filter(reported=False)
    if label == "casework.Referral":
        return rows.filter(need__reported=False)
    return rows


def _row(row: models.Model, number: int) -> Iterator[Line]:
    table = str(row._meta.verbose_name)
    for field in row._meta.concrete_fields:
        if field.name in TECHNICAL or field.related_model is Recipient:
            continue
        if isinstance(field, models.BinaryField) and not _is_sealed(field):
            continue
        words = _words(row, field)
        if words:
            yield Line(table, number, str(field.verbose_name), words)


def _is_sealed(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, SealedTextField)


def _words(row: models.Model, field: "models.Field[Any, Any]") -> str:
    value = getattr(row, field.name)
    if value in (None, "", [], {}):
        return ""
    if field.choices and not isinstance(value, list):
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, User):
        return value.name
    if isinstance(value, list):
        return "、".join(map(str, value))
    return str(value)


def _trail(person: Recipient) -> Iterator[Line]:
    events = events_about_person(person)
    withheld = Need.objects.filter(recipient=person, reported=True)
    for rows in (withheld, Referral.objects.filter(need__in=withheld)):
        keys = [str(key) for (key,) in rows.values_list("pk")]
        label = rows.model._meta.label_lower
        events = events.exclude(subject_type=label, subject_id__in=keys)
    for number, event in enumerate(events.order_by("id").iterator(), start=1):
        yield Line(TRAIL, number, _when(event), f"{event.by_name} {sentence(event)}")


def _when(event: Event) -> str:
    return f"{timezone.localtime(event.at):%Y-%m-%d %H:%M}"
