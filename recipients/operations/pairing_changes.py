"""What can be done to a pairing that was approved: undo, pause, resume, extend, end."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients import pairing_rules as rules
from recipients.due import due_since_resumed
from recipients.enums import EndReason, PairingStatus
from recipients.models import Pairing
from recipients.operations.pairings import finish
from recipients.pairing_notices import tell

# Half a minute on the screen, and a little for the way.
UNDO_FOR = timedelta(seconds=35)


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def undo_approval(*, pairing: Pairing, by: User) -> Pairing:
    """Make an approval of this half minute as if it had not been.

    Only who gave it may take it back, and only while nothing depends on it.
    """
    (pairing,) = rules.lock_pairings([pairing])
    rules.check_reach([pairing], by)
    given_at = pairing.reviewed_at
    if pairing.status != PairingStatus.ACTIVE or pairing.reviewed_by_id != by.pk:
        raise Refused("只能撤销自己刚刚通过的结对。")
    if given_at is None or timezone.now() - given_at > UNDO_FOR:
        raise Refused("已超过 30 秒,不能撤销;可以结束这件结对。")
    if pairing.previous_id is not None:
        raise Refused("交接已经生效,不能撤销;可以再交接回去。")
    if _depended_on(pairing):
        raise Refused("已有走访等记录用到这件结对,不能撤销。")
    # No move of the table: an undo takes the move itself away.
    pairing.status = PairingStatus.PROPOSED
    pairing.started_on = pairing.resumed_on = pairing.next_due_on = None
    pairing.reviewed_by = pairing.reviewed_at = None
    pairing.review_words = pairing.over_capacity_words = ""
    pairing.version += 1
    pairing.save()
    trail.record("pairing.approval_undone", subject=pairing, by=by)
    tell(pairing, "undone", by=by)
    return pairing


def _depended_on(pairing: Pairing) -> bool:
    """Say whether any row anywhere points to the pairing, known here or not."""
    return any(
        relation.related_model._base_manager.filter(
            **{relation.field.name: pairing.pk}
        ).exists()
        for relation in Pairing._meta.related_objects
    )


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def pause(
    *, pairing: Pairing, reason: str, version: int | None = None, by: User
) -> Pairing:
    """Let the pairing rest; the recipient waits on the 待结对 list meanwhile."""
    (pairing,) = rules.lock_pairings([pairing])
    _check_change(pairing, version, by)
    pairing.move_to(PairingStatus.PAUSED)
    pairing.version += 1
    pairing.save(update_fields=["status", "version"])
    trail.record("pairing.paused", subject=pairing, by=by, reason=reason[:200])
    tell(pairing, "paused", by=by)
    return pairing


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def resume(
    *,
    pairing: Pairing,
    over_capacity_words: str = "",
    version: int | None = None,
    by: User,
) -> Pairing:
    """Take up a paused pairing; refused when someone else cares for them by now."""
    (pairing,) = rules.lock_pairings([pairing])
    _check_change(pairing, version, by)
    if pairing.status != PairingStatus.PAUSED:
        # A proposal becomes active by a review, never by this door.
        raise Refused("只有暂停中的结对才能恢复,请刷新后再看。")
    rules.check_fit(pairing.recipient, pairing.cadre)
    rules.check_free(pairing)
    words = rules.check_capacity(pairing.recipient, pairing.cadre, over_capacity_words)
    pairing.move_to(PairingStatus.ACTIVE)
    pairing.over_capacity_words = words or pairing.over_capacity_words
    pairing.resumed_on = timezone.localdate()
    pairing.next_due_on = due_since_resumed(
        pairing, pairing.last_contact_on, pairing.next_due_on
    )
    pairing.version += 1
    pairing.save(
        update_fields=[
            *("status", "over_capacity_words", "resumed_on", "next_due_on", "version")
        ]
    )
    trail.record("pairing.resumed", subject=pairing, by=by, reason=words[:200])
    tell(pairing, "resumed", by=by)
    return pairing


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def end(
    *,
    pairing: Pairing,
    reason: EndReason,
    on: date,
    version: int | None = None,
    by: User,
) -> Pairing:
    """End the pairing and leave the recipient free for another."""
    (pairing,) = rules.lock_pairings([pairing])
    _check_change(pairing, version, by)
    if Pairing.objects.proposed().filter(previous=pairing).exists():
        raise Refused("这件结对有待审核的交接,请先审核或退回。")
    status = pairing.status
    finish(pairing, EndReason(reason), on)
    trail.record(
        "pairing.ended",
        subject=pairing,
        by=by,
        reason=str(EndReason(reason).label),
        on=str(on),
        as_it_was={"status": status, "version": pairing.version},
    )
    tell(pairing, "ended", by=by)
    return pairing


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def extend(
    *, pairing: Pairing, until: date | None, version: int | None = None, by: User
) -> Pairing:
    """Set the day until which the promise holds; None for no end."""
    (pairing,) = rules.lock_pairings([pairing])
    _check_change(pairing, version, by)
    if pairing.status not in (PairingStatus.ACTIVE, PairingStatus.PAUSED):
        raise Refused("只有在结的结对可以续期。")
    rules.check_until(until, timezone.localdate())
    before, pairing.until = pairing.until, until
    pairing.version += 1
    pairing.save(update_fields=["until", "version"])
    trail.record(
        "pairing.extended",
        subject=pairing,
        by=by,
        until=[str(before or ""), str(until or "")],
    )
    return pairing


def _check_change(pairing: Pairing, version: int | None, by: User) -> None:
    rules.check_decides(by)
    rules.check_reach([pairing], by)
    rules.check_version(pairing, version)
