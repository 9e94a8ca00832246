"""Takes in a department's workbook: all its rows are kept."""

import json
from datetime import date
from itertools import islice

from django.db import transaction
from django.utils import timezone

from audit import trail
from cadres.models import Area, User
from cadres.permissions import Permission, permits
from common.encryption import blind_index
from common.refusals import Refused
from intake.drafts import ERROR, Draft
from intake.progressing import Tell, in_silence
from intake.reading import ReadFile
from jobs import operations as jobs
from jobs.models import Job
from rosters.enums import DifferenceStatus, RosterKind
from rosters.models import Roster, RosterRow

ROWS_AT_ONCE = 2_000
CITY = "620300000000"
SHRUNK = 0.8


@permits(Permission.RECONCILE)
@transaction.atomic
def receive(
    *,
    kind: RosterKind,
    month: date,
    file_name: str,
    content_hash: str,
    read: ReadFile,
    by: User,
    tell: Tell = in_silence,
) -> Roster:
    """Keep a list and all its rows; it replaces the month's earlier version.

    What was still open of that version is gone with it. The same file twice is
    refused: there is nothing new to compare.
    """
    area = by.area or Area.objects.get(pk=CITY)
    month = month.replace(day=1)
    withdrawn = _replace_earlier(kind, month, area, content_hash)
    roster = Roster.objects.create(
        kind=kind,
        month=month,
        area=area,
        file_name=file_name[:200],
        content_hash=content_hash,
        by=by,
    )
    rows = (_as_row(roster, draft) for draft in read.drafts)
    while some := list(islice(rows, ROWS_AT_ONCE)):
        RosterRow.objects.bulk_create(some)
        roster.rows_read += len(some)
        tell(roster.rows_read, read.raw_rows)
    roster.notices = [*read.notices, *_shrinkage(roster)]
    roster.save(update_fields=["rows_read", "notices"])
    trail.record(
        "roster.received",
        subject=roster,
        by=by,
        rows=roster.rows_read,
        withdrawn=withdrawn,
    )
    return roster


@permits(Permission.RECONCILE)
@transaction.atomic
def ask_to_receive(
    *, kind: RosterKind, month: date, file_name: str, stored_as: str, by: User
) -> Job:
    """Leave a large list to a worker; the file lies in the folder of originals."""
    job = jobs.owe(
        "rosters.receive",
        title=f"导入{RosterKind(kind).label}名单",
        by=by,
        list_kind=str(kind),
        month=month.isoformat(),
        file_name=file_name,
        stored_as=stored_as,
    )
    trail.record("roster.sent", subject=job, by=by)
    return job


def _replace_earlier(
    kind: RosterKind, month: date, area: Area, content_hash: str
) -> int:
    """Put the new version in force; return how many open differences go with the old.

    What somebody has settled stays settled: it was true of that list.
    """
    earlier = (
        Roster.objects.in_force()
        .of_month(month)
        .filter(kind=kind, area=area)
        .select_for_update(of=("self",))
        .first()
    )
    if earlier is None:
        return 0
    if earlier.content_hash == content_hash:
        raise Refused(f"{earlier}已经导入过同一个文件,直接比对即可。")
    earlier.replaced_at = timezone.now()
    earlier.save(update_fields=["replaced_at"])
    return earlier.differences.open().update(status=DifferenceStatus.GONE)


def _as_row(roster: Roster, draft: Draft) -> RosterRow:
    values = draft.values
    errors = [flaw for flaw in draft.flaws if flaw.severity == ERROR]
    number = values.get("id") or ""
    return RosterRow(
        roster=roster,
        sheet=draft.sheet[:60],
        number=draft.number,
        position=draft.position,
        name=str(values.get("name") or "")[:60],
        resident_id_index=blind_index(number) if number and not errors else None,
        area_id=values.get("area_code") or None,
        disability_kind=values.get("dis_kind") or "",
        disability_grade=values.get("dis_grade") or "",
        content=json.dumps(values, ensure_ascii=False),
        reason=errors[0].code if errors else "",
        reason_words=errors[0].words[:200] if errors else "",
    )


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
    return [f"名单比{last.month:%Y年%-m月}少{share}%,可能不完整,请核对后再比对。"]
