"""Six campaigns around today: past, going on, and to come."""

from datetime import date, timedelta

from cadres.models import Area
from common.invented_places import CITY
from visits.calendar import Festival, festivals
from visits.enums import CampaignKind, CampaignStatus
from visits.festival_plans import AFTER, BEFORE, planned
from visits.models import Campaign

WINTER = (11, 12, 1, 2)
CHECKLIST = ("查取暖和一氧化碳报警", "查用火用电", "看米面油和被褥", "帮落实政策")


def write_campaigns(today: date) -> list[Campaign]:
    """Write three that are over, one that is open, two that are planned."""
    city = Area.objects.get(pk=CITY)
    days = [day for year in _years(today) for day in festivals(year)]
    past = [day for day in days if day.day + AFTER < today][-3:]
    coming = [day for day in days if day.day - BEFORE > today][:2]
    states = (CampaignStatus.PUBLISHED, CampaignStatus.PUBLISHED, CampaignStatus.CLOSED)
    rows = [
        *(
            _of_festival(day, city, state)
            for day, state in zip(past, states, strict=True)
        ),
        _going_on(today),
        *(_of_festival(day, city, CampaignStatus.PLANNED) for day in coming),
    ]
    return Campaign.objects.bulk_create(rows)


def _years(today: date) -> tuple[int, ...]:
    return today.year - 1, today.year, today.year + 1


def _of_festival(festival: Festival, city: Area, status: CampaignStatus) -> Campaign:
    campaign = planned(festival, city)
    campaign.status = status
    return campaign


def _going_on(today: date) -> Campaign:
    winter = today.month in WINTER
    name = "三查三看三帮·温暖过冬" if winter else "守望相助暖民心"
    starts_on = today - timedelta(days=17)
    return Campaign(
        name=f"{starts_on.year}年{name}",
        kind=CampaignKind.THEME,
        area_id=CITY,
        nominal_on=starts_on,
        starts_on=starts_on,
        ends_on=today + timedelta(days=44),
        checklist=list(CHECKLIST),
        status=CampaignStatus.OPEN,
    )
