"""Where a person's file stands: paused, resumed, left, and back again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients import pairing_rules as rules
from recipients.enums import (
    EndReason,
    LeaveReason,
    PairingStatus,
    PauseReason,
    RecipientStatus,
    Relation,
    TaskKind,
)
from recipients.models import HouseholdMember, Pairing, Recipient
from recipients.operations.pairings import finish
from recipients.operations.people import check_version, locked
from recipients.operations.tasks import answer_task, moot, raise_task
from recipients.pairing_notices import tell

END_REASONS = {
    LeaveReason.DIED: EndReason.DIED,
    LeaveReason.MOVED: EndReason.MOVED,
    LeaveReason.NO_LONGER: EndReason.LEFT,
    LeaveReason.WISHED: EndReason.LEFT,
    LeaveReason.MISTAKE: EndReason.LEFT,
}
# After so long somebody asks how the person is; a longer absence is no pause.
PAUSES = {
    PauseReason.HOSPITAL: timedelta(days=30),
    PauseReason.AWAY: timedelta(days=180),
}
LONGEST_PAUSE = timedelta(days=180)
FADES_FOR = timedelta(days=182)
after_death: list["AfterDeath"] = []
STANDING = (PairingStatus.ACTIVE, PairingStatus.PAUSED)


@dataclass(frozen=True)
class AfterDeath:
    """What a higher app lets go of in the same transaction when somebody has died.

    What ``let_go`` returns stands in the event, and ``take_back`` gets it in an undo.
    """

    name: str
    let_go: Callable[[Recipient], Any]
    take_back: Callable[[Recipient, Any], None]


@permits(Permission.EDIT_RECIPIENTS, Permission.RECONCILE)
@transaction.atomic
def leave(
    *,
    recipient: Recipient,
    reason: LeaveReason,
    on: date,
    version: int | None = None,
    by: User,
) -> Recipient:
    """Close the file; its pairings end on that day and its proposals are returned.

    What was still to be visited goes with the pairings: reminders stand on an active
    pairing. Raises Refused for a day that lies ahead or before the file was opened.
    """
    pairings = _lock_pairings(recipient)
    person = locked(recipient)
    check_version(person, version)
    rules.check_day(on, earliest=person.registered_on)
    before: dict[str, Any] = {"status": person.status}
    person.move_to(RecipientStatus.LEFT)
    ended = [pairing for pairing in pairings if pairing.status in STANDING]
    returned = [one for one in pairings if one.status == PairingStatus.PROPOSED]
    before["ended"] = {str(one.pk): _now(one) for one in ended}
    before["returned"] = {str(one.pk): _now(one) for one in returned}
    for pairing in ended:
        # Who died before the pairing began was paired by mistake, for no day at all.
        day = max(on, pairing.started_on or on)
        finish(pairing, END_REASONS[LeaveReason(reason)], day)
    for pairing in returned:
        _return(pairing, by)
    before["moot"] = [str(key) for key in moot(person, *TaskKind)]
    before["raised"] = [str(key) for key in _ask_for_new_head(person, reason)]
    if reason == LeaveReason.DIED:
        before["let_go"] = {one.name: one.let_go(person) for one in after_death}
    person.left_on, person.left_reason = on, reason
    _save(person, "left_on", "left_reason")
    trail.record(
        "recipient.left",
        subject=person,
        by=by,
        reason=str(LeaveReason(reason).label),
        on=str(on),
        pairings=[str(pairing.pk) for pairing in ended],
        as_it_was=before | {"version": person.version},
    )
    for pairing in ended:
        tell(pairing, "ended", by=by)
    return person


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def return_to_file(
    *, recipient: Recipient, words: str, version: int | None = None, by: User
) -> Recipient:
    """Open the same file again for someone who left; it has no carer yet."""
    person = locked(recipient)
    check_version(person, version)
    if person.status != RecipientStatus.LEFT:
        raise Refused(f"{person}现在是“{person.get_status_display()}”,不用恢复。")
    person.move_to(RecipientStatus.ON_FILE)
    before = str(person.left_on)
    person.left_on, person.left_reason = None, ""
    _save(person, "left_on", "left_reason")
    trail.record(
        "recipient.returned", subject=person, by=by, reason=words[:200], left_on=before
    )
    return person


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def pause_person(
    *,
    recipient: Recipient,
    reason: PauseReason,
    words: str,
    until: date | None = None,
    version: int | None = None,
    by: User,
) -> Recipient:
    """Let the care rest (in hospital, away for work); the pairings stay.

    What has to be looked at meanwhile becomes work: how the person is when the time
    is over, where a missing person is, who brings up the children of one in custody.
    """
    person = locked(recipient)
    check_version(person, version)
    today = timezone.localdate()
    if until is not None and not today <= until <= today + LONGEST_PAUSE:
        raise Refused("预计恢复的日子应在今天以后、180 天以内。")
    person.move_to(RecipientStatus.PAUSED)
    _save(person)
    due = until or (today + PAUSES[reason] if reason in PAUSES else None)
    if due is not None:
        raise_task(person, TaskKind.PAUSED, due_on=due)
    for kind in (TaskKind.UNREACHABLE, TaskKind.NOT_MET):
        answer_task(person, kind, f"暂停:{PauseReason(reason).label}", whose=by)
    if reason == PauseReason.UNREACHABLE:
        raise_task(person, TaskKind.MISSING, due_on=today)
    if reason == PauseReason.CUSTODY:
        _ask_about_children(person, today)
    told = f"{PauseReason(reason).label}:{words}"
    trail.record("recipient.paused", subject=person, by=by, reason=told[:200])
    return person


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def begin_fading(
    *, recipient: Recipient, words: str, version: int | None = None, by: User
) -> Recipient:
    """Keep somebody who is out of hardship on file for six months more (渐退)."""
    person = locked(recipient)
    check_version(person, version)
    if person.status != RecipientStatus.ON_FILE:
        raise Refused(f"{person}现在是“{person.get_status_display()}”,不能渐退。")
    raise_task(person, TaskKind.FADING, due_on=timezone.localdate() + FADES_FOR)
    trail.record("recipient.fading", subject=person, by=by, reason=words[:200])
    return person


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def resume_person(
    *, recipient: Recipient, words: str = "", version: int | None = None, by: User
) -> Recipient:
    """Take up the care that rested."""
    person = locked(recipient)
    check_version(person, version)
    if person.status != RecipientStatus.PAUSED:
        raise Refused(f"{person}现在是“{person.get_status_display()}”,不用恢复。")
    person.move_to(RecipientStatus.ON_FILE)
    _save(person)
    moot(person, TaskKind.PAUSED, TaskKind.MISSING)
    trail.record("recipient.resumed", subject=person, by=by, reason=words[:200])
    return person


def _now(pairing: Pairing) -> dict[str, Any]:
    """Return what an undo has to know of a pairing that ends with its next change."""
    previous = str(pairing.previous_id) if pairing.previous_id else None
    version = pairing.version + 1
    return {"status": pairing.status, "version": version, "previous": previous}


def _ask_about_children(person: Recipient, today: date) -> None:
    """Have it looked at whether the children of the household are left alone."""
    others = Recipient.objects.filter(household=person.household_id).not_left()
    for child in others.exclude(pk=person.pk).order_by("pk"):
        if child.is_minor(today):
            raise_task(child, TaskKind.DE_FACTO, due_on=today)


def _ask_for_new_head(person: Recipient, reason: LeaveReason) -> list[UUID]:
    """Leave it to the office to name a new head where others live on."""
    if reason != LeaveReason.DIED or person.relation != Relation.HEAD:
        return []
    others = Recipient.objects.filter(household=person.household_id).not_left()
    survivor = others.exclude(pk=person.pk).order_by("birth_on", "pk").first()
    members = HouseholdMember.objects.filter(
        household=person.household_id, until_on=None
    )
    if survivor is not None:
        return raise_task(survivor, TaskKind.HEAD, due_on=timezone.localdate())
    if members.exists():
        # Nobody with a file is left: the household's file goes on under a member.
        return raise_task(person, TaskKind.HEAD, due_on=timezone.localdate())
    return []


def _lock_pairings(recipient: Recipient) -> list[Pairing]:
    """Lock the person, then all who may be affected, in everyone's order."""
    rules.lock_people([recipient.pk], [])
    open_ones = Pairing.objects.filter(
        recipient=recipient.pk, status__in=(*STANDING, PairingStatus.PROPOSED)
    )
    return rules.lock_pairings(list(open_ones.order_by("pk")))


def _return(pairing: Pairing, by: User) -> None:
    pairing.previous = None
    pairing.move_to(PairingStatus.REJECTED)
    pairing.review_words = "对象已退出。"
    pairing.reviewed_by, pairing.reviewed_at = by, timezone.now()
    pairing.version += 1
    pairing.save()
    tell(pairing, "returned", by=by)


def _save(person: Recipient, *also: str) -> None:
    person.version += 1
    person.save(update_fields=["status", "version", "updated_at", *also])
