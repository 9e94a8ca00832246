"""Campaigns the clock writes ahead: the 逢6 days, and each festival for an office."""

from datetime import date, timedelta

from cadres.models import Area
from visits import festival_plans, sixes
from visits.calendar import effective_day, festivals
from visits.enums import CampaignKind, CampaignStatus
from visits.models import Campaign
from visits.sixes import Keeping

PROPOSE_AHEAD = timedelta(days=21)


def propose_festivals(*, today: date, city: Area) -> list[Campaign]:
    """Write a planned campaign for each festival within three weeks, once.

    Where the office has one of its own for the day, nothing is proposed. Must run
    inside a transaction that has taken its turn.
    """
    taken = set(
        Campaign.objects.filter(
            kind=CampaignKind.FESTIVAL, area=city, nominal_on__gte=today
        ).values_list("nominal_on", flat=True)
    )
    proposed = [
        festival_plans.planned(festival, city)
        for year in (today.year, today.year + 1)
        for festival in festivals(year)
        if today <= festival.day <= today + PROPOSE_AHEAD and festival.day not in taken
    ]
    return Campaign.objects.bulk_create(proposed)


def arrange_sixes(*, today: date, city: Area) -> int:
    """Let the 逢6 campaigns from tomorrow to next month's end stand as they are kept.

    The city has them, and each area with a setting of its own. One that has begun, or
    that somebody opened, is not touched. Returns how many were written, moved or
    taken away. Must run inside a transaction that has taken its turn.
    """
    known, changed = sixes.keepings(), sixes.overrides()
    written = 0
    for area in Area.objects.filter(pk__in={city.pk, *known}):
        keeping = sixes.keeping_in(area.pk, known)
        for nominal in sixes.nominals(today, _end_of_next_month(today)):
            kept = effective_day(nominal, keeping.rule, changed)
            written += _arrange(area, nominal, kept, keeping, today)
    return written


def _arrange(
    area: Area, nominal: date, kept: date | None, keeping: Keeping, today: date
) -> int:
    ours = Campaign.objects.filter(
        area=area, kind=CampaignKind.SIX, nominal_on=nominal
    ).first()
    if ours and (ours.status != CampaignStatus.PLANNED or ours.starts_on <= today):
        return 0
    if kept is None or kept <= today:
        return _take_away(ours) if ours else 0
    days = kept, kept + timedelta(days=keeping.grace_days)
    if ours is None:
        _six(area, nominal, days).save(force_insert=True)
        return 1
    if (ours.starts_on, ours.ends_on) == days:
        return 0
    ours.starts_on, ours.ends_on = days
    ours.save(update_fields=["starts_on", "ends_on"])
    return 1


def _take_away(campaign: Campaign) -> int:
    """Take a planned day away again, unless somebody has told a visit for it."""
    if campaign.visits.exists():
        return 0
    campaign.delete()
    return 1


def _six(area: Area, nominal: date, days: tuple[date, date]) -> Campaign:
    return Campaign(
        name=f"{nominal.year}年{nominal.month}月{nominal.day}日逢6上街",
        kind=CampaignKind.SIX,
        area=area,
        nominal_on=nominal,
        starts_on=days[0],
        ends_on=days[1],
    )


def _end_of_next_month(today: date) -> date:
    month = today.replace(day=1)
    for _ in range(2):
        month = (month + timedelta(days=32)).replace(day=1)
    return month - timedelta(days=1)
