"""Setting who takes a carer's place for some days, and ending it (代管)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.enums import Role
from cadres.models import Cadre, CadreLeave, User
from cadres.permissions import Permission, permits
from cadres.reach import keeps
from common.refusals import Refused
from jobs.operations import notify
from recipients import pairing_rules as rules
from recipients.enums import PairingStatus
from recipients.models import ActingCarer, ActingCarerQuerySet, Pairing

register(
    {
        "acting.proposed": "提出了代管",
        "acting.set": "安排了代管",
        "acting.agreed": "审核通过了代管",
        "acting.returned": "退回了代管",
        "acting.ended": "结束了代管",
        "cadre.leave_changed": "改了干部请假或外派的止日",
    }
)
ASKED = "请您代管一位关爱对象,代管期间由您走访。"
OVER = "您的一件代管已结束,感谢您的付出。"


@permits(Permission.PROPOSE_PAIRING)
@transaction.atomic
def propose_acting(
    *,
    pairings: Sequence[Pairing],
    cadre: Cadre,
    from_on: date,
    until_on: date,
    words: str = "",
    by: User,
) -> list[ActingCarer]:
    """Propose who acts for the carer in these days; another decides, as on hand-overs.

    All or nothing. Raises Refused beyond reach and unit, outside a leave of the carer,
    and for somebody who could not be paired with the person or is away as well.
    """
    locked, cadre = _locked(pairings, cadre, by)
    if by.role == Role.UNIT_LIAISON:
        units = {cadre.organisation_id, *(one.cadre.organisation_id for one in locked)}
        if units != {by.organisation_id}:
            raise Refused("联络员只能在本单位的干部之间提出代管。")
    made = [_made(one, cadre, from_on, until_on, words, by=by) for one in locked]
    for acting in made:
        acting.save(force_insert=True)
        trail.record("acting.proposed", subject=acting, by=by)
    return made


@permits(Permission.PROPOSE_PAIRING)
@transaction.atomic
def set_acting(
    *,
    pairings: Sequence[Pairing],
    cadre: Cadre,
    from_on: date,
    until_on: date,
    words: str = "",
    by: User,
) -> list[ActingCarer]:
    """Let the cadre act for the carer in these days; only for whoever may hand over.

    All or nothing; refuses what propose_acting does.
    """
    locked, cadre = _locked(pairings, cadre, by)
    rules.check_decides(by)
    made = [_made(one, cadre, from_on, until_on, words, by=by) for one in locked]
    for acting in made:
        acting.agreed_by, acting.agreed_at = by, timezone.now()
        acting.save(force_insert=True)
        trail.record("acting.set", subject=acting, by=by, days=_days(acting))
        _tell(acting, ASKED, by=by)
    return made


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def agree_acting(*, acting: ActingCarer, by: User) -> ActingCarer:
    """Let what was proposed hold; days that are past already are not made good.

    Raises Refused for one's own proposal, and where a rule has come to forbid it.
    """
    acting = _decided(acting, by)
    if by.is_same_person(acting.proposed_by):
        raise Refused("不能审核自己(或同名账号)提出的代管,请由另一位同事审核。")
    acting.from_on = max(acting.from_on, timezone.localdate())
    if acting.until_on < acting.from_on:
        raise Refused("提出的代管日期已过,请退回。")
    _check(acting.pairing, acting.cadre, acting.from_on, acting.until_on)
    acting.agreed_by, acting.agreed_at = by, timezone.now()
    acting.save(update_fields=["from_on", "agreed_by", "agreed_at"])
    trail.record("acting.agreed", subject=acting, by=by, days=_days(acting))
    _tell(acting, ASKED, by=by)
    return acting


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def return_acting(*, acting: ActingCarer, words: str, by: User) -> ActingCarer:
    """Return a proposal with the reason, so that another can be made."""
    acting = _decided(acting, by)
    if not words.strip():
        raise Refused("退回请写明原因。")
    _end(acting, words.strip(), whose=by)
    trail.record("acting.returned", subject=acting, by=by, reason=words.strip()[:200])
    return acting


@permits(Permission.REVIEW_PAIRING)
@transaction.atomic
def end_acting(*, acting: ActingCarer, by: User) -> ActingCarer:
    """Let the cadre act no longer, from this moment on."""
    acting = _reached(acting, by)
    if not ActingCarer.objects.to_come(timezone.localdate()).filter(pk=acting.pk):
        raise Refused("这件代管已经结束,请刷新后再看。")
    _end(acting, "", whose=by)
    trail.record("acting.ended", subject=acting, by=by)
    _tell(acting, OVER, by=by)
    return acting


@permits(Permission.EDIT_CADRES)
@transaction.atomic
def change_leave(*, leave: CadreLeave, until_on: date, by: User) -> CadreLeave:
    """Let a cadre's leave end earlier or later; whoever acts in it ends with it.

    A leave that grows is covered no further: what is open then waits as 需交接.
    """
    today = timezone.localdate()
    _lock_all_of(leave, today)
    leave = CadreLeave.objects.select_related("cadre__organisation__area").get(
        pk=leave.pk
    )
    cadre, before = leave.cadre, leave.until_on
    if not keeps(by, cadre.organisation):
        raise Refused(f"{cadre.organisation}的干部不归本账号管理。")
    if until_on < leave.from_on:
        raise Refused("止日不能早于起日。")
    others = cadre.leaves.exclude(pk=leave.pk)
    if others.filter(from_on__lte=until_on, until_on__gte=leave.from_on).exists():
        raise Refused("这段时间已登记过。")
    ended = [
        acting for acting in _within(leave, today) if _shorten(acting, until_on, by)
    ]
    leave.until_on = until_on
    leave.save(update_fields=["until_on"])
    trail.record(
        "cadre.leave_changed",
        subject=cadre,
        by=by,
        until=[str(before), str(until_on)],
        acting_ended=len(ended),
    )
    return leave


def _locked(
    pairings: Sequence[Pairing], cadre: Cadre, by: User
) -> tuple[list[Pairing], Cadre]:
    locked = rules.lock_pairings(pairings, cadres=[cadre])
    if not locked:
        raise Refused("没有要代管的结对。")
    rules.check_reach(locked, by)
    return locked, Cadre.objects.select_related("organisation", "user").get(pk=cadre.pk)


def _made(
    pairing: Pairing,
    cadre: Cadre,
    from_on: date,
    until_on: date,
    words: str,
    *,
    by: User,
) -> ActingCarer:
    """Return who would act for this one, unsaved."""
    today = timezone.localdate()
    if from_on < today:
        raise Refused("代管从今天或以后的一天起。")
    if ActingCarer.objects.proposed().filter(pairing=pairing).exists():
        raise Refused(f"{pairing.recipient}已有待审核的代管,请先审核或退回。")
    _check(pairing, cadre, from_on, until_on)
    return ActingCarer(
        pairing=pairing,
        carer=pairing.cadre,
        cadre=cadre,
        from_on=from_on,
        until_on=until_on,
        words=words.strip(),
        proposed_by=by,
        proposed_on=today,
    )


def _check(pairing: Pairing, cadre: Cadre, from_on: date, until_on: date) -> None:
    """Refuse days outside a leave, days taken, and somebody unfit or away as well."""
    _check_days(pairing, from_on, until_on)
    if pairing.status != PairingStatus.ACTIVE:
        raise Refused(f"这件结对已是“{pairing.get_status_display()}”,不能代管。")
    if cadre.pk == pairing.cadre_id:
        raise Refused("代管干部应是另一名干部。")
    rules.check_fit(pairing.recipient, cadre)
    if cadre.leaves.filter(from_on__lte=until_on, until_on__gte=from_on).exists():
        raise Refused(f"{cadre}这段时间也有请假或外派,请换一位。")
    if cadre.leaving_on is not None and cadre.leaving_on <= until_on:
        raise Refused(f"{cadre}在这之前将离岗,请换一位。")


def _check_days(pairing: Pairing, from_on: date, until_on: date) -> None:
    if until_on < from_on:
        raise Refused("止日不能早于起日。")
    leaves = pairing.cadre.leaves.filter(from_on__lte=from_on, until_on__gte=until_on)
    if not leaves.exists():
        raise Refused(
            f"代管的日子应在{pairing.cadre}一次请假或外派之内,请先登记或改日期。"
        )
    for other in ActingCarer.objects.to_come(from_on).filter(pairing=pairing):
        if other.from_on <= until_on:
            raise Refused(
                f"{pairing.recipient}已由{other.cadre}代管({other.days_words}),"
                "换人请先结束。"
            )


def _reached(acting: ActingCarer, by: User) -> ActingCarer:
    """Lock the pairing and then the row; refuse whoever may not hand over."""
    (pairing,) = rules.lock_pairings([acting.pairing], cadres=[acting.cadre])
    rules.check_decides(by)
    rules.check_reach([pairing], by)
    rows = ActingCarer.objects.select_related("cadre__user", "proposed_by")
    row = rows.select_for_update(of=("self",)).get(pk=acting.pk)
    row.pairing = pairing
    return row


def _decided(acting: ActingCarer, by: User) -> ActingCarer:
    row = _reached(acting, by)
    if row.agreed_at is not None or row.ended_on is not None:
        raise Refused("这件代管已经审核过,请刷新后再看。")
    return row


def _lock_all_of(leave: CadreLeave, today: date) -> None:
    keys = _within(leave, today).values("pairing")
    pairings = list(Pairing.objects.filter(pk__in=keys))
    rules.lock_pairings(pairings, cadres=[leave.cadre])


def _within(leave: CadreLeave, today: date) -> ActingCarerQuerySet:
    """Return who acts in the leave from today on, or would if it were agreed."""
    return ActingCarer.objects.filter(
        carer=leave.cadre_id,
        ended_on=None,
        until_on__range=(max(today, leave.from_on), leave.until_on),
    ).select_related("pairing__recipient", "cadre__user")


def _shorten(acting: ActingCarer, until_on: date, by: User) -> bool:
    """End what lies beyond the leave's last day; say whether it ends altogether."""
    if acting.until_on <= until_on:
        return False
    if until_on < max(timezone.localdate(), acting.from_on):
        _end(acting, "", whose=by)
        _tell(acting, OVER, by=by)
        return True
    acting.until_on = until_on
    acting.save(update_fields=["until_on"])
    return False


def _end(acting: ActingCarer, words: str, *, whose: User) -> None:
    acting.ended_on, acting.ended_by = timezone.localdate(), whose
    acting.end_words = words
    acting.save(update_fields=["ended_on", "ended_by", "end_words"])


def _days(acting: ActingCarer) -> list[str]:
    return [str(acting.from_on), str(acting.until_on)]


def _tell(acting: ActingCarer, words: str, *, by: User) -> None:
    """Ring the acting cadre's bell; the words name nobody."""
    user = acting.cadre.user
    if user is None or user.pk == by.pk or acting.agreed_at is None:
        return
    begun = acting.from_on <= timezone.localdate() and acting.ended_on is None
    notify(
        to=user,
        kind="acting.asked" if acting.ended_on is None else "acting.over",
        period=str(acting.pk),
        words=words,
        url=f"/recipients/{acting.pairing.recipient_id}/" if begun else "",
    )
