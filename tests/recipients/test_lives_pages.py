"""The pages on which people move, change category, live together and are guarded."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from recipients.enums import Relation, TaskKind
from recipients.models import Guardian, HouseholdMember, LifeTask, Recipient, Transfer
from recipients.operations import tasks
from tests import cast

pytestmark = pytest.mark.django_db
NEXT_TOWN = "620321104000"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-25T10:00:00+08:00", tick=True):
        yield


@pytest.fixture
def office(client, yongchang_office):
    client.force_login(yongchang_office)
    return client


def url(name: str, *keys) -> str:
    return reverse(f"recipients:{name}", args=[str(key) for key in keys])


def test_a_household_moves_by_one_form(office, child):
    brother = cast.make_recipient("李大伟", household=child.household)
    page = office.get(url("recipient_move", child.pk)).content.decode()
    assert "同户:李大伟" in page

    answer = office.post(
        url("recipient_move", child.pk),
        {
            "area": NEXT_TOWN,
            "village": "河沿村",
            "on": "2026-11-10",
            "together": "on",
            "words": "搬到县城",
        },
    )

    assert answer.status_code == 302
    areas = set(Recipient.objects.values_list("area", "village"))
    assert areas == {(NEXT_TOWN, "河沿村")}
    assert brother.household_id == child.household_id


@pytest.mark.parametrize("area", ["王\x00秀花", "６２０３２１１０２０００", ""])
def test_a_place_that_is_none_is_asked_again_and_nothing_is_lost(office, child, area):
    page = office.post(
        url("recipient_move", child.pk),
        {"area": area, "on": "2026-11-10", "words": "搬到县城"},
    )

    assert page.status_code == 422
    assert "搬到县城" in page.content.decode()
    assert list(page.context["villages"]) == []


def test_the_same_form_asks_another_county(office, child):
    office.post(
        url("recipient_move", child.pk),
        {"area": cast.SHUANGWAN, "on": "2026-11-10", "words": "随母亲"},
    )

    assert Transfer.objects.get().to_area_id == cast.SHUANGWAN
    child.refresh_from_db()
    assert child.area_id == cast.HEXIBAO


def test_a_day_that_has_not_come_keeps_every_word(office, child):
    answer = office.post(
        url("recipient_move", child.pk),
        {"area": NEXT_TOWN, "on": "2026-12-10", "words": "搬到县城"},
    )

    assert answer.status_code == 422
    assert "日期不能晚于今天" in answer.content.decode()
    assert "搬到县城" in answer.content.decode()


def test_a_category_changes_with_day_and_reason(office, child):
    answer = office.post(
        url("recipient_category", child.pk),
        {
            "category": "DESTITUTE",
            "kind": "TEKUN_HOME",
            "on": "2026-11-20",
            "words": "纳入特困",
        },
    )

    assert answer.status_code == 302
    child.refresh_from_db()
    assert (child.category, child.kind) == ("DESTITUTE", "TEKUN_HOME")


def test_a_kind_of_another_category_is_refused(office, child):
    answer = office.post(
        url("recipient_category", child.pk),
        {
            "category": "DESTITUTE",
            "kind": "DE_FACTO",
            "on": "2026-11-20",
            "words": "纳入特困",
        },
    )

    assert answer.status_code == 422


def test_members_are_added_made_head_and_leave(office, child):
    page = url("recipient_members", child.pk)
    office.post(page, {"name": "李奶奶", "relation": "60", "born_in": "1950"})
    member = HouseholdMember.objects.get()
    assert "李奶奶" in office.get(page).content.decode()

    office.post(url("member_head", child.pk, member.pk))
    member.refresh_from_db()
    assert member.relation == Relation.HEAD
    office.post(url("member_leave", child.pk, member.pk))

    member.refresh_from_db()
    assert member.until_on == datetime.date(2026, 11, 25)
    assert LifeTask.objects.get().kind == TaskKind.HEAD
    assert "2026年11月25日离开" in office.get(page).content.decode()


def test_a_member_of_another_household_is_not_there(office, child):
    other = cast.make_recipient("王大山")
    member = HouseholdMember.objects.create(
        household=other.household,
        name="王母",
        relation="50",
        since_on=datetime.date(2026, 1, 1),
    )

    assert office.post(url("member_head", child.pk, member.pk)).status_code == 404


def test_a_guardian_is_changed_by_a_form_and_the_page_shows_the_new_one(office, child):
    Guardian.objects.create(recipient=child, name="李大山", relation="父亲")

    office.post(
        url("recipient_guardian", child.pk),
        {
            "name": "李奶奶",
            "relation": "祖母",
            "on": "2026-11-20",
            "words": "父亲外出务工",
        },
    )

    page = office.get(url("recipient_detail", child.pk)).content.decode()
    assert "李奶奶" in page
    assert "李大山" not in page
    assert Guardian.objects.count() == 2


def test_a_relation_to_the_head_is_told_beside_each_person(office, child):
    brother = cast.make_recipient("李大伟", household=child.household)
    office.post(url("recipient_relation", child.pk), {"relation": "02"})
    office.post(url("recipient_relation", brother.pk), {"relation": "70"})

    told = set(Recipient.objects.values_list("name", "relation"))
    assert told == {("李小伟", "02"), ("李大伟", "70")}


def test_a_task_is_settled_with_a_reason_and_goes_from_the_list(office, child):
    Recipient.objects.filter(pk=child.pk).update(birth_on="2008-12-01")
    tasks.raise_adults(now=datetime.datetime(2026, 11, 25, 4, tzinfo=datetime.UTC))
    task = LifeTask.objects.get()
    page = office.get(url("task_list")).content.decode()
    assert "年满18周岁" in page
    assert "还有 6 天" in page

    assert office.post(url("task_settle", task.pk), {"words": ""}).status_code == 422
    office.post(url("task_settle", task.pk), {"words": "在读高三"})

    assert "没有待办的人生事项" in office.get(url("task_list")).content.decode()


def test_the_workbench_counts_what_waits(office, child):
    tasks.raise_task(child, TaskKind.HEAD, due_on=datetime.date(2026, 11, 25))

    page = office.get(reverse("reports:home")).content.decode()

    assert "人生事项待办" in page
