"""Finds the campaign that a ledger's 主题活动 means, and makes those of the past."""

import calendar
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone

from cadres.enums import AreaLevel
from cadres.models import Area
from common.rows import uuid7
from visits.enums import CampaignKind, CampaignStatus
from visits.models import Campaign

SIX_WORDS = ("逢6", "逢六")
SIX_DAYS = (6, 16, 26)
NAME_LENGTH = 60


class Themes:
    """The campaigns on file while a ledger is gone through."""

    def __init__(self) -> None:
        """Fetch them all: an office has some dozens a year."""
        self.campaigns: list[Campaign] = list(Campaign.objects.select_related("area"))

    def find(self, theme: str, day: date, area_code: str) -> UUID | None:
        """Return the campaign of this name that was on that day, in that place."""
        for campaign in self.campaigns:
            named = campaign.name == theme[:NAME_LENGTH] or (
                campaign.kind == CampaignKind.SIX and is_six(theme)
            )
            then = campaign.starts_on <= day <= campaign.ends_on
            if named and then and area_code.startswith(campaign.area.prefix):
                return campaign.pk
        return None

    def make(self, wanted: Iterable[tuple[str, date]]) -> list[UUID]:
        """Make the campaigns that a ledger tells of and nobody wrote down."""
        city = Area.objects.get(level=AreaLevel.CITY)
        made: list[Campaign] = []
        for theme, day in wanted:
            if self.find(theme, day, city.pk) is None:
                campaign = _campaign(theme, day, city)
                self.campaigns.append(campaign)
                made.append(campaign)
        Campaign.objects.bulk_create(made)
        return [campaign.pk for campaign in made]


def is_six(theme: str) -> bool:
    return any(words in theme for words in SIX_WORDS)


def _campaign(theme: str, day: date, city: Area) -> Campaign:
    """Return a campaign for the day, or the month, that the ledger tells of."""
    kind = _kind(theme)
    first, last = _days(kind, day)
    past = last < timezone.localdate()
    return Campaign(
        pk=uuid7(),
        name=theme[:NAME_LENGTH],
        kind=kind,
        area=city,
        nominal_on=first,
        starts_on=first,
        ends_on=last,
        status=CampaignStatus.CLOSED if past else CampaignStatus.OPEN,
    )


def _kind(theme: str) -> CampaignKind:
    if is_six(theme):
        return CampaignKind.SIX
    return CampaignKind.FESTIVAL if "节" in theme else CampaignKind.THEME


def _days(kind: CampaignKind, day: date) -> Sequence[date]:
    if kind == CampaignKind.SIX and day.day in SIX_DAYS:
        return day, day
    last = calendar.monthrange(day.year, day.month)[1]
    return day.replace(day=1), day.replace(day=last)
