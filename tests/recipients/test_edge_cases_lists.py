"""Edge case 27: on the lists of 低保 and of 特困供养 in the same month."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cadres.models import User
from common.refusals import Refused
from recipients.enums import Category
from recipients.models import Recipient
from rosters import deeds
from rosters.enums import ClosingDeed, DifferenceKind, DifferenceStatus
from rosters.models import Difference, Roster
from rosters.operations.reconcile import compare_roster
from tests import cast
from tests.rosters.test_settling import make_roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(areas: None) -> Recipient:
    """Somebody in 低保 who has become 特困 in the course of the month."""
    return cast.make_recipient("王大山", category=Category.DESTITUTE, dibao=True)


def on_list(kind: str, person: Recipient, by: User) -> Roster:
    return make_roster(kind, by, {"name": person.name, "id": person.resident_id})


def overlaps() -> list[Difference]:
    return list(Difference.objects.filter(kind=DifferenceKind.ON_BOTH_LISTS))


def test_case_27_on_both_lists_of_a_month_is_a_difference_and_no_error(
    person, yongchang_office, client: Client
):
    dibao = on_list("dibao", person, yongchang_office)

    assert overlaps() == []

    tekun = on_list("tekun", person, yongchang_office)

    (found,) = overlaps()
    assert (found.recipient, found.area_id) == (person, person.area_id)
    # Each list still agrees with the registry about the person.
    for roster in (dibao, tekun):
        again = compare_roster(roster=roster, by=yongchang_office)
        assert again.tallies == {"agrees": 1, "not_in_roster": 0}
    assert overlaps() == [found]

    assert deeds.fitting(found)[:2] == [ClosingDeed.NOTHING, ClosingDeed.CORRECTED]
    client.force_login(yongchang_office)
    page = client.get(reverse("rosters:difference_settle", args=[found.pk]))
    assert "同在两份名单不是差错" in page.content.decode()
    with pytest.raises(Refused):
        deeds.settle_with(difference=found, deed="nothing", by=yongchang_office)
    closed = deeds.settle_with(
        difference=found, deed="nothing", words="本月转特困", by=yongchang_office
    )
    assert closed.status == DifferenceStatus.CLOSED
    compare_roster(roster=tekun, by=yongchang_office)
    assert overlaps()[0].status == DifferenceStatus.CLOSED


def test_case_27_whose_dibao_has_stopped_is_corrected_on_the_file(
    person, yongchang_office
):
    on_list("dibao", person, yongchang_office)
    on_list("tekun", person, yongchang_office)

    deeds.settle_with(difference=overlaps()[0], deed="corrected", by=yongchang_office)

    person.refresh_from_db()
    assert person.dibao is False
    assert person.category == Category.DESTITUTE


def test_case_27_what_was_corrected_does_not_come_back_within_the_month(
    person, yongchang_office
):
    dibao = on_list("dibao", person, yongchang_office)
    tekun = on_list("tekun", person, yongchang_office)
    deeds.settle_with(difference=overlaps()[0], deed="corrected", by=yongchang_office)

    for roster in (dibao, tekun):
        again = compare_roster(roster=roster, by=yongchang_office)
        assert again.tallies == {"agrees": 1, "not_in_roster": 0}
    assert not Difference.objects.open().exists()

    # The list of another month that still names the person does differ.
    Roster.objects.filter(pk=dibao.pk).update(month="2020-01-01")
    again = compare_roster(roster=dibao, by=yongchang_office)
    assert again.tallies == {"differs": 1, "not_in_roster": 0}


def test_case_27_who_leaves_one_of_the_lists_is_no_longer_told(
    person, yongchang_office
):
    dibao = on_list("dibao", person, yongchang_office)
    on_list("tekun", person, yongchang_office)
    Roster.objects.filter(pk=dibao.pk).update(replaced_at=timezone.now())

    make_roster("dibao", yongchang_office)

    assert [found.status for found in overlaps()] == [DifferenceStatus.GONE]


def test_case_27_lists_of_two_months_do_not_overlap(person, yongchang_office):
    dibao = on_list("dibao", person, yongchang_office)
    Roster.objects.filter(pk=dibao.pk).update(month="2020-01-01")

    on_list("tekun", person, yongchang_office)

    assert overlaps() == []
