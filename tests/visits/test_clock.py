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
from jobs.models import ClockRun, Notice
from jobs.operations import run_sweep
from recipients.models import Pairing
from tests import cast
from visits.enums import ReminderCause, SixRule
from visits.models import DayOverride, Reminder, SixSetting

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
