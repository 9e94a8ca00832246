"""Whose a place is to look after, and families kept apart from their carers."""

from django.utils import timezone

from cadres.enums import Role
from cadres.models import User
from common.refusals import Refused
from recipients.models import ActingCarer, Pairing, Recipient
from recipients.pairing_rules import same_number

BOTH = ("cadre", "recipient")
ACTS = ("cadre", "pairing__recipient")


def is_within(area_code: str, user: User) -> bool:
    """Say whether the account's own area is this one or lies above it."""
    if user.role == Role.ADMIN:
        return True
    return user.area is not None and area_code.startswith(user.area.prefix)


def check_apart(person: Recipient) -> None:
    """Refuse facts by which anyone of the household is paired with a relation."""
    pairings = Pairing.objects.active().filter(recipient__household=person.household_id)
    acting = ActingCarer.objects.to_come(timezone.localdate()).filter(
        pairing__in=pairings.values("pk")
    )
    found = [
        *((one.recipient, one.cadre) for one in pairings.select_related(*BOTH)),
        *((one.pairing.recipient, one.cadre) for one in acting.select_related(*ACTS)),
    ]
    for recipient, cadre in found:
        if same_number(recipient, cadre):
            raise Refused(
                f"这样改以后,结对或代管的干部{cadre}与家中的人或监护人是同一人或同一电话,"
                "须回避;请先换人再改。"
            )
