"""Taking a visit back: it no longer counts, and what it brought along is gone."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audit import trail
from cadres.enums import Role
from cadres.models import User
from casework.enums import NeedStatus
from casework.models import Need
from common.refusals import Refused
from policies.operations import withdraw_sheet
from recipients.due import Standards, due_after
from recipients.models import Pairing
from visits.enums import VISITING_WAYS
from visits.models import HomeVisit, Reminder
from visits.operations.visits import need_key

UNDO_FOR = timedelta(seconds=30)


@transaction.atomic
def take_back(*, visit: HomeVisit, by: User) -> HomeVisit:
    """Undo a visit: it no longer counts, and what it brought along is gone.

    A cadre may within 30 seconds, the office its own 补录 at any time. A need that
    the office has taken on stays. Raises Refused otherwise.
    """
    together = list(
        HomeVisit.objects.select_for_update(of=("recipient", "self"), no_key=True)
        .filter(together=visit.together)
        .select_related("recipient", "sheet")
        .order_by("recipient_id")
    )
    visit = next(row for row in together if row.pk == visit.pk)
    _check_may_take_back(visit, by)
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
    _recount(pairings)
    trail.record("visit.taken_back", subject=visit, by=by, people=len(together))
    return visit


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


def _recount(pairings: list[UUID]) -> None:
    """Take the pairings' dates from the visits that still stand."""
    kept = HomeVisit.objects.standing().filter(pairing__in=pairings)
    contacts = dict(kept.values_list("pairing").annotate(Max("day")).order_by())
    seen = kept.filter(way__in=VISITING_WAYS)
    visits = dict(seen.values_list("pairing").annotate(Max("day")).order_by())
    rows = Pairing.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in=pairings
    )
    standards = Standards()
    for pairing in rows.select_related("recipient"):
        pairing.last_contact_on = contacts.get(pairing.pk)
        pairing.last_visit_on = visits.get(pairing.pk)
        since = pairing.last_contact_on or pairing.started_on
        if since is not None:
            days = standards.days(pairing.recipient.category, since.year)
            pairing.next_due_on = due_after(pairing, since, days)
        pairing.save(update_fields=["last_contact_on", "last_visit_on", "next_due_on"])
