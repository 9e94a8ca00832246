"""What an office finds on its first morning: traces of work, and notices."""

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from cadres.models import User
from jobs.operations import notify
from recipients.enums import PairingStatus
from recipients.models import Pairing
from visits.models import HomeVisit

VISITS_TOLD, PAIRINGS_TOLD, DAYS_TOLD = 120, 40, 21


def write_trail(today: date) -> int:
    """Write the events of the last weeks' visits and pairings, oldest first."""
    since = today - timedelta(days=DAYS_TOLD)
    events = [*_of_visits(since, today), *_of_proposals(), *_of_approvals()]
    events.sort(key=lambda event: event.at)
    return len(Event.objects.bulk_create(events))


def ring(today: date) -> None:
    """Leave a few notices in the bells."""
    board, todo = reverse("recipients:pairing_board"), reverse("visits:todo")
    waiting = Pairing.objects.filter(status=PairingStatus.PROPOSED).count()
    late = Pairing.objects.by_cadres().overdue(today).count()
    differences = reverse("rosters:difference_list")
    told = (
        ("cadre", "visit.due", "有 1 户已到走访时间,请安排联系。", todo),
        ("cadre", "need.answered", "一条诉求已有答复,请告诉家里并确认。", todo),
        ("mother", "visit.due", "本周有 1 名孩子要联系,请安排时间。", todo),
        ("city", "pairing.waiting", f"全市有 {waiting} 条结对待审核。", board),
        ("city", "roster.compared", "本月三份部门名单已比对,请处理差异。", differences),
        ("yongchang", "pairing.waiting", "有结对待审核,请尽快处理。", board),
        ("jinchuan", "pairing.waiting", "有结对待审核,请尽快处理。", board),
        ("hexibao", "visit.late", f"全市有 {late} 条结对超期未联系。", board),
        ("unit", "pairing.proposed", "本单位提出的结对正在审核。", board),
    )
    accounts = {user.username: user for user in User.objects.filter(demo=True)}
    for username, kind, words, url in told:
        notify(
            to=accounts[username],
            kind=kind,
            period=today.isoformat(),
            words=words,
            url=url,
        )


def _of_visits(since: date, today: date) -> list[Event]:
    visits = (
        HomeVisit.objects.filter(day__gt=since, day__lt=today)
        .select_related("recipient", "entered_by")
        .order_by("-day", "-id")[:VISITS_TOLD]
    )
    return [
        _event(
            visit,
            "visit.logged",
            visit.entered_at,
            visit.entered_by,
            day=visit.day.isoformat(),
            way=visit.way,
            late_entry=visit.late_entry,
        )
        for visit in visits
    ]


def _of_proposals() -> list[Event]:
    waiting = Pairing.objects.filter(status=PairingStatus.PROPOSED)
    return [
        _event(
            *(pairing, "pairing.proposed", _at(pairing.proposed_on, hour=10)),
            pairing.proposed_by,
        )
        for pairing in waiting.select_related("recipient", "proposed_by")
    ]


def _of_approvals() -> list[Event]:
    newest = (
        Pairing.objects.filter(status=PairingStatus.ACTIVE, reviewed_at__isnull=False)
        .select_related("recipient", "reviewed_by")
        .order_by("-started_on", "id")[:PAIRINGS_TOLD]
    )
    return [
        _event(pairing, "pairing.approved", pairing.reviewed_at, pairing.reviewed_by)
        for pairing in newest
        if pairing.reviewed_at is not None
    ]


def _event(
    subject: HomeVisit | Pairing,
    kind: str,
    at: datetime,
    by: User | None,
    **details: object,
) -> Event:
    return Event(
        at=at,
        kind=kind,
        by=str(by.pk) if by else "",
        by_name=by.name if by else "时钟",
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_words=subject.trail_words,
        area=subject.trail_area,
        details=details,
    )


def _at(day: date, *, hour: int) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))  # noqa: DTZ001
