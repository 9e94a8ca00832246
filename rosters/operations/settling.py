"""Settles differences: each with a deed, or with a reason why none is needed."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from rosters.enums import ClosingDeed, DifferenceStatus, RosterStatus
from rosters.models import Difference, Roster
from rosters.operations.reconcile import settled

Deed = Callable[[Difference], Any]
MIN_REASON = 4


@permits(Permission.RECONCILE)
@transaction.atomic
def settle(
    *,
    difference: Difference,
    deed: ClosingDeed,
    words: str,
    by: User,
    do: Deed | None = None,
) -> Difference:
    """Close a difference with what was done about it.

    ``do`` is the deed itself, an operation of the registry with an event of its own;
    it happens in the same transaction. Leaving things as they are needs a reason.
    Raises Refused where a newer version of the list has taken its place.
    """
    difference = Difference.objects.select_for_update(of=("self",)).get(
        pk=difference.pk
    )
    _check_in_force(difference)
    words = words.strip()
    if deed == ClosingDeed.NOTHING and len(words) < MIN_REASON:
        raise Refused("请写明为什么无需处理(至少 4 个字)。")
    difference.move_to(DifferenceStatus.CLOSED)
    if do is not None:
        do(difference)
    difference.deed, difference.words = deed, words
    difference.closed_by, difference.closed_at = by, timezone.now()
    difference.save(update_fields=["status", "deed", "words", "closed_by", "closed_at"])
    _mark_worked(difference.roster)
    trail.record("difference.settled", subject=difference, by=by, deed=str(deed))
    return difference


@permits(Permission.RECONCILE)
@transaction.atomic
def reopen(*, difference: Difference, by: User) -> Difference:
    """Take back the closing of a difference; what the deed changed stays.

    Raises Refused where a newer version of the list has taken its place.
    """
    difference = Difference.objects.select_for_update(of=("self",)).get(
        pk=difference.pk
    )
    _check_in_force(difference)
    difference.move_to(DifferenceStatus.OPEN)
    difference.deed, difference.words = "", ""
    difference.closed_by = difference.closed_at = None
    difference.save(update_fields=["status", "deed", "words", "closed_by", "closed_at"])
    if difference.roster and difference.roster.status == RosterStatus.WORKED:
        difference.roster.move_to(RosterStatus.COMPARED)
        difference.roster.save(update_fields=["status"])
    trail.record("difference.reopened", subject=difference, by=by)
    return difference


def _check_in_force(difference: Difference) -> None:
    if difference.roster and difference.roster.replaced_at is not None:
        raise Refused("名单已被新版替换,请在新名单的差异里处理。")


def _mark_worked(roster: Roster | None) -> None:
    if roster is None or roster.status != RosterStatus.COMPARED:
        return
    if settled(roster):
        roster.move_to(RosterStatus.WORKED)
        roster.save(update_fields=["status"])
