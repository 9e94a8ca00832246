"""Which visits are lawful: whose, on which day, for which campaign."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from cadres.enums import Role
from cadres.models import Cadre, CadreAssistant, User
from common.refusals import Refused
from recipients.models import ActingCarer, Pairing, Recipient
from visits.content import VisitNote
from visits.enums import CampaignStatus, Outcome, Way
from visits.models import Campaign

EARLIEST = date(2000, 1, 1)
UNDO_FOR = timedelta(seconds=30)
# So many people are visited in one home in an hour or two, and no more.
MOST_AT_ONCE = 30


def check_team(
    pairings: Sequence[Pairing], day: date, *, late_entry: bool, by: User
) -> Cadre:
    """Return who made the visit: the carer, or who acted for the carer on the day.

    Raises Refused when somebody else tells it, and for several families at once.
    """
    if by.role == Role.CARE_OFFICE:
        if not late_entry:
            raise Refused("关爱办只能补录走访,日常走访由结对干部自己记。")
        makers = _in_place(pairings, day)
    elif by.role != Role.CADRE or late_entry:
        raise Refused("走访由结对干部本人来记。")
    else:
        makers = _told_by(pairings, day, by)
    if len({maker.pk for maker in makers}) > 1:
        raise Refused("一次走访只能记在一名结对干部名下。")
    if len({pairing.recipient.household_id for pairing in pairings}) > 1:
        raise Refused("一次只能记一家的走访。")
    return makers[0]


def check_round(pairings: Sequence[Pairing]) -> None:
    """Refuse visits told at once of nobody, too many, somebody twice, two cadres."""
    if not pairings:
        raise Refused("请选看望了谁。")
    if len(pairings) > MOST_AT_ONCE:
        raise Refused(f"一次最多记 {MOST_AT_ONCE} 人,请分两次记。")
    if len({pairing.recipient_id for pairing in pairings}) < len(pairings):
        raise Refused("同一个人一次只能记一条。")
    if len({pairing.cadre_id for pairing in pairings}) > 1:
        raise Refused("批量记走访只能记在一名结对干部名下。")


def check_day(pairing: Pairing, note: VisitNote, *, late_entry: bool) -> None:
    """Refuse a day that cannot be, or that is not the cadre's to tell."""
    recipient = pairing.recipient
    day = note.day
    # The phone's clock may be wrong: the server's day in Shanghai decides.
    if day > timezone.localdate():
        raise Refused("走访日期不能晚于今天。")
    if day < max(EARLIEST, recipient.birth_on or EARLIEST):
        raise Refused("走访日期太早,请核对。")
    if recipient.left_on and day > recipient.left_on and note.way != Way.OFFICE:
        raise Refused(f"该对象已于{_words(recipient.left_on)}退出,之后不能再记走访。")
    if late_entry:
        return
    if pairing.started_on is None or day < pairing.started_on:
        raise Refused("这一天还没有结对;结对之前的走访请关爱办补录。")
    if pairing.ended_on and day > pairing.ended_on:
        raise Refused(
            f"结对已于{_words(pairing.ended_on)}结束,之后的走访请关爱办补录。"
        )


def check_outcome(note: VisitNote) -> None:
    """Refuse a policy sheet of a visit on which nobody was met."""
    if note.outcome != Outcome.MET and note.findings is not None:
        raise Refused("没有见到人,不能核对政策。")


def check_campaign(note: VisitNote, recipient: Recipient, *, late_entry: bool) -> None:
    """Refuse a campaign that was not on that day, or not for that place."""
    if note.campaign_id is None:
        return
    campaign = Campaign.objects.select_related("area").get(pk=note.campaign_id)
    if not campaign.starts_on <= note.day <= campaign.ends_on:
        raise Refused(f"“{campaign}”不在走访这一天,请改日期或不选活动。")
    if not recipient.area_id.startswith(campaign.area.prefix):
        raise Refused(f"“{campaign}”不在对象所在的地方。")
    over = campaign.status in (CampaignStatus.CLOSED, CampaignStatus.PUBLISHED)
    if over and not late_entry:
        raise Refused(f"“{campaign}”已经结束。")


def _told_by(pairings: Sequence[Pairing], day: date, by: User) -> list[Cadre]:
    """Return who made the visit that this cadre's account tells, one a pairing."""
    others = [one for one in pairings if one.cadre.user_id != by.pk]
    if not others or _stands_in(others, by):
        return [pairing.cadre for pairing in pairings]
    acting = ActingCarer.objects.filter(pairing__in=others, cadre__user=by)
    agreed = acting.filter(agreed_at__isnull=False).select_related("cadre")
    if {one.pairing_id for one in agreed} != {one.pk for one in others}:
        raise Refused("走访由结对干部本人、代管干部或指定的代录人来记。")
    on_the_day = {one.pairing_id: one.cadre for one in agreed.covering(day)}
    if len(on_the_day) != len(others):
        raise Refused("这一天不由您代管;代管期以外的走访请结对干部或关爱办来记。")
    return [on_the_day.get(pairing.pk, pairing.cadre) for pairing in pairings]


def _in_place(pairings: Sequence[Pairing], day: date) -> list[Cadre]:
    """Return whose the family was on the day: an acting carer's, or the carer's own."""
    acting = ActingCarer.objects.covering(day).filter(pairing__in=pairings)
    found = {one.pairing_id: one.cadre for one in acting.select_related("cadre")}
    return [found.get(pairing.pk, pairing.cadre) for pairing in pairings]


def _stands_in(pairings: Sequence[Pairing], by: User) -> bool:
    """Say whether the account writes down the visits of whoever made this one."""
    assisted = CadreAssistant.objects.of(by, timezone.localdate()).values_list("cadre")
    return {pairing.cadre_id for pairing in pairings} <= {key for (key,) in assisted}


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
