"""AU-01 to AU-03, AU-05: who comes in, what is said, and what locks whom."""

import contextlib
import datetime
import itertools
import re
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from audit.models import Event
from cadres.enums import Role
from cadres.models import AddressTally, Session, User
from cadres.operations import accounts, signing_in
from cadres.operations.accounts import Post
from common.refusals import Refused
from jobs.models import Notice
from tests.house.addresses import Address, addresses
from tests.house.matrix import MATRIX

pytestmark = pytest.mark.django_db
LOGIN = "/login/"
NOW = datetime.datetime(2026, 11, 25, 9, 0, tzinfo=datetime.UTC)
CHANGING = re.compile(
    rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|value="[a-z_]+"'
)


@pytest.fixture
def locks(settings) -> None:
    settings.AXES_ENABLED = True


def enter(username: str, password: str = "jinchang-demo", address: str = "10.0.0.1"):
    """Try to come in with a fresh browser; return the browser and the answer."""
    client = Client(REMOTE_ADDR=address)
    sent = {"username": username, "password": password}
    return client, client.post(LOGIN, sent)


def test_six_wrong_lock_the_name_at_that_address_only(
    locks, cadre_user, other_cadre, auditor
):
    answers = [enter("cadre", "wrong")[1] for _ in range(6)]

    right = enter("cadre")[1]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert right.status_code == 429
    assert stripped(right) == stripped(answers[0])
    assert enter("cadre", address="10.0.0.2")[1].status_code == 302
    for name in ("other_cadre", "auditor"):
        assert enter(name)[1].status_code == 302


def test_a_lock_ends_by_itself_even_while_it_is_tried(locks, cadre_user):
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(6):
            enter("cadre", "wrong")
        clock.shift(datetime.timedelta(minutes=10))
        assert enter("cadre", "wrong")[1].status_code == 429
        clock.shift(datetime.timedelta(minutes=6))
        assert enter("cadre")[1].status_code == 302


@pytest.mark.parametrize("username", ["", " ", "x" * 1_000_000, "a\0b"])
def test_a_name_that_is_none_locks_nobody(locks, cadre_user, username):
    for _ in range(7):
        assert enter(username, "wrong")[1].status_code in (422, 429)

    assert enter("cadre")[1].status_code == 302


def test_an_administrator_unlocks_and_it_is_recorded(locks, client, admin, cadre_user):
    for _ in range(6):
        enter("cadre", "wrong")
    client.force_login(admin)
    page = client.get(reverse("cadres:user_detail", args=[cadre_user.pk]))

    client.post(reverse("cadres:user_unlock", args=[cadre_user.pk]))

    assert "从 10.0.0.1 连续输错密码" in page.content.decode()
    assert enter("cadre")[1].status_code == 302
    assert Event.objects.filter(kind="user.unlocked", by=str(admin.pk)).count() == 1


def test_nobody_unlocks_the_own_account(admin):
    with pytest.raises(Refused):
        signing_in.unlock(user=admin, by=admin)


def test_fifty_wrong_over_many_names_slow_the_address_and_tell_once(
    admin, auditor, city_office
):
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(60):
            signing_in.note_wrong_try(address="10.9.9.9")
        first = enter("city", address="10.9.9.9")[1]
        second = enter("city", address="10.9.9.9")[1]
        usual = enter("city", address="10.0.0.1")[1]
        clock.shift(datetime.timedelta(seconds=10))
        later = enter("city", address="10.9.9.9")[1]
        clock.shift(datetime.timedelta(hours=1))
        tomorrow = [enter("city", address="10.9.9.9")[1] for _ in range(2)]

    assert (first.status_code, second.status_code) == (302, 429)
    assert (usual.status_code, later.status_code) == (302, 302)
    assert [answer.status_code for answer in tomorrow] == [302, 302]
    assert AddressTally.objects.get().failures >= 50
    assert Event.objects.filter(kind="address.slowed").count() == 1
    assert set(Notice.objects.values_list("to", flat=True)) == {admin.pk, auditor.pk}


def test_whatever_is_wrong_the_answer_is_the_same(
    locks, settings, cadre_user, auditor, leader, liaison, city_office
):
    User.objects.filter(pk=auditor.pk).update(is_active=False)
    User.objects.filter(pk=leader.pk).update(role_until=datetime.date(2020, 1, 1))
    User.objects.filter(pk=liaison.pk).update(
        must_change_password=True, password_ends_at=timezone.now()
    )
    for _ in range(6):
        enter("city", "wrong", address="10.0.0.7")
    User.objects.filter(pk=cadre_user.pk).update(demo=True)
    settings.DEMO = False

    answers = {
        "unknown": enter("nobody"),
        "wrong": enter("city", "wrong"),
        "disabled": enter("auditor"),
        "role ended": enter("leader"),
        "spent": enter("unit"),
        "demo": enter("cadre"),
        "locked elsewhere": enter("city", "wrong"),
    }

    assert {answer.status_code for _, answer in answers.values()} == {422}
    assert len({stripped(answer) for _, answer in answers.values()}) == 1
    assert not any("sessionid" in client.cookies for client, _ in answers.values())
    locked = [enter(name, "x", address="10.0.0.8") for name in ("city", "nobody") * 7]
    assert locked[-1][1].status_code == locked[-2][1].status_code == 429
    assert stripped(locked[-1][1]) == stripped(locked[-2][1])


def stripped(answer) -> bytes:
    return CHANGING.sub(b"", answer.content)


def test_an_unknown_name_costs_as_much_as_a_known_one(cadre_user, monkeypatch):
    hashed = []
    monkeypatch.setattr(
        "django.contrib.auth.hashers.MD5PasswordHasher.encode",
        lambda self, password, salt: hashed.append(password) or "md5$salt$hash",
    )
    enter("cadre", "wrong-one")
    known = len(hashed)
    enter("nobody", "wrong-one")

    assert len(hashed) - known == known == 1


@pytest.fixture
def issued(admin) -> accounts.Issued:
    return accounts.create_account(
        username="newcomer", name="孙干事", post=Post(role=Role.AUDITOR), by=admin
    )


def test_a_one_time_password_opens_once_and_only_to_be_changed(issued):
    client, first = enter("newcomer", issued.password)

    _, second = enter("newcomer", issued.password)

    assert (first.status_code, second.status_code) == (302, 422)
    change = reverse("cadres:password_change")
    assert client.get("/").url == change
    told = {"present": issued.password, "new": "一句好记的话不告诉人"}
    answer = client.post(change, {**told, "again": told["new"]})
    assert answer.url == "/"
    assert client.get("/").status_code == 200
    assert enter("newcomer", told["new"])[1].status_code == 302


def test_before_the_change_nothing_else_opens(issued):
    client, _ = enter("newcomer", issued.password)

    opened = walk_without_rows(client)

    assert opened == {"cadres:password_change": 200}


def walk_without_rows(client: Client) -> dict[str, int]:
    """Ask for every address as a page; return those that were not sent elsewhere."""
    opened = {}
    for address in addresses():
        if address.name == "cadres:logout":
            continue
        for method in ("GET", "POST"):
            status = client.generic(method, somewhere(address)).status_code
            if status not in (302, 401):
                opened.setdefault(address.name, status)
    return opened


def somewhere(address: Address) -> str:
    """Return an address of this pattern, whether or not there is such a row."""
    fixed = MATRIX[address.name].fixed
    keys = [uuid.uuid4(), 1, datetime.date(2026, 12, 26), "recipients"]
    choices = [[fixed[name]] if name in fixed else keys for name in address.parameters]
    for values in itertools.product(*choices):
        told = dict(zip(address.parameters, values, strict=True))
        with contextlib.suppress(NoReverseMatch):
            return reverse(address.name, kwargs=told)
    raise AssertionError(address)


def test_a_one_time_password_is_good_for_a_day_and_no_longer(issued):
    user = issued.user
    ends = User.objects.get(pk=user.pk).password_ends_at
    day = datetime.timedelta(hours=24)
    assert abs(ends - timezone.now() - day) < datetime.timedelta(minutes=10)

    with time_machine.travel(ends, tick=False):
        assert enter("newcomer", issued.password)[1].status_code == 422
    with time_machine.travel(ends - datetime.timedelta(seconds=1), tick=False):
        assert enter("newcomer", issued.password)[1].status_code == 302


def test_of_two_with_the_same_one_time_password_one_comes_in(issued):
    signing_in.sign_in(user=issued.user, by=issued.user)

    with pytest.raises(Refused, match="已经用过"):
        signing_in.sign_in(user=issued.user, by=issued.user)


def test_the_one_time_password_cannot_be_kept(issued):
    with pytest.raises(Refused, match="一样"):
        accounts.change_password(
            user=issued.user, password=issued.password, by=issued.user
        )


def test_a_reset_ends_the_sessions_and_shows_nobody_the_old_one(admin, cadre_user):
    client, _ = enter("cadre")

    accounts.reset_password(user=cadre_user, by=admin)

    assert client.get("/").url.startswith(LOGIN)
    assert not Session.objects.filter(user=cadre_user).exists()


@pytest.mark.parametrize(
    "wanted",
    [
        *("//evil.example", "/\\evil.example", "/%09/evil", "javascript:alert(1)"),
        *("https://evil.example/", "/\t/evil", "///evil", "/" + "a" * 8192, "\0"),
    ],
)
def test_nobody_is_sent_elsewhere_after_log_in(cadre_user, wanted):
    client = Client()
    sent = {"username": "cadre", "password": "jinchang-demo", "next": wanted}

    answer = client.post(LOGIN, sent)

    assert answer.status_code == 302
    assert answer.url in ("/", "/%09/evil")


@pytest.mark.parametrize(
    "referer", ["http://x//evil", "http://x/\\evil", "http://[", ""]
)
def test_nobody_is_sent_elsewhere_after_a_choice_of_letters(
    client, cadre_user, referer
):
    client.force_login(cadre_user)

    answer = client.post(
        reverse("cadres:text_size"), {"size": "lg"}, headers={"referer": referer}
    )

    assert answer.url == "/"


def test_a_foreign_host_is_refused(client, db):
    answer = client.get(LOGIN, headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()


def test_coming_in_is_recorded_once(cadre_user):
    enter("cadre")

    assert Event.objects.filter(kind="user.signed_in").count() == 1


def test_after_log_in_one_goes_where_one_wanted(cadre_user):
    sent = {"username": "cadre", "password": "jinchang-demo", "next": "/me/"}

    assert Client().post(LOGIN, sent).url == "/me/"
