"""Pairings: each operation works, refuses and is recorded; the rules hold below it."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Event
from cadres.models import Cadre, User
from common.encryption import blind_index
from common.refusals import Refused, Stale
from jobs.models import Notice
from recipients.enums import EndReason, PairingKind, PairingStatus
from recipients.models import Guardian, Pairing, Recipient, VisitStandard
from recipients.operations import pairing_changes, pairing_handovers, pairings
from tests import cast

PROPOSED = {
    "status": PairingStatus.PROPOSED,
    "started_on": None,
    "next_due_on": None,
}


def today() -> datetime.date:
    return timezone.localdate()


def last_event() -> Event:
    return Event.objects.latest("id")


@pytest.fixture
def proposal(child: Recipient, cadre: Cadre, hexibao_office: User) -> Pairing:
    return cast.make_pairing(child, cadre, proposed_by=hexibao_office, **PROPOSED)


def approve(pairing: Pairing, by: User, **more) -> Pairing:
    return pairings.approve(pairing=pairing, on=today(), by=by, **more)


# --- propose -------------------------------------------------------------------------


def test_a_township_proposes(child: Recipient, cadre: Cadre, hexibao_office: User):
    (made,) = pairings.propose(recipients=[child], cadre=cadre, by=hexibao_office)

    assert made.status == PairingStatus.PROPOSED
    assert made.proposed_by == hexibao_office
    assert child in Recipient.objects.unpaired()
    assert last_event().kind == "pairing.proposed"


def test_a_household_is_proposed_for_at_once(
    child: Recipient, cadre: Cadre, hexibao_office: User
):
    brother = cast.make_recipient("李小强", household=child.household)

    made = pairings.propose(recipients=[child, brother], cadre=cadre, by=hexibao_office)

    assert {one.recipient for one in made} == {child, brother}


def test_two_households_are_not_proposed_for_at_once(
    child: Recipient, cadre: Cadre, hexibao_office: User
):
    other = cast.make_recipient("王大山")

    with pytest.raises(Refused, match="同一家庭"):
        pairings.propose(recipients=[child, other], cadre=cadre, by=hexibao_office)


def test_a_liaison_proposes_own_cadres_only(
    child: Recipient, cadre: Cadre, other_cadre: Cadre, liaison: User
):
    assert pairings.propose(recipients=[child], cadre=cadre, by=liaison)

    with pytest.raises(Refused, match="本单位"):
        pairings.propose(recipients=[child], cadre=other_cadre, by=liaison)


def test_a_second_proposal_of_the_kind_is_refused(
    proposal: Pairing, other_cadre: Cadre, hexibao_office: User
):
    with pytest.raises(Refused, match="待审核"):
        pairings.propose(
            recipients=[proposal.recipient], cadre=other_cadre, by=hexibao_office
        )


def test_a_paired_person_is_not_proposed_for_again(
    pairing: Pairing, other_cadre: Cadre, hexibao_office: User
):
    with pytest.raises(Refused, match="交接"):
        pairings.propose(
            recipients=[pairing.recipient], cadre=other_cadre, by=hexibao_office
        )
    # A mother besides the cadre is another kind.
    assert pairings.propose(
        recipients=[pairing.recipient],
        cadre=other_cadre,
        kind=PairingKind.MOTHER,
        by=hexibao_office,
    )


def test_who_has_left_is_not_proposed_for(
    child: Recipient, cadre: Cadre, hexibao_office: User
):
    Recipient.objects.filter(pk=child.pk).update(
        status="left", left_on=today(), left_reason="moved"
    )

    with pytest.raises(Refused, match="已退出"):
        pairings.propose(recipients=[child], cadre=cadre, by=hexibao_office)


def test_a_cadre_out_of_office_is_refused(
    child: Recipient, cadre: Cadre, hexibao_office: User
):
    Cadre.objects.filter(pk=cadre.pk).update(active=False)

    with pytest.raises(Refused, match="离岗"):
        pairings.propose(recipients=[child], cadre=cadre, by=hexibao_office)


# --- relations (rule 4) --------------------------------------------------------------

PHONE = "19900000205"


def refuses_the_relation(person: Recipient, cadre: Cadre, by: User) -> None:
    with pytest.raises(Refused, match="回避") as refusal:
        pairings.propose(recipients=[person], cadre=cadre, by=by)
    assert PHONE not in str(refusal.value)


def test_the_same_phone_is_a_relation(cadre: Cadre, hexibao_office: User):
    person = cast.make_recipient("王大山", phone=PHONE)

    refuses_the_relation(person, cadre, hexibao_office)


def test_the_phone_of_a_housemate_is_a_relation(
    child: Recipient, cadre: Cadre, hexibao_office: User
):
    cast.make_recipient("李大伟", household=child.household, phone=PHONE)

    refuses_the_relation(child, cadre, hexibao_office)


def test_the_guardian_is_a_relation(
    child: Recipient, cadre: Cadre, hexibao_office: User
):
    Guardian.objects.create(
        recipient=child, name="赵军", phone=PHONE, phone_index=blind_index(PHONE)
    )

    refuses_the_relation(child, cadre, hexibao_office)


def test_the_same_id_is_a_relation(
    child: Recipient, cadre: Cadre, hexibao_office: User
):
    housemate = cast.make_recipient("赵军", household=child.household)
    Cadre.objects.filter(pk=cadre.pk).update(
        resident_id_index=bytes(housemate.resident_id_index)
    )

    refuses_the_relation(child, cadre, hexibao_office)


def test_a_relation_found_since_stops_the_approval(
    proposal: Pairing, yongchang_office: User
):
    Guardian.objects.create(
        recipient=proposal.recipient,
        name="赵军",
        phone=PHONE,
        phone_index=blind_index(PHONE),
    )

    with pytest.raises(Refused, match="回避"):
        approve(proposal, yongchang_office)


# --- approve -------------------------------------------------------------------------


def test_the_county_approves(
    proposal: Pairing, yongchang_office: User, cadre_user: User, hexibao_office: User
):
    made = approve(proposal, yongchang_office, words="同意", version=1)

    assert (made.status, made.started_on) == (PairingStatus.ACTIVE, today())
    # A child is seen monthly, unless the office has said otherwise.
    assert made.next_due_on == today() + datetime.timedelta(days=31)
    assert proposal.recipient not in Recipient.objects.unpaired()
    assert last_event().kind == "pairing.approved"
    told = Notice.objects.filter(kind="pairing.approved")
    assert {notice.to for notice in told} == {cadre_user, hexibao_office}
    assert not any(proposal.recipient.name in notice.words for notice in told)


def test_a_township_does_not_approve(
    proposal: Pairing, hexibao_office: User, areas: None
):
    colleague = cast.office("hexibao2", cast.HEXIBAO)

    with pytest.raises(Refused, match="县区或市"):
        approve(proposal, colleague)


def test_nobody_approves_their_own_proposal(
    child: Recipient, cadre: Cadre, yongchang_office: User, city_office: User
):
    (made,) = pairings.propose(recipients=[child], cadre=cadre, by=yongchang_office)

    with pytest.raises(Refused, match="同名账号"):
        approve(made, yongchang_office)
    assert approve(made, city_office).status == PairingStatus.ACTIVE


def test_the_neighbour_does_not_approve(proposal: Pairing, jinchuan_office: User):
    with pytest.raises(Refused, match="范围"):
        approve(proposal, jinchuan_office)


def test_an_approved_proposal_is_not_approved_again(
    proposal: Pairing, yongchang_office: User
):
    approve(proposal, yongchang_office)

    with pytest.raises(Refused, match="不用再审核"):
        approve(proposal, yongchang_office)


def test_a_second_active_pairing_is_refused(
    proposal: Pairing, other_cadre: Cadre, yongchang_office: User
):
    rival = cast.make_pairing(proposal.recipient, other_cadre, **PROPOSED)
    approve(proposal, yongchang_office)

    with pytest.raises(Refused, match="已有干部结对"):
        approve(rival, yongchang_office)


def test_a_stale_form_is_refused(proposal: Pairing, yongchang_office: User):
    with pytest.raises(Stale):
        approve(proposal, yongchang_office, version=7)


@pytest.mark.parametrize("days", [1, -9000])
def test_a_pairing_begins_neither_tomorrow_nor_before_the_file(
    proposal: Pairing, yongchang_office: User, days: int
):
    on = today() + datetime.timedelta(days=days)

    with pytest.raises(Refused, match="日期不能"):
        pairings.approve(pairing=proposal, on=on, by=yongchang_office)


# --- capacity (rule 3) ---------------------------------------------------------------


def fill(cadre: Cadre, households: int) -> None:
    for number in range(households):
        cast.make_pairing(cast.make_recipient(f"某{number}"), cadre)


def test_a_load_above_capacity_wants_the_countys_words(
    proposal: Pairing, cadre: Cadre, yongchang_office: User
):
    fill(cadre, 3)

    with pytest.raises(Refused, match="超过上限 3 户"):
        approve(proposal, yongchang_office)
    made = approve(proposal, yongchang_office, over_capacity_words="同村,顺路")
    assert made.over_capacity_words == "同村,顺路"


def test_a_second_person_of_a_household_weighs_nothing(
    proposal: Pairing, cadre: Cadre, yongchang_office: User
):
    fill(cadre, 2)
    approve(proposal, yongchang_office)
    brother = cast.make_recipient("李小强", household=proposal.recipient.household)
    second = cast.make_pairing(brother, cadre, **PROPOSED)

    made = approve(second, yongchang_office, over_capacity_words="不需要")

    assert made.status == PairingStatus.ACTIVE
    assert made.over_capacity_words == ""


def test_a_household_is_approved_all_or_nothing(
    proposal: Pairing, cadre: Cadre, yongchang_office: User
):
    brother = cast.make_recipient("李小强", household=proposal.recipient.household)
    second = cast.make_pairing(brother, cadre, **PROPOSED)
    Recipient.objects.filter(pk=brother.pk).update(status="paused")
    both = {"pairings": [proposal, second], "on": today(), "by": yongchang_office}

    with pytest.raises(Refused, match="暂停"):
        pairings.approve_together(**both)
    assert not Pairing.objects.active().exists()

    Recipient.objects.filter(pk=brother.pk).update(status="on_file")
    assert len(pairings.approve_together(**both)) == 2


# --- return, undo --------------------------------------------------------------------


def test_a_proposal_goes_back_with_the_reason(
    proposal: Pairing, yongchang_office: User, hexibao_office: User
):
    made = pairings.return_proposal(pairing=proposal, words="太远", by=yongchang_office)

    assert (made.status, made.review_words) == (PairingStatus.REJECTED, "太远")
    assert last_event().reason == "太远"
    assert Notice.objects.get().to == hexibao_office


def test_a_proposal_does_not_go_back_without_a_reason(
    proposal: Pairing, yongchang_office: User
):
    with pytest.raises(Refused, match="原因"):
        pairings.return_proposal(pairing=proposal, words=" ", by=yongchang_office)


def test_an_approval_is_undone_within_half_a_minute(
    proposal: Pairing, yongchang_office: User
):
    approve(proposal, yongchang_office)

    made = pairing_changes.undo_approval(pairing=proposal, by=yongchang_office)

    assert (made.status, made.started_on) == (PairingStatus.PROPOSED, None)
    assert proposal.recipient in Recipient.objects.unpaired()
    assert last_event().kind == "pairing.approval_undone"
    assert approve(proposal, yongchang_office).status == PairingStatus.ACTIVE


def test_an_approval_is_not_undone_late_nor_by_another(
    proposal: Pairing, yongchang_office: User, city_office: User
):
    approve(proposal, yongchang_office)
    with pytest.raises(Refused, match="自己"):
        pairing_changes.undo_approval(pairing=proposal, by=city_office)

    Pairing.objects.update(reviewed_at=timezone.now() - datetime.timedelta(seconds=36))
    with pytest.raises(Refused, match="30 秒"):
        pairing_changes.undo_approval(pairing=proposal, by=yongchang_office)


def test_an_approval_on_which_a_handover_rests_is_not_undone(
    proposal: Pairing, other_cadre: Cadre, yongchang_office: User, city_office: User
):
    approve(proposal, yongchang_office)
    pairing_handovers.propose_handover(
        pairing=proposal, cadre=other_cadre, words="调走", by=city_office
    )

    with pytest.raises(Refused, match="用到"):
        pairing_changes.undo_approval(pairing=proposal, by=yongchang_office)


# --- pause, resume, extend, end ------------------------------------------------------


def test_pausing_lists_the_recipient_and_resuming_takes_them_off(
    pairing: Pairing, yongchang_office: User
):
    pairing_changes.pause(pairing=pairing, reason="病假", by=yongchang_office)
    assert pairing.recipient in Recipient.objects.unpaired()
    assert (last_event().kind, last_event().reason) == ("pairing.paused", "病假")

    pairing_changes.resume(pairing=pairing, by=yongchang_office)
    assert pairing.recipient not in Recipient.objects.unpaired()
    assert last_event().kind == "pairing.resumed"


def test_a_proposal_is_not_made_active_by_resuming_it(
    proposal: Pairing, yongchang_office: User
):
    with pytest.raises(Refused, match="暂停中"):
        pairing_changes.resume(pairing=proposal, by=yongchang_office)

    proposal.refresh_from_db()
    assert proposal.status == PairingStatus.PROPOSED


def test_a_pairing_is_not_resumed_beside_another(
    pairing: Pairing, other_cadre: Cadre, yongchang_office: User
):
    pairing_changes.pause(pairing=pairing, reason="病假", by=yongchang_office)
    cast.make_pairing(pairing.recipient, other_cadre)

    with pytest.raises(Refused, match="已有干部结对"):
        pairing_changes.resume(pairing=pairing, by=yongchang_office)


def test_resuming_counts_the_load(
    pairing: Pairing, cadre: Cadre, yongchang_office: User
):
    pairing_changes.pause(pairing=pairing, reason="病假", by=yongchang_office)
    fill(cadre, 3)

    with pytest.raises(Refused, match="超过上限"):
        pairing_changes.resume(pairing=pairing, by=yongchang_office)


def test_ending_a_pairing_frees_the_recipient(pairing: Pairing, yongchang_office: User):
    pairing_changes.end(
        pairing=pairing, reason=EndReason.RETIRED, on=today(), by=yongchang_office
    )

    assert pairing.recipient in Recipient.objects.unpaired()
    assert (last_event().kind, last_event().reason) == ("pairing.ended", "退休")
    with pytest.raises(Refused):
        pairing_changes.pause(pairing=pairing, reason="再来", by=yongchang_office)


@pytest.mark.parametrize("change", ["pause", "resume", "end", "extend"])
def test_a_township_changes_nothing(
    pairing: Pairing, hexibao_office: User, change: str
):
    given = {
        "pause": {"reason": "病假"},
        "resume": {},
        "end": {"reason": EndReason.RETIRED, "on": today()},
        "extend": {"until": None},
    }[change]

    with pytest.raises(Refused, match="县区或市"):
        getattr(pairing_changes, change)(pairing=pairing, by=hexibao_office, **given)


def test_a_promise_is_extended(pairing: Pairing, yongchang_office: User):
    until = today() + datetime.timedelta(days=365)

    made = pairing_changes.extend(pairing=pairing, until=until, by=yongchang_office)

    assert made.until == until
    with pytest.raises(Refused, match="到期日"):
        pairing_changes.extend(
            pairing=pairing, until=datetime.date(2020, 1, 1), by=yongchang_office
        )


# --- hand over -----------------------------------------------------------------------


def hand_over(pairing: Pairing, cadre: Cadre, by: User, **more) -> Pairing:
    given = {"on": today(), "words": "药在灶房柜子里", **more}
    return pairing_handovers.hand_over(pairing=pairing, cadre=cadre, by=by, **given)


def test_a_handover_leaves_no_day_uncovered(
    pairing: Pairing, other_cadre: Cadre, yongchang_office: User
):
    before = Event.objects.count()

    made = hand_over(pairing, other_cadre, yongchang_office)

    pairing.refresh_from_db()
    assert (pairing.status, pairing.end_reason) == ("ended", EndReason.REPLACED)
    assert made.started_on == pairing.ended_on == today()
    assert (made.status, made.previous) == (PairingStatus.ACTIVE, pairing)
    assert pairing.recipient not in Recipient.objects.unpaired()
    assert Event.objects.count() == before + 1
    assert last_event().kind == "pairing.handed_over"


def test_a_handover_wants_words_another_cadre_and_room(
    pairing: Pairing, cadre: Cadre, other_cadre: Cadre, yongchang_office: User
):
    with pytest.raises(Refused, match="交接说明"):
        hand_over(pairing, other_cadre, yongchang_office, words="")
    with pytest.raises(Refused, match="换一位"):
        hand_over(pairing, cadre, yongchang_office)
    fill(other_cadre, 3)
    with pytest.raises(Refused, match="超过上限"):
        hand_over(pairing, other_cadre, yongchang_office)
    pairing.refresh_from_db()
    assert pairing.status == PairingStatus.ACTIVE


def test_a_proposed_handover_takes_effect_when_approved(
    pairing: Pairing, unit, liaison: User, yongchang_office: User
):
    colleague = cast.make_cadre("何霞", unit)
    proposed = pairing_handovers.propose_handover(
        pairing=pairing, cadre=colleague, words="调离", by=liaison
    )
    pairing.refresh_from_db()
    assert pairing.status == PairingStatus.ACTIVE
    with pytest.raises(Refused, match="待审核的交接"):
        pairing_changes.end(
            pairing=pairing, reason=EndReason.MOVED, on=today(), by=yongchang_office
        )

    made = approve(proposed, yongchang_office)

    pairing.refresh_from_db()
    assert (pairing.status, made.status) == ("ended", "active")
    assert pairing.ended_on == made.started_on


def test_a_returned_handover_makes_room_for_another(
    pairing: Pairing, unit, liaison: User, yongchang_office: User
):
    colleague = cast.make_cadre("何霞", unit)
    asked = {"pairing": pairing, "cadre": colleague, "words": "调离", "by": liaison}
    proposed = pairing_handovers.propose_handover(**asked)

    pairings.return_proposal(pairing=proposed, words="再想想", by=yongchang_office)

    assert pairing_handovers.propose_handover(**asked).previous == pairing


def test_a_week_is_left_to_meet_an_overdue_family(
    pairing: Pairing, other_cadre: Cadre, yongchang_office: User
):
    Pairing.objects.update(next_due_on=today() - datetime.timedelta(days=40))

    made = hand_over(pairing, other_cadre, yongchang_office)

    assert made.next_due_on == today() + datetime.timedelta(days=7)


def test_all_of_a_cadre_is_handed_over_or_nothing(
    pairing: Pairing, cadre: Cadre, other_cadre: Cadre, yongchang_office: User
):
    fill(cadre, 2)
    far = cast.make_pairing(cast.make_recipient("陈静", area=cast.SHUANGWAN), cadre)
    asked = {
        "cadre": cadre,
        "to": other_cadre,
        "on": today(),
        "words": "退休",
        "over_capacity_words": "暂时代管",
        "by": yongchang_office,
    }

    with pytest.raises(Refused, match="范围"):
        pairing_handovers.hand_over_all(**asked)
    assert Pairing.objects.active().filter(cadre=cadre).count() == 4

    Pairing.objects.filter(pk=far.pk).delete()
    made = pairing_handovers.hand_over_all(**asked)
    assert len(made) == 3
    assert not Pairing.objects.active().filter(cadre=cadre).exists()


# --- the rules, gone round -----------------------------------------------------------


def test_a_second_active_pairing_of_the_kind_cannot_be_written(
    pairing: Pairing, other_cadre: Cadre
):
    with pytest.raises(IntegrityError, match="one_active"), transaction.atomic():
        cast.make_pairing(pairing.recipient, other_cadre)


@pytest.mark.parametrize(
    "lie",
    [
        {"status": "ended", "ended_on": None, "end_reason": "moved"},
        {"status": "ended", "ended_on": datetime.date(2026, 1, 1), "end_reason": ""},
        {
            "status": "ended",
            "ended_on": datetime.date(2000, 1, 1),
            "end_reason": "moved",
        },
        {"end_reason": "moved"},
        {"started_on": None},
        {"status": "undecided"},
    ],
)
def test_half_an_end_cannot_be_written(pairing: Pairing, lie: dict):
    with pytest.raises(IntegrityError), transaction.atomic():
        Pairing.objects.filter(pk=pairing.pk).update(**lie)


def test_the_waiting_list_follows_any_writer(pairing: Pairing):
    Pairing.objects.filter(pk=pairing.pk).update(status="paused")
    assert pairing.recipient in Recipient.objects.unpaired()

    Pairing.objects.filter(pk=pairing.pk).update(status="active")
    assert pairing.recipient not in Recipient.objects.unpaired()

    Pairing.objects.filter(pk=pairing.pk).delete()
    assert pairing.recipient in Recipient.objects.unpaired()


def test_a_mothers_pairing_leaves_the_recipient_waiting(child: Recipient, cadre: Cadre):
    cast.make_pairing(child, cadre, kind=PairingKind.MOTHER)

    assert child in Recipient.objects.unpaired()


# --- rechoose ------------------------------------------------------------------------


def test_another_cadre_is_chosen_instead_and_a_colleague_approves(
    proposal: Pairing, other_cadre: Cadre, yongchang_office: User, city_office: User
):
    before = Event.objects.count()

    made = pairings.rechoose(pairing=proposal, cadre=other_cadre, by=yongchang_office)

    proposal.refresh_from_db()
    assert proposal.status == PairingStatus.REJECTED
    assert (made.cadre, made.status) == (other_cadre, PairingStatus.PROPOSED)
    assert Event.objects.count() == before + 1
    with pytest.raises(Refused, match="同名账号"):
        approve(made, yongchang_office)
    assert approve(made, city_office).status == PairingStatus.ACTIVE


def test_a_rechosen_handover_still_follows_the_one_before(
    pairing: Pairing,
    other_cadre: Cadre,
    unit,
    liaison: User,
    yongchang_office: User,
    city_office: User,
):
    colleague = cast.make_cadre("何霞", unit)
    proposed = pairing_handovers.propose_handover(
        pairing=pairing, cadre=colleague, words="调离", by=liaison
    )

    made = pairings.rechoose(pairing=proposed, cadre=other_cadre, by=yongchang_office)
    approve(made, city_office)

    pairing.refresh_from_db()
    assert (pairing.status, pairing.successor) == ("ended", made)


def test_the_first_contact_is_due_by_the_standard_the_office_set(
    proposal: Pairing, yongchang_office: User
):
    VisitStandard.objects.create(category="CHILD", year=today().year, days_between=10)

    begun = approve(proposal, yongchang_office)

    assert begun.next_due_on == today() + datetime.timedelta(days=10)
