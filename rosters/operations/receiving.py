"""Takes in a department's workbook: all its rows are kept."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from audit import trail
from cadres.models import Area, User
from common.encryption import blind_index
from common.refusals import Refused
from rosters.enums import RosterKind
from rosters.models import Roster, RosterRow

ROWS_AT_ONCE = 2_000
CITY = "620300000000"
SHRUNK = 0.8


class ListRow(Protocol):
    """A row as the reading side hands it over."""

    sheet: str
    row: int
    values: dict[str, Any]

    @property
    def problems(self) -> Iterable[Any]: ...


@transaction.atomic
def receive(
    *,
    kind: RosterKind,
    month: date,
    path: Path,
    file_name: str,
    rows: Iterable[ListRow],
    notices: list[str],
    by: User,
) -> Roster:
    """Keep a list and all its rows; it replaces the month's earlier version.

    The same file twice is refused: there is nothing new to compare.
    """
    area = by.area or Area.objects.get(pk=CITY)
    content_hash = hashlib.sha256(path.read_bytes()).hexdigest()
    month = month.replace(day=1)
    _replace_earlier(kind, month, area, content_hash)
    roster = Roster.objects.create(
        kind=kind,
        month=month,
        area=area,
        file_name=file_name[:200],
        content_hash=content_hash,
        by=by,
    )
    read = 0
    for some in _in_groups(_as_rows(roster, rows)):
        RosterRow.objects.bulk_create(some)
        read += len(some)
    roster.rows_read = read
    roster.notices = [*notices, *_shrinkage(roster)]
    roster.save(update_fields=["rows_read", "notices"])
    trail.record("roster.received", subject=roster, by=by, rows=read)
    return roster


def _replace_earlier(
    kind: RosterKind, month: date, area: Area, content_hash: str
) -> None:
    earlier = (
        Roster.objects.in_force()
        .of_month(month)
        .filter(kind=kind, area=area)
        .select_for_update(of=("self",))
        .first()
    )
    if earlier is None:
        return
    if earlier.content_hash == content_hash:
        raise Refused(f"{earlier}已经导入过同一个文件,直接比对即可。")
    earlier.replaced_at = timezone.now()
    earlier.save(update_fields=["replaced_at"])


def _as_rows(roster: Roster, rows: Iterable[ListRow]) -> Iterator[RosterRow]:
    for position, row in enumerate(rows, start=1):
        values = row.values
        errors = [found for found in row.problems if found.severity == "error"]
        number = values.get("id") or ""
        yield RosterRow(
            roster=roster,
            sheet=row.sheet[:60],
            number=row.row,
            position=position,
            name=str(values.get("name") or "")[:60],
            resident_id_index=blind_index(number) if number and not errors else None,
            area_id=values.get("area_code") or None,
            disability_kind=values.get("dis_kind") or "",
            disability_grade=values.get("dis_grade") or "",
            content=json.dumps(values, ensure_ascii=False, default=_plain),
            reason=errors[0].code if errors else "",
            reason_words=errors[0].words[:200] if errors else "",
        )


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _in_groups(rows: Iterator[RosterRow]) -> Iterator[list[RosterRow]]:
    group: list[RosterRow] = []
    for row in rows:
        group.append(row)
        if len(group) == ROWS_AT_ONCE:
            yield group
            group = []
    if group:
        yield group


def _shrinkage(roster: Roster) -> list[str]:
    """Warn of a list much shorter than the last: it may not be whole."""
    last = (
        Roster.objects.in_force()
        .filter(kind=roster.kind, area=roster.area, month__lt=roster.month)
        .order_by("-month")
        .first()
    )
    if last is None or roster.rows_read >= last.rows_read * SHRUNK:
        return []
    share = 100 - roster.rows_read * 100 // last.rows_read
    return [f"名单比{last.month:%Y-%m}少{share}%,可能不完整,请核对后再比对。"]
