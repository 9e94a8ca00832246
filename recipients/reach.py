"""Whose a place is to look after, and families kept apart from their carers."""

from cadres.enums import Role
from cadres.models import User
from common.refusals import Refused
from recipients.models import Pairing, Recipient
from recipients.pairing_rules import same_number


def is_within(area_code: str, user: User) -> bool:
    """Say whether the account's own area is this one or lies above it."""
    if user.role == Role.ADMIN:
        return True
    return user.area is not None and area_code.startswith(user.area.prefix)


def check_apart(person: Recipient) -> None:
    """Refuse facts by which anyone of the household is paired with a relation."""
    pairings = Pairing.objects.active().filter(recipient__household=person.household_id)
    for pairing in pairings.select_related("cadre", "recipient"):
        if same_number(pairing.recipient, pairing.cadre):
            raise Refused(
                f"这样改以后,结对干部{pairing.cadre}与家中的人或监护人是同一人或同一电话,"
                "须回避;请先换人再改。"
            )
