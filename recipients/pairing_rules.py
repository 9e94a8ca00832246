"""What a pairing must not break, and the order in which its rows are locked."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from cadres.enums import AreaLevel, Role
from cadres.models import Cadre, User
from common.refusals import Refused, Stale
from recipients.enums import FormerKind, PairingStatus, RecipientStatus
from recipients.models import CadreRelative, Guardian, Pairing, Recipient

LONGEST_PROMISE = timedelta(days=3660)
STANDING = (PairingStatus.ACTIVE, PairingStatus.PAUSED)
DECIDING_LEVELS = (AreaLevel.CITY, AreaLevel.COUNTY)


def lock_people(recipients: Iterable[Any], cadres: Iterable[Any]) -> None:
    """Lock people, then cadres, each in the order of their keys.

    Everyone takes this order, so that nobody waits for one who waits for them.
    """
    for model, keys in ((Recipient, recipients), (Cadre, cadres)):
        rows = model._default_manager.filter(pk__in=set(keys)).order_by("pk")
        # Without the key: who only refers to the row (a visit) need not wait.
        list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))


def lock_pairings(
    pairings: Sequence[Pairing], *, cadres: Iterable[Cadre] = ()
) -> list[Pairing]:
    """Lock the people, the cadres and then the pairings; return them afresh."""
    lock_people(
        [pairing.recipient_id for pairing in pairings],
        [
            *(pairing.cadre_id for pairing in pairings),
            *(cadre.pk for cadre in cadres),
        ],
    )
    keys = [pairing.pk for pairing in pairings]
    rows = Pairing.objects.filter(pk__in=keys).order_by("pk")
    locked = rows.select_for_update(of=("self",))
    found = {pairing.pk: pairing for pairing in locked.select_related(*WITH)}
    return [found[key] for key in keys]


WITH = (
    "recipient__area",
    "cadre__organisation",
    "cadre__user",
    "proposed_by",
    "previous",
)


def decides(user: User) -> bool:
    """Say whether the account may decide on pairings: a county's office or the city's.

    A township proposes and keeps files.
    """
    return (
        user.role == Role.CARE_OFFICE
        and user.area is not None
        and user.area.level in DECIDING_LEVELS
    )


def check_decides(user: User) -> None:
    """Refuse what only the county's or the city's office may do."""
    if not decides(user):
        raise Refused("结对由县区或市关爱办决定;乡镇街道可以提出,不能审核。")


def check_reach(pairings: Iterable[Pairing], user: User) -> None:
    """Refuse pairings that the account may not see."""
    keys = {pairing.pk for pairing in pairings}
    if Pairing.objects.visible_to(user).filter(pk__in=keys).count() != len(keys):
        raise Refused("这件结对不在管辖范围内。")


def check_version(pairing: Pairing, version: int | None) -> None:
    """Refuse a form that was opened before somebody else's change."""
    if version is not None and version != pairing.version:
        raise Stale(
            "有人刚刚处理过这件结对,请看过最新情况再办。",
            [("状态", "打开表单时的情况", str(pairing.get_status_display()))],
        )


def check_day(on: date, *, earliest: date | None) -> None:
    """Refuse a day that has not come, or lies before what it depends on."""
    if on > timezone.localdate():
        raise Refused("日期不能晚于今天。")
    if earliest is not None and on < earliest:
        raise Refused(f"日期不能早于 {earliest:%Y年%-m月%-d日}。")


def check_fit(recipient: Recipient, cadre: Cadre) -> None:
    """Refuse people who have left, cadres out of office, and relations."""
    if recipient.status != RecipientStatus.ON_FILE:
        raise Refused(f"{recipient}现在是“{recipient.get_status_display()}”,不能结对。")
    if not cadre.active:
        raise Refused(f"{cadre}已离岗,不能结对。")
    if related(recipient, cadre):
        # Which of them it was would tell somebody's number.
        raise Refused(
            f"{cadre}与对象本人、监护人或同住家人是同一人、同一电话或申报的亲属,"
            "须回避,不能结对。"
        )


def related(recipient: Recipient, cadre: Cadre) -> bool:
    """Say whether the cadre is one of the family, or has declared to be related."""
    return same_number(recipient, cadre) or declared(recipient.household_id, cadre)


def declared(household: Any, cadre: Cadre) -> bool:
    """Say whether somebody of the household is a declared relative (申报的亲属)."""
    kin = CadreRelative.objects.standing().filter(cadre=cadre).order_by()
    numbers = kin.values("resident_id_index")
    former = Q(formers__kind=FormerKind.RESIDENT_ID, formers__index__in=numbers)
    family = Recipient.objects.filter(household=household)
    return family.filter(Q(resident_id_index__in=numbers) | former).exists()


def same_number(recipient: Recipient, cadre: Cadre) -> bool:
    """Say whether the cadre's phone or id is that of the family or its guardians."""
    same = Q()
    if cadre.phone_index:
        same |= Q(phone_index=cadre.phone_index)
        guards = Guardian.objects.filter(
            recipient__household=recipient.household_id, phone_index=cadre.phone_index
        )
        if guards.exists():
            return True
    if cadre.resident_id_index:
        same |= Q(resident_id_index=cadre.resident_id_index)
    family = Recipient.objects.filter(household=recipient.household_id)
    return bool(same) and family.filter(same).exists()


def households_of(cadre: Cadre) -> set[Any]:
    """Return the households the cadre now cares for, in whatever capacity."""
    return set(
        Pairing.objects.active()
        .filter(cadre=cadre)
        .values_list("recipient__household_id", flat=True)
    )


def check_capacity(recipient: Recipient, cadre: Cadre, words: str) -> str:
    """Return the words to be kept for a load above capacity; refuse without them.

    Wants the cadre locked. A household that the cadre has already weighs nothing.
    """
    now = households_of(cadre)
    if recipient.household_id in now or len(now) < cadre.capacity:
        return ""
    if not words.strip():
        raise Refused(
            f"{cadre}已结对 {len(now)} 户,再结一户就超过上限 {cadre.capacity} 户;"
            "确需如此请写明超负荷理由。"
        )
    return words.strip()


def check_free(pairing: Pairing) -> None:
    """Refuse a second active pairing of the kind; wants the recipient locked."""
    active = Pairing.objects.active().filter(
        recipient=pairing.recipient_id, kind=pairing.kind
    )
    if active.exclude(pk__in=[pairing.pk, pairing.previous_id]).exists():
        raise Refused(
            f"{pairing.recipient}已有{pairing.get_kind_display()},要换人请用“交接”。"
        )


def check_until(until: date | None, today: date) -> None:
    """Refuse an agreed end that is past, or out of all proportion."""
    if until is not None and not today <= until <= today + LONGEST_PROMISE:
        raise Refused("约定到期日应在今天之后、十年之内。")
