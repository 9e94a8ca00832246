"""AU-13: what is sensitive asks once more who it is, and then happens once."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from cadres.enums import Role
from cadres.models import Session, User
from recipients.models import Recipient
from tests.doors.keys import code_of, give_factor
from tests.house import world as worlds
from tests.house.addresses import addresses
from tests.house.matrix import MATRIX
from tests.house.test_matrix import _checksums, _url

pytestmark = pytest.mark.django_db
QUARTER = datetime.timedelta(minutes=15)
ASKS = "请再输一次密码"


def old_proof(client: Client, user: User) -> None:
    """Let the last proof of this account lie a quarter of an hour back."""
    Session.objects.filter(user=user).update(proved_at=timezone.now() - QUARTER)


@pytest.fixture
def desk(client: Client, yongchang_office: User) -> Client:
    client.force_login(yongchang_office)
    old_proof(client, yongchang_office)
    return client


def unmask(desk: Client, person: Recipient, **more: str):
    url = reverse("recipients:recipient_unmask", args=[person.pk])
    field = {"reason": _reason(), **more}
    return desk.post(url, {"field": "phone", "words": "联系不上", **field})


def _reason() -> str:
    from recipients.forms.standing import UnmaskForm

    return UnmaskForm().fields["reason"].choices[1][0]


def test_the_addresses_that_ask_are_those_the_matrix_names():
    asking = {
        address.name
        for address in addresses()
        if getattr(address.view, "needs_proof", False)
    }

    assert asking == {name for name, expected in MATRIX.items() if expected.proof}


@pytest.mark.parametrize("role", ["county", "admin", "cadre", "auditor"])
def test_an_old_proof_is_asked_for_and_nothing_is_done(role):
    world = worlds.build()
    user = world.users[role]
    client = Client()
    client.force_login(user)
    old_proof(client, user)
    before, silent = _checksums(), []
    for address in addresses():
        expected = MATRIX[address.name]
        if not expected.proof or not worlds.may(role, expected.permission):
            continue
        url = _url(address, expected, "near" if expected.row else "none", world)
        answer = client.post(url, {"role": "admin", "kept": "<每个字>"})
        if answer.status_code != 422 or ASKS not in answer.content.decode():
            silent.append(address.name)
        if 'value="&lt;每个字&gt;"' not in answer.content.decode():
            silent.append(f"{address.name} lost words")
    assert silent == []
    assert _checksums() == before


def test_fourteen_minutes_are_fresh_and_fifteen_are_not(
    client, yongchang_office, child
):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.force_login(yongchang_office)
        clock.shift(QUARTER - datetime.timedelta(seconds=1))
        fresh = unmask(client, child)
        clock.shift(datetime.timedelta(seconds=1))
        stale = unmask(client, child)

    assert (fresh.status_code, stale.status_code) == (200, 422)
    assert ASKS not in fresh.content.decode()
    assert ASKS in stale.content.decode()


def test_after_the_password_the_same_post_runs_once(desk, child):
    asked = unmask(desk, child)

    done = unmask(desk, child, proof="jinchang-demo")

    assert 'value="联系不上"' in asked.content.decode()
    assert "19900000031" in done.content.decode()
    assert Event.objects.filter(kind="person.unmasked").count() == 1
    assert Event.objects.filter(kind="user.proved").count() == 1
    assert ASKS not in unmask(desk, child).content.decode()


def test_a_code_proves_as_well_but_only_once(desk, yongchang_office, child):
    factor = give_factor(yongchang_office)
    Session.objects.update(second_at=timezone.now())
    code = code_of(factor)

    assert "19900000031" in unmask(desk, child, proof=code).content.decode()
    old_proof(desk, yongchang_office)
    assert ASKS in unmask(desk, child, proof=code).content.decode()


def test_a_wrong_proof_does_nothing_and_six_sign_out(desk, child):
    for _ in range(5):
        answer = unmask(desk, child, proof="wrong")
        assert answer.status_code == 422
        assert "密码或动态码不对" in answer.content.decode()

    last = unmask(desk, child, proof="wrong")

    assert last.status_code == 302
    assert desk.get("/me/").status_code == 302
    assert not Event.objects.filter(kind="person.unmasked").exists()
    assert Event.objects.filter(kind="user.proof_failed").count() == 6


def test_htmx_gets_the_question_where_the_answer_will_stand(desk, child):
    url = reverse("recipients:recipient_unmask", args=[child.pk])
    headers = {"hx-request": "true", "hx-target": "unmask"}

    page = desk.post(url, {"field": "phone"}, headers=headers).content.decode()

    assert page.count("<html") == 0
    assert '<section id="unmask"' in page
    assert f'hx-post="{url}"' in page


def test_a_role_is_granted_after_the_proof_and_not_before(client, admin):
    client.force_login(admin)
    old_proof(client, admin)
    sent = {"username": "someone", "name": "某人", "role": Role.AUDITOR}
    create = reverse("cadres:user_create")

    client.post(create, sent)
    assert not User.objects.filter(username="someone").exists()
    client.post(create, {**sent, "proof": "jinchang-demo"})

    assert User.objects.filter(username="someone").count() == 1
