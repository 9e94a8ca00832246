"""Sending a need to a department, and what the department and the office do with it."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.models import Event
from audit.sentences import register
from cadres.enums import OrganisationKind, Role
from cadres.models import Organisation, User
from cadres.permissions import Permission, permits
from casework.enums import NeedStatus, ReferralStatus
from casework.models import Need, Referral
from common.refusals import Refused
from jobs.operations import notify

ONE_LOOK = timedelta(hours=1)
register(
    {
        "referral.sent": "把需求转办给部门",
        "referral.seen": "部门查看了转办",
        "referral.accepted": "部门受理了转办",
        "referral.returned": "部门退回了转办",
        "referral.answered": "部门答复了转办",
        "referral.closed": "办结了转办",
    }
)


@permits(Permission.WORK_NEEDS)
@transaction.atomic
def send_referral(
    *, need: Need, department: Organisation, words: str, due_on: date, by: User
) -> Referral:
    """Send the need to the department, which sees of the person what it needs.

    Raises Refused for a need not accepted yet, one that is with a department, a body
    that is no department, and a day gone by.
    """
    need = _locked(need)
    if department.kind != OrganisationKind.DEPARTMENT or not department.active:
        raise Refused("请选择一个在用的职能部门。")
    if due_on < timezone.localdate():
        raise Refused("期限不能早于今天。")
    if need.referrals.open().exists():
        raise Refused("这件需求已经转办,还没有办结。")
    _move_need(need, NeedStatus.REFERRED)
    referral = Referral.objects.create(
        need=need,
        department=department,
        words=words.strip(),
        sent_by=by,
        due_on=due_on,
    )
    trail.record("referral.sent", subject=referral, by=by, department=department.name)
    officers = User.objects.filter(
        role=Role.DEPARTMENT, organisation=department, is_active=True
    )
    for officer in officers:
        _tell(referral, officer, f"有一件{need}转办给您单位,请受理。")
    return referral


@permits(Permission.SEE_REFERRALS)
@transaction.atomic
def see_referral(*, referral: Referral, by: User) -> bool:
    """Leave in the trail that a department looked at it; once an hour is enough."""
    seen = Event.objects.about(referral).filter(
        kind="referral.seen", by=str(by.pk), at__gte=timezone.now() - ONE_LOOK
    )
    if seen.exists():
        return False
    trail.record("referral.seen", subject=referral, by=by)
    return True


@permits(Permission.WORK_REFERRALS)
@transaction.atomic
def accept_referral(*, referral: Referral, by: User) -> Referral:
    """Let the department take the matter on; the need is then being worked at."""
    referral = _moved(referral, ReferralStatus.ACCEPTED, by)
    _move_need(_locked(referral.need), NeedStatus.IN_PROGRESS)
    return _done(referral, "referral.accepted", by, "部门已受理")


@permits(Permission.WORK_REFERRALS)
@transaction.atomic
def return_referral(*, referral: Referral, words: str, by: User) -> Referral:
    """Send the matter back with the reason: not ours, or something is missing."""
    referral = _moved(referral, ReferralStatus.RETURNED, by)
    _add_line(referral, "退回", words)
    referral.closed_on = timezone.localdate()
    _move_need(_locked(referral.need), NeedStatus.RETURNED)
    return _done(referral, "referral.returned", by, "部门退回,请看原因")


@permits(Permission.WORK_REFERRALS)
@transaction.atomic
def answer_referral(*, referral: Referral, words: str, by: User) -> Referral:
    """Say what was done about it."""
    referral = _moved(referral, ReferralStatus.ANSWERED, by)
    _add_line(referral, "答复", words)
    return _done(referral, "referral.answered", by, "部门已答复,请办结")


@permits(Permission.WORK_NEEDS)
@transaction.atomic
def close_referral(
    *, referral: Referral, solved: bool, words: str, by: User
) -> Referral:
    """Close what was answered; the need is solved, or is worked at further."""
    referral = _lock(referral)
    referral.move_to(ReferralStatus.CLOSED)
    _add_line(referral, "办结" if solved else "未解决", words)
    referral.closed_on = timezone.localdate()
    referral.save(update_fields=["status", "answer", "closed_on"])
    if solved:
        need = _locked(referral.need)
        need.add_line(f"{referral.department}:{words.strip()}", timezone.localdate())
        need.move_to(NeedStatus.SOLVED)
        need.save(update_fields=["status", "answer"])
    trail.record("referral.closed", subject=referral, by=by, solved=solved)
    if referral.handled_by is not None:
        _tell(referral, referral.handled_by, f"{referral.need}的转办已办结。")
    return referral


def _moved(referral: Referral, target: ReferralStatus, by: User) -> Referral:
    referral = _lock(referral)
    if by.role != Role.DEPARTMENT or by.organisation_id != referral.department_id:
        raise Refused("这件转办不是转给您单位的。")
    referral.move_to(target)
    referral.handled_by = by
    return referral


def _done(referral: Referral, kind: str, by: User, words: str) -> Referral:
    referral.save(update_fields=["status", "answer", "handled_by", "closed_on"])
    trail.record(kind, subject=referral, by=by)
    _tell(referral, referral.sent_by, f"{referral.need}:{words}。")
    return referral


def _add_line(referral: Referral, label: str, words: str) -> None:
    if not words.strip():
        raise Refused("请写明情况。")
    line = f"{timezone.localdate():%m-%d} {label}:{words.strip()}"
    referral.answer = f"{referral.answer}\n{line}".strip()


def _lock(referral: Referral) -> Referral:
    # A person before a need before its referral, everywhere.
    _locked(referral.need)
    return (
        Referral.objects.select_for_update(of=("self",))
        .select_related("need__recipient", "department", "sent_by", "handled_by")
        .get(pk=referral.pk)
    )


def _locked(need: Need) -> Need:
    return (
        Need.objects.select_for_update(of=("self",))
        .select_related("recipient")
        .get(pk=need.pk)
    )


def _move_need(need: Need, target: NeedStatus) -> None:
    need.move_to(target)
    need.save(update_fields=["status"])


def _tell(referral: Referral, to: User, words: str) -> None:
    notify(
        to=to,
        kind="referral",
        period=f"{referral.pk}:{referral.status}",
        words=words[:300],
        url=f"/needs/referrals/{referral.pk}/",
    )
