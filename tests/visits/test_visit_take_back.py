"""Taking a visit back: all it brought along is gone, and it stays on the trail."""

import datetime
import uuid

import pytest
import time_machine

from audit.models import Event
from casework.models import Need
from casework.operations import accept_need
from common.refusals import Refused
from policies.models import PolicyCheck, PolicySheet
from recipients.models import Pairing
from recipients.operations import pairing_changes
from tests import cast
from tests.visits.telling import DAY, log
from visits.content import NeedNote
from visits.models import HomeVisit, Reminder
from visits.operations.taking_back import may_take_back, take_back

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 23, 2, tzinfo=datetime.UTC)
IN_A_WEEK = datetime.date(2026, 11, 30)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_what_a_visit_brought_along_is_gone(pairing, cadre_user):
    log(pairing, by=cadre_user, day=datetime.date(2026, 10, 20))
    reminder = Reminder.objects.create(
        pairing=pairing, cause="six", period=DAY, raised_at=NOW.replace(day=16)
    )
    visit = log(pairing, by=cadre_user, need=NeedNote("other", "修房顶", "soon")).visit

    take_back(visit=visit, by=cadre_user)

    pairing.refresh_from_db()
    reminder.refresh_from_db()
    assert pairing.last_contact_on == datetime.date(2026, 10, 20)
    assert pairing.last_visit_on == datetime.date(2026, 10, 20)
    assert pairing.next_due_on == datetime.date(2026, 11, 20)
    assert reminder.done_at is None
    assert not Need.objects.exists()
    assert PolicySheet.objects.get().latest
    assert PolicyCheck.objects.count() == 7
    assert HomeVisit.objects.standing().count() == 1
    assert Event.objects.filter(kind="visit.taken_back").count() == 1


def test_a_visit_to_a_household_is_taken_back_whole(pairing, child, cadre, cadre_user):
    brother = cast.make_recipient("李小强", household=child.household)
    second = cast.make_pairing(brother, cadre)
    visit = log(pairing, second, by=cadre_user).visit

    take_back(visit=visit, by=cadre_user)

    assert not HomeVisit.objects.standing().exists()
    second.refresh_from_db()
    assert second.last_contact_on is None


def test_a_successor_whose_visit_is_taken_back_owes_what_was_inherited(
    pairing, child, other_cadre, yongchang_office
):
    day = datetime.date(2026, 11, 20)
    pairing.next_due_on = datetime.date(2026, 11, 29)
    pairing.save()
    Pairing.objects.update(status="ended", ended_on=day, end_reason="TRANSFERRED")
    successor = cast.make_pairing(
        child,
        other_cadre,
        previous=pairing,
        started_on=day,
        next_due_on=datetime.date(2026, 11, 29),
    )
    visit = log(successor, by=yongchang_office, late_entry=True, day=day).visit

    take_back(visit=visit, by=yongchang_office)

    successor.refresh_from_db()
    assert successor.next_due_on == datetime.date(2026, 11, 29)


def test_after_a_rest_a_visit_taken_back_leaves_what_the_resume_had_set(
    pairing, cadre_user, yongchang_office
):
    _rest(pairing, by=yongchang_office)
    assert pairing.next_due_on == IN_A_WEEK
    visit = log(pairing, by=cadre_user, day=NOW.date()).visit
    pairing.refresh_from_db()
    assert pairing.next_due_on == NOW.date() + datetime.timedelta(days=31)

    take_back(visit=visit, by=cadre_user)

    pairing.refresh_from_db()
    assert pairing.next_due_on == IN_A_WEEK


def test_a_visit_from_before_the_rest_told_late_leaves_the_week(
    pairing, yongchang_office
):
    _rest(pairing, by=yongchang_office)

    log(pairing, by=yongchang_office, late_entry=True, day=datetime.date(2026, 9, 1))

    pairing.refresh_from_db()
    assert pairing.last_contact_on == datetime.date(2026, 9, 1)
    assert pairing.next_due_on == IN_A_WEEK


def test_after_half_a_minute_it_stands(pairing, cadre_user, clock):
    visit = log(pairing, by=cadre_user).visit
    clock.shift(30)
    assert may_take_back(visit, cadre_user)

    clock.shift(1)

    with pytest.raises(Refused, match="30 秒"):
        take_back(visit=visit, by=cadre_user)
    assert HomeVisit.objects.standing().exists()


def test_nobody_takes_back_what_another_told(pairing, cadre_user, yongchang_office):
    visit = log(pairing, by=cadre_user).visit

    with pytest.raises(Refused):
        take_back(visit=visit, by=yongchang_office)


def test_the_office_takes_back_its_own_late_entry_any_day(
    pairing, yongchang_office, clock
):
    visit = log(pairing, by=yongchang_office, late_entry=True, findings=None).visit
    clock.shift(datetime.timedelta(days=9))

    take_back(visit=visit, by=yongchang_office)

    assert not HomeVisit.objects.standing().exists()
    with pytest.raises(Refused, match="已经撤销"):
        take_back(visit=visit, by=yongchang_office)


def test_a_need_the_office_took_on_stays(pairing, cadre_user, yongchang_office):
    visit = log(pairing, by=cadre_user, need=NeedNote("other", "修房顶", "soon")).visit
    accept_need(need=Need.objects.get(), by=yongchang_office)

    take_back(visit=visit, by=cadre_user)

    assert Need.objects.get().status == "accepted"


def test_the_same_id_after_taking_back_makes_no_second_visit(pairing, cadre_user):
    client_id = uuid.uuid4()
    visit = log(pairing, by=cadre_user, client_id=client_id).visit
    take_back(visit=visit, by=cadre_user)

    again = log(pairing, by=cadre_user, client_id=client_id)

    assert not again.new
    assert not HomeVisit.objects.standing().exists()


def _rest(pairing, *, by):
    """Let a pairing whose day is long past rest, and take it up again today."""
    pairing.next_due_on = datetime.date(2026, 10, 1)
    pairing.save(update_fields=["next_due_on"])
    pairing_changes.pause(pairing=pairing, reason="住院", by=by)
    pairing_changes.resume(pairing=pairing, by=by)
    pairing.refresh_from_db()
