"""AZ-15: an urgent look at one person, for two hours, told and reviewed."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cadres.enums import Role
from common.refusals import Refused
from jobs.models import Notice
from recipients.enums import GlassVerdict
from recipients.models import GlassLook, Recipient
from recipients.operations.glass import break_glass, review_glass
from tests import cast

pytestmark = pytest.mark.django_db
NOON = datetime.datetime.fromisoformat("2026-11-23T12:00:00+08:00")
REASON = "老人在金川走失,需联系家属"


@pytest.fixture
def neighbour(client: Client, jinchuan_office) -> Client:
    client.force_login(jinchuan_office)
    return client


def page_of(person) -> str:
    return reverse("recipients:recipient_detail", args=[person.pk])


@pytest.mark.parametrize("typed", ["id", "code"])
def test_a_whole_number_offers_an_urgent_look_and_names_nobody(neighbour, child, typed):
    asked = child.resident_id if typed == "id" else child.code

    page = neighbour.get(reverse("reports:search"), {"q": asked}).content.decode()

    assert "可申请紧急查看" in page
    assert child.name not in page
    assert reverse("recipients:glass_break", args=[child.pk]) in page


@pytest.mark.parametrize("typed", ["李小伟", "lxw", "T-0"])
def test_less_than_a_whole_number_offers_nothing(neighbour, child, typed):
    page = neighbour.get(reverse("reports:search"), {"q": typed}).content.decode()

    assert "紧急查看</a>" not in page
    assert child.code not in page


def test_the_look_is_for_one_person_and_two_hours_to_the_second(
    neighbour, child, jinchuan_office, yongchang_office
):
    other = cast.make_recipient("王大山")
    with time_machine.travel(NOON, tick=False) as clock:
        assert neighbour.get(page_of(child)).status_code == 404
        neighbour.post(
            reverse("recipients:glass_break", args=[child.pk]), {"reason": REASON}
        )
        assert neighbour.get(page_of(child)).status_code == 200
        assert neighbour.get(page_of(other)).status_code == 404
        clock.shift(2 * 3600 - 1)
        # Half an hour without a deed has ended the session meanwhile.
        neighbour.force_login(jinchuan_office)
        assert neighbour.get(page_of(child)).status_code == 200
        clock.shift(1)
        assert neighbour.get(page_of(child)).status_code == 404


def test_the_look_lets_one_value_be_seen_and_nothing_be_changed(neighbour, child):
    break_glass(recipient=child, reason=REASON, by=neighbour_of(neighbour))

    told = {"field": "phone", "reason": "应急"}
    unmask = reverse("recipients:recipient_unmask", args=[child.pk])
    page = neighbour.get(page_of(child)).content.decode()

    assert "19900000031" in neighbour.post(unmask, told).content.decode()
    assert reverse("recipients:recipient_edit", args=[child.pk]) not in page
    assert "自动关闭" in page
    for name in ("recipient_edit", "recipient_leave", "pairing_propose"):
        address = reverse(f"recipients:{name}", args=[child.pk])
        assert neighbour.get(address).status_code == 404
        assert neighbour.post(address, {}).status_code == 404


def test_the_look_does_not_deny_what_it_may_not_show(
    neighbour, child, pairing, jinchuan_office
):
    break_glass(recipient=child, reason=REASON, by=jinchuan_office)

    page = neighbour.get(page_of(child)).content.decode()

    assert "结对干部不在您的查看范围内" in page
    assert "还没有结对过" not in page
    assert "没有其他关爱对象" not in page


def test_lists_and_counts_never_show_whom_one_sees_urgently(neighbour, child):
    user = neighbour_of(neighbour)
    break_glass(recipient=child, reason=REASON, by=user)

    assert not Recipient.objects.visible_to(user).exists()
    listed = neighbour.get(reverse("recipients:recipient_list")).content.decode()
    assert child.name not in listed


def test_the_owners_and_the_auditor_are_told_and_it_stays_in_the_trail(
    child, jinchuan_office, yongchang_office, hexibao_office, city_office, auditor
):
    break_glass(recipient=child, reason=REASON, by=jinchuan_office)

    told = Notice.objects.filter(kind="glass.broken")
    assert {notice.to for notice in told} == {
        yongchang_office,
        hexibao_office,
        city_office,
        auditor,
    }
    assert all(child.name not in notice.words for notice in told)
    event = Event.objects.about(child).get(kind="glass.broken")
    assert event.reason == REASON
    assert event.by == str(jinchuan_office.pk)


def test_one_look_at_a_time_and_none_without_a_reason(
    child, jinchuan_office, yongchang_office
):
    other = cast.make_recipient("王大山")
    with pytest.raises(Refused, match="紧急理由"):
        break_glass(recipient=child, reason="看看", by=jinchuan_office)
    with pytest.raises(Refused, match="管辖范围内"):
        break_glass(recipient=child, reason=REASON, by=yongchang_office)
    break_glass(recipient=child, reason=REASON, by=jinchuan_office)

    with pytest.raises(Refused, match="一次只能查看一人"):
        break_glass(recipient=other, reason=REASON, by=jinchuan_office)


def test_the_owner_reviews_it_once_with_words(
    client, child, jinchuan_office, yongchang_office
):
    look = break_glass(recipient=child, reason=REASON, by=jinchuan_office)
    client.force_login(yongchang_office)
    listed = client.get(reverse("recipients:glass_list")).content.decode()
    address = reverse("recipients:glass_review", args=[look.pk])

    silent = client.post(address, {"verdict": "right"})
    done = client.post(address, {"verdict": "wrong", "words": "并非紧急"})
    again = client.post(address, {"verdict": "right", "words": "改一下"})

    assert REASON in listed
    assert (silent.status_code, done.status_code, again.status_code) == (422, 302, 409)
    look.refresh_from_db()
    assert (look.verdict, look.review_words) == (GlassVerdict.WRONG, "并非紧急")
    assert "不合理" in client.get(reverse("recipients:glass_list")).content.decode()


def test_neither_the_looker_nor_a_township_nor_a_stranger_reviews(
    child, jinchuan_office, hexibao_office
):
    look = break_glass(recipient=child, reason=REASON, by=jinchuan_office)
    told = {"look": look, "verdict": GlassVerdict.RIGHT, "words": "好"}

    with pytest.raises(Refused, match="不能复核自己"):
        review_glass(**told, by=jinchuan_office)
    with pytest.raises(Refused, match="县区以上"):
        review_glass(**told, by=hexibao_office)
    assert look not in GlassLook.objects.visible_to(jinchuan_office)


def test_a_cadre_in_need_may_ask_and_a_unit_may_not(
    client, child, other_cadre, liaison
):
    address = reverse("recipients:glass_break", args=[child.pk])
    answers = []
    for user in (other_cadre.user, liaison):
        client.force_login(user)
        answers.append(client.post(address, {"reason": REASON}).status_code)

    assert answers == [302, 403]


def test_a_look_longer_than_two_hours_cannot_be_written(child, jinchuan_office):
    look = break_glass(recipient=child, reason=REASON, by=jinchuan_office)

    with pytest.raises(IntegrityError, match="two_hours"):
        GlassLook.objects.update(until=look.until + datetime.timedelta(seconds=1))


def test_a_review_of_ones_own_look_cannot_be_written(child, jinchuan_office):
    break_glass(recipient=child, reason=REASON, by=jinchuan_office)

    with pytest.raises(IntegrityError, match="glass_is_not_reviewed"):
        GlassLook.objects.update(
            verdict="right", reviewed_by=jinchuan_office, reviewed_at=NOON
        )


def neighbour_of(client: Client):
    from cadres.models import User

    return User.objects.get(role=Role.CARE_OFFICE, username="jinchuan")
