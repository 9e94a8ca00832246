"""What can be done to a pairing: propose, approve, return, pause, resume, end."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.enums import Role
from cadres.models import Cadre, User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients import pairing_rules as rules
from recipients.due import due_after_handover, first_due
from recipients.enums import EndReason, PairingKind, PairingStatus
from recipients.models import Pairing, Recipient
from recipients.pairing_notices import tell

register(
    {
        "pairing.proposed": "提出了结对",
        "pairing.approved": "审核通过了结对",
        "pairing.returned": "退回了结对",
        "pairing.rechosen": "改选了结对干部",
        "pairing.paused": "暂停了结对",
        "pairing.resumed": "恢复了结对",
        "pairing.ended": "结束了结对",
        "pairing.extended": "延长了结对",
        "pairing.approval_undone": "撤销了结对的审核",
        "pairing.handed_over": "办理了结对交接",
    }
)


@permits(Permission.PROPOSE_PAIRING)
@transaction.atomic
def propose(
    *,
    recipients: Sequence[Recipient],
    cadre: Cadre,
    kind: PairingKind = PairingKind.CADRE,
    words: str = "",
    until: date | None = None,
    by: User,
) -> list[Pairing]:
    """Propose the cadre for one person, or for several of one household at once.

    Raises Refused for somebody else's cadre, for relations, and for people who have
    such a carer or the same proposal already.
    """
    if by.role == Role.UNIT_LIAISON and cadre.organisation_id != by.organisation_id:
        raise Refused("联络员只能为本单位的干部提出结对。")
    keys = [person.pk for person in recipients]
    rules.lock_people(keys, [cadre.pk])
    cadre = Cadre.objects.get(pk=cadre.pk)
    people = list(Recipient.objects.filter(pk__in=keys).order_by("area_id", "pinyin"))
    if len({person.household_id for person in people}) != 1:
        raise Refused("一次只能为同一家庭的对象提出结对。")
    return [
        _propose(person, cadre, kind=kind, words=words, until=until, by=by)
        for person in people
    ]


def _propose(
    person: Recipient,
    cadre: Cadre,
    *,
    kind: PairingKind,
    words: str,
    until: date | None,
    by: User,
) -> Pairing:
    today = timezone.localdate()
    rules.check_until(until, today)
    rules.check_fit(person, cadre)
    pairing = Pairing(
        recipient=person,
        cadre=cadre,
        kind=kind,
        proposed_by=by,
        proposed_on=today,
        proposal_words=words.strip(),
        until=until,
    )
    rules.check_free(pairing)
    if Pairing.objects.proposed().filter(recipient=person, kind=kind).exists():
        raise Refused(f"{person}已有待审核的{pairing.get_kind_display()},请先审核。")
    pairing.save(force_insert=True)
    trail.record("pairing.proposed", subject=pairing, by=by, way=str(kind))
    return pairing


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def approve(
    *,
    pairing: Pairing,
    on: date,
    words: str = "",
    over_capacity_words: str = "",
    version: int | None = None,
    by: User,
) -> Pairing:
    """Let the pairing begin on this day; a hand-over ends the one before on it.

    Of any number of callers at any moment one wins. Raises Refused for a township's
    office, for one's own proposal, and whenever a rule would be broken.
    """
    (pairing,) = rules.lock_pairings([pairing])
    rules.check_version(pairing, version)
    return _approve(pairing, on, words, over_capacity_words, by=by)


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def approve_together(
    *,
    pairings: Sequence[Pairing],
    on: date,
    words: str = "",
    over_capacity_words: str = "",
    by: User,
) -> list[Pairing]:
    """Let the pairings of one household begin together, all or none; see approve."""
    locked = rules.lock_pairings(pairings)
    if len({pairing.recipient.household_id for pairing in locked}) > 1:
        raise Refused("一并通过的应是同一家庭的结对。")
    return [
        _approve(pairing, on, words, over_capacity_words, by=by) for pairing in locked
    ]


def _approve(
    pairing: Pairing, on: date, words: str, over_capacity_words: str, *, by: User
) -> Pairing:
    rules.check_decides(by)
    rules.check_reach([pairing], by)
    if by.is_same_person(pairing.proposed_by):
        raise Refused("不能审核自己(或同名账号)提出的结对,请由另一位同事审核。")
    if pairing.status != PairingStatus.PROPOSED:
        raise Refused(f"这件结对已是“{pairing.get_status_display()}”,不用再审核。")
    begin(pairing, on, over_capacity_words, by=by)
    pairing.review_words = words.strip()
    pairing.save()
    trail.record(
        "pairing.approved",
        subject=pairing,
        by=by,
        reason=pairing.over_capacity_words,
        started_on=str(on),
    )
    tell(pairing, "approved", by=by)
    return pairing


def begin(
    pairing: Pairing, on: date, over_capacity_words: str, **reviewed: User
) -> None:
    """Make the locked pairing active in memory, and end the one it takes over from."""
    recipient, cadre = pairing.recipient, pairing.cadre
    previous = pairing.previous
    rules.check_day(on, earliest=recipient.registered_on)
    rules.check_fit(recipient, cadre)
    rules.check_free(pairing)
    if pairing.until is not None and pairing.until < on:
        raise Refused("约定到期日早于生效日期,请退回后重新提出。")
    pairing.over_capacity_words = rules.check_capacity(
        recipient, cadre, over_capacity_words
    )
    pairing.next_due_on = first_due(recipient.category, on)
    if previous is not None and previous.status != PairingStatus.ENDED:
        pairing.next_due_on = due_after_handover(
            recipient.category, on, previous.next_due_on
        )
        finish(previous, EndReason.REPLACED, on)
    pairing.move_to(PairingStatus.ACTIVE)
    pairing.started_on = on
    pairing.reviewed_by, pairing.reviewed_at = reviewed["by"], timezone.now()
    pairing.version += 1


def finish(pairing: Pairing, reason: EndReason, on: date) -> None:
    """End the locked pairing and save it."""
    rules.check_day(on, earliest=pairing.started_on)
    pairing.move_to(PairingStatus.ENDED)
    pairing.ended_on, pairing.end_reason = on, reason
    pairing.version += 1
    pairing.save(update_fields=["status", "ended_on", "end_reason", "version"])


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def return_proposal(
    *, pairing: Pairing, words: str, version: int | None = None, by: User
) -> Pairing:
    """Return a proposal with the reason, so that another can be made."""
    (pairing,) = rules.lock_pairings([pairing])
    rules.check_decides(by)
    rules.check_reach([pairing], by)
    rules.check_version(pairing, version)
    if not words.strip():
        raise Refused("退回请写明原因。")
    previous = pairing.previous
    reject(pairing, words, whose=by)
    trail.record(
        "pairing.returned",
        subject=pairing,
        by=by,
        reason=pairing.review_words[:200],
        previous=str(previous.pk) if previous else "",
    )
    tell(pairing, "returned", by=by)
    return pairing


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def rechoose(
    *, pairing: Pairing, cadre: Cadre, version: int | None = None, by: User
) -> Pairing:
    """Return a proposal and propose another cadre instead; a colleague approves."""
    (pairing,) = rules.lock_pairings([pairing], cadres=[cadre])
    rules.check_decides(by)
    rules.check_reach([pairing], by)
    rules.check_version(pairing, version)
    cadre = Cadre.objects.get(pk=cadre.pk)
    rules.check_fit(pairing.recipient, cadre)
    if cadre.pk == pairing.cadre_id:
        raise Refused("改选应换一位干部。")
    other = Pairing(
        recipient=pairing.recipient,
        cadre=cadre,
        kind=pairing.kind,
        proposed_by=by,
        proposed_on=timezone.localdate(),
        proposal_words="审核时改选",
        until=pairing.until,
        handover_words=pairing.handover_words,
        previous=pairing.previous,
    )
    reject(pairing, f"改选{cadre}", whose=by)
    other.save(force_insert=True)
    trail.record("pairing.rechosen", subject=other, by=by, instead_of=str(pairing.pk))
    tell(pairing, "returned", by=by)
    return other


def reject(pairing: Pairing, words: str, *, whose: User) -> None:
    """Set the locked proposal aside; the caller records it."""
    # A returned hand-over lets go of the one before, so that another may follow it.
    pairing.previous = None
    pairing.move_to(PairingStatus.REJECTED)
    pairing.review_words = words.strip()
    pairing.reviewed_by, pairing.reviewed_at = whose, timezone.now()
    pairing.version += 1
    pairing.save()
