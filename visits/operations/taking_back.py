"""Taking a visit back: it no longer counts, and what it brought along is gone."""

from collections import defaultdict
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit import trail
from cadres.enums import Role
from cadres.models import User
from cadres.permissions import Permission, permits
from casework.enums import NeedStatus
from casework.models import Need
from common.refusals import Refused
from policies.operations import withdraw_sheet
from visits.enums import Outcome
from visits.models import HomeVisit, HomeVisitQuerySet, Reminder
from visits.operations.following import follow, met_nobody
from visits.operations.writing import need_key
from visits.recounting import recount
from visits.rules import UNDO_FOR


@permits(Permission.LOG_VISIT)
@transaction.atomic
def take_back(*, visit: HomeVisit, by: User) -> HomeVisit:
    """Undo a visit: it no longer counts, and what it brought along is gone.

    A cadre may within 30 seconds, the office its own 补录 at any time. A need that
    the office has taken on stays. Raises Refused otherwise.
    """
    together = _lock(HomeVisit.objects.filter(together=visit.together))
    visit = next(row for row in together if row.pk == visit.pk)
    _check_may_take_back(visit, by)
    _undo(visit, together, whose=by)
    return visit


@permits(Permission.LOG_VISIT)
@transaction.atomic
def take_back_round(*, visit: HomeVisit, by: User) -> list[HomeVisit]:
    """Undo all that was told at once with this visit, all or none; see take_back.

    What has been taken back alone before stays so. Returns what was undone now.
    """
    trips: dict[UUID, list[HomeVisit]] = defaultdict(list)
    for row in _lock(HomeVisit.objects.told_with(visit)):
        if row.taken_back_at is None:
            trips[row.together].append(row)
    if not trips:
        raise Refused("这些走访已经撤销。")
    for first, *others in trips.values():
        _check_may_take_back(first, by)
        _undo(first, [first, *others], whose=by)
    return [row for rows in trips.values() for row in rows]


def may_take_back(visit: HomeVisit, user: User) -> bool:
    """Say whether the account could still undo this visit."""
    if visit.taken_back_at is not None or visit.entered_by_id != user.pk:
        return False
    if user.role == Role.CARE_OFFICE:
        return visit.late_entry
    return timezone.now() - visit.entered_at <= UNDO_FOR


def _check_may_take_back(visit: HomeVisit, by: User) -> None:
    if visit.taken_back_at is not None:
        raise Refused("这次走访已经撤销。")
    if not may_take_back(visit, by):
        raise Refused("超过 30 秒就不能自行撤销了,请联系关爱办更正。")


def _lock(visits: HomeVisitQuerySet) -> list[HomeVisit]:
    """Hold the people, in the order everybody takes, and their visits."""
    return list(
        visits.select_for_update(of=("recipient", "self"), no_key=True)
        .select_related("recipient", "sheet")
        .order_by("recipient_id", "pk")
    )


def _undo(visit: HomeVisit, together: list[HomeVisit], *, whose: User) -> None:
    Need.objects.filter(pk=need_key(visit), status=NeedStatus.RAISED).delete()
    for row in together:
        sheet, row.sheet = row.sheet, None
        row.taken_back_at = timezone.now()
        row.save(update_fields=["sheet", "taken_back_at"])
        if sheet is not None:
            withdraw_sheet(sheet=sheet)
    pairings = [row.pairing_id for row in together if row.pairing_id]
    Reminder.objects.filter(pairing__in=pairings, done_at=visit.entered_at).update(
        done_at=None
    )
    recount(pairings)
    if (
        visit.outcome != Outcome.MET
        or met_nobody()
        .filter(recipient__in=[row.recipient_id for row in together])
        .exists()
    ):
        for row in together:
            follow(row.recipient)
    trail.record("visit.taken_back", subject=visit, by=whose, people=len(together))
