"""Who belongs to a household and how, who is its head, and who looks after whom."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.enums import OrganisationKind
from cadres.models import Organisation, User
from cadres.permissions import Permission, permits
from common.encryption import blind_index
from common.refusals import Refused
from recipients import sources
from recipients.enums import RecipientStatus, Relation, TaskKind
from recipients.models import Guardian, Household, HouseholdMember, Recipient
from recipients.operations.people import first_guardian, locked
from recipients.operations.tasks import answer_task, raise_task
from recipients.pairing_rules import check_day
from recipients.reach import check_apart, is_within

register(
    {
        "household.member_added": "登记了家庭成员",
        "household.member_left": "登记了家庭成员离开",
        "household.head_named": "确定了户主",
        "household.relation_set": "登记了与户主关系",
        "household.in_institution": "登记了入住机构",
        "guardian.changed": "变更了监护人",
    }
)
ADULT = 18


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def add_member(
    *,
    recipient: Recipient,
    name: str,
    relation: Relation,
    born_in: int | None = None,
    by: User,
) -> HouseholdMember:
    """Put down somebody who lives there and has no file."""
    person = _within(recipient, by)
    if relation == Relation.HEAD:
        _no_head(person.household)
    member = HouseholdMember.objects.create(
        household=person.household,
        name=name.strip(),
        relation=relation,
        born_in=born_in,
        since_on=timezone.localdate(),
    )
    trail.record(
        "household.member_added", subject=person, by=by, relation=str(relation)
    )
    return member


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def member_leaves(
    *, recipient: Recipient, member: HouseholdMember, on: date, by: User
) -> HouseholdMember:
    """Let a member go (away, married, dead); the row stays as history."""
    person = _within(recipient, by)
    member = _member(person, member)
    check_day(on, earliest=member.since_on)
    member.until_on = on
    member.save(update_fields=["until_on"])
    if member.relation == Relation.HEAD:
        raise_task(person, TaskKind.HEAD, due_on=timezone.localdate())
    trail.record("household.member_left", subject=person, by=by, on=str(on))
    return member


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def set_relation(*, recipient: Recipient, relation: Relation, by: User) -> Recipient:
    """Say how the person is related to the head; a head is named by ``name_head``."""
    person = _within(recipient, by)
    if relation == Relation.HEAD:
        raise Refused("定户主请用“定为户主”。")
    if person.relation == Relation.HEAD:
        raise Refused("这个人是户主;请先定别人为户主。")
    person.relation = relation
    _save(person, "relation")
    trail.record(
        "household.relation_set", subject=person, by=by, relation=str(relation)
    )
    return person


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def name_head(
    *,
    recipient: Recipient,
    member: HouseholdMember | None = None,
    words: str = "",
    by: User,
) -> Recipient:
    """Name the person, or a member without a file, as head of the household.

    Whoever was head is so no more; how all others are related has to be told anew.
    """
    person = _within(recipient, by)
    if member is not None:
        member = _member(person, member)
    elif person.status == RecipientStatus.LEFT:
        raise Refused(f"{person}已退出,不能定为户主。")
    home = person.household
    Recipient.objects.filter(household=home, relation=Relation.HEAD).exclude(
        status=RecipientStatus.LEFT
    ).update(relation=Relation.OTHER)
    home.members.filter(relation=Relation.HEAD).update(relation=Relation.OTHER)
    if member is not None:
        member.relation = Relation.HEAD
        member.save(update_fields=["relation"])
    else:
        person.relation = Relation.HEAD
        _save(person, "relation")
    for one in Recipient.objects.filter(household=home):
        answer_task(one, TaskKind.HEAD, "已定新户主", whose=by)
    trail.record(
        "household.head_named",
        subject=person,
        by=by,
        reason=words[:200],
        has_file=member is None,
    )
    return person


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def change_guardian(
    *,
    recipient: Recipient,
    name: str,
    relation: str = "",
    phone: str = "",
    born_in: int | None = None,
    carer: bool = False,
    on: date,
    words: str,
    by: User,
) -> Guardian | None:
    """Let another look after the person from a day on; who did stays as history.

    Without a name nobody does: naming one is left to the office as a task. Raises
    Refused for the cadre who cares for the person, and for a minor.
    """
    person = _within(recipient, by)
    check_day(on, earliest=None)
    if not words.strip():
        raise Refused("请写明变更原因。")
    if born_in is not None and on.year - born_in < ADULT:
        raise Refused("监护人须年满 18 周岁。")
    before = first_guardian(person)
    if before is not None:
        before.first, before.until_on = False, on
        before.until_words = words.strip()[:100]
        before.save(update_fields=["first", "until_on", "until_words"])
    guardian = None
    if name.strip():
        guardian = Guardian.objects.create(
            recipient=person,
            name=name.strip(),
            relation=relation.strip(),
            phone=phone,
            phone_index=blind_index(phone) if phone else None,
            carer=carer,
            since_on=on,
        )
        check_apart(person)
        answer_task(person, TaskKind.GUARDIAN, "已定新监护人", whose=by)
    else:
        raise_task(person, TaskKind.GUARDIAN, due_on=timezone.localdate())
    sources.typed(person, sources.GUARDIAN, whose=by)
    person.version += 1
    person.save(update_fields=["version", "updated_at"])
    trail.record(
        "guardian.changed",
        subject=person,
        by=by,
        reason=words.strip()[:200],
        on=str(on),
        named=bool(guardian),
    )
    return guardian


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def place_in_institution(
    *, recipient: Recipient, institution: Organisation, on: date, by: User
) -> Recipient:
    """Let the person live in a home: a household alone, visited there."""
    person = _within(recipient, by)
    if institution.kind != OrganisationKind.HOME or not institution.active:
        raise Refused("请选在用的福利机构。")
    check_day(on, earliest=None)
    if person.household.institution_id == institution.pk:
        raise Refused(f"{person}已经住在{institution}。")
    # Whoever stays behind keeps the household, and its visits.
    person.household = Household.objects.create(
        area=person.area, size=1, institution=institution
    )
    person.relation = Relation.HEAD
    _save(person, "household", "relation")
    trail.record(
        "household.in_institution",
        subject=person,
        by=by,
        on=str(on),
        institution=institution.name,
    )
    return person


def _within(recipient: Recipient, by: User) -> Recipient:
    person = locked(recipient)
    if not is_within(person.area_id, by):
        raise Refused("只能办理管辖范围内的家庭。")
    return person


def _member(person: Recipient, member: HouseholdMember) -> HouseholdMember:
    rows = HouseholdMember.objects.select_for_update(of=("self",))
    member = rows.get(pk=member.pk)
    if member.household_id != person.household_id or member.until_on is not None:
        raise Refused("这个人现在不是这一户的成员。")
    return member


def _no_head(home: Household) -> None:
    heads = Recipient.objects.filter(household=home, relation=Relation.HEAD)
    if (
        heads.exclude(status=RecipientStatus.LEFT).exists()
        or home.members.filter(relation=Relation.HEAD, until_on=None).exists()
    ):
        raise Refused("这一户已有户主;要换户主,请用“定为户主”。")


def _save(person: Recipient, *fields: str) -> None:
    person.version += 1
    person.save(update_fields=[*fields, "version", "updated_at"])
