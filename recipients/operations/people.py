"""A person's file: opened once, kept up to date, closed and opened again."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.models import Area, User
from cadres.permissions import Permission, permits
from common.encryption import blind_index
from common.refusals import Refused, Stale
from recipients import sources
from recipients.counted import count_from
from recipients.enums import FormerKind
from recipients.models import FormerMark, Guardian, Household, Recipient
from recipients.operations.duplicates import look_for
from recipients.operations.numbering import take_numbers
from recipients.pairing_rules import lock_people
from recipients.person_facts import (
    STORED,
    PersonFacts,
    differences,
    index_of,
    stored,
)
from recipients.reach import check_apart, is_within

register(
    {
        "recipient.registered": "建立了档案",
        "recipient.changed": "修改了档案",
        "recipient.left": "办理了退出",
        "recipient.returned": "恢复了在册",
        "recipient.paused": "暂停了关爱",
        "recipient.fading": "开始了渐退",
        "recipient.resumed": "恢复了关爱",
        "recipient.household_joined": "并入了另一家庭",
        "recipient.household_split": "单独立为一个家庭",
        "person.seen": "查看了档案",
        "person.unmasked": "查看了完整信息",
    }
)
# What two files of one person have in common.
SOUGHT = {"name", "resident_id", "birth_on", "phone", "area", "address"}
ELSEWHERE = "已在其他县区建档,请联系市关爱办。"


class AlreadyFiled(Refused):
    """The person has a file; it is named only to those who may see it."""

    def __init__(self, recipient: Recipient | None) -> None:
        words = (
            f"此人已经建档:{recipient}({recipient.code})。" if recipient else ELSEWHERE
        )
        super().__init__(words)
        self.recipient = recipient


@permits(Permission.EDIT_RECIPIENTS, Permission.RECONCILE)
@transaction.atomic
def register_person(*, facts: PersonFacts, by: User) -> Recipient:
    """Open a file for the person, with a number of the township and a household.

    Raises Refused beyond the account's reach, AlreadyFiled for a second file, and
    IdError for a number that is none.
    """
    person = opened(facts, whose=by)
    trail.record("recipient.registered", subject=person, by=by)
    return person


def opened(facts: PersonFacts, *, whose: User) -> Recipient:
    """Open the file as ``register_person`` does; the caller leaves the event."""
    _check_place(facts.area, whose)
    today = timezone.localdate()
    values = stored(facts, today=today)
    _check_free(values["resident_id_index"], whose)
    (code,) = take_numbers(facts.area, 1)
    home = Household.objects.create(area=facts.area, size=facts.household_size)
    person = Recipient(code=code, household=home, registered_on=today, **values)
    _save(person, whose, new=True)
    _keep_guardian(person, facts)
    sources.typed(person, [sources.WHOLE], whose=whose)
    look_for([person.pk])
    return person


@permits(Permission.EDIT_RECIPIENTS, Permission.RECONCILE)
@transaction.atomic
def change_person(
    *, recipient: Recipient, facts: PersonFacts, version: int | None = None, by: User
) -> Recipient:
    """Bring the file up to date.

    Raises Stale with what differs when someone has changed it meanwhile, and
    Refused when the person would be paired with a relation or moved out of reach.
    """
    person = locked(recipient)
    guardian = first_guardian(person)
    before = PersonFacts.of(person, guardian)
    if version is not None and version != person.version:
        words = "您打开以后,有人改过这份档案。您填的内容还在,请核对后再保存。"
        raise Stale(words, differences(facts, before))
    _check_place(facts.area, by)
    names = PersonFacts.__dataclass_fields__
    changed = trail.changes(before, facts, names, model=Recipient)
    values = stored(facts, today=timezone.localdate())
    _check_free(values["resident_id_index"], by, other_than=person)
    keep_marks(person, values)
    count_from(timezone.localdate())
    for name, value in values.items():
        setattr(person, name, value)
    person.version += 1
    _save(person, by, new=False)
    _keep_guardian(person, facts)
    Household.objects.filter(pk=person.household_id).update(size=facts.household_size)
    check_apart(person)
    sources.typed(person, list(changed), whose=by)
    if SOUGHT & set(changed):
        look_for([person.pk])
    trail.record("recipient.changed", subject=person, by=by, fields=changed)
    return person


def locked(recipient: Recipient) -> Recipient:
    """Return the person's row afresh, held until the transaction ends."""
    lock_people([recipient.pk], [])
    return Recipient.objects.select_related("area__parent", "household").get(
        pk=recipient.pk
    )


def first_guardian(person: Recipient) -> Guardian | None:
    return person.guardians.filter(first=True).first()


def check_version(person: Recipient, version: int | None) -> None:
    """Refuse a form that was opened before somebody else's change."""
    if version is not None and version != person.version:
        now = str(person.get_status_display())
        raise Stale("有人刚刚改过这份档案,请看过最新情况再办。", [("状态", "", now)])


def _check_place(area: Area, by: User) -> None:
    if not is_within(area.code, by):
        raise Refused("这个乡镇街道不在本账号管辖范围,请交所在地关爱办办理。")


def _check_free(
    index: bytes | None, by: User, *, other_than: Recipient | None = None
) -> None:
    """Refuse a second file for one id; say which the first is only within reach."""
    if index is None:
        return
    before = FormerMark.objects.filter(kind=FormerKind.RESIDENT_ID, index=index)
    filed = Recipient.objects.filter(
        Q(resident_id_index=index) | Q(pk__in=before.values("recipient"))
    )
    if other_than is not None:
        filed = filed.exclude(pk=other_than.pk)
    if (first := filed.first()) is not None:
        raise AlreadyFiled(first if is_within(first.area_id, by) else None)


def keep_marks(person: Recipient, values: dict[str, Any]) -> None:
    """Let the person still be found by a name or id that is given up now."""
    for kind, name in (
        (FormerKind.NAME, "name"),
        (FormerKind.RESIDENT_ID, "resident_id"),
    ):
        before = getattr(person, name)
        if not before or before == values[name]:
            continue
        index = blind_index(before)
        if not person.formers.filter(kind=kind, index=index).exists():
            FormerMark.objects.create(
                recipient=person,
                kind=kind,
                text=before,
                index=index,
                until_on=timezone.localdate(),
            )


def _save(person: Recipient, by: User, *, new: bool) -> None:
    """Save; two offices may open a file for one person in the same moment."""
    try:
        with transaction.atomic():
            if new:
                person.save(force_insert=True)
            else:
                person.save(update_fields=[*STORED, "version", "updated_at"])
    except IntegrityError as clash:
        if "resident_id_index" not in str(clash):
            raise
        _check_free(bytes(person.resident_id_index or b""), by, other_than=person)
        raise


def _keep_guardian(person: Recipient, facts: PersonFacts) -> None:
    guardian = first_guardian(person)
    if not facts.names_guardian():
        if guardian is not None:
            guardian.delete()
        return
    guardian = guardian or Guardian(recipient=person, first=True)
    guardian.name, guardian.relation = facts.guardian_name, facts.guardian_relation
    guardian.phone = facts.guardian_phone
    guardian.phone_index = index_of(facts.guardian_phone)
    guardian.save()
