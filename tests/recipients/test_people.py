"""A person's file: opened once, kept up to date, closed, and opened again."""

import datetime
from dataclasses import replace

import pytest
import time_machine
from django.db import IntegrityError

from audit.models import Event
from cadres.models import Area
from common.encryption import blind_index
from common.refusals import Refused, Stale
from recipients.enums import (
    Category,
    EndReason,
    LeaveReason,
    PairingStatus,
    PauseReason,
)
from recipients.models import Guardian, Household, Pairing, Recipient
from recipients.operations import households, people, standing
from recipients.operations.people import ELSEWHERE, AlreadyFiled
from recipients.person_facts import PersonFacts
from tests import cast

pytestmark = pytest.mark.django_db
NUMBER = "620321196503129019"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True):
        yield


def facts(**told) -> PersonFacts:
    return PersonFacts(
        **{
            "name": "王秀花",
            "category": Category.DESTITUTE,
            "area": Area.objects.get(pk=cast.HEXIBAO),
            "resident_id": NUMBER,
            "phone": "19900001234",
            **told,
        }
    )


def filed(person: Recipient) -> PersonFacts:
    return PersonFacts.of(person, people.first_guardian(person))


def test_a_file_holds_all_that_follows_from_name_and_id(yongchang_office):
    person = people.register_person(
        facts=facts(guardian_name="王梅", guardian_phone="19900000555"),
        by=yongchang_office,
    )

    person.refresh_from_db()
    assert person.code == "YC-HXB-0001"
    assert (person.pinyin, person.initials) == ("wangxiuhua", "wxh")
    assert "秀花" in person.grams
    assert (person.sex, person.birth_on) == ("1", datetime.date(1965, 3, 12))
    assert bytes(person.resident_id_index) == blind_index(NUMBER)
    assert person.resident_id == NUMBER
    assert person.guardians.get().name == "王梅"
    assert person in Recipient.objects.unpaired()
    assert Event.objects.get().kind == "recipient.registered"


def test_numbers_of_a_township_run_on(yongchang_office):
    first = people.register_person(facts=facts(), by=yongchang_office)
    second = people.register_person(
        facts=facts(resident_id="620321199001019075"), by=yongchang_office
    )

    assert [first.code, second.code] == ["YC-HXB-0001", "YC-HXB-0002"]


def test_a_second_file_is_refused_with_the_first(yongchang_office, child):
    with pytest.raises(AlreadyFiled, match="李小伟") as refused:
        people.register_person(
            facts=facts(resident_id=child.resident_id), by=yongchang_office
        )

    assert refused.value.recipient == child
    assert not Event.objects.exists()


def test_a_second_file_beyond_reach_names_nothing(yongchang_office, stranger_child):
    with pytest.raises(AlreadyFiled) as refused:
        people.register_person(
            facts=facts(resident_id=stranger_child.resident_id), by=yongchang_office
        )

    assert str(refused.value) == ELSEWHERE
    assert refused.value.recipient is None


def test_one_id_has_one_file_whoever_writes(child):
    with pytest.raises(IntegrityError, match="resident_id_index"):
        cast.make_recipient("别人", resident_id=child.resident_id)


def test_a_township_opens_files_only_at_home(hexibao_office):
    elsewhere = Area.objects.get(pk="620321104000")

    with pytest.raises(Refused, match="不在本账号管辖范围"):
        people.register_person(facts=facts(area=elsewhere), by=hexibao_office)


def test_a_change_is_recorded_field_by_field_and_masked(yongchang_office, child):
    told = replace(filed(child), village="西寨村", health="脑瘫", household_size=4)

    people.change_person(recipient=child, facts=told, version=1, by=yongchang_office)

    child.refresh_from_db()
    assert (child.village, child.health, child.version) == ("西寨村", "脑瘫", 2)
    assert Household.objects.get(pk=child.household_id).size == 4
    event = Event.objects.get()
    fields = event.details["fields"]
    assert set(fields) == {"village", "health", "household_size"}
    assert {word for pair in fields.values() for word in pair} <= {"", "***"}
    assert "脑瘫" not in str(event.details)


def test_a_change_to_a_file_changed_meanwhile_is_stale(yongchang_office, child):
    told = replace(filed(child), village="西寨村", phone="19900009999")
    Recipient.objects.filter(pk=child.pk).update(version=2)

    with pytest.raises(Stale) as stale:
        people.change_person(
            recipient=child, facts=told, version=1, by=yongchang_office
        )

    assert ("村社区", "西寨村", "鸳鸯池村") in stale.value.changes
    assert ("联系电话", "199****9999", "199****0031") in stale.value.changes


def test_nobody_is_moved_out_of_reach(yongchang_office, child):
    told = replace(filed(child), area=Area.objects.get(pk=cast.SHUANGWAN))

    with pytest.raises(Refused, match="不在本账号管辖范围"):
        people.change_person(recipient=child, facts=told, by=yongchang_office)


def test_a_phone_that_is_the_cadres_own_is_refused(yongchang_office, child, pairing):
    told = replace(filed(child), guardian_name="某", guardian_phone="19900000205")

    with pytest.raises(Refused, match="回避"):
        people.change_person(recipient=child, facts=told, by=yongchang_office)

    assert not Guardian.objects.exists()


def test_a_guardian_who_is_no_longer_told_is_taken_off(yongchang_office, child):
    Guardian.objects.create(recipient=child, name="王梅")
    told = replace(filed(child), guardian_name="")

    people.change_person(recipient=child, facts=told, by=yongchang_office)

    assert not child.guardians.exists()


def leave(child, by, **told) -> Recipient:
    values = {"reason": LeaveReason.MOVED, "on": cast.TODAY, **told}
    return standing.leave(recipient=child, by=by, **values)


def test_leaving_ends_pairings_and_returns_proposals(
    yongchang_office, child, pairing, other_cadre
):
    proposal = cast.make_pairing(
        child,
        other_cadre,
        kind="mother",
        status=PairingStatus.PROPOSED,
        started_on=None,
        next_due_on=None,
    )

    leave(child, yongchang_office, reason=LeaveReason.DIED)

    pairing.refresh_from_db()
    proposal.refresh_from_db()
    child.refresh_from_db()
    assert (pairing.status, pairing.end_reason) == ("ended", EndReason.DIED)
    assert pairing.ended_on == cast.TODAY
    assert proposal.status == PairingStatus.REJECTED
    assert (child.status, child.left_reason, child.paired) == ("left", "died", False)
    assert Event.objects.get().details["pairings"] == [str(pairing.pk)]
    assert not Pairing.objects.overdue(cast.TODAY + datetime.timedelta(days=99))


@pytest.mark.parametrize("reason", LeaveReason)
def test_every_reason_to_leave_ends_a_pairing(yongchang_office, child, pairing, reason):
    leave(child, yongchang_office, reason=reason)

    pairing.refresh_from_db()
    assert pairing.end_reason in (EndReason.DIED, EndReason.MOVED, EndReason.LEFT)


@pytest.mark.parametrize(
    "on", [datetime.date(2026, 11, 24), datetime.date(2024, 12, 31)]
)
def test_a_day_ahead_or_before_the_file_is_refused(
    yongchang_office, child, pairing, on
):
    with pytest.raises(Refused, match="日期不能"):
        leave(child, yongchang_office, on=on)

    pairing.refresh_from_db()
    assert pairing.status == PairingStatus.ACTIVE


def test_who_died_before_the_pairing_began_was_paired_for_no_day(
    yongchang_office, child, pairing
):
    leave(child, yongchang_office, on=datetime.date(2025, 1, 15))

    pairing.refresh_from_db()
    child.refresh_from_db()
    assert pairing.ended_on == pairing.started_on
    assert child.left_on == datetime.date(2025, 1, 15)


def test_leaving_twice_is_refused(yongchang_office, child):
    leave(child, yongchang_office)

    with pytest.raises(Refused):
        leave(child, yongchang_office)


def test_an_untold_leaving_is_refused_by_the_database(child):
    with pytest.raises(IntegrityError, match="told_whole"):
        Recipient.objects.filter(pk=child.pk).update(status="left", left_reason="died")


def test_who_comes_back_has_the_same_file(yongchang_office, child, pairing):
    leave(child, yongchang_office)

    standing.return_to_file(recipient=child, words="迁回", by=yongchang_office)

    child.refresh_from_db()
    assert (child.status, child.left_on, child.left_reason) == ("on_file", None, "")
    assert child in Recipient.objects.unpaired()
    event = Event.objects.get(kind="recipient.returned")
    assert (event.reason, event.details["left_on"]) == ("迁回", "2026-11-23")


def test_a_rest_keeps_the_pairing(yongchang_office, child, pairing):
    standing.pause_person(
        recipient=child,
        reason=PauseReason.HOSPITAL,
        words="骨折",
        by=yongchang_office,
    )

    child.refresh_from_db()
    pairing.refresh_from_db()
    assert (child.status, pairing.status) == ("paused", PairingStatus.ACTIVE)

    standing.resume_person(recipient=child, by=yongchang_office)
    child.refresh_from_db()
    assert child.status == "on_file"
    kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["recipient.paused", "recipient.resumed"]


@pytest.mark.parametrize("deed", [standing.resume_person, standing.return_to_file])
def test_who_is_on_file_needs_no_way_back(yongchang_office, child, deed):
    with pytest.raises(Refused, match="不用恢复"):
        deed(recipient=child, words="", by=yongchang_office)


def test_two_live_together_and_apart_again(yongchang_office, child):
    sister = cast.make_recipient("李小芳")

    households.join_household(recipient=sister, member=child, by=yongchang_office)
    sister.refresh_from_db()
    assert sister.household_id == child.household_id

    households.split_household(recipient=sister, by=yongchang_office)
    sister.refresh_from_db()
    assert sister.household_id != child.household_id
    assert Event.objects.count() == 2


def test_nobody_joins_a_household_whose_cadre_is_a_relation(
    yongchang_office, child, pairing
):
    same_phone = cast.make_recipient("赵某", phone="19900000205")

    with pytest.raises(Refused, match="回避"):
        households.join_household(
            recipient=same_phone, member=child, by=yongchang_office
        )


def test_households_beyond_reach_are_not_joined(
    yongchang_office, child, stranger_child
):
    with pytest.raises(Refused, match="管辖范围"):
        households.join_household(
            recipient=child, member=stranger_child, by=yongchang_office
        )


def test_who_lives_alone_is_not_split(yongchang_office, child):
    with pytest.raises(Refused, match="单独"):
        households.split_household(recipient=child, by=yongchang_office)
