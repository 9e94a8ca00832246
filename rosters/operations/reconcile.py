"""The month's reconciliation: nobody missed, no row unaccounted for."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from audit import trail
from cadres import offices
from cadres.models import Area, User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from jobs.operations import notify
from rosters.comparison import compare
from rosters.enums import RosterKind, RosterStatus
from rosters.models import Difference, Roster
from rosters.overlap import LISTS, find_overlap
from rosters.self_check import check_registry


@permits(Permission.RECONCILE)
@transaction.atomic
def compare_roster(*, roster: Roster, by: User | None) -> Roster:
    """Class every row of the list and write what differs; may be run again."""
    roster = Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    if roster.replaced_at is not None:
        raise Refused(f"{roster}已被新的名单替换,请比对新名单。")
    now = timezone.now()
    roster.tallies = compare(roster, now=now)
    if roster.kind in LISTS:
        find_overlap(month=roster.month, now=now)
    roster.compared_at, roster.status = now, RosterStatus.COMPARED
    roster.save(update_fields=["tallies", "compared_at", "status"])
    trail.record("roster.compared", subject=roster, by=by, tallies=roster.tallies)
    return roster


@permits(Permission.RECONCILE)
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


@transaction.atomic
def begin_month(*, now: datetime) -> int:
    """Check the registry for the month, compare its lists, tell every office.

    Returns the differences found and the notices written. Run again it finds the same
    and says nothing more.
    """
    today = timezone.localdate(now)
    month = today.replace(day=1)
    found = check_registry_itself(month=month, by=None, now=now)
    reconcile(month=month, by=None)
    return sum(found.values()) + _tell_offices(month, today)


def lists_missing(month: date) -> list[str]:
    """Return the names of the lists of which the month has none."""
    on_hand = set(
        Roster.objects.in_force().of_month(month).values_list("kind", flat=True)
    )
    return [str(kind.label) for kind in RosterKind if kind not in on_hand]


def settled(roster: Roster) -> bool:
    """Say whether no difference of the list is open."""
    return not Difference.objects.open().filter(roster=roster).exists()


def _tell_offices(month: date, today: date) -> int:
    missing = lists_missing(month)
    wanted = f"本月还缺部门名单:{'、'.join(missing)}。" if missing else ""
    open_by_area = (
        Difference.objects.open()
        .filter(month=month)
        .order_by()
        .values_list("area")
        .annotate(number=Count("pk"))
    )
    figures = offices.for_all_above(dict(open_by_area), offices.offices(today))
    return sum(
        notify(
            to=user,
            kind="registry.checked",
            period=f"{month:%Y-%m}",
            words=f"{month.month}月自查:管辖范围内有 {figure} 处需要看一看。{wanted}",
            url=f"{reverse('rosters:difference_list')}?month={month:%Y-%m}",
        )
        for user, figure in figures
    )
