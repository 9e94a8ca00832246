"""Who lives together: a person joins another's household, or has one alone."""

from django.db import transaction

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients.models import Household, Recipient
from recipients.operations.people import locked
from recipients.pairing_rules import lock_people
from recipients.reach import check_apart, is_within


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def join_household(*, recipient: Recipient, member: Recipient, by: User) -> Recipient:
    """Let the person live in the household of ``member``.

    Raises Refused beyond the account's reach, and when the household's cadre is a
    relation of the person's.
    """
    lock_people([recipient.pk, member.pk], [])
    person, member = locked(recipient), locked(member)
    if not (is_within(person.area_id, by) and is_within(member.area_id, by)):
        raise Refused("只能合并管辖范围内的家庭。")
    if person.household_id == member.household_id:
        raise Refused(f"{person}和{member}已经是一家。")
    before, person.household = person.household_id, member.household
    _save(person)
    check_apart(person)
    trail.record(
        "recipient.household_joined",
        subject=person,
        by=by,
        household=[str(before), str(person.household_id)],
    )
    return person


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def split_household(*, recipient: Recipient, by: User) -> Recipient:
    """Give the person a household alone."""
    person = locked(recipient)
    if not is_within(person.area_id, by):
        raise Refused("只能办理管辖范围内的家庭。")
    others = Recipient.objects.filter(household=person.household_id)
    if not others.exclude(pk=person.pk).exists():
        raise Refused(f"{person}已经单独是一家。")
    before = person.household_id
    person.household = Household.objects.create(area=person.area)
    _save(person)
    trail.record(
        "recipient.household_split",
        subject=person,
        by=by,
        household=[str(before), str(person.household_id)],
    )
    return person


def _save(person: Recipient) -> None:
    person.version += 1
    person.save(update_fields=["household", "version", "updated_at"])
