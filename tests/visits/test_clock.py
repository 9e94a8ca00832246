"""The clock's sweeps: as planned, twice, twice at once, late, and on holidays."""

import threading
from datetime import date, datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from cadres.models import User
from casework.models import Need
from common.days import years_before
from jobs.models import ClockRun, Notice
from jobs.operations import run_sweep
from recipients.models import Pairing, Recipient
from tests import cast
from visits.enums import CampaignKind, CampaignStatus, ReminderCause, SixRule
from visits.models import Campaign, DayOverride, Reminder, SixSetting

CITY, COUNTY = "620300000000", "620321000000"
AT_ONCE = 8


def at(day: date, hour: int = 7, minute: int = 30) -> datetime:
    moment = datetime.combine(day, time(hour, minute))
    return timezone.make_aware(moment)


def keep(rule: SixRule, area: str = CITY) -> None:
    SixSetting.objects.create(area_id=area, rule=rule)


def at_once(name: str, now: datetime) -> list[int]:
    """Run the sweep in threads with connections of their own; return the rows done."""
    start = threading.Barrier(AT_ONCE)
    rows: list[int] = []

    def run() -> None:
        try:
            start.wait()
            rows.append(run_sweep(name=name, now=now))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return rows


def notices(user: User, kind: str = "") -> list[str]:
    found = Notice.objects.filter(to=user).order_by("pk")
    return list(
        (found.filter(kind=kind) if kind else found).values_list("words", flat=True)
    )


def due(pairing: Pairing, day: date, **facts: object) -> Pairing:
    Pairing.objects.filter(pk=pairing.pk).update(next_due_on=day, **facts)
    return pairing


# 逢6上街


def test_the_day_before_asks_to_see_whom_is_due(pairing, cadre, cadre_user):
    due(cast.make_pairing(cast.make_recipient("王大山"), cadre), date(2027, 3, 1))

    rows = run_sweep(name="six_reminders", now=at(date(2026, 11, 25)))

    assert rows == 2
    reminder = Reminder.objects.get()
    assert (reminder.pairing, reminder.cause) == (pairing, ReminderCause.SIX)
    assert reminder.period == date(2026, 11, 26)
    assert reminder.sent_at is not None
    assert notices(cadre_user) == [
        "明天(11月26日 星期四)逢6上街:请走访 1 户,打开待办看先去哪一户。"
    ]
    assert Notice.objects.get().url == reverse("visits:todo")


def test_the_morning_says_it_again_but_asks_once(pairing, cadre_user):
    run_sweep(name="six_reminders", now=at(date(2026, 11, 25)))

    run_sweep(name="six_reminders", now=at(date(2026, 11, 26)))

    assert Reminder.objects.count() == 1
    assert [words[:2] for words in notices(cadre_user)] == ["明天", "今天"]


def test_a_notice_names_nobody(pairing, cadre_user):
    run_sweep(name="six_reminders", now=at(date(2026, 11, 26)))

    (words,) = notices(cadre_user)
    assert pairing.recipient.name not in words


def test_run_twice_and_late_it_says_it_once(pairing, cadre_user):
    for hour in (7, 7, 12, 23):
        run_sweep(name="six_reminders", now=at(date(2026, 11, 26), hour))

    assert Reminder.objects.count() == len(notices(cadre_user)) == 1
    assert Event.objects.filter(kind="reminders.six").count() == 1
    assert ClockRun.objects.filter(name="six_reminders", error="").count() == 4


@pytest.mark.django_db(transaction=True)
def test_run_many_times_at_once_it_says_it_once(pairing, cadre_user):
    rows = at_once("six_reminders", at(date(2026, 11, 26)))

    assert sorted(rows) == [0] * (AT_ONCE - 1) + [2]
    assert Reminder.objects.count() == len(notices(cadre_user)) == 1
    assert Event.objects.filter(kind="reminders.six").count() == 1


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2026, 11, 27)])
def test_on_another_day_nothing_is_said(pairing, day):
    assert run_sweep(name="six_reminders", now=at(day)) == 0

    assert not Reminder.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        (SixRule.KEEP, date(2026, 10, 6)),
        (SixRule.NEAREST, date(2026, 10, 8)),
        (SixRule.NEXT, date(2026, 10, 8)),
        (SixRule.SKIP, None),
    ],
)
def test_a_six_day_within_national_day_is_kept_by_the_rule(pairing, rule, day):
    due(pairing, date(2026, 10, 10))
    keep(rule)

    said = {
        date(2026, 10, number)
        for number in range(1, 13)
        if run_sweep(name="six_reminders", now=at(date(2026, 10, number)))
    }

    assert said == ({day - timedelta(days=1), day} if day else set())
    assert Reminder.objects.count() == (1 if day else 0)


def test_what_the_office_entered_wins_over_the_calendar(pairing, cadre_user):
    due(pairing, date(2026, 10, 10))
    keep(SixRule.NEAREST)
    DayOverride.objects.create(day=date(2026, 10, 5), working=True)

    run_sweep(name="six_reminders", now=at(date(2026, 10, 4)))

    assert notices(cadre_user)[0].startswith("明天(10月5日 星期一)")


def test_a_county_may_keep_another_day(
    pairing, cadre_user, stranger_child, other_cadre
):
    keep(SixRule.NEXT, COUNTY)
    cast.make_pairing(stranger_child, other_cadre)

    run_sweep(name="six_reminders", now=at(date(2026, 12, 6)))
    run_sweep(name="six_reminders", now=at(date(2026, 12, 7)))

    assert [words[:10] for words in notices(other_cadre.user)] == ["今天(12月6日 星"]
    assert [words[:10] for words in notices(cadre_user)] == [
        "明天(12月7日 星",
        "今天(12月7日 星",
    ]
    assert Reminder.objects.count() == 2


def test_who_was_seen_or_is_paused_is_left_in_peace(pairing, cadre, child):
    due(pairing, date(2026, 12, 25), last_contact_on=date(2026, 11, 25))
    cast.make_pairing(cast.make_recipient("王大山", status="paused"), cadre)

    run_sweep(name="six_reminders", now=at(date(2026, 11, 26)))

    assert not Reminder.objects.exists()


def test_a_six_reminder_gives_way_to_the_next(pairing):
    run_sweep(name="six_reminders", now=at(date(2026, 11, 26)))

    run_sweep(name="six_reminders", now=at(date(2026, 12, 5)))

    standing = Reminder.objects.standing().values_list("period", flat=True)
    assert list(standing) == [date(2026, 12, 6)]


def test_the_command_runs_it_as_of_another_moment(pairing, cadre_user, capsys):
    call_command("run_clock", "six_reminders", at="2026-12-05T07:30")

    assert capsys.readouterr().out.strip() == "逢6上街提醒:处理 2 行。"
    assert notices(cadre_user)[0].startswith("明天(12月6日 星期日)")


# 每日提醒


def test_the_digest_counts_what_waits(pairing, cadre, cadre_user):
    due(pairing, date(2026, 11, 30))
    for number in range(2):
        other = cast.make_pairing(cast.make_recipient(f"王大{number}"), cadre)
        due(other, date(2026, 11, 1))

    run_sweep(name="daily_digest", now=at(date(2026, 11, 25), 8))

    assert notices(cadre_user) == ["今天的走访提醒:7天内到期1户,超期2户。"]


def test_who_has_nothing_hears_nothing(pairing):
    due(pairing, date(2027, 1, 1))

    assert run_sweep(name="daily_digest", now=at(date(2026, 11, 25), 8)) == 0
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 28), 0),
        (date(2026, 10, 1), 0),
        (date(2026, 10, 10), 1),
        (date(2026, 11, 25), 1),
    ],
)
def test_only_a_working_day_has_a_digest(pairing, day, said):
    due(pairing, day)

    assert run_sweep(name="daily_digest", now=at(day, 8)) == said


def test_a_digest_comes_once_a_day(pairing, cadre_user):
    due(pairing, date(2026, 11, 25))
    for day, hour in ((25, 8), (25, 8), (25, 20), (26, 8)):
        run_sweep(name="daily_digest", now=at(date(2026, 11, day), hour))

    assert len(notices(cadre_user)) == 2


@pytest.mark.django_db(transaction=True)
def test_digests_at_once_come_once(pairing, cadre_user):
    due(pairing, date(2026, 11, 25))

    rows = at_once("daily_digest", at(date(2026, 11, 25), 8))

    assert sum(rows) == len(notices(cadre_user)) == 1


# 到期和超期


def test_a_family_due_within_a_week_is_noted(pairing, cadre):
    due(pairing, date(2026, 12, 1))
    due(cast.make_pairing(cast.make_recipient("王大山"), cadre), date(2026, 12, 10))

    run_sweep(name="due_and_overdue", now=at(date(2026, 11, 25), 9))

    reminder = Reminder.objects.get()
    assert (reminder.pairing, reminder.cause) == (pairing, ReminderCause.DUE)
    assert reminder.period == date(2026, 12, 1)


def test_the_township_hears_once_a_day_how_many_are_overdue(
    pairing, cadre, hexibao_office, yongchang_office, client
):
    due(pairing, date(2026, 11, 1))
    due(cast.make_pairing(cast.make_recipient("王大山"), cadre), date(2026, 11, 2))

    for hour in (8, 9, 10):
        run_sweep(name="due_and_overdue", now=at(date(2026, 11, 25), hour))

    told = Notice.objects.get(kind="visit.overdue")
    assert (told.to, told.words) == (
        hexibao_office,
        "有 2 对结对超期未联系,请看名单,问问结对干部。",
    )
    assert told.url == reverse("visits:overdue_list")


def test_where_a_township_has_no_account_its_county_hears(pairing, yongchang_office):
    due(pairing, date(2026, 11, 1))

    run_sweep(name="due_and_overdue", now=at(date(2026, 11, 25), 9))

    assert notices(yongchang_office, "visit.overdue")


@pytest.mark.parametrize(
    ("days", "hearing"),
    [
        (0, set()),
        (1, {"hexibao"}),
        (8, {"hexibao", "yongchang"}),
        (15, {"hexibao", "yongchang", "city"}),
    ],
)
def test_a_late_need_rises_a_level(
    child, hexibao_office, yongchang_office, city_office, jinchuan_office, days, hearing
):
    today = date(2026, 11, 25)
    Need.objects.create(
        recipient=child,
        words="房顶漏雨",
        raised_on=date(2026, 10, 1),
        due_on=today - timedelta(days=days),
    )

    run_sweep(name="due_and_overdue", now=at(today, 9))

    told = Notice.objects.filter(kind="need.late")
    assert set(told.values_list("to__username", flat=True)) == hearing
    assert not told.filter(words__contains="漏雨").exists()


def test_a_reminder_is_let_go_when_its_family_is_no_longer_due(pairing):
    run_sweep(name="due_and_overdue", now=at(date(2026, 11, 23)))

    due(pairing, date(2026, 11, 28))
    run_sweep(name="due_and_overdue", now=at(date(2026, 11, 24)))

    standing = Reminder.objects.standing().values_list("period", flat=True)
    assert list(standing) == [date(2026, 11, 28)]


def test_a_reminder_comes_back_with_the_pairing(pairing):
    run_sweep(name="due_and_overdue", now=at(date(2026, 11, 23)))
    due(pairing, cast.TODAY, status="paused")
    run_sweep(name="due_and_overdue", now=at(date(2026, 11, 24)))
    assert not Reminder.objects.standing().exists()

    due(pairing, cast.TODAY, status="active")
    run_sweep(name="due_and_overdue", now=at(date(2026, 11, 25)))

    assert Reminder.objects.standing().count() == Reminder.objects.count() == 1


def test_a_festival_is_proposed_once_and_the_city_is_asked(city_office):
    for hour in (8, 9):
        run_sweep(name="due_and_overdue", now=at(date(2026, 12, 15), hour))

    campaign = Campaign.objects.get(kind=CampaignKind.FESTIVAL)
    assert campaign.name == "2027年新年访亲送温暖“五个一”"
    assert campaign.status == CampaignStatus.PLANNED
    assert (campaign.starts_on, campaign.ends_on) == (
        date(2026, 12, 26),
        date(2027, 1, 2),
    )
    assert campaign.checklist == ["谈一次心", "打扫一次卫生", "办一件实事"]
    told = Notice.objects.get(kind="campaign.proposed")
    assert told.to == city_office
    assert told.url == reverse("visits:campaign_detail", args=[campaign.pk])


def test_no_festival_is_proposed_where_the_office_has_its_own(city_office):
    own = Campaign.objects.create(
        name="迎新年",
        kind=CampaignKind.FESTIVAL,
        area_id=CITY,
        nominal_on=date(2027, 1, 1),
        starts_on=date(2026, 12, 30),
        ends_on=date(2027, 1, 1),
    )

    run_sweep(name="due_and_overdue", now=at(date(2026, 12, 15)))

    assert Campaign.objects.get(kind=CampaignKind.FESTIVAL) == own


def test_six_days_stand_to_the_end_of_next_month(areas):
    run_sweep(name="due_and_overdue", now=at(date(2026, 11, 25)))

    days = Campaign.objects.filter(kind=CampaignKind.SIX).order_by("starts_on")
    assert [day.starts_on.isoformat() for day in days] == [
        "2026-11-26",
        "2026-12-06",
        "2026-12-16",
        "2026-12-26",
    ]
    assert {(day.ends_on - day.starts_on).days for day in days} == {2}


def test_a_planned_six_day_moves_with_the_rule_but_one_begun_stays(areas):
    run_sweep(name="due_and_overdue", now=at(date(2026, 12, 5)))
    keep(SixRule.NEXT)

    run_sweep(name="due_and_overdue", now=at(date(2026, 12, 6)))

    starts = Campaign.objects.filter(kind=CampaignKind.SIX).values_list("starts_on")
    days = {day for (day,) in starts if day.month == 12}
    assert days == {date(2026, 12, 6), date(2026, 12, 16), date(2026, 12, 28)}


def test_each_hour_leaves_at_most_one_event(pairing, hexibao_office, city_office):
    now = at(date(2026, 12, 15), 9)

    for _ in range(3):
        run_sweep(name="due_and_overdue", now=now)

    event = Event.objects.get()
    assert (event.kind, event.by_name) == ("reminders.due", "时钟")
    assert event.details == {
        "reminders": 1,
        "notices": 2,
        "campaigns": 6,
        "needs_ended": 0,
    }


@pytest.mark.django_db(transaction=True)
def test_hours_at_once_write_what_one_writes(pairing, hexibao_office, city_office):
    rows = at_once("due_and_overdue", at(date(2026, 12, 15), 9))

    assert sorted(rows) == [0] * (AT_ONCE - 1) + [9]
    assert Reminder.objects.count() == Event.objects.count() == 1


# 将满18岁,残疾人证将到期


@pytest.fixture
def ageing(areas: None) -> None:
    """Of four people two are to be told of: a child, and a certificate."""
    facts = {"category": "CHILD", "birth_on": date(2008, 12, 31)}
    cast.make_recipient("李小伟", **facts)
    cast.make_recipient("李小二", **{**facts, "birth_on": date(2010, 1, 1)})
    cast.make_recipient("王大山", certificate_until=date(2026, 12, 1))
    cast.make_recipient("王大河", certificate_until=date(2027, 12, 1))


def test_the_office_hears_of_birthdays_and_certificates(ageing, hexibao_office, client):
    rows = run_sweep(name="birthdays_and_expiries", now=at(date(2026, 11, 25), 4))

    assert rows == 2
    assert notices(hexibao_office) == [
        "60 天内有 1 名孩子年满18周岁,请提前核对今后的待遇和去向。",
        "60 天内有 1 本残疾人证到期,请提醒换证。",
    ]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("recipient.coming_of_age", "李小伟"), ("recipient.certificate", "王大山")],
)
def test_the_notice_leads_to_those_it_counts(
    ageing, hexibao_office, client, kind, name
):
    today = timezone.localdate()
    Recipient.objects.filter(birth_on=date(2008, 12, 31)).update(
        birth_on=years_before(today + timedelta(days=20), 18)
    )
    Recipient.objects.filter(certificate_until=date(2026, 12, 1)).update(
        certificate_until=today + timedelta(days=20)
    )
    run_sweep(name="birthdays_and_expiries", now=timezone.now())
    client.force_login(hexibao_office)

    page = client.get(Notice.objects.get(kind=kind).url).content.decode()

    others = {"李小伟", "李小二", "王大山", "王大河"} - {name}
    assert name in page
    assert not [other for other in others if other in page]


def test_expiries_are_told_once_a_month(ageing, hexibao_office):
    for day in (date(2026, 11, 25), date(2026, 11, 25), date(2026, 11, 26)):
        run_sweep(name="birthdays_and_expiries", now=at(day, 4))
    assert len(notices(hexibao_office)) == 2

    run_sweep(name="birthdays_and_expiries", now=at(date(2026, 12, 1), 4))

    assert len(notices(hexibao_office)) == 4


@pytest.mark.django_db(transaction=True)
def test_expiries_at_once_are_told_once(ageing, hexibao_office):
    rows = at_once("birthdays_and_expiries", at(date(2026, 11, 25), 4))

    assert sum(rows) == len(notices(hexibao_office)) == 2
