"""What can be done to needs: raise, accept, work, solve, confirm, decline."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit import trail
from cadres.models import User
from cadres.offices import for_all_above, offices
from cadres.permissions import Permission, permits
from casework.enums import NeedKind, NeedStatus, Urgency, Whose
from casework.models import CLOSED, Need
from common.refusals import Refused
from common.rows import uuid7
from jobs.operations import notify
from recipients.enums import RecipientStatus
from recipients.models import Recipient

DAYS_TO_SOLVE = {Urgency.URGENT: 3, Urgency.SOON: 7, Urgency.NORMAL: 15}


def write_need(
    *,
    recipient: Recipient,
    kind: str,
    words: str,
    urgency: str,
    raised_by: User | None,
    on: date,
    whose: str = Whose.PERSON,
    pk: UUID | None = None,
) -> Need:
    """Write a need down, due by its urgency; the caller leaves the event."""
    if not words.strip():
        raise Refused("请写明是什么困难或需求。")
    return Need.objects.create(
        pk=pk or uuid7(),
        recipient=recipient,
        kind=kind,
        whose=whose,
        words=words.strip(),
        urgency=urgency,
        raised_by=raised_by,
        raised_on=on,
        due_on=on + timedelta(days=DAYS_TO_SOLVE[Urgency(urgency)]),
    )


@permits(Permission.RAISE_NEED)
@transaction.atomic
def raise_need(
    *,
    recipient: Recipient,
    kind: str,
    words: str,
    urgency: str,
    whose: str = Whose.PERSON,
    by: User,
) -> Need:
    """Put a person's need before the office.

    Raises Refused when the person has left the registry.
    """
    recipient = Recipient.objects.select_for_update(of=("self",)).get(pk=recipient.pk)
    if recipient.status == RecipientStatus.LEFT:
        raise Refused("该对象已退出,不能再提需求。")
    need = write_need(
        recipient=recipient,
        kind=kind,
        whose=whose,
        words=words,
        urgency=urgency,
        raised_by=by,
        on=timezone.localdate(),
    )
    trail.record("need.raised", subject=need, by=by, need_kind=kind, urgency=urgency)
    return need


@permits(Permission.RAISE_NEED)
@transaction.atomic
def report_harm(*, recipient: Recipient, words: str, by: User) -> Need:
    """Tell the offices that a child may be harmed or neglected (强制报告).

    Every office above hears of it at once; nobody else sees it. Raises Refused for
    who is not a minor, and for who has left.
    """
    recipient = Recipient.objects.select_for_update(of=("self",)).get(pk=recipient.pk)
    today = timezone.localdate()
    if recipient.status == RecipientStatus.LEFT or not recipient.is_minor(today):
        raise Refused("紧急报告只用于在册的未成年人;其他情况请提问题需求。")
    need = write_need(
        recipient=recipient,
        kind=NeedKind.LEGAL,
        words=words,
        urgency=Urgency.URGENT,
        raised_by=by,
        on=today,
    )
    need.reported = True
    need.save(update_fields=["reported"])
    for office, inside in for_all_above({recipient.area_id: 1}, offices(today)):
        if inside:
            notify(
                to=office,
                kind="need.reported",
                period=str(need.pk),
                words="收到一件未成年人紧急报告,请立即处理。",
                url=f"/needs/{need.pk}/",
            )
    trail.record("need.reported", subject=need, by=by)
    return need


@permits(Permission.WORK_NEEDS)
@transaction.atomic
def accept_need(*, need: Need, by: User) -> Need:
    """Let the office take the need on."""
    return _move(need, NeedStatus.ACCEPTED, "need.accepted", by=by)


@permits(Permission.WORK_NEEDS)
@transaction.atomic
def begin_need(*, need: Need, by: User) -> Need:
    """Say that somebody is at work on it."""
    return _move(need, NeedStatus.IN_PROGRESS, "need.begun", by=by)


@permits(Permission.WORK_NEEDS)
@transaction.atomic
def solve_need(*, need: Need, words: str, by: User) -> Need:
    """Say what was done about it; whether it helped is asked next."""
    return _move(need, NeedStatus.SOLVED, "need.solved", words=words, by=by)


@permits(Permission.WORK_NEEDS)
@transaction.atomic
def confirm_need(*, need: Need, words: str, by: User) -> Need:
    """Close it with somebody's word that it helped (销号)."""
    return _move(need, NeedStatus.CONFIRMED, "need.confirmed", words=words, by=by)


@permits(Permission.WORK_NEEDS)
@transaction.atomic
def reopen_need(*, need: Need, words: str, by: User) -> Need:
    """Take it up again: what was done did not help."""
    return _move(need, NeedStatus.IN_PROGRESS, "need.reopened", words=words, by=by)


@permits(Permission.WORK_NEEDS)
@transaction.atomic
def decline_need(*, need: Need, words: str, by: User) -> Need:
    """Close it undone, with the explanation the person is owed."""
    return _move(need, NeedStatus.DECLINED, "need.declined", words=words, by=by)


@permits(Permission.WORK_NEEDS)
@transaction.atomic
def say_whose(*, need: Need, whose: Whose, by: User) -> Need:
    """Say whether an open need is the person's or the household's.

    Raises Refused for one that is closed, and for an urgent report, which is about
    a child and nobody else.
    """
    rows = Need.objects.select_for_update(of=("self",)).select_related("recipient")
    need = rows.get(pk=need.pk)
    if need.status in CLOSED:
        raise Refused("这件需求已了结,不用再改。")
    if need.reported:
        raise Refused("紧急报告只关系到孩子本人,不能改为家庭的需求。")
    need.whose = whose
    need.save(update_fields=["whose"])
    trail.record("need.whose_said", subject=need, by=by, whose=str(whose))
    return need


LINES = {
    "need.solved": "办理情况",
    "need.confirmed": "确认",
    "need.reopened": "未解决",
    "need.declined": "说明",
}


def _move(
    need: Need, target: NeedStatus, kind: str, *, by: User, words: str | None = None
) -> Need:
    need = (
        Need.objects.select_for_update(of=("self",))
        .select_related("recipient")
        .get(pk=need.pk)
    )
    if kind == "need.reopened" and need.status != NeedStatus.SOLVED:
        raise Refused("只有已办结、还没有确认办好的需求可以重新办理。")
    if need.referrals.open().exists():
        raise Refused("这件需求已转办,请等部门答复后在转办里办结。")
    if kind == "need.begun" and need.status == NeedStatus.SOLVED:
        raise Refused("这件需求已经办结;没有解决的,请用“重新办理”并写明原因。")
    if words is not None and not words.strip():
        raise Refused("请写明情况。")
    before = need.status
    need.move_to(target)
    if words is not None:
        need.add_line(f"{LINES[kind]}:{words.strip()}", timezone.localdate())
    need.closed_on = timezone.localdate() if target in CLOSED else None
    need.save(update_fields=["status", "answer", "closed_on"])
    trail.record(kind, subject=need, by=by, before=before, after=need.status)
    return need
