"""What the office decides about the calendar: rules, days, standards, campaigns."""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from audit import trail
from cadres.enums import AreaLevel, Role
from cadres.models import Area, User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients.models import VisitStandard
from visits.enums import CampaignStatus
from visits.models import Campaign, DayOverride, SixSetting
from visits.operations.proposals import arrange_sixes
from visits.operations.reminders import take_turn

# As the rule of one visit: from the last contact, which counts from the pairing's
# start; a successor who has not met the family yet inherits its waiting, but has a
# week, and so has who takes up again what rested. Whoever logs a visit locks in the
# same order: by person, then by pairing.
RECKON_DUE = """
    UPDATE recipients_pairing p SET next_due_on = reckoned.due
    FROM (
        SELECT p.id,
            CASE WHEN p.resumed_on IS NULL OR p.last_contact_on >= p.resumed_on
            THEN usual.due
            ELSE LEAST(
                p.resumed_on + %(days)s, GREATEST(usual.due, p.resumed_on + 7))
            END AS due
        FROM recipients_pairing p
        JOIN recipients_recipient r ON r.id = p.recipient_id
        LEFT JOIN recipients_pairing b ON b.id = p.previous_id
        CROSS JOIN LATERAL (SELECT
            CASE WHEN p.last_contact_on IS NULL AND b.id IS NOT NULL
            THEN LEAST(
                p.started_on + %(days)s,
                GREATEST(
                    GREATEST(b.last_contact_on, b.started_on) + %(days)s,
                    p.started_on + 7))
            ELSE GREATEST(p.last_contact_on, p.started_on) + %(days)s
            END AS due) usual
        WHERE p.status = 'active' AND r.category = %(category)s
          AND extract(year FROM GREATEST(p.last_contact_on, p.started_on)) = %(year)s
        ORDER BY p.recipient_id, p.id
        FOR NO KEY UPDATE OF p
    ) reckoned
    WHERE p.id = reckoned.id AND p.next_due_on IS DISTINCT FROM reckoned.due
"""


def may_set_calendar(user: User) -> bool:
    """Say whether the account may change rules that hold for everybody."""
    if user.role == Role.ADMIN:
        return True
    area = user.area
    return (
        user.role == Role.CARE_OFFICE
        and area is not None
        and area.level == AreaLevel.CITY
    )


def may_work(campaign: Campaign, user: User) -> bool:
    """Say whether the account may open and close the campaign: its area's office."""
    if user.role == Role.ADMIN:
        return True
    area = user.area
    return (
        user.role == Role.CARE_OFFICE
        and area is not None
        and campaign.area_id.startswith(area.prefix)
    )


@permits(Permission.SET_CALENDAR)
@transaction.atomic
def set_six_rule(*, area: Area, rule: str, grace_days: int, by: User) -> SixSetting:
    """Say what becomes of a 逢6 day on a holiday; planned days move at once.

    Raises Refused for anybody but the city's office and the administrator.
    """
    _check_calendar(by)
    city = take_turn()
    setting, _ = SixSetting.objects.update_or_create(
        area=area, defaults={"rule": rule, "grace_days": grace_days, "by": by}
    )
    moved = arrange_sixes(today=timezone.localdate(), city=city)
    trail.record(
        "campaign.six_rule_set",
        subject=setting,
        by=by,
        rule=rule,
        grace_days=grace_days,
        moved=moved,
    )
    return setting


@permits(Permission.SET_CALENDAR)
@transaction.atomic
def set_day(*, day: date, working: bool, words: str, by: User) -> DayOverride:
    """Make a day a working day or a day off (调休); planned 逢6 days move at once.

    Raises Refused for anybody but the city's office and the administrator.
    """
    _check_calendar(by)
    city = take_turn()
    override, _ = DayOverride.objects.update_or_create(
        day=day, defaults={"working": working, "words": words}
    )
    moved = arrange_sixes(today=timezone.localdate(), city=city)
    trail.record(
        "campaign.day_set", subject=override, by=by, working=working, moved=moved
    )
    return override


@permits(Permission.SET_CALENDAR)
@transaction.atomic
def clear_day(*, override: DayOverride, by: User) -> None:
    """Let the day be again what the calendar says it is.

    Raises Refused when somebody has cleared it already, or for a lesser office.
    """
    _check_calendar(by)
    city = take_turn()
    known = DayOverride.objects.filter(pk=override.pk).first()
    if known is None:
        raise Refused("这一天的调休设置已经取消了。")
    trail.record("campaign.day_cleared", subject=known, by=by)
    known.delete()
    arrange_sixes(today=timezone.localdate(), city=city)


@permits(Permission.SET_CALENDAR)
@transaction.atomic
def set_standard(
    *, category: str, year: int, visits: int, contacts: int, days_between: int, by: User
) -> int:
    """Set how often a category is to be seen in a year; return the pairings moved.

    Active pairings of the category whose last contact was in that year get their
    next day anew; those of other years follow at their next contact. Raises Refused
    for anybody but the city's office and the administrator.
    """
    _check_calendar(by)
    take_turn()
    standard, _ = VisitStandard.objects.update_or_create(
        category=category,
        year=year,
        defaults={"visits": visits, "contacts": contacts, "days_between": days_between},
    )
    with connection.cursor() as cursor:
        cursor.execute(
            RECKON_DUE, {"days": days_between, "category": category, "year": year}
        )
        moved = int(cursor.rowcount)
    trail.record(
        "campaign.standard_set",
        subject=standard,
        by=by,
        visits=visits,
        contacts=contacts,
        days_between=days_between,
        pairings=moved,
    )
    return moved


@permits(Permission.WORK_CAMPAIGNS)
@transaction.atomic
def open_campaign(*, campaign: Campaign, by: User) -> Campaign:
    """Let cadres choose the campaign for their visits.

    Raises Refused when it is not planned any more, or for a foreign office.
    """
    return _move(campaign, CampaignStatus.OPEN, "campaign.opened", by)


@permits(Permission.WORK_CAMPAIGNS)
@transaction.atomic
def close_campaign(*, campaign: Campaign, by: User) -> Campaign:
    """End the campaign; later visits for it are the office's to enter (补录).

    Raises Refused when it is not going on, or for a foreign office.
    """
    return _move(campaign, CampaignStatus.CLOSED, "campaign.closed", by)


def _move(campaign: Campaign, target: str, kind: str, by: User) -> Campaign:
    if not may_work(campaign, by):
        raise Refused("只有活动所在地的关爱办可以启动或结束它。")
    locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    locked.move_to(target)
    locked.save(update_fields=["status"])
    trail.record(kind, subject=locked, by=by)
    return locked


def _check_calendar(by: User) -> None:
    if not may_set_calendar(by):
        raise Refused("只有市关爱办和管理员可以修改。")
