"""Taking back, within half a minute, that a pairing ended or that a person left.

How it was before stands in the event of the deed; the undo is an event of its own.
"""

from typing import Any

from django.db import models, transaction
from django.utils import timezone

from audit import trail
from audit.models import Event
from audit.sentences import register
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients import pairing_rules as rules
from recipients.enums import PairingStatus, RecipientStatus, TaskState
from recipients.models import LifeTask, Pairing, Recipient
from recipients.operations import standing
from recipients.operations.pairing_changes import UNDO_FOR
from recipients.operations.people import locked
from recipients.pairing_notices import tell
from recipients.reach import is_within

register(
    {
        "pairing.end_undone": "撤销了结对的结束",
        "recipient.leaving_undone": "撤销了退出",
    }
)


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def take_back_end(*, pairing: Pairing, by: User) -> Pairing:
    """Take up again a pairing that the same account ended in this half minute.

    Raises Refused when anything stands in the way by now: another carer, a change.
    """
    (pairing,) = rules.lock_pairings([pairing])
    rules.check_decides(by)
    rules.check_reach([pairing], by)
    _take_up(pairing, _just_done("pairing.ended", pairing, by))
    trail.record("pairing.end_undone", subject=pairing, by=by)
    tell(pairing, "end_undone", by=by)
    return pairing


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def take_back_leaving(*, recipient: Recipient, by: User) -> Recipient:
    """Put back on file who was taken off in this half minute, with all that hung on it.

    The pairings go on, the proposals wait again, and so does what was to be decided.
    """
    known = Pairing.objects.filter(recipient=recipient.pk).order_by("pk")
    rules.lock_people([recipient.pk], [])
    pairings = {str(one.pk): one for one in rules.lock_pairings(list(known))}
    person = locked(recipient)
    if not is_within(person.area_id, by):
        raise Refused("这个人不在管辖范围内。")
    before = _just_done("recipient.left", person, by)
    _check_untouched(person, before)
    _put_back(person, before["status"])
    for key, was in before["ended"].items():
        pairings[key].recipient = person
        _take_up(pairings[key], was)
        tell(pairings[key], "end_undone", by=by)
    for key, was in before["returned"].items():
        _propose_again(pairings[key], was)
    _put_back_tasks(before)
    for one in standing.after_death:
        if one.name in before.get("let_go", {}):
            one.take_back(person, before["let_go"][one.name])
    trail.record("recipient.leaving_undone", subject=person, by=by)
    return person


def _just_done(kind: str, subject: models.Model, by: User) -> dict[str, Any]:
    """Return how it was before this account's deed of this half minute."""
    done = Event.objects.about(subject).filter(kind=kind).order_by("-pk").first()
    if done is None or done.by != str(by.pk):
        raise Refused("只能撤销自己刚刚办理的。")
    if timezone.now() - done.at > UNDO_FOR:
        raise Refused("已超过 30 秒,不能撤销。")
    before: dict[str, Any] = done.details["as_it_was"]
    return before


def _check_untouched(row: Pairing | Recipient, was: dict[str, Any]) -> None:
    if row.version != was["version"]:
        raise Refused(f"{row}之后又有变更,不能撤销。")


def _take_up(pairing: Pairing, was: dict[str, Any]) -> None:
    """Let an ended pairing go on as it was, if it could begin now as well."""
    _check_untouched(pairing, was)
    if pairing.recipient.status == RecipientStatus.LEFT:
        raise Refused(f"{pairing.recipient}已退出,不能撤销。")
    if was["status"] == PairingStatus.ACTIVE:
        if not pairing.cadre.active:
            raise Refused(f"{pairing.cadre}已离岗,不能撤销。")
        rules.check_free(pairing)
        words = pairing.over_capacity_words
        rules.check_capacity(pairing.recipient, pairing.cadre, words)
    # No move of the table: an undo takes the move itself away.
    pairing.status = was["status"]
    pairing.ended_on, pairing.end_reason = None, ""
    pairing.version += 1
    pairing.save(update_fields=["status", "ended_on", "end_reason", "version"])


def _propose_again(pairing: Pairing, was: dict[str, Any]) -> None:
    """Let a proposal that went back with the person wait for its review again."""
    _check_untouched(pairing, was)
    pairing.status = PairingStatus.PROPOSED
    pairing.previous_id = was["previous"]
    pairing.review_words = ""
    pairing.reviewed_by = pairing.reviewed_at = None
    pairing.version += 1
    pairing.save()


def _put_back(person: Recipient, status: str) -> None:
    person.status = status
    person.left_on, person.left_reason = None, ""
    person.version += 1
    person.save(
        update_fields=["status", "left_on", "left_reason", "version", "updated_at"]
    )


def _put_back_tasks(before: dict[str, Any]) -> None:
    """Ask again what was asked before, and no longer what the leaving asked."""
    raised = LifeTask.objects.filter(pk__in=before["raised"])
    if raised.exclude(state=TaskState.OPEN).exists():
        raise Refused("新户主等事项已有人办理,不能撤销。")
    raised.update(state=TaskState.MOOT, done_at=timezone.now())
    asked = LifeTask.objects.filter(pk__in=before["moot"])
    asked.update(state=TaskState.OPEN, done_at=None)
