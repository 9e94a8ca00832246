"""Taking a ledger out of the system: always with a reason, always recorded."""

from datetime import date
from typing import IO, Any

from django.db import transaction

from audit import trail
from cadres.models import Area, User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from jobs import operations as jobs
from jobs.models import Job
from reports.ledgers import LEDGERS
from reports.scope import Scope
from reports.writing import write

MIN_REASON = 4
# More full numbers than this need a second person.
FULL_IDS_ALONE = 50


@permits(Permission.EXPORT)
def export(*, ledger: str, scope: Scope, reason: str, out: IO[bytes], by: User) -> int:
    """Write the ledger to a file, and record who took out what, and why.

    Returns how many rows there are in it. Raises Refused without a reason.
    """
    check_reason(reason)
    check_second_person(ledger=ledger, scope=scope)
    rows = write(LEDGERS[ledger], scope, out, reason=reason)
    record_export(ledger=ledger, scope=scope, reason=reason, rows=rows, by=by)
    return rows


@permits(Permission.EXPORT)
@transaction.atomic
def record_export(
    *, ledger: str, scope: Scope, reason: str, rows: int, by: User
) -> None:
    """Leave the event of an export, before anybody can have the file."""
    people = set(LEDGERS[ledger].people(scope).order_by())
    event = trail.record(
        "export.made",
        subject=scope.area or by,
        by=by,
        reason=reason[:200],
        ledger=ledger,
        rows=rows,
        full_ids=scope.full_ids,
        people_digest=trail.digest_of(people),
        serial=scope.serial,
    )
    trail.keep_contents(event, people)


@permits(Permission.EXPORT)
@transaction.atomic
def ask_to_export(*, ledger: str, scope: Scope, reason: str, by: User) -> Job:
    """Leave a large ledger to a worker; the bell rings when it is ready."""
    check_reason(reason)
    check_second_person(ledger=ledger, scope=scope)
    job = jobs.owe(
        "reports.export",
        title=f"导出{LEDGERS[ledger].name}",
        by=by,
        ledger=ledger,
        reason=reason[:200],
        **told_of(scope),
    )
    trail.record("export.asked", subject=job, by=by, reason=reason[:200])
    return job


def scope_from(told: dict[str, Any], *, user: User) -> Scope:
    """Return the scope that a job's options tell, with the reach of ``user`` now."""
    area = told.get("area")
    return Scope(
        user=user,
        area=Area.objects.get(pk=area) if area else None,
        since=_day(told.get("since")),
        until=_day(told.get("until")),
        full_ids=bool(told.get("full_ids")),
        query=str(told.get("query") or ""),
    )


def needs_second_person(*, ledger: str, scope: Scope) -> bool:
    """Say whether the export holds so many full numbers that two must want it."""
    return scope.full_ids and LEDGERS[ledger].number(scope) > FULL_IDS_ALONE


def check_second_person(*, ledger: str, scope: Scope) -> None:
    """Refuse many full numbers that nobody else has approved."""
    if not scope.approved_by and needs_second_person(ledger=ledger, scope=scope):
        raise Refused(
            f"完整号码超过 {FULL_IDS_ALONE} 行,须由另一人批准,请在报表中心提交申请。"
        )


def check_reason(reason: str) -> None:
    """Refuse an export for which nobody says what it is for."""
    if len(reason.strip()) < MIN_REASON:
        raise Refused("请写明导出用途(至少 4 个字),会记入留痕。")


def told_of(scope: Scope) -> dict[str, Any]:
    """Return the scope as a job's options tell it."""
    return {
        "area": scope.area.pk if scope.area else "",
        "since": scope.since.isoformat() if scope.since else "",
        "until": scope.until.isoformat() if scope.until else "",
        "full_ids": scope.full_ids,
        "query": scope.query,
    }


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
