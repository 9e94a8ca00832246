"""Looks at a person are kept; a whole value is shown only for a reason."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from audit.models import Event
from common.refusals import Refused
from jobs.models import Notice
from recipients.models import Guardian
from recipients.operations.looks import look, unmask

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, yongchang_office) -> Client:
    client.force_login(yongchang_office)
    return client


def address(person) -> str:
    return reverse("recipients:recipient_unmask", args=[person.pk])


def test_one_look_an_hour_is_kept(child, yongchang_office, city_office):
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False) as clock:
        assert look(recipient=child, by=yongchang_office)
        assert not look(recipient=child, by=yongchang_office)
        assert look(recipient=child, by=city_office)
        clock.shift(3601)
        assert look(recipient=child, by=yongchang_office)

    assert Event.objects.filter(kind="person.seen").count() == 3


def test_a_value_is_shown_for_a_reason_and_never_kept(desk, child):
    answer = desk.post(address(child), {"field": "resident_id", "reason": "核对身份"})

    assert answer.status_code == 200
    assert child.resident_id in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    event = Event.objects.get(kind="person.unmasked")
    assert (event.reason, event.details["field"]) == ("核对身份", "resident_id")
    assert child.resident_id not in str(event.details)


def test_the_part_is_what_the_page_holds(desk, child):
    told = {"field": "phone", "reason": "应急"}

    page = desk.post(address(child), told).content.decode()
    part = desk.post(
        address(child), told, headers={"HX-Request": "true"}
    ).content.decode()

    assert "<html" not in part
    assert 'data-masked="199****0031"' in part
    assert "19900000031" in page


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"field": "resident_id"},
        {"field": "resident_id", "reason": "好奇"},
        {"field": "resident_id", "reason": "其他", "words": "看看"},
        {"field": "name", "reason": "应急"},
    ],
)
def test_without_a_reason_nothing_is_shown(desk, child, told):
    answer = desk.post(address(child), told)

    assert answer.status_code == 422
    assert child.resident_id not in answer.content.decode()
    assert not Event.objects.filter(kind="person.unmasked").exists()


def test_only_a_post_shows_a_value(desk, child):
    assert desk.get(address(child)).status_code == 405


def test_the_neighbour_and_those_who_need_not_know_are_shown_nothing(
    client, child, pairing, jinchuan_office, liaison, admin
):
    told = {"field": "resident_id", "reason": "核对身份"}
    answers = {}
    for user in (jinchuan_office, liaison, admin):
        client.force_login(user)
        answers[user.username] = client.post(address(child), told).status_code

    assert answers == {"jinchuan": 404, "unit": 403, "admin": 403}


def test_a_guardians_phone_is_shown_too(child, yongchang_office):
    Guardian.objects.create(recipient=child, name="王梅", phone="19900000555")

    value = unmask(
        recipient=child,
        field="guardian_phone",
        reason="联系本人/监护人",
        by=yongchang_office,
    )

    assert value == "19900000555"


def test_other_reasons_want_words(child, yongchang_office):
    with pytest.raises(Refused, match="至少 6 个字"):
        unmask(
            recipient=child,
            field="phone",
            reason="其他",
            words="急",
            by=yongchang_office,
        )


def test_very_many_looks_are_told_once_to_those_who_watch(
    child, yongchang_office, admin, auditor
):
    told = {"field": "phone", "reason": "应急", "by": yongchang_office}
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False):
        for _ in range(20):
            unmask(recipient=child, **told)
        assert not Notice.objects.exists()

        for _ in range(3):
            unmask(recipient=child, **told)

    assert {notice.to for notice in Notice.objects.all()} == {admin, auditor}
    assert Notice.objects.count() == 2
