"""AU-08 to AU-12: how a session begins, goes on, is seen, and ends."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from cadres.devices import device_of, place_of
from cadres.enums import Role
from cadres.models import Area, Session, User
from cadres.operations import accounts, sessions, signing_in
from cadres.operations.accounts import Post
from cadres.session_store import SessionStore, digest_of
from common.refusals import Refused
from jobs import operations
from jobs.models import Job, JobState
from jobs.operations import run_sweep
from jobs.registry import JOB_HANDS
from jobs.tasks import do_job
from tests.doors.test_sign_in import enter
from tests.house.addresses import addresses

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 25, 9, 0, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)
PROFILE = "/me/"
PHONE = (
    "Mozilla/5.0 (Linux; Android 10; PCT-AL10) AppleWebKit/537.36 Chrome/86.0 "
    "Mobile Safari/537.36 MicroMessenger/8.0"
)


def is_in(client: Client) -> bool:
    return client.get(PROFILE).status_code == 200


def key_of(client: Client) -> str:
    return client.cookies["sessionid"].value


def with_key(key: str) -> Client:
    client = Client()
    client.cookies["sessionid"] = key
    return client


def test_a_planted_key_is_never_taken_over(cadre_user):
    planted = "a" * 32
    client = with_key(planted)

    client.post("/login/", {"username": "cadre", "password": "jinchang-demo"})

    assert key_of(client) != planted
    assert not is_in(with_key(planted))
    assert is_in(client)


def test_a_key_from_before_log_in_is_worth_nothing_after(cadre_user):
    store = SessionStore()
    store["next"] = "/"
    store.create()
    before = store.session_key
    client = with_key(before)

    client.post("/login/", {"username": "cadre", "password": "jinchang-demo"})

    assert key_of(client) != before
    assert not Session.objects.filter(digest=digest_of(before)).exists()


def test_the_table_does_not_hold_the_key_itself(cadre_user):
    client, _ = enter("cadre")

    row = Session.objects.get(user=cadre_user)

    assert key_of(client) not in (row.digest, row.content)
    assert not is_in(with_key(row.digest))


def test_a_changed_role_needs_a_new_log_in(admin, auditor):
    client, _ = enter("auditor")
    before = key_of(client)

    city = Area.objects.get(pk="620300000000")
    accounts.change_post(user=auditor, post=Post(role=Role.LEADER, area=city), by=admin)

    assert not is_in(client)
    again, _ = enter("auditor")
    assert key_of(again) != before


def test_after_log_out_the_old_key_opens_no_address(cadre_user):
    client, _ = enter("cadre")
    key = key_of(client)

    answer = client.post(reverse("cadres:logout"))

    assert answer.headers["Clear-Site-Data"] == '"cache"'
    opened = []
    for address in addresses():
        if address.parameters or address.view.permission is None:
            continue
        thief = with_key(key)
        for method in ("GET", "POST"):
            status = thief.generic(method, reverse(address.name)).status_code
            if status not in (302, 405):
                opened.append((address.name, method, status))
    assert opened == []


@pytest.mark.parametrize(
    ("account", "idle"),
    [
        *(("city_office", 1800), ("admin", 1800), ("auditor", 1800)),
        *(("leader", 1800), ("civil", 1800)),
        *(("cadre_user", 43200), ("liaison", 43200)),
    ],
)
def test_idle_time_is_exact_to_the_second(request, account, idle):
    client = Client()
    client.force_login(request.getfixturevalue(account))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert is_in(client)
        clock.shift(idle * SECOND - SECOND)
        assert is_in(client)
        clock.shift(idle * SECOND)
        assert not is_in(client)


def test_what_a_page_asks_by_itself_does_not_count(city_office):
    client = Client()
    client.force_login(city_office)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert is_in(client)
        for _ in range(3):
            clock.shift(9 * 60 * SECOND)
            asked = client.get(PROFILE, headers={"X-Poll": "1"})
            assert asked.status_code == 200
        clock.shift(3 * 60 * SECOND)
        assert not is_in(client)


def test_nobody_stays_in_for_longer_than_thirty_days(cadre_user):
    days = datetime.timedelta(days=30)
    client = Client()
    with time_machine.travel(NOW, tick=False) as clock:
        client.force_login(cadre_user)
        while timezone.now() < NOW + days - SECOND:
            assert is_in(client)
            step = min(
                datetime.timedelta(hours=11), NOW + days - SECOND - timezone.now()
            )
            clock.shift(step)
        assert is_in(client)
        clock.shift(SECOND)
        assert not is_in(client)


def test_a_role_ends_with_its_day(cadre_user):
    User.objects.filter(pk=cadre_user.pk).update(role_until=datetime.date(2026, 11, 25))
    midnight = datetime.datetime(2026, 11, 25, 16, 0, tzinfo=datetime.UTC)
    client = Client()
    with time_machine.travel(midnight - SECOND, tick=False) as clock:
        client.force_login(cadre_user)
        assert is_in(client)
        clock.shift(SECOND)
        assert not is_in(client)
        assert not Session.objects.filter(user=cadre_user).exists()


def test_a_closed_account_is_out_everywhere_with_the_next_request(admin, cadre_user):
    browsers = [enter("cadre")[0] for _ in range(3)]

    accounts.disable(user=cadre_user, by=admin)

    assert not any(is_in(browser) for browser in browsers)
    accounts.enable(user=cadre_user, by=admin)
    assert not any(is_in(browser) for browser in browsers)


@pytest.mark.parametrize("way", ["disabled", "ended"])
def test_work_in_the_name_of_a_closed_account_is_refused_when_it_runs(
    cadre_user, monkeypatch, way
):
    done = []
    monkeypatch.setitem(JOB_HANDS, "test.work", done.append)
    job = Job.objects.create(kind="test.work", title="导出台账", by=cadre_user)
    changes = {"disabled": {"is_active": False}, "ended": {"role_until": "2020-01-01"}}
    User.objects.filter(pk=cadre_user.pk).update(**changes[way])

    do_job(str(job.pk))

    job.refresh_from_db()
    assert (job.state, done) == (JobState.FAILED, [])
    assert "停用" in job.outcome


def test_work_under_way_stops_when_its_account_is_closed(cadre_user, monkeypatch):
    told = []

    def work(job: Job) -> None:
        for done in range(1, 4):
            operations.progress(job, done=done)
            told.append(done)
            User.objects.filter(pk=cadre_user.pk).update(is_active=False)

    monkeypatch.setitem(JOB_HANDS, "test.work", work)
    job = Job.objects.create(kind="test.work", title="导出台账", by=cadre_user)

    do_job(str(job.pk))

    job.refresh_from_db()
    assert (job.state, told) == (JobState.FAILED, [1])
    assert "停用" in job.outcome


def test_the_list_says_device_place_and_when(cadre_user):
    client = Client(REMOTE_ADDR="10.8.3.44", headers={"user-agent": PHONE})
    client.post("/login/", {"username": "cadre", "password": "jinchang-demo"})

    page = client.get(reverse("cadres:session_list")).content.decode()

    assert "安卓 · 微信" in page
    assert "内网 10.8.*.*" in page
    assert "10.8.3.44" not in page
    assert "本机" in page


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "安卓 · 微信"),
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120",
            "Windows · Edge",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17 Safari/604",
            "iPhone · Safari",
        ),
        ("curl/8", "未知设备"),
        ("", "未知设备"),
    ],
)
def test_a_device_is_named_as_people_name_it(agent, words):
    assert device_of(agent) == words


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("127.0.0.1", "本机"),
        ("113.200.7.9", "互联网 113.200.*.*"),
        ("fd00::1", "内网 fd00:0000:*"),
        ("nonsense", "未知位置"),
    ],
)
def test_a_place_is_told_coarsely(address, words):
    assert place_of(address) == words


def test_one_session_is_ended_and_the_others_go_on(cadre_user):
    here, there, third = (enter("cadre")[0] for _ in range(3))
    row = Session.objects.get(digest=digest_of(key_of(there)))

    here.post(reverse("cadres:session_end", args=[row.pk]))

    assert [is_in(client) for client in (here, there, third)] == [True, False, True]
    assert Event.objects.filter(kind="session.ended").count() == 1


def test_a_session_of_somebody_else_is_not_there(cadre_user, auditor):
    mine, _ = enter("cadre")
    enter("auditor")
    foreign = Session.objects.get(user=auditor)

    answer = mine.post(reverse("cadres:session_end", args=[foreign.pk]))

    assert answer.status_code == 404
    with pytest.raises(Refused):
        sessions.end_session(session=foreign, by=cadre_user)


def test_all_others_end_and_the_own_stays(cadre_user):
    here, there, third = (enter("cadre")[0] for _ in range(3))

    here.post(reverse("cadres:sessions_end"))

    assert [is_in(client) for client in (here, there, third)] == [True, False, False]


def test_an_administrator_ends_all_of_an_account(admin, cadre_user):
    desk, _ = enter("admin")
    phone, _ = enter("cadre")

    desk.post(reverse("cadres:user_end_sessions", args=[cadre_user.pk]))

    assert not is_in(phone)
    assert is_in(desk)
    assert Event.objects.filter(kind="session.all_ended").count() == 1


def test_a_new_password_ends_the_others(cadre_user):
    here, there = (enter("cadre")[0] for _ in range(2))
    before = key_of(here)
    told = {"present": "jinchang-demo", "new": "一句好记的话不告诉人"}

    here.post(reverse("cadres:password_change"), {**told, "again": told["new"]})

    assert is_in(here)
    assert not is_in(there)
    assert key_of(here) != before
    assert Session.objects.filter(user=cadre_user).count() == 1


def test_sessions_that_ran_out_and_old_tries_are_swept(cadre_user):
    client, _ = enter("cadre")
    signing_in.note_wrong_try(address="10.0.0.9")
    tomorrow = timezone.now() + datetime.timedelta(days=2)

    assert run_sweep(name="purge_sessions", now=timezone.now()) == 0
    assert is_in(client)
    assert run_sweep(name="purge_sessions", now=tomorrow) == 2
    assert run_sweep(name="purge_sessions", now=tomorrow) == 0
    assert not Session.objects.exists()
