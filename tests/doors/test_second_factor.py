"""AU-06 and AU-07: the code of the minute, the codes in the drawer, and what waits."""

import datetime
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cadres.enums import Role
from cadres.models import BackupCode, SecondFactor, Session, User
from cadres.operations import second_factors
from common.refusals import Refused
from tests import cast
from tests.doors.keys import DRAWER, code_of, give_factor
from tests.doors.test_sign_in import enter, walk_without_rows
from tests.fuzz.asking import let_go

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 25, 9, 0, 10, tzinfo=datetime.UTC)
STEP = "/login/code/"


@pytest.fixture
def factor(auditor) -> SecondFactor:
    return give_factor(auditor)


def passes(user: User, code: str) -> bool:
    return second_factors.pass_second_step(user=user, code=code, by=user)


@pytest.mark.parametrize(
    ("drift", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_is_good_half_a_minute_either_way(auditor, factor, drift, good):
    with time_machine.travel(NOW, tick=False):
        assert passes(auditor, code_of(factor, drift=drift)) is good


def test_a_code_is_good_once_and_none_before_it(auditor, factor):
    with time_machine.travel(NOW, tick=False):
        assert passes(auditor, code_of(factor))
        assert not passes(auditor, code_of(factor))
        assert not passes(auditor, code_of(factor, drift=-1))
        assert passes(auditor, code_of(factor, drift=1))


def test_six_wrong_lock_the_second_step_only(auditor, factor):
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(6):
            assert not passes(auditor, "000000")
        assert not passes(auditor, code_of(factor))
        assert not passes(auditor, DRAWER)
        assert enter("auditor")[1].status_code == 302
        clock.shift(datetime.timedelta(minutes=15))
        assert passes(auditor, code_of(factor))


def test_a_backup_code_opens_once_and_is_kept_as_a_hash(auditor, factor):
    assert "abcdefgh" not in BackupCode.objects.get().digest

    assert passes(auditor, " 3abcd EFGH ")
    assert not passes(auditor, DRAWER)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["drawer", "telephone"])
def test_a_code_used_by_two_at_the_same_moment_lets_one_in(db, kind):
    user = cast.make_user("auditor", Role.AUDITOR)
    factor = give_factor(user)
    code = DRAWER if kind == "drawer" else code_of(factor)
    start, outcomes = Barrier(2), []

    def use() -> None:
        start.wait()
        try:
            outcomes.append(passes(user, code))
        finally:
            connection.close()

    hands = [Thread(target=use) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    assert sorted(outcomes) == [False, True]


def test_the_secret_is_sealed_in_the_database(auditor, factor):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM cadres_secondfactor")
        (kept,) = cursor.fetchone()

    assert factor.secret.encode() not in bytes(kept)
    assert bytes.fromhex(factor.secret) not in bytes(kept)


def test_with_the_password_alone_only_the_second_step_opens(auditor, factor):
    client, _ = enter("auditor")

    opened = walk_without_rows(client)

    assert opened == {"cadres:second_step": 200}
    style = client.get("/static/css/site.css")
    let_go(style)
    assert style.status_code == 200
    assert client.get("/").url == STEP
    part = client.get("/", headers={"hx-request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (401, STEP)
    assert client.post(reverse("cadres:logout")).status_code == 302


def test_the_second_step_opens_the_rest_under_another_key(auditor, factor):
    client = Client()
    sent = {"username": "auditor", "password": "jinchang-demo", "next": "/me/"}
    client.post("/login/", sent)
    before = client.cookies["sessionid"].value

    wrong = client.post(STEP, {"code": "000000"})
    right = client.post(STEP, {"code": code_of(factor)})

    assert (wrong.status_code, right.url) == (422, "/me/")
    assert client.get("/me/").status_code == 200
    assert client.cookies["sessionid"].value != before
    planted = Client()
    planted.cookies["sessionid"] = before
    assert planted.get("/me/").url.startswith("/login/")


def test_setting_up_shows_a_picture_and_ten_codes_once(client, auditor):
    client.force_login(auditor)
    other = Client()
    other.force_login(auditor)
    page = reverse("cadres:second_factor")

    assert "开始设置" in client.get(page).content.decode()
    client.post(page)
    shown = client.get(page).content.decode()
    factor = SecondFactor.objects.get()
    wrong = client.post(page, {"code": "000000"})
    done = client.post(page, {"code": code_of(factor)})

    assert "data:image/svg+xml" in shown
    assert wrong.status_code == 422
    codes = done.context["codes"]
    assert len(set(codes)) == 10
    assert client.get(page).status_code == 200
    assert codes[0] not in client.get(page).content.decode()
    assert other.get(page).url.startswith("/login/")
    assert passes(auditor, codes[4])
    assert Event.objects.filter(kind="user.second_factor_on").count() == 1


def test_new_backup_codes_end_the_old_ones(auditor, factor):
    fresh = second_factors.remake_codes(user=auditor, by=auditor)

    assert not passes(auditor, DRAWER)
    assert passes(auditor, fresh[0])


def test_nobody_sets_it_up_for_somebody_else(auditor, admin):
    with pytest.raises(Refused, match="本人"):
        second_factors.begin(user=auditor, by=admin)


def test_where_the_role_must_have_it_nothing_opens_before(settings, auditor):
    settings.SECOND_STEP_ROLES = ["auditor"]
    client, _ = enter("auditor")

    opened = walk_without_rows(client)

    # Its first post begins the setting up, which leads back to the page.
    assert opened == {"cadres:second_factor": 200}


def test_who_must_have_it_cannot_switch_it_off(settings, auditor, factor, admin):
    settings.SECOND_STEP_ROLES = ["auditor"]

    with pytest.raises(Refused, match="不能停用"):
        second_factors.turn_off(user=auditor, by=auditor)

    second_factors.turn_off(user=auditor, by=admin)
    assert not SecondFactor.objects.exists()


def test_an_administrator_clears_a_lost_one_and_the_sessions_end(
    client, admin, auditor, factor
):
    phone = Client()
    phone.force_login(auditor)
    client.force_login(admin)

    client.post(reverse("cadres:user_second_factor_off", args=[auditor.pk]))

    assert not Session.objects.filter(user=auditor).exists()
    assert Event.objects.filter(kind="user.second_factor_off").count() == 1


def test_outside_a_demo_three_roles_must_have_it():
    """The setting's own default, read as a real system would."""
    from tests.doors.test_start_up import settings_say

    said = settings_say("print(s.SECOND_STEP_ROLES)", DEMO="0")
    relaxed = settings_say(
        "print(s.SECOND_STEP_ROLES)", DEMO="0", SECOND_STEP_ROLES="admin"
    )

    assert said == "['care_office', 'admin', 'auditor']"
    assert relaxed == "['admin']"
    assert settings_say("print(s.SECOND_STEP_ROLES)", DEMO="1") == "[]"
