"""Handing a recipient from one cadre to the next without an uncovered day."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.enums import LeavingReason, Role
from cadres.models import Cadre, User
from cadres.operations.cadres import close_post
from cadres.permissions import Permission, permits
from cadres.reach import keeps
from common.refusals import Refused
from recipients import pairing_rules as rules
from recipients.enums import EndReason, PairingStatus, TaskKind
from recipients.models import Pairing
from recipients.operations.pairings import begin, finish, reject
from recipients.operations.tasks import answer_task
from recipients.pairing_notices import tell

register({"cadre.released": "办理了干部离任,结对同日结束"})
ENDS = {
    LeavingReason.TRANSFERRED: EndReason.TRANSFERRED,
    LeavingReason.RETIRED: EndReason.RETIRED,
    LeavingReason.ARRANGED: EndReason.UNIT_CHANGED,
    LeavingReason.DIED: EndReason.UNIT_CHANGED,
}


@permits(Permission.PROPOSE_PAIRING)
@transaction.atomic
def propose_handover(
    *,
    pairing: Pairing,
    cadre: Cadre,
    words: str,
    version: int | None = None,
    by: User,
) -> Pairing:
    """Propose that another cadre takes over; the present one goes on until then."""
    (pairing,) = rules.lock_pairings([pairing], cadres=[cadre])
    rules.check_reach([pairing], by)
    rules.check_version(pairing, version)
    cadre = Cadre.objects.get(pk=cadre.pk)
    units = {cadre.organisation_id, pairing.cadre.organisation_id}
    if by.role == Role.UNIT_LIAISON and units != {by.organisation_id}:
        raise Refused("联络员只能把本单位的结对交接给本单位的干部。")
    successor = _successor(pairing, cadre, words, by=by)
    successor.save(force_insert=True)
    trail.record("pairing.proposed", subject=successor, by=by, previous=str(pairing.pk))
    return successor


@permits(Permission.PROPOSE_PAIRING)
@transaction.atomic
def hand_over(
    *,
    pairing: Pairing,
    cadre: Cadre,
    on: date,
    words: str,
    over_capacity_words: str = "",
    version: int | None = None,
    by: User,
) -> Pairing:
    """End the pairing and begin the next on the same day; return the new one."""
    (pairing,) = rules.lock_pairings([pairing], cadres=[cadre])
    rules.check_version(pairing, version)
    return _hand_over(pairing, cadre, on, words, over_capacity_words, by=by)


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def hand_over_all(
    *,
    cadre: Cadre,
    to: Cadre,
    on: date,
    words: str,
    over_capacity_words: str = "",
    by: User,
) -> list[Pairing]:
    """Hand all that the cadre cares for to another, all or nothing.

    Raises Refused when some of it lies beyond the account's reach.
    """
    standing = Pairing.objects.filter(cadre=cadre, status__in=rules.STANDING)
    locked = rules.lock_pairings(list(standing), cadres=[cadre, to])
    # Read again under the locks: nobody may begin or end one of this cadre's now.
    if {found.pk for found in standing} != {found.pk for found in locked}:
        raise Refused("这位干部的结对刚刚有变动,请刷新后再办。")
    if not locked:
        raise Refused(f"{cadre}现在没有结对,不用交接。")
    return [
        _hand_over(pairing, to, on, words, over_capacity_words, by=by)
        for pairing in locked
    ]


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def hand_over_household(
    *,
    pairings: Sequence[Pairing],
    cadre: Cadre,
    on: date,
    words: str,
    over_capacity_words: str = "",
    by: User,
) -> list[Pairing]:
    """Hand one household's pairings over together, all or nothing.

    The cadre's words about the load hold for the first: the household weighs once.
    """
    locked = rules.lock_pairings(list(pairings), cadres=[cadre])
    if len({pairing.recipient.household_id for pairing in locked}) != 1:
        raise Refused("一次只能交接一户。")
    return [
        _hand_over(pairing, cadre, on, words, over_capacity_words, by=by)
        for pairing in locked
    ]


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def release_cadre(
    *, cadre: Cadre, reason: LeavingReason, on: date, by: User
) -> list[Pairing]:
    """Let a cadre go at once: pairings end, the account closes, families wait anew.

    For who dies or is taken out of office; why is told to nobody. All or nothing.
    """
    rules.check_decides(by)
    open_ones = Pairing.objects.filter(
        cadre=cadre, status__in=(*rules.STANDING, PairingStatus.PROPOSED)
    )
    locked = rules.lock_pairings(list(open_ones), cadres=[cadre])
    if {found.pk for found in open_ones} != {found.pk for found in locked}:
        raise Refused("这位干部的结对刚刚有变动,请刷新后再办。")
    rules.check_reach(locked, by)
    row = Cadre.objects.select_related("organisation__area").get(pk=cadre.pk)
    if not keeps(by, row.organisation):
        raise Refused(f"{row.organisation}的干部不归本账号管理。")
    if not row.active:
        raise Refused(f"{row}已经离岗。")
    ended = [one for one in locked if one.status in rules.STANDING]
    for pairing in locked:
        if pairing.status == PairingStatus.PROPOSED:
            reject(pairing, "干部已离岗。", whose=by)
    for pairing in ended:
        finish(pairing, ENDS[reason], max(on, pairing.started_on or on))
    close_post(row, on)
    trail.record(
        "cadre.released",
        subject=row,
        by=by,
        on=str(on),
        pairings=[str(pairing.pk) for pairing in ended],
    )
    return ended


def _hand_over(
    pairing: Pairing,
    cadre: Cadre,
    on: date,
    words: str,
    over_capacity_words: str,
    *,
    by: User,
) -> Pairing:
    rules.check_decides(by)
    rules.check_reach([pairing], by)
    cadre = Cadre.objects.select_related("user").get(pk=cadre.pk)
    successor = _successor(pairing, cadre, words, by=by)
    begin(successor, on, over_capacity_words, by=by)
    successor.save(force_insert=True)
    answer_task(pairing.recipient, TaskKind.MOVED, f"交接给{cadre}", whose=by)
    trail.record(
        "pairing.handed_over",
        subject=successor,
        by=by,
        reason=successor.over_capacity_words[:200],
        previous=str(pairing.pk),
        started_on=str(on),
    )
    tell(pairing, "handed_over", by=by)
    tell(successor, "approved", by=by)
    return successor


def _successor(pairing: Pairing, cadre: Cadre, words: str, *, by: User) -> Pairing:
    """Return the pairing that would follow this one, unsaved."""
    if pairing.status not in rules.STANDING:
        raise Refused(f"这件结对已是“{pairing.get_status_display()}”,不能交接。")
    if cadre.pk == pairing.cadre_id:
        raise Refused("交接应换一位干部。")
    if not words.strip():
        raise Refused("请写交接说明:要接着做什么、注意什么。")
    if Pairing.objects.filter(previous=pairing).exists():
        raise Refused("这件结对已有待审核的交接,请先审核或退回。")
    rules.check_fit(pairing.recipient, cadre)
    return Pairing(
        recipient=pairing.recipient,
        cadre=cadre,
        kind=pairing.kind,
        proposed_by=by,
        proposed_on=timezone.localdate(),
        handover_words=words.strip(),
        until=pairing.until,
        previous=pairing,
    )
