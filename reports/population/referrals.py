"""Sends some needs to the departments, which have got a different way with each."""

from collections.abc import Callable
from datetime import date, timedelta

from cadres.models import User
from casework.enums import NeedKind, NeedStatus
from casework.models import Need, Referral
from casework.operations import (
    accept_referral,
    answer_referral,
    close_referral,
    return_referral,
    send_referral,
)

ASKED = {
    "civil": {
        NeedKind.LIVING: "家庭收入下降,请核查是否符合低保或临时救助条件。",
        NeedKind.CARE: "家中无人照料,请评估居家照护或集中供养。",
        NeedKind.HOUSING: "住房漏雨,请会同住建部门鉴定。",
    },
    "dpf": {
        NeedKind.MEDICAL: "请安排残疾评定和康复救助评估。",
        NeedKind.BARRIER_FREE: "请上门评估辅具和无障碍改造。",
        NeedKind.EMPLOYMENT: "有劳动意愿,请对接技能培训和公益性岗位。",
    },
}
ANSWERED = "已上门核实,符合条件,本月列入办理。"
RETURNED = "缺户口簿和评定材料,请补齐后再转。"
SOLVED = "手续已办好,已告知家属。"
DAYS_TO_ANSWER = 15
# The first is already late: an office must see how that looks.
SENT_BEFORE = (21, 3, 6, 9, 12, 8)
Step = Callable[[Referral, User, User], object]


def _accept(referral: Referral, officer: User, office: User) -> None:
    accept_referral(referral=referral, by=officer)


def _answer(referral: Referral, officer: User, office: User) -> None:
    answer_referral(referral=referral, words=ANSWERED, by=officer)


def _close(referral: Referral, officer: User, office: User) -> None:
    close_referral(referral=referral, solved=True, words=SOLVED, by=office)


def _send_back(referral: Referral, officer: User, office: User) -> None:
    return_referral(referral=referral, words=RETURNED, by=officer)


WAYS: tuple[tuple[Step, ...], ...] = (
    (),
    (),
    (_accept,),
    (_accept, _answer),
    (_accept, _answer, _close),
    (_send_back,),
)


def write_referrals(today: date, by: User) -> int:
    """Send as many needs to each department as there are ways; return how many."""
    return sum(
        _to_department(User.objects.get(username=username), today, by)
        for username in ASKED
    )


def _to_department(officer: User, today: date, office: User) -> int:
    asked = ASKED[officer.username]
    waiting = Need.objects.filter(status=NeedStatus.ACCEPTED, kind__in=asked)
    needs = waiting.select_related("recipient").order_by("due_on", "pk")[: len(WAYS)]
    for need, way, days in zip(needs, WAYS, SENT_BEFORE, strict=False):
        assert officer.organisation is not None
        referral = send_referral(
            need=need,
            department=officer.organisation,
            words=asked[NeedKind(need.kind)],
            due_on=today + timedelta(days=DAYS_TO_ANSWER),
            by=office,
        )
        for step in way:
            step(referral, officer, office)
        _put_back_in_time(referral, days)
    return len(needs)


def _put_back_in_time(referral: Referral, days: int) -> None:
    """Let it have been sent some days ago; its day to be answered moves with it."""
    Referral.objects.filter(pk=referral.pk).update(
        sent_at=referral.sent_at - timedelta(days=days),
        due_on=referral.due_on - timedelta(days=days),
    )
