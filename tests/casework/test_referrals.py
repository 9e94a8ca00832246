"""AZ-08: a department sees its referrals, and of a person what the matter needs."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cadres.enums import Role
from casework import operations
from casework.enums import NeedKind, NeedStatus, ReferralStatus
from casework.matters import AFTER_ACCEPTANCE, ALWAYS, FIELDS, FIELDS_OF
from casework.models import Need, Referral
from casework.operations import referrals
from common.encryption import blind_index
from common.refusals import Refused
from jobs.models import Notice
from recipients.models import Guardian, Household, Recipient
from tests import cast
from tests.house.addresses import addresses

pytestmark = pytest.mark.django_db
DUE = datetime.date(2026, 12, 1)
# A value in each field of a person that no other field has.
MARKED = {
    "phone": "19900000911",
    "address": "标记门牌九十一号",
    "health": "标记病情",
    "note": "标记备注",
    "guardian": "标监护",
    "guardian_phone": "19900000912",
}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True):
        yield


@pytest.fixture
def person(areas) -> Recipient:
    home = Household.objects.create(area_id=cast.HEXIBAO, size=7)
    made = cast.make_recipient(
        "欧阳标记",
        household=home,
        phone=MARKED["phone"],
        address=MARKED["address"],
        health=MARKED["health"],
        note=MARKED["note"],
        certificate="",
        dibao=True,
        disability_kind="4",
        disability_grade="1",
    )
    Guardian.objects.create(
        recipient=made,
        name=MARKED["guardian"],
        relation="祖母",
        phone=MARKED["guardian_phone"],
        phone_index=blind_index(MARKED["guardian_phone"]),
    )
    return made


def need_of(person, kind="housing", words="房顶漏雨,电话 19900000911") -> Need:
    return Need.objects.create(
        recipient=person,
        kind=kind,
        words=words,
        status=NeedStatus.ACCEPTED,
        raised_on=cast.TODAY,
        due_on=DUE,
    )


@pytest.fixture
def referral(person, civil, yongchang_office) -> Referral:
    return referrals.send_referral(
        need=need_of(person),
        department=civil.organisation,
        words="请核实危房等级",
        due_on=DUE,
        by=yongchang_office,
    )


@pytest.fixture
def desk(client: Client, civil) -> Client:
    client.force_login(civil)
    return client


def page_of(referral: Referral) -> str:
    return reverse("casework:referral_detail", args=[referral.pk])


def test_a_referral_walks_from_the_office_and_back(
    client, person, civil, yongchang_office
):
    need = need_of(person)
    client.force_login(yongchang_office)
    client.post(
        reverse("casework:need_refer", args=[need.pk]),
        {"department": civil.organisation_id, "due_on": "2026-12-01", "words": ""},
    )
    referral = Referral.objects.get()
    need.refresh_from_db()
    assert need.status == NeedStatus.REFERRED
    assert Notice.objects.get(to=civil).url == page_of(referral)

    client.force_login(civil)
    move = lambda name, **told: client.post(  # noqa: E731
        reverse("casework:referral_move", args=[referral.pk, name]), told
    )
    assert move("accept").status_code == 302
    assert move("answer").status_code == 422
    assert move("answer", words="已列入改造计划").status_code == 302
    need.refresh_from_db()
    assert need.status == NeedStatus.IN_PROGRESS

    client.force_login(yongchang_office)
    client.post(
        reverse("casework:referral_close", args=[referral.pk]),
        {"outcome": "solved", "words": "已修好"},
    )
    need.refresh_from_db()
    referral.refresh_from_db()
    assert (need.status, referral.status) == ("solved", "closed")
    assert "已列入改造计划" in referral.answer
    kinds = set(Event.objects.about(referral).values_list("kind", flat=True))
    assert kinds == {
        "referral.sent",
        "referral.accepted",
        "referral.answered",
        "referral.closed",
    }


def test_a_returned_referral_can_be_sent_to_another(referral, civil, yongchang_office):
    referrals.return_referral(referral=referral, words="不属于我局职责", by=civil)
    other = cast.make_organisation("永昌县住建局", kind="department")

    again = referrals.send_referral(
        need=referral.need, department=other, words="", due_on=DUE, by=yongchang_office
    )

    referral.refresh_from_db()
    assert referral.status == ReferralStatus.RETURNED
    assert "不属于我局职责" in referral.answer
    assert again.need.status == NeedStatus.REFERRED
    assert Notice.objects.filter(to=yongchang_office, kind="referral").exists()


def test_an_answer_that_did_not_help_leaves_the_need_in_progress(
    referral, civil, yongchang_office
):
    referrals.accept_referral(referral=referral, by=civil)
    referrals.answer_referral(referral=referral, words="已答复", by=civil)

    referrals.close_referral(
        referral=referral, solved=False, words="还漏", by=yongchang_office
    )

    assert Need.objects.get().status == NeedStatus.IN_PROGRESS


def test_what_is_with_a_department_is_not_moved_past_it(referral, yongchang_office):
    with pytest.raises(Refused, match="已转办"):
        operations.begin_need(need=referral.need, by=yongchang_office)
    with pytest.raises(Refused, match="还没有办结"):
        referrals.send_referral(
            need=referral.need,
            department=referral.department,
            words="",
            due_on=DUE,
            by=yongchang_office,
        )


def test_another_department_sees_and_does_nothing(client, referral, areas):
    other = cast.make_user(
        "dpf",
        Role.DEPARTMENT,
        area=referral.need.recipient.area,
        organisation=cast.make_organisation("永昌县残联", kind="department"),
    )
    client.force_login(other)
    accept = reverse("casework:referral_move", args=[referral.pk, "accept"])

    assert client.get(page_of(referral)).status_code == 404
    assert client.post(accept).status_code == 404
    with pytest.raises(Refused, match="不是转给您单位"):
        referrals.accept_referral(referral=referral, by=other)
    assert "房顶" not in client.get(reverse("casework:referral_list")).content.decode()


@pytest.mark.parametrize("status", ["sent", "accepted", "answered", "closed"])
@pytest.mark.parametrize("kind", NeedKind.values)
def test_a_department_sees_only_the_fields_of_the_matter(
    desk, person, civil, yongchang_office, kind, status
):
    need = need_of(person, kind=kind)
    closed = {"closed_on": cast.TODAY} if status == "closed" else {}
    referral = Referral.objects.create(
        need=need,
        department=civil.organisation,
        sent_by=yongchang_office,
        due_on=DUE,
        status=status,
        **closed,
    )

    seen = desk.get(page_of(referral)).content.decode()
    seen += desk.get(reverse("casework:referral_list") + "?status=all").content.decode()

    allowed = {*ALWAYS, *FIELDS_OF[kind]}
    for name, value in MARKED.items():
        open_now = name not in AFTER_ACCEPTANCE or status == "accepted"
        assert (value in seen) == (name in allowed and open_now), name
    assert person.resident_id not in seen
    assert person.code not in seen
    assert "欧阳标记" in seen


def test_every_field_of_every_matter_is_known_and_every_kind_has_its_line():
    assert set(FIELDS_OF) == set(NeedKind.values)
    assert {name for names in FIELDS_OF.values() for name in names} <= set(FIELDS)


def test_no_other_address_tells_a_department_anything(desk, person, referral):
    """Crawl everything that needs no other row than the person's."""
    keys = {"recipients": person.pk, "casework": referral.need_id}
    seen = ""
    for address in addresses():
        if address.parameters not in ((), ("pk",)):
            continue
        values = [keys.get(address.name.split(":")[0], person.pk)]
        url = reverse(address.name, args=values if address.parameters else [])
        answer = desk.get(url)
        if answer.status_code == 200 and not answer.streaming:
            seen += answer.content.decode()

    for value in (*MARKED.values(), person.resident_id):
        assert value not in seen
    assert person.name not in desk.get(reverse("reports:home")).content.decode()


def test_a_look_of_a_department_stays_in_the_trail_once_an_hour(desk, referral):
    desk.get(page_of(referral))
    desk.get(page_of(referral))

    assert Event.objects.about(referral).filter(kind="referral.seen").count() == 1


def test_one_finds_back_from_a_matter_to_the_list_by_the_name_it_bears(
    client, referral, civil, yongchang_office
):
    listed = reverse("casework:referral_list")

    for user, name in ((civil, "转办给我单位"), (yongchang_office, "部门转办")):
        client.force_login(user)
        page = client.get(page_of(referral)).content.decode()
        back = page.split('class="page-acts', 1)[1].split("</a>", 1)[0]

        assert f'href="{listed}"' in back
        assert back.endswith(name)
        assert f"{name}</h1>" in client.get(listed).content.decode()


def test_a_late_referral_is_shown_to_department_and_office(
    client, referral, civil, yongchang_office
):
    with time_machine.travel("2026-12-02T09:00:00+08:00", tick=False):
        for user in (civil, yongchang_office):
            client.force_login(user)
            home = client.get(reverse("reports:home")).content.decode()
            listed = client.get(
                reverse("casework:referral_list"), {"status": "late"}
            ).content.decode()
            assert "超期" in listed
            assert "?status=late" in home


def test_an_office_page_of_the_need_shows_the_referral(
    client, referral, jinchuan_office
):
    address = reverse("casework:need_detail", args=[referral.need_id])
    client.force_login(jinchuan_office)
    assert client.get(address).status_code == 404
    client.force_login(referral.sent_by)

    page = client.get(address).content.decode()

    assert "转办 永昌县民政局" in page
    assert reverse("casework:need_refer", args=[referral.need_id]) not in page


def test_two_open_referrals_of_a_need_cannot_be_written(referral):
    with pytest.raises(IntegrityError, match="referral_one_open"):
        Referral.objects.create(
            need=referral.need,
            department=referral.department,
            sent_by=referral.sent_by,
            due_on=DUE,
        )


def test_an_end_without_its_day_cannot_be_written(referral):
    with pytest.raises(IntegrityError, match="referral_end_has_its_day"):
        Referral.objects.update(status="closed")
