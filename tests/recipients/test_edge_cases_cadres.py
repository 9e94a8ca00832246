"""The edge cases of cadres and units, one by one (domain edge cases 32 to 42)."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.urls import reverse

from cadres.enums import LeaveKind, LeavingReason
from cadres.models import Cadre, Organisation
from cadres.operations import cadres, organisations
from common.encryption import blind_index
from common.refusals import Refused
from jobs.models import Notice
from recipients.enums import FormerKind, PairingKind, PairingStatus
from recipients.models import (
    CadreRelative,
    FormerMark,
    Guardian,
    Pairing,
    Recipient,
)
from recipients.operations import (
    pairing_changes,
    pairing_handovers,
    pairings,
    relatives,
)
from recipients.pairing_queues import queues, to_hand_over
from recipients.pairing_suggestions import family_of, fit, with_load
from tests import cast
from visits.models import HomeVisit

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 25)
# What differs between two pages in any case: tokens, keys and masked numbers.
PRIVATE = re.compile(r"[A-Za-z0-9]{64}|[0-9a-f-]{36}|\d+\*+\w+")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-25T10:00:00+08:00", tick=True):
        yield


def waiting() -> list[Pairing]:
    return list(to_hand_over(Pairing.objects.all()))


def moved(cadre: Cadre, unit: Organisation, by) -> Cadre:
    facts = cadres.CadreFacts(name=cadre.name, organisation=unit, phone=cadre.phone)
    return cadres.change_cadre(cadre=cadre, facts=facts, by=by)


def test_case_32_a_transfer_keeps_the_pairing_and_asks_about_it(
    cadre, pairing, yongchang_office
):
    old = cadre.organisation
    made = HomeVisit.objects.create(
        client_id=uuid.uuid4(),
        together=uuid.uuid4(),
        recipient=pairing.recipient,
        cadre=cadre,
        pairing=pairing,
        organisation=old,
        day=TODAY,
        content_hash="0" * 64,
    )
    unit = cast.make_organisation("永昌县水务局")

    moved(cadre, unit, yongchang_office)

    pairing.refresh_from_db()
    made.refresh_from_db()
    assert pairing.status == PairingStatus.ACTIVE
    assert made.organisation == old
    assert waiting() == [pairing]
    cadres.confirm_stays(cadre=cadre, by=yongchang_office)
    assert waiting() == []


def test_case_32_a_change_within_the_unit_asks_nothing(
    cadre, pairing, yongchang_office
):
    moved(cadre, cadre.organisation, yongchang_office)

    assert waiting() == []


@pytest.mark.parametrize(("days", "told"), [(59, True), (60, True), (61, False)])
def test_case_33_a_retirement_is_work_60_days_ahead(
    days, told, cadre, pairing, yongchang_office
):
    cadres.announce_leaving(
        cadre=cadre,
        on=TODAY + datetime.timedelta(days=days),
        reason=LeavingReason.RETIRED,
        by=yongchang_office,
    )

    assert (waiting() == [pairing]) is told


@pytest.mark.parametrize(("days", "told"), [(59, False), (60, True)])
def test_case_33_a_leave_of_60_days_is_work_a_shorter_one_is_not(
    days, told, cadre, pairing, yongchang_office
):
    cadres.take_leave(
        cadre=cadre,
        kind=LeaveKind.SECONDED,
        from_on=TODAY,
        until_on=TODAY + datetime.timedelta(days=days),
        by=yongchang_office,
    )

    assert (waiting() == [pairing]) is told


def test_case_33_a_leave_that_is_over_is_no_work(cadre, pairing, yongchang_office):
    cadres.take_leave(
        cadre=cadre,
        kind=LeaveKind.ILLNESS,
        from_on=TODAY - datetime.timedelta(days=100),
        until_on=TODAY - datetime.timedelta(days=1),
        by=yongchang_office,
    )

    assert waiting() == []


def test_case_33_the_same_days_are_not_told_twice(cadre, yongchang_office):
    told = {
        "cadre": cadre,
        "kind": LeaveKind.ILLNESS,
        "from_on": TODAY,
        "until_on": TODAY,
        "by": yongchang_office,
    }
    cadres.take_leave(**told)

    with pytest.raises(Refused, match="登记过"):
        cadres.take_leave(**told)


def test_case_34_a_merged_unit_hands_on_its_cadres_and_keeps_its_past(
    cadre, pairing, unit, liaison, yongchang_office
):
    into = cast.make_organisation("永昌县教体局")

    ended = organisations.end_organisation(
        organisation=unit, into=into, on=TODAY, by=yongchang_office
    )

    cadre.refresh_from_db()
    liaison.refresh_from_db()
    assert (ended.active, ended.replaced_by, ended.ended_on) == (False, into, TODAY)
    assert cadre.organisation == liaison.organisation == into
    assert waiting() == [pairing]


def test_case_34_a_dissolved_units_pairings_all_wait_to_be_handed_over(
    client, cadre, pairing, unit, other_cadre, yongchang_office
):
    organisations.end_organisation(
        organisation=unit, into=None, on=TODAY, by=yongchang_office
    )
    client.force_login(yongchang_office)

    board = client.get(reverse("recipients:pairing_board") + "?queue=handover")
    assert "李小伟" in board.content.decode()
    page = client.get(reverse("recipients:handover_bulk")).content.decode()
    assert "李小伟" in page
    client.post(
        reverse("recipients:handover_bulk"),
        {
            f"to_{pairing.pk}": str(other_cadre.pk),
            "words": "单位撤并,请接续",
            "on": "2026-11-25",
        },
    )

    assert waiting() == []
    now = Pairing.objects.active().get()
    pairing.refresh_from_db()
    assert (now.cadre, now.started_on) == (other_cadre, pairing.ended_on)


def test_case_34_a_unit_without_pairings_is_not_deleted(unit, yongchang_office):
    organisations.end_organisation(
        organisation=unit, into=None, on=TODAY, by=yongchang_office
    )

    assert Organisation.objects.filter(pk=unit.pk).exists()
    with pytest.raises(Refused, match="停用"):
        organisations.end_organisation(
            organisation=unit, into=None, on=TODAY, by=yongchang_office
        )


def test_one_refused_household_does_not_stop_the_others(
    client, cadre, pairing, other_cadre, yongchang_office
):
    second = cast.make_recipient("王大山", phone="19900000888")
    kept = cast.make_pairing(second, cadre)
    Cadre.objects.filter(pk=other_cadre.pk).update(
        phone_index=blind_index("19900000888")
    )
    Cadre.objects.filter(pk=cadre.pk).update(leaving_on=TODAY, leaving_reason="retired")
    client.force_login(yongchang_office)

    client.post(
        reverse("recipients:handover_bulk"),
        {
            f"to_{pairing.pk}": str(other_cadre.pk),
            f"to_{kept.pk}": str(other_cadre.pk),
            "words": "退休",
            "on": "2026-11-25",
        },
    )

    assert Pairing.objects.active().get(recipient=second).cadre == cadre
    assert Pairing.objects.active().get(recipient=pairing.recipient).cadre == (
        other_cadre
    )


def test_a_household_is_handed_over_whole_or_not_at_all(
    child, cadre, pairing, other_cadre, yongchang_office
):
    brother = cast.make_recipient("李大伟", household=child.household)
    other = cast.make_pairing(brother, cadre)
    cast.make_pairing(brother, other_cadre, kind=PairingKind.MOTHER)
    Pairing.objects.filter(pk=other.pk).update(status=PairingStatus.PAUSED)
    Recipient.objects.filter(pk=brother.pk).update(status="paused")

    with pytest.raises(Refused, match="不能结对"):
        pairing_handovers.hand_over_household(
            pairings=[pairing, other],
            cadre=other_cadre,
            on=TODAY,
            words="退休",
            by=yongchang_office,
        )

    pairing.refresh_from_db()
    assert pairing.status == PairingStatus.ACTIVE


@pytest.mark.parametrize("whose", ["household", "guardian", "own"])
def test_case_35_a_relation_by_phone_is_refused(whose, child, cadre, yongchang_office):
    number = blind_index("19900000205")
    if whose == "guardian":
        Guardian.objects.create(
            recipient=child, name="赵母", phone="19900000205", phone_index=number
        )
    elif whose == "own":
        Recipient.objects.filter(pk=child.pk).update(phone_index=number)
    else:
        cast.make_recipient("李母", household=child.household, phone="19900000205")

    with pytest.raises(Refused, match="回避"):
        pairings.propose(recipients=[child], cadre=cadre, by=yongchang_office)


def test_case_35_the_same_surname_is_a_notice_not_a_refusal(
    child, cadre, hexibao_office
):
    Cadre.objects.filter(pk=cadre.pk).update(name=f"{child.name[0]}建国")
    namesake = with_load(Cadre.objects.filter(pk=cadre.pk)).get()

    assert "同姓" in "".join(fit(family_of(child), namesake).notices)
    assert pairings.propose(recipients=[child], cadre=cadre, by=hexibao_office)


def declare(cadre, number, *, by, **told):
    told = {"relation": "sibling", "name": "赵敏", **told}
    return relatives.declare_relative(cadre=cadre, resident_id=number, by=by, **told)


@pytest.mark.parametrize("whose", ["own", "household", "former"])
def test_case_35_a_declared_relative_is_refused_everywhere(
    whose, child, pairing, other_cadre, cadre_user, yongchang_office, city_office
):
    number = child.resident_id
    if whose == "household":
        number = cast.make_recipient("李母", household=child.household).resident_id
    if whose == "former":
        number = cast.resident_id()
        FormerMark.objects.create(
            recipient=child,
            kind=FormerKind.RESIDENT_ID,
            text=number,
            index=blind_index(number),
            until_on=TODAY,
        )
    other = cast.make_recipient("王大山")
    pairing_changes.pause(pairing=pairing, reason="请假", by=yongchang_office)
    (proposed,) = pairings.propose(
        recipients=[child], cadre=other_cadre, by=city_office
    )
    for cadre in (pairing.cadre, other_cadre):
        declare(cadre, number, by=city_office)

    for deed in (
        lambda: pairings.propose(
            recipients=[child], cadre=pairing.cadre, by=city_office
        ),
        lambda: pairings.approve(pairing=proposed, on=TODAY, by=yongchang_office),
        lambda: pairing_changes.resume(pairing=pairing, by=yongchang_office),
    ):
        with pytest.raises(Refused, match="回避"):
            deed()
    assert pairings.propose(recipients=[other], cadre=other_cadre, by=city_office)
    if whose != "former":
        judged = with_load(Cadre.objects.filter(pk=other_cadre.pk)).get()
        assert fit(family_of(child), judged).related


def test_case_35_a_relation_declared_later_reaches_the_office(
    child, pairing, cadre_user, hexibao_office
):
    declare(pairing.cadre, child.resident_id, by=cadre_user)

    pairing.refresh_from_db()
    assert pairing.status == PairingStatus.ACTIVE
    notice = Notice.objects.get(kind="pairing.related")
    assert notice.to == hexibao_office
    assert child.name not in notice.words
    assert not Notice.objects.filter(to=cadre_user).exists()


def test_case_35_who_declares_learns_nothing_of_who_is_on_file(
    client, cadre, cadre_user
):
    stranger = cast.make_recipient("王大山", area=cast.SHUANGWAN)
    client.force_login(cadre_user)
    address = reverse("recipients:relatives_of_cadre", args=[cadre.pk])
    pages = []
    for number in (stranger.resident_id, cast.resident_id()):
        told = {"relation": "sibling", "name": "赵敏", "resident_id": number}
        sent = client.post(address, told)
        assert sent.status_code == 302
        relative = CadreRelative.objects.standing().get()
        page = client.get(address).content.decode()
        assert number not in page
        pages.append(PRIVATE.sub("", page))
        relatives.withdraw_relative(relative=relative, by=cadre_user)

    assert pages[0] == pages[1]


def test_case_35_a_declaration_is_the_cadres_and_its_offices(
    cadre, cadre_user, other_cadre, yongchang_office
):
    for number, words in (("620321196503129999", "身份证"), ("", "身份证")):
        with pytest.raises(Refused, match=words):
            declare(cadre, number, by=cadre_user)
    with pytest.raises(Refused, match="本人或所在地关爱办"):
        declare(other_cadre, cast.resident_id(), by=cadre_user)
    number = cast.resident_id()
    made = declare(cadre, number, by=yongchang_office)
    with pytest.raises(Refused, match="已经申报过"):
        declare(cadre, number, by=cadre_user)

    relatives.withdraw_relative(relative=made, by=cadre_user)

    with pytest.raises(Refused, match="已经撤回"):
        relatives.withdraw_relative(relative=made, by=cadre_user)
    assert declare(cadre, number, by=cadre_user)


def test_case_35_the_other_countys_office_does_not_read_it(
    client, cadre, yongchang_office, jinchuan_office, city_office
):
    Organisation.objects.filter(pk=cadre.organisation_id).update(area="620321000000")
    declare(cadre, cast.resident_id(), by=city_office)
    address = reverse("recipients:relatives_of_cadre", args=[cadre.pk])
    answers = []

    for office in (yongchang_office, city_office, jinchuan_office):
        client.force_login(office)
        answers.append(client.get(address).status_code)

    assert answers == [200, 200, 404]


def test_case_36_a_household_of_two_weighs_once_and_more_wants_words(
    child, cadre, yongchang_office, hexibao_office
):
    Cadre.objects.filter(pk=cadre.pk).update(capacity=1)
    brother = cast.make_recipient("李大伟", household=child.household)
    made = pairings.propose(recipients=[child, brother], cadre=cadre, by=hexibao_office)

    pairings.approve_together(pairings=made, on=TODAY, by=yongchang_office)

    third = cast.make_recipient("王大山")
    (more,) = pairings.propose(recipients=[third], cadre=cadre, by=hexibao_office)
    with pytest.raises(Refused, match="超负荷"):
        pairings.approve(pairing=more, on=TODAY, by=yongchang_office)
    pairings.approve(
        pairing=more, on=TODAY, over_capacity_words="本村无他人", by=yongchang_office
    )
    assert Pairing.objects.active().count() == 3


def test_case_37_a_unit_of_the_province_has_a_level_and_no_area(areas):
    unit = cast.make_organisation("省直机关事务局", level="province")

    assert (unit.get_level_display(), unit.area) == ("省级", None)


@pytest.mark.parametrize("reason", [LeavingReason.ARRANGED, LeavingReason.DIED])
def test_cases_39_and_41_a_cadre_goes_at_once_and_families_wait_the_same_second(
    reason, client, child, cadre, pairing, yongchang_office, hexibao_office
):
    second = cast.make_recipient("王大山")
    (proposal,) = pairings.propose(recipients=[second], cadre=cadre, by=hexibao_office)

    pairing_handovers.release_cadre(
        cadre=cadre, reason=reason, on=TODAY, by=yongchang_office
    )

    cadre.refresh_from_db()
    pairing.refresh_from_db()
    proposal.refresh_from_db()
    assert (cadre.active, cadre.user.is_active) == (False, False)
    assert pairing.get_end_reason_display() == "单位调整"
    assert proposal.status == PairingStatus.REJECTED
    assert child in Recipient.objects.unpaired()
    client.force_login(yongchang_office)
    shown = client.get(reverse("cadres:cadre_detail", args=[cadre.pk]))
    assert "去世" not in shown.content.decode()


def test_case_39_a_neighbours_cadre_is_not_released(pairing, cadre, jinchuan_office):
    with pytest.raises(Refused):
        pairing_handovers.release_cadre(
            cadre=cadre,
            reason=LeavingReason.ARRANGED,
            on=TODAY,
            by=jinchuan_office,
        )


def test_case_40_namesakes_of_one_unit_are_two_and_a_mother_is_one_person(
    child, cadre, pairing, unit
):
    cast.make_cadre("赵军", unit, phone="19900000999")
    cast.make_pairing(child, cadre, kind=PairingKind.MOTHER)

    assert Cadre.objects.filter(name="赵军").count() == 2
    paired = Pairing.objects.active().values("cadre").distinct()
    assert paired.count() == 1


def test_case_42_a_man_for_a_girl_is_a_notice_not_a_refusal(
    child, cadre, hexibao_office
):
    Recipient.objects.filter(pk=child.pk).update(sex="2", birth_on="2012-03-04")
    Cadre.objects.filter(pk=cadre.pk).update(sex="1")
    child.refresh_from_db()
    man = with_load(Cadre.objects.filter(pk=cadre.pk)).get()

    assert fit(family_of(child), man).notices
    assert pairings.propose(recipients=[child], cadre=cadre, by=hexibao_office)


def test_the_board_has_the_queue_for_offices_and_units(yongchang_office, liaison):
    assert "handover" in queues(yongchang_office)
    assert "handover" in queues(liaison)
