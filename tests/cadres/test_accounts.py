"""Accounts: opened, changed, closed; passwords shown once; nobody helps themselves."""

import io
import re

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cadres.enums import Role
from cadres.models import Area, SecondFactor, User
from cadres.operations import accounts
from cadres.operations.accounts import Post
from common.refusals import Refused
from tests import cast
from tests.doors.keys import give_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, admin) -> Client:
    client.force_login(admin)
    return client


@pytest.fixture
def second_admin(areas) -> User:
    return cast.make_user("admin2", Role.ADMIN)


@pytest.mark.parametrize("role", ["city_office", "liaison", "cadre_user", "auditor"])
def test_only_an_administrator_sees_accounts(client, request, role):
    client.force_login(request.getfixturevalue(role))

    assert client.get(reverse("cadres:user_list")).status_code == 403


def test_an_account_is_opened_and_its_password_must_be_changed(desk, areas):
    sent = {
        "username": "dongzhai",
        "name": "孙干事",
        "role": "care_office",
        "area": "620321104000",
    }
    answer = desk.post(reverse("cadres:user_create"), sent)

    user = User.objects.get(username="dongzhai")
    password = answer.context["issued"].password
    assert password in answer.content.decode()
    other = Client()
    assert other.login(username="dongzhai", password=password)
    assert other.get(reverse("reports:home")).url == reverse("cadres:password_change")
    assert user.area_id == "620321104000"
    event = Event.objects.get(kind="user.created")
    assert password not in str(event.details)


@pytest.mark.parametrize(
    ("role", "wrong"),
    [("care_office", "area"), ("unit_liaison", "organisation"), ("leader", "area")],
)
def test_a_role_without_its_reach_is_refused(desk, role, wrong):
    sent = {"username": "someone", "name": "某人", "role": role}

    answer = desk.post(reverse("cadres:user_create"), sent)

    assert answer.status_code == 422
    assert wrong in answer.context["form"].errors
    assert not User.objects.filter(username="someone").exists()


def test_a_username_is_used_once_whatever_its_letters(desk, cadre_user):
    sent = {"username": "CADRE", "name": "某人", "role": "auditor"}

    assert desk.post(reverse("cadres:user_create"), sent).status_code == 422


def test_nobody_changes_the_own_account(admin):
    city = Area.objects.get(pk="620300000000")
    post = Post(role=Role.CARE_OFFICE, area=city)

    for deed in (
        lambda: accounts.change_post(user=admin, post=post, by=admin),
        lambda: accounts.disable(user=admin, by=admin),
        lambda: accounts.reset_password(user=admin, by=admin),
        lambda: accounts.end_role(user=admin, on=cast.TODAY, by=admin),
    ):
        with pytest.raises(Refused, match="自己的账号"):
            deed()


def test_another_administrator_changes_a_role(desk, second_admin):
    sent = {"role": "leader", "area": "620300000000"}
    url = reverse("cadres:user_change", args=[second_admin.pk])

    assert desk.post(url, sent).status_code == 302

    second_admin.refresh_from_db()
    assert second_admin.role == Role.LEADER
    assert Event.objects.filter(kind="user.role_changed").count() == 1


def test_no_account_is_first_administrator_and_then_auditor(desk, second_admin):
    url = reverse("cadres:user_change", args=[second_admin.pk])

    assert desk.post(url, {"role": "auditor"}).status_code == 422

    second_admin.refresh_from_db()
    assert second_admin.role == Role.ADMIN


def test_the_account_of_a_cadre_keeps_its_role(desk, cadre, cadre_user):
    url = reverse("cadres:user_change", args=[cadre_user.pk])

    assert desk.post(url, {"role": "admin"}).status_code == 422

    cadre_user.refresh_from_db()
    assert cadre_user.role == Role.CADRE


def test_a_reset_ends_every_session(desk, cadre_user):
    phone = Client()
    phone.force_login(cadre_user)
    assert phone.get(reverse("cadres:profile")).status_code == 200

    answer = desk.post(reverse("cadres:user_reset", args=[cadre_user.pk]))

    assert answer.context["issued"].password in answer.content.decode()
    assert phone.get(reverse("cadres:profile")).status_code == 302
    assert Event.objects.filter(kind="user.password_reset").count() == 1


def test_a_closed_account_is_signed_out_with_the_next_page(desk, cadre_user):
    phone = Client()
    phone.force_login(cadre_user)

    desk.post(reverse("cadres:user_disable", args=[cadre_user.pk]))

    assert phone.get(reverse("cadres:profile")).status_code == 302
    desk.post(reverse("cadres:user_enable", args=[cadre_user.pk]))
    cadre_user.refresh_from_db()
    assert cadre_user.is_active


def test_the_account_of_a_cadre_who_left_stays_closed(admin, cadre, cadre_user):
    cadre_user.is_active = False
    cadre_user.save()
    cadre.active = False
    cadre.save()

    with pytest.raises(Refused, match="已离岗"):
        accounts.enable(user=cadre_user, by=admin)


def test_a_role_ends_on_its_day(desk, cadre_user):
    url = reverse("cadres:user_end_role", args=[cadre_user.pk])

    desk.post(url, {"on": "2020-01-01"})

    phone = Client()
    phone.force_login(cadre_user)
    assert phone.get(reverse("cadres:profile")).status_code == 302


@pytest.mark.parametrize("name", ["user_list", "user_create"])
def test_each_page_opens(desk, name):
    assert desk.get(reverse(f"cadres:{name}")).status_code == 200


def test_an_account_has_a_page(desk, admin, cadre_user):
    own = desk.get(reverse("cadres:user_detail", args=[admin.pk])).content.decode()
    other = desk.get(reverse("cadres:user_detail", args=[cadre_user.pk]))

    assert "另一位管理员" in own
    assert reverse("cadres:user_reset", args=[cadre_user.pk]) in other.content.decode()


def run(name: str, *words: str) -> str:
    out = io.StringIO()
    call_command(name, *words, stdout=out)
    return out.getvalue()


def test_a_cadre_reads_the_own_unit_once(client, cadre, cadre_user):
    cadre_user.organisation = cadre.organisation
    cadre_user.save(update_fields=["organisation"])
    client.force_login(cadre_user)

    page = client.get(reverse("cadres:profile")).content.decode()

    assert page.count(f"<dd>{cadre.organisation}") == 1


def test_the_first_administrator_is_made_once_with_the_areas(db):
    first = run("setup_first_admin")
    second = run("setup_first_admin")

    user = User.objects.get()
    assert user.check_password(one_time_password_in(first))
    assert (user.username, user.role, user.must_change_password) == (
        "admin",
        Role.ADMIN,
        True,
    )
    assert Area.objects.count() == 21
    assert "没有改动" in second
    assert not re.search(r"一次性密码 [a-z0-9]", second)


def test_who_never_chose_a_password_comes_in_again_by_the_machine(db):
    run("setup_first_admin")
    admin = User.objects.get()
    told = one_time_password_in(run("issue_code", "admin"))
    phone = Client()
    phone.post(reverse("cadres:login"), {"username": "admin", "password": told})

    stuck = run("setup_first_admin")
    again = one_time_password_in(run("issue_code", admin.username))

    assert "python manage.py issue_code admin" in stuck
    assert phone.get(reverse("cadres:password_change")).status_code == 302
    assert not Client().login(username="admin", password=told)
    assert Client().login(username="admin", password=again)
    chosen = "一句好记的话不告诉人"
    accounts.change_password(user=admin, password=chosen, by=admin)
    assert run("setup_first_admin").strip().endswith("已有管理员,没有改动。")


def test_a_code_from_the_machine_is_on_the_trail_without_itself(cadre_user):
    told = one_time_password_in(run("issue_code", "cadre"))

    event = Event.objects.get(kind="user.code_issued")
    assert (event.by, event.by_name) == ("", "服务器")
    assert event.subject_id == str(cadre_user.pk)
    assert told not in str(event.details)


def test_the_last_administrator_who_lost_the_phone_comes_in_by_the_machine(admin):
    give_factor(admin)

    told = run("issue_code", admin.username, "--lost-phone")

    assert "动态码已停用" in told
    assert not SecondFactor.objects.filter(user=admin).exists()
    off = Event.objects.get(kind="user.second_factor_off")
    assert (off.by_name, off.subject_id) == ("服务器", str(admin.pk))
    browser = Client()
    browser.post(
        reverse("cadres:login"),
        {"username": admin.username, "password": one_time_password_in(told)},
    )
    assert browser.get("/").url == reverse("cadres:password_change")


def test_beside_another_administrator_the_phone_is_theirs_to_clear(admin):
    cast.make_user("admin2", Role.ADMIN)
    give_factor(admin)
    before = admin.password

    with pytest.raises(CommandError, match="还有别的管理员"):
        run("issue_code", admin.username, "--lost-phone")

    admin.refresh_from_db()
    assert admin.password == before
    assert SecondFactor.objects.filter(user=admin).exists()


def test_a_code_is_not_issued_where_it_would_open_nothing(cadre_user):
    User.objects.filter(pk=cadre_user.pk).update(is_active=False)

    for username, words in (("cadre", "停用"), ("nobody", "没有用户名")):
        with pytest.raises(CommandError, match=words):
            run("issue_code", username)
    assert not Event.objects.filter(kind="user.code_issued").exists()


def one_time_password_in(words: str) -> str:
    found = re.search(r"一次性密码 ([a-z0-9-]+)", words)
    assert found is not None
    return found[1]


def test_demo_accounts_are_listed(areas, settings):
    cast.make_user("cadre", Role.CADRE, demo=True, name="赵军")

    words = run("demo_accounts")
    settings.DEMO = False

    assert "cadre" in words
    assert "jinchang-demo" in words
    assert "jinchang-demo" not in run("demo_accounts")
