"""The calendar of a year as the office reads it: 逢6 days, festivals, campaigns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count

from cadres.enums import Role
from cadres.models import User
from common.workdays import holiday_name, is_workday
from recipients.models import Pairing, PairingQuerySet
from visits import sixes
from visits.calendar import SIXES, WEEKDAYS, Festival, effective_day, festivals
from visits.enums import CampaignKind
from visits.models import Campaign, HomeVisit, HomeVisitQuerySet
from visits.sixes import CITY, Keeping

SMALL = 5


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the people in care were seen for a campaign."""

    seen: int
    whole: int
    rounded: bool = False

    @property
    def words(self) -> str:
        """The number seen; a leader reads no group under five."""
        return f"<{SMALL}" if self.rounded and 0 < self.seen < SMALL else str(self.seen)


@dataclass(slots=True)
class SixLine:
    """One 逢6 day of a month: when it is kept, why then, and who was seen."""

    nominal: date
    kept: date | None
    reason: str
    when: str
    campaign: Campaign | None = None
    chosen: Progress | None = None
    that_day: Progress | None = None

    @property
    def is_moved(self) -> bool:
        return self.kept is not None and self.kept != self.nominal

    @property
    def words(self) -> str:
        """The kept day as 12月7日 星期一."""
        return _words(self.kept) if self.kept else "取消"


@dataclass
class Month:
    """A month of the calendar."""

    first: date
    when: str
    sixes: list[SixLine] = field(default_factory=list)
    festivals: list[Festival] = field(default_factory=list)

    @property
    def is_past(self) -> bool:
        return self.when == "past"


def months(firsts: Sequence[date], *, user: User, today: date) -> list[Month]:
    """Return months with their festivals and 逢6 days as kept in the account's area.

    ``firsts`` are the months' first days, in order.
    """
    if not firsts:
        return []
    area = user.area_id or CITY
    keeping = sixes.keeping_in(area, sixes.keepings())
    changed = sixes.overrides()
    campaigns = _six_campaigns(firsts, area)
    chosen = progress_of(campaigns.values(), user)
    found = []
    for first in firsts:
        lines = [
            _line(first.replace(day=day), keeping, changed, today, campaigns, chosen)
            for day in SIXES
        ]
        when = _when(first, today.replace(day=1))
        found.append(Month(first, when, lines, _festivals_in(first)))
    _add_days(found, user)
    return found


def campaigns_of(year: int, user: User) -> list[tuple[Campaign, Progress]]:
    """Return the year's festival and theme campaigns, the latest first."""
    rows = list(
        Campaign.objects.exclude(kind=CampaignKind.SIX)
        .filter(starts_on__year__lte=year, ends_on__year__gte=year)
        .select_related("area")
        .order_by("-starts_on", "name")
    )
    progress = progress_of(rows, user)
    return [(campaign, progress[campaign.pk]) for campaign in rows]


def progress_of(campaigns: Iterable[Campaign], user: User) -> dict[UUID, Progress]:
    """Return how far each campaign is, within the account's reach."""
    rows = list(campaigns)
    people, visits = _people(user), _visits(user)
    seen = dict(
        visits.filter(campaign__in=[campaign.pk for campaign in rows])
        .order_by()
        .values_list("campaign")
        .annotate(people=Count("recipient", distinct=True))
    )
    whole = {
        area.pk: people.within(area).count()
        for area in {campaign.area for campaign in rows}
    }
    return {
        campaign.pk: Progress(
            seen.get(campaign.pk, 0),
            whole[campaign.area_id],
            rounded=user.role == Role.LEADER,
        )
        for campaign in rows
    }


def _line(
    nominal: date,
    keeping: Keeping,
    changed: Mapping[date, bool],
    today: date,
    campaigns: Mapping[date, Campaign],
    chosen: Mapping[UUID, Progress],
) -> SixLine:
    campaign = campaigns.get(nominal)
    kept = effective_day(nominal, keeping.rule, changed)
    if campaign is not None and campaign.starts_on <= today:
        # What was kept is history: a rule changed since does not rewrite it.
        kept = campaign.starts_on
    return SixLine(
        nominal=nominal,
        kept=kept,
        reason=_reason(nominal, changed),
        when=_when(kept or nominal, today),
        campaign=campaign,
        chosen=chosen.get(campaign.pk) if campaign else None,
    )


def _reason(nominal: date, changed: Mapping[date, bool]) -> str:
    """Say why it is no working day: a holiday's name, a weekend, the office's word."""
    if is_workday(nominal, changed):
        return ""
    if nominal in changed:
        return "调休放假"
    return holiday_name(nominal) or f"星期{WEEKDAYS[nominal.weekday()]}"


def _add_days(found: Sequence[Month], user: User) -> None:
    """Fill in how many people were seen on each day that was kept."""
    lines = [line for month in found for line in month.sixes if line.when != "ahead"]
    seen = dict(
        _visits(user)
        .filter(day__in=[line.kept for line in lines if line.kept])
        .order_by()
        .values_list("day")
        .annotate(people=Count("recipient", distinct=True))
    )
    rounded = user.role == Role.LEADER
    for line in lines:
        if line.kept:
            line.that_day = Progress(seen.get(line.kept, 0), 0, rounded=rounded)


def _festivals_in(first: date) -> list[Festival]:
    return [
        festival
        for festival in festivals(first.year)
        if festival.day.month == first.month
    ]


def _six_campaigns(firsts: Sequence[date], area: str) -> dict[date, Campaign]:
    """Return {逢6 day: campaign}, the nearest area's where several have one."""
    above = [area[:digits].ljust(len(area), "0") for digits in (4, 6, 9, 12)]
    rows = Campaign.objects.filter(
        kind=CampaignKind.SIX,
        nominal_on__gte=firsts[0],
        nominal_on__lt=firsts[-1] + timedelta(days=31),
        area__in=above,
    ).select_related("area")
    return {row.nominal_on: row for row in rows.order_by("area_id")}


def _people(user: User) -> PairingQuerySet:
    if user.role == Role.LEADER and user.area:
        return Pairing.objects.within(user.area).active().by_cadres()
    return Pairing.objects.visible_to(user).active().by_cadres()


def _visits(user: User) -> HomeVisitQuerySet:
    if user.role == Role.LEADER and user.area:
        return HomeVisit.objects.counted_in(user.area).standing()
    return HomeVisit.objects.visible_to(user).standing()


def _when(day: date, today: date) -> str:
    if day == today:
        return "now"
    return "past" if day < today else "ahead"


def _words(day: date) -> str:
    return f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"
