"""Case 4: what a death does to needs, the person's and the household's."""

import datetime

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from casework import operations
from casework.enums import NeedStatus, Whose
from casework.models import Need
from common.refusals import Refused
from recipients.enums import LeaveReason, Relation
from recipients.models import Recipient
from recipients.operations import families, standing, undoing
from tests import cast

OWN, HOME = "想配一副助听器", "丧葬费没有着落"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def needs(child, yongchang_office) -> tuple[Need, Need]:
    """One need of the child's own, one of the household."""
    raised = [
        operations.raise_need(
            recipient=child,
            kind="living",
            words=words,
            urgency="normal",
            whose=whose,
            by=yongchang_office,
        )
        for words, whose in ((OWN, Whose.PERSON), (HOME, Whose.HOUSEHOLD))
    ]
    return raised[0], raised[1]


@pytest.fixture
def brother(child) -> Recipient:
    return cast.make_recipient("李大伟", household=child.household)


def dies(person: Recipient, by) -> None:
    standing.leave(recipient=person, reason=LeaveReason.DIED, on=cast.TODAY, by=by)


def fresh(needs: tuple[Need, Need]) -> list[Need]:
    return [Need.objects.get(pk=need.pk) for need in needs]


def settle() -> int:
    with transaction.atomic():
        return operations.settle_needs_of_the_dead(today=cast.TODAY)


def test_case_4_the_households_needs_go_on_with_who_is_left(
    needs, child, brother, yongchang_office
):
    dies(child, yongchang_office)

    own, home = fresh(needs)
    assert (own.status, own.recipient) == (NeedStatus.DECLINED, child)
    assert (home.status, home.recipient) == (NeedStatus.RAISED, brother)
    assert home.answer.endswith("家庭的需求由同户的对象接着办")


def test_case_4_the_one_left_and_their_carer_see_it(
    client, needs, child, brother, cadre, cadre_user, yongchang_office
):
    cast.make_pairing(brother, cadre)
    dies(child, yongchang_office)
    client.force_login(cadre_user)

    told = client.get(reverse("casework:of_recipient", args=[brother.pk]))
    page = client.get(reverse("casework:need_detail", args=[needs[1].pk]))

    assert HOME in told.content.decode()
    assert page.status_code == 200
    assert brother.name in page.content.decode()


def test_case_4_an_undo_gives_it_back_as_it_was(
    needs, child, brother, yongchang_office
):
    before = [(one.status, one.answer, one.recipient_id) for one in fresh(needs)]
    dies(child, yongchang_office)

    undoing.take_back_leaving(recipient=child, by=yongchang_office)

    after = [(one.status, one.answer, one.recipient_id) for one in fresh(needs)]
    assert after == before


def test_case_4_with_members_without_a_file_the_office_sees_it_to_its_end(
    client, needs, child, yongchang_office
):
    families.add_member(
        recipient=child,
        name="李老汉",
        relation=Relation.GRANDPARENT,
        by=yongchang_office,
    )
    dies(child, yongchang_office)
    client.force_login(yongchang_office)

    settle()

    _, home = fresh(needs)
    listed = client.get(reverse("casework:need_list")).content.decode()
    assert (home.status, home.recipient) == (NeedStatus.RAISED, child)
    assert HOME in listed
    operations.accept_need(need=home, by=yongchang_office)
    operations.decline_need(need=home, words="已领丧葬费", by=yongchang_office)
    assert Need.objects.open().count() == 0


def test_case_4_a_member_who_gets_a_file_takes_it_over(needs, child, yongchang_office):
    member = families.add_member(
        recipient=child,
        name="李老汉",
        relation=Relation.GRANDPARENT,
        by=yongchang_office,
    )
    dies(child, yongchang_office)
    grandfather = cast.make_recipient("李老汉", household=child.household)
    families.member_leaves(
        recipient=child, member=member, on=cast.TODAY, by=yongchang_office
    )

    assert settle() == 1
    assert fresh(needs)[1].recipient == grandfather


def test_case_4_where_nobody_is_left_it_is_closed(needs, child, yongchang_office):
    dies(child, yongchang_office)

    assert {one.status for one in fresh(needs)} == {NeedStatus.DECLINED}


def test_case_4_the_next_death_closes_or_hands_it_on_in_turn(
    needs, child, brother, yongchang_office
):
    dies(child, yongchang_office)

    dies(brother, yongchang_office)

    home = fresh(needs)[1]
    assert (home.status, home.recipient) == (NeedStatus.DECLINED, brother)


def test_case_4_of_several_left_the_eldest_has_it(
    needs, child, brother, yongchang_office
):
    eldest = cast.make_recipient(
        "李大山", household=child.household, birth_on=datetime.date(1930, 1, 1)
    )

    dies(child, yongchang_office)

    assert fresh(needs)[1].recipient == eldest


def test_case_4_the_office_says_whose_an_open_need_is(client, needs, yongchang_office):
    own, home = needs
    client.force_login(yongchang_office)

    page = client.post(
        reverse("casework:need_move", args=[own.pk, "household"]), follow=True
    )

    assert "改为本人" in page.content.decode()
    assert Need.objects.get(pk=own.pk).whose == Whose.HOUSEHOLD
    operations.decline_need(need=home, words="不符合条件", by=yongchang_office)
    with pytest.raises(Refused, match="已了结"):
        operations.say_whose(need=home, whose=Whose.PERSON, by=yongchang_office)


def test_case_4_an_urgent_report_is_nobody_elses(child, yongchang_office, cadre_user):
    young = cast.make_recipient(
        "李小宝", birth_on=datetime.date(2016, 1, 1), household=child.household
    )
    report = operations.report_harm(recipient=young, words="无人照管", by=cadre_user)

    with pytest.raises(Refused, match="孩子本人"):
        operations.say_whose(need=report, whose=Whose.HOUSEHOLD, by=yongchang_office)
