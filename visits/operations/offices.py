"""What the clock tells the care offices: figures and where their rows are, no names."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from cadres import offices
from cadres.models import User
from casework.models import Need
from casework.operations import settle_needs_of_the_dead
from jobs.operations import notify
from recipients.models import Pairing, Recipient
from recipients.queries import SOON, certificates_ending, coming_of_age
from visits.models import Campaign
from visits.operations import proposals
from visits.operations.reminders import raise_dues, record, take_turn

# How long a need is late before the office above hears of it too.
TO_COUNTY, TO_CITY = timedelta(days=7), timedelta(days=14)


@transaction.atomic
def look_at_what_is_due(*, now: datetime) -> int:
    """Raise what is due and late, propose what is coming, tell the offices once a day.

    Returns the rows written.
    """
    city = take_turn()
    today = timezone.localdate(now)
    reminders = raise_dues(today=today, now=now)
    ended = settle_needs_of_the_dead(today=today)
    festivals = proposals.propose_festivals(today=today, city=city)
    sixes = proposals.arrange_sixes(today=today, city=city)
    told = (
        _tell_of_overdue(today)
        + _tell_of_late_needs(today)
        + _propose(festivals, today)
    )
    campaigns = len(festivals) + sixes
    record(
        "reminders.due",
        city,
        reminders=reminders,
        notices=told,
        campaigns=campaigns,
        needs_ended=ended,
    )
    return reminders + told + campaigns + ended


@transaction.atomic
def tell_of_birthdays_and_expiries(*, now: datetime) -> int:
    """Tell the offices once a month how many come of age, how many certificates end.

    Returns the notices written.
    """
    city = take_turn()
    today = timezone.localdate(now)
    month = f"{today:%Y-%m}"
    people = Recipient.objects.on_file()
    found = offices.offices(today)
    page = reverse("recipients:recipient_list")
    told = _tell(
        offices.for_nearest(_by_area(coming_of_age(people, today), "area"), found),
        kind="recipient.coming_of_age",
        period=month,
        words=f"{SOON.days} 天内有 {{n}} 名孩子年满18周岁,请提前核对今后的待遇和去向。",
        url=f"{page}?adult_soon=1",
    )
    told += _tell(
        offices.for_nearest(
            _by_area(certificates_ending(people, today), "area"), found
        ),
        kind="recipient.certificate",
        period=month,
        words=f"{SOON.days} 天内有 {{n}} 本残疾人证到期,请提醒换证。",
        url=f"{page}?certificate_soon=1",
    )
    record("reminders.expiry", city, notices=told)
    return told


def _tell_of_overdue(today: date) -> int:
    overdue = Pairing.objects.overdue(today)
    return _tell(
        offices.for_nearest(
            _by_area(overdue, "recipient__area"), offices.offices(today)
        ),
        kind="visit.overdue",
        period=today.isoformat(),
        words="有 {n} 对结对超期未联系,请看名单,问问结对干部。",
        url=reverse("visits:overdue_list"),
    )


def _tell_of_late_needs(today: date) -> int:
    """Tell the nearest office; the county after a week, the city after two."""
    found = offices.offices(today)
    late = Need.objects.late(today)
    told = 0
    for waited, digits in ((timedelta(0), 12), (TO_COUNTY, 6), (TO_CITY, 4)):
        needs = late.filter(due_on__lt=today - waited)
        words = f"超过期限{f' {waited.days} 天' if waited else ''}还没有办结"
        told += _tell(
            offices.for_nearest(_by_area(needs, "recipient__area"), found, digits),
            kind="need.late",
            period=today.isoformat(),
            words=f"有 {{n}} 件需求{words},请看一看。",
            url=reverse("casework:need_list"),
        )
    return told


def _propose(campaigns: Iterable[Campaign], today: date) -> int:
    """Ask the city's office to look at a campaign and open it."""
    told = 0
    for campaign in campaigns:
        told += _tell(
            offices.for_nearest({campaign.area_id: 1}, offices.offices(today)),
            kind="campaign.proposed",
            period=str(campaign.pk),
            words=f"已为“{campaign}”拟好日期和清单,请核对后启动。",
            url=reverse("visits:campaign_detail", args=[campaign.pk]),
        )
    return told


def _by_area(rows: models.QuerySet[models.Model], area: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(area).annotate(n=Count("pk")))


def _tell(
    figures: Iterable[tuple[User, int]], *, kind: str, period: str, words: str, url: str
) -> int:
    """Put the line in each bell once a period; return how many were new."""
    return sum(
        notify(
            to=user,
            kind=kind,
            period=period,
            words=words.replace("{n}", str(figure)),
            url=url,
        )
        for user, figure in figures
        if figure
    )
