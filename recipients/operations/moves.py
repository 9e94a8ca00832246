"""Moving house: the file goes along with its history, and reach the same second."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.models import Area, User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients import sources
from recipients.counted import check_order, count_from
from recipients.enums import RecipientStatus, TaskKind, TransferStatus
from recipients.models import Household, Pairing, Recipient, Transfer
from recipients.operations.tasks import moot, raise_task
from recipients.pairing_rules import STANDING, decides, lock_people
from recipients.reach import is_within

register(
    {
        "recipient.moved": "办理了迁移",
        "transfer.proposed": "提出了跨县区转接",
        "transfer.accepted": "接收了跨县区转接",
        "transfer.returned": "退回了跨县区转接",
    }
)


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def move(
    *,
    recipients: Sequence[Recipient],
    area: Area,
    on: date,
    village: str = "",
    address: str = "",
    words: str = "",
    by: User,
) -> list[Recipient]:
    """Let the people of one household live in another township from this day on.

    Figures of days before count them where they lived. Pairings go on; whether they
    still fit waits with the new office. Raises Refused beyond the account's reach:
    another county has to accept (``propose_transfer``).
    """
    people = _locked(recipients)
    if not all(is_within(one.area_id, by) for one in people):
        raise Refused("只能办理管辖范围内的对象。")
    if not is_within(area.code, by):
        raise Refused("迁入地不在管辖范围,请提出跨县区转接,由迁入地接收。")
    _move(people, area, on, village, address, by=by)
    for person in people:
        trail.record(
            "recipient.moved",
            subject=person,
            by=by,
            reason=words.strip()[:200],
            on=str(on),
            to=area.code,
        )
    return people


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def propose_transfer(
    *,
    recipient: Recipient,
    area: Area,
    on: date,
    village: str = "",
    words: str,
    by: User,
) -> Transfer:
    """Ask another county to take the person over; until then nothing changes."""
    (person,) = _locked([recipient])
    if not is_within(person.area_id, by):
        raise Refused("只能转出管辖范围内的对象。")
    if is_within(area.code, by):
        raise Refused("迁入地就在管辖范围内,请直接办理迁移。")
    if not words.strip():
        raise Refused("请写明迁移的情况,迁入地要据此接收。")
    _check(person, area, on)
    if Transfer.objects.proposed().filter(recipient=person).exists():
        raise Refused(f"{person}已有待接收的转接。")
    transfer = Transfer.objects.create(
        recipient=person,
        from_area=person.area,
        to_area=area,
        village=village,
        on=on,
        words=words.strip(),
        proposed_by=by,
    )
    trail.record("transfer.proposed", subject=transfer, by=by, to=area.code)
    return transfer


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def accept_transfer(*, transfer: Transfer, by: User) -> Transfer:
    """Take the person over: from this second on the file is the new county's."""
    transfer = _answered(transfer, TransferStatus.ACCEPTED, "", by)
    (person,) = _locked([transfer.recipient])
    if person.area_id != transfer.from_area_id:
        raise Refused("提出转接以后,这个人又有迁移,请退回后重新提出。")
    trail.record(
        "transfer.accepted", subject=transfer, by=by, origin=transfer.from_area_id
    )
    _move([person], transfer.to_area, transfer.on, transfer.village, "", by=by)
    return transfer


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def return_transfer(*, transfer: Transfer, words: str, by: User) -> Transfer:
    """Leave the person where they are, with the reason."""
    if not words.strip():
        raise Refused("退回请写明原因。")
    transfer = _answered(transfer, TransferStatus.RETURNED, words.strip(), by)
    trail.record("transfer.returned", subject=transfer, by=by, reason=transfer.answer)
    return transfer


def _move(
    people: list[Recipient],
    area: Area,
    on: date,
    village: str,
    address: str,
    *,
    by: User,
) -> None:
    for person in people:
        _check(person, area, on)
    count_from(on)
    home = _home_for(people, area)
    for person in people:
        person.area, person.village, person.household = area, village, home
        # An address that is not told is no longer the old one.
        person.address = address
        person.version += 1
        person.save(
            update_fields=[
                *("area", "village", "household", "address", "version", "updated_at")
            ]
        )
        sources.typed(person, ("area", "village", "address"), whose=by)
        moot(person, TaskKind.MOVED)
        if Pairing.objects.filter(recipient=person, status__in=STANDING).exists():
            raise_task(person, TaskKind.MOVED, due_on=timezone.localdate())


def _home_for(people: list[Recipient], area: Area) -> Household:
    """Return where they live now: the household moves if nobody stays behind."""
    old = people[0].household
    others = Recipient.objects.filter(household=old).exclude(
        pk__in=[person.pk for person in people]
    )
    if others.exclude(status=RecipientStatus.LEFT).exists():
        return Household.objects.create(area=area)
    old.area, old.institution = area, None
    old.save(update_fields=["area", "institution"])
    return old


def _check(person: Recipient, area: Area, on: date) -> None:
    if person.status == RecipientStatus.LEFT:
        raise Refused(f"{person}已退出,不能办理迁移;请先恢复在册。")
    if area.code == person.area_id:
        raise Refused(f"{person}现在就在{area}。")
    check_order(person, on)


def _locked(recipients: Sequence[Recipient]) -> list[Recipient]:
    keys = [person.pk for person in recipients]
    lock_people(keys, [])
    rows = Recipient.objects.select_related("area__parent", "household")
    people = list(rows.filter(pk__in=keys).order_by("pk"))
    if len({person.household_id for person in people}) != 1:
        raise Refused("一次只能办理同一家庭的迁移。")
    return people


def _answered(
    transfer: Transfer, status: TransferStatus, words: str, by: User
) -> Transfer:
    lock_people([transfer.recipient_id], [])
    rows = Transfer.objects.select_related("recipient", "to_area", "from_area")
    transfer = rows.select_for_update(of=("self",)).get(pk=transfer.pk)
    if not (decides(by) and is_within(transfer.to_area_id, by)):
        raise Refused("由迁入地的县区关爱办(或市关爱办)答复。")
    if transfer.status != TransferStatus.PROPOSED:
        raise Refused(f"这件转接已是“{transfer.get_status_display()}”。")
    transfer.move_to(status)
    transfer.answered_by, transfer.answered_at = by, timezone.now()
    transfer.answer = words
    transfer.save()
    return transfer
