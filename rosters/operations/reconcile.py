"""The month's reconciliation: nobody missed, no row unaccounted for."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from audit import trail
from cadres.models import Area, User
from common.refusals import Refused
from rosters.comparison import compare
from rosters.enums import RosterStatus
from rosters.models import Difference, Roster
from rosters.self_check import check_registry


@transaction.atomic
def compare_roster(*, roster: Roster, by: User | None) -> Roster:
    """Class every row of the list and write what differs; may be run again."""
    roster = Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    if roster.replaced_at is not None:
        raise Refused(f"{roster}已被新的名单替换,请比对新名单。")
    now = timezone.now()
    roster.tallies = compare(roster, now=now)
    roster.compared_at, roster.status = now, RosterStatus.COMPARED
    roster.save(update_fields=["tallies", "compared_at", "status"])
    trail.record("roster.compared", subject=roster, by=by, tallies=roster.tallies)
    return roster


@transaction.atomic
def check_registry_itself(
    *, month: date, by: User | None, now: datetime | None = None
) -> dict[str, int]:
    """Compare the registry with itself for the month; return {kind: people}."""
    now = now or timezone.now()
    city = Area.objects.select_for_update().order_by("code")[0]
    found = check_registry(month=month, today=timezone.localdate(now), now=now)
    trail.record("registry.checked", subject=city, by=by, tallies=found)
    return found


def reconcile(*, month: date, by: User | None) -> list[Roster]:
    """Compare every list in force for the month; each is its own transaction."""
    rosters = Roster.objects.in_force().of_month(month).order_by("kind")
    return [compare_roster(roster=roster, by=by) for roster in rosters]


def settled(roster: Roster) -> bool:
    """Say whether no difference of the list is open."""
    return not Difference.objects.open().filter(roster=roster).exists()
