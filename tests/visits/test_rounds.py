"""批量记走访: the visits to several residents of a home, told at once (case 11)."""

import datetime
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from audit.models import Event
from cadres.models import Area, CadreAssistant
from common.refusals import Refused
from policies.models import PolicySheet
from recipients.models import Pairing, Recipient
from reports import indicators
from tests import cast
from tests.visits.homes import resident, residents, stops
from tests.visits.telling import ALL_ENJOYED, DAY, log, note
from visits.content import DeedNote
from visits.models import HomeVisit, VisitDraft
from visits.operations.drafts import save_draft
from visits.operations.rounds import Stop, StopRefused, log_round
from visits.operations.taking_back import take_back, take_back_round
from visits.operations.visits import ToldDifferently

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False) as clock:
        yield clock


@pytest.fixture
def ten(cadre) -> list[Pairing]:
    return residents(cadre)


def tell(told: list[Stop], by, **changes):
    return log_round(stops=told, client_id=uuid.uuid4(), by=by, **changes)


def test_ten_residents_are_ten_visits_and_ten_households(ten, cadre_user):
    tell(stops(ten), cadre_user)

    town = Area.objects.get(pk=cast.HEXIBAO)
    assert indicators.visited_households(town, TODAY).done == 10
    assert indicators.contacts(town, DAY, DAY) == 10
    assert HomeVisit.objects.in_person().count() == 10
    assert HomeVisit.objects.values("together").distinct().count() == 10


def test_each_is_told_by_an_event_of_its_own(ten, cadre_user):
    tell(stops(ten), cadre_user)

    told = Event.objects.filter(kind="visit.logged")
    assert told.count() == 10
    assert len({event.subject_id for event in told}) == 10
    assert {event.details["people"] for event in told} == {1}


def test_each_pairing_moves_on(ten, cadre_user):
    tell(stops(ten), cadre_user)

    due = {DAY + datetime.timedelta(days=31)}
    assert set(Pairing.objects.values_list("next_due_on", flat=True)) == due
    assert set(Pairing.objects.values_list("last_visit_on", flat=True)) == {DAY}


def test_it_is_as_if_each_had_been_told_alone(cadre, cadre_user):
    home = cast.make_organisation("永昌县敬老院", kind="home")
    alone, at_once = (resident(cadre, home, name) for name in ("王大山", "李桂英"))
    deeds = (DeedNote("goods", amount=Decimal(100), words="米面"),)

    log(alone, by=cadre_user, way="CENTRE", findings=None, deeds=deeds)
    tell(stops([at_once], deeds=deeds), cadre_user)

    own = {
        "id",
        "client_id",
        "together",
        "recipient_id",
        "pairing_id",
        "content_hash",
        "words",
    }
    one, other = (
        {name: value for name, value in row.items() if name not in own}
        for row in HomeVisit.objects.order_by("id").values()
    )
    assert one == other
    for pairing in (alone, at_once):
        pairing.refresh_from_db()
    assert (alone.next_due_on, alone.last_visit_on) == (
        at_once.next_due_on,
        at_once.last_visit_on,
    )
    assert all(visit.deeds.count() == 1 for visit in HomeVisit.objects.all())


def test_told_twice_is_once(ten, cadre_user):
    client_id, told = uuid.uuid4(), stops(ten)

    first = log_round(stops=told, client_id=client_id, by=cadre_user)
    again = log_round(stops=told[::-1], client_id=client_id, by=cadre_user)

    assert (first.new, again.new) == (True, False)
    assert first.visit.client_id == client_id
    assert again.visit == first.visit
    assert HomeVisit.objects.count() == Event.objects.count() == 10


@pytest.mark.parametrize("many", [9, 10])
def test_other_people_or_words_under_the_same_id_are_told_apart(ten, cadre_user, many):
    client_id = uuid.uuid4()
    log_round(stops=stops(ten), client_id=client_id, by=cadre_user)
    changed = stops(ten[:many], words="住院了" if many == 10 else "身体平稳")

    with pytest.raises(ToldDifferently):
        log_round(stops=changed, client_id=client_id, by=cadre_user)

    assert HomeVisit.objects.count() == 10


def test_one_refused_refuses_all_and_names_the_person(ten, cadre_user):
    person = ten[4].recipient
    Recipient.objects.filter(pk=person.pk).update(birth_on=DAY.replace(day=21))

    with pytest.raises(StopRefused, match="陈福:走访日期太早") as refused:
        tell(stops(ten), cadre_user)

    assert refused.value.pairing == ten[4]
    assert not HomeVisit.objects.exists()
    assert not Event.objects.exists()
    assert not Pairing.objects.exclude(last_contact_on=None).exists()


def test_only_own_people_are_told_of(ten, cadre_user, other_cadre):
    theirs = cast.make_pairing(cast.make_recipient("钱有福"), other_cadre)

    with pytest.raises(StopRefused, match="钱有福:走访由结对干部本人"):
        tell(stops([theirs]), cadre_user)
    with pytest.raises(Refused, match="一名结对干部名下"):
        tell(stops([*ten, theirs]), cadre_user)

    assert not HomeVisit.objects.exists()


def test_nobody_too_many_and_somebody_twice_are_refused(ten, cadre_user):
    for told, words in (
        ([], "请选看望了谁"),
        (ten * 4, "一次最多记 30 人"),
        ([ten[0], ten[0]], "同一个人"),
    ):
        with pytest.raises(Refused, match=words):
            tell(stops(told), cadre_user)


def test_an_assistant_writes_a_round_down(ten, cadre, other_cadre, city_office):
    CadreAssistant.objects.create(
        cadre=cadre,
        assistant=other_cadre,
        from_on=DAY.replace(day=1),
        named_by=city_office,
    )

    tell(stops(ten), other_cadre.user)

    assert all(visit.written_by_another for visit in HomeVisit.objects.all())


def test_the_office_enters_a_round_late(ten, yongchang_office):
    with pytest.raises(StopRefused, match="只能补录"):
        tell(stops(ten), yongchang_office)

    tell(stops(ten), yongchang_office, late_entry=True)

    assert HomeVisit.objects.filter(late_entry=True).count() == 10


def test_a_sheet_is_confirmed_only_for_whom_it_is_said(ten, cadre_user):
    log(ten[0], by=cadre_user, day=DAY - datetime.timedelta(days=30))
    before = PolicySheet.objects.get()
    told = [Stop(ten[0], stops(ten)[0].note, before.pk), *stops(ten[1:])]

    tell(told, cadre_user)

    sheet = PolicySheet.objects.get(latest=True)
    assert sheet.checked_on == DAY
    assert {check.policy: check.state for check in sheet.checks.all()} == {
        policy: finding.state for policy, finding in ALL_ENJOYED.items()
    }
    assert HomeVisit.objects.filter(day=DAY, sheet=None).count() == 9


def test_a_sheet_that_no_longer_stands_is_not_confirmed(ten, cadre_user):
    log(ten[0], by=cadre_user, day=DAY - datetime.timedelta(days=30))
    before = PolicySheet.objects.get()
    log(ten[0], by=cadre_user, day=DAY - datetime.timedelta(days=1))

    with pytest.raises(StopRefused, match="王大山:政策核对表刚有更新"):
        tell([Stop(ten[0], stops(ten)[0].note, before.pk)], cadre_user)


def test_what_was_checked_later_says_nothing_of_an_earlier_day(ten, cadre_user):
    log(ten[0], by=cadre_user, day=TODAY)
    sheet = PolicySheet.objects.get()

    with pytest.raises(StopRefused, match="在走访这一天之后"):
        tell([Stop(ten[0], stops(ten)[0].note, sheet.pk)], cadre_user)


def test_nobody_met_confirms_no_policy(ten, cadre_user):
    log(ten[0], by=cadre_user, day=DAY - datetime.timedelta(days=30))
    sheet = PolicySheet.objects.get()
    missed = note(way="CENTRE", findings=None, outcome="not_met", words="外出了")

    with pytest.raises(StopRefused, match="没有见到人"):
        tell([Stop(ten[0], missed, sheet.pk)], cadre_user)


def test_who_was_missed_still_waits(ten, cadre_user):
    missed = note(way="CENTRE", findings=None, outcome="not_met", words="外出了")

    tell([Stop(ten[0], missed), *stops(ten[1:])], cadre_user)

    assert HomeVisit.objects.in_person().count() == 9
    assert Pairing.objects.get(last_contact_on=None) == ten[0]


def test_a_draft_of_one_of_them_is_done_with(ten, cadre_user):
    save_draft(recipient=ten[3].recipient, content={"words": ["坐稳"]}, by=cadre_user)

    tell(stops(ten), cadre_user)

    assert not VisitDraft.objects.exists()


def test_all_are_taken_back_within_half_a_minute(ten, cadre_user, clock):
    log(ten[0], by=cadre_user, day=DAY - datetime.timedelta(days=9), findings=None)
    clock.shift(60)
    told = tell(stops(ten), cadre_user)

    undone = take_back_round(visit=told.visit, by=cadre_user)

    assert len(undone) == 10
    assert HomeVisit.objects.standing().count() == 1
    assert Event.objects.filter(kind="visit.taken_back").count() == 10
    assert Pairing.objects.exclude(last_contact_on=None).get() == ten[0]


def test_later_nothing_is_taken_back_but_by_the_office(
    ten, cadre_user, yongchang_office, clock
):
    own = tell(stops(ten), cadre_user)
    late = tell(stops(ten, words="补记"), yongchang_office, late_entry=True)
    clock.shift(31)

    with pytest.raises(Refused, match="超过 30 秒"):
        take_back_round(visit=own.visit, by=cadre_user)
    take_back_round(visit=late.visit, by=yongchang_office)

    assert HomeVisit.objects.standing().count() == 10


def test_one_is_taken_back_alone_and_the_others_after_it(ten, cadre_user):
    told = tell(stops(ten), cadre_user)
    one = HomeVisit.objects.get(recipient=ten[2].recipient)

    take_back(visit=one, by=cadre_user)
    assert HomeVisit.objects.standing().count() == 9

    assert len(take_back_round(visit=told.visit, by=cadre_user)) == 9
    with pytest.raises(Refused, match="已经撤销"):
        take_back_round(visit=told.visit, by=cadre_user)


def test_a_visit_told_alone_is_no_part_of_a_round(ten, cadre_user, clock):
    told = tell(stops(ten), cadre_user)
    clock.shift(1)
    log(ten[0], by=cadre_user, findings=None, words="又去了一次")

    take_back_round(visit=told.visit, by=cadre_user)

    assert HomeVisit.objects.standing().get().words == "又去了一次"
    assert HomeVisit.objects.standing().get().entered_at == timezone.now()
