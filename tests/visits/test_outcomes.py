"""How a visit went: met, nobody found, refused; and what follows (cases 16 and 49)."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cadres.models import Area
from common.refusals import Refused
from policies.models import PolicySheet
from recipients.enums import TaskKind, TaskState
from recipients.models import LifeTask
from recipients.operations import tasks
from reports import indicators
from tests import cast
from tests.visits.telling import DAY, log, note, posted
from visits.content import fingerprint
from visits.models import HomeVisit, Reminder
from visits.operations.reminders import remind_of_sixes
from visits.operations.taking_back import take_back

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 25, 2, tzinfo=datetime.UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def phone(client: Client, cadre_user) -> Client:
    client.force_login(cadre_user)
    return client


def tell(pairing, outcome, *, by, days_ago=0, **told):
    told = {"way": "HOME", "day": TODAY - datetime.timedelta(days=days_ago), **told}
    return log(pairing, by=by, outcome=outcome, findings=None, **told).visit


def open_tasks():
    waiting = LifeTask.objects.filter(state=TaskState.OPEN)
    return list(waiting.values_list("kind", flat=True))


def test_a_closed_door_is_tried_and_the_family_still_waits(pairing, cadre_user):
    due = pairing.next_due_on
    reminder = Reminder.objects.create(
        pairing=pairing, cause="six", period=DAY, raised_at=NOW
    )

    tell(pairing, "not_met", by=cadre_user)

    pairing.refresh_from_db()
    reminder.refresh_from_db()
    assert (pairing.last_contact_on, pairing.last_visit_on) == (None, None)
    assert pairing.next_due_on == due
    assert reminder.done_at is None
    area = Area.objects.get(pk=cast.HEXIBAO)
    assert indicators.contacts(area, TODAY, TODAY) == 1
    assert indicators.visited_households(area, TODAY).done == 0


def test_a_refusal_counts_as_the_visit_it_was(pairing, cadre_user):
    tell(pairing, "refused", by=cadre_user)

    pairing.refresh_from_db()
    assert pairing.last_contact_on == pairing.last_visit_on == TODAY
    assert pairing.next_due_on == TODAY + datetime.timedelta(days=31)
    area = Area.objects.get(pk=cast.HEXIBAO)
    assert indicators.visited_households(area, TODAY).done == 1


def test_nobody_checks_policies_with_nobody(pairing, cadre_user):
    with pytest.raises(Refused, match="没有见到人"):
        log(pairing, by=cadre_user, outcome="refused")
    assert not HomeVisit.objects.exists()


def test_after_two_refusals_the_township_goes_once(pairing, cadre_user, city_office):
    tell(pairing, "refused", by=cadre_user, days_ago=2)
    assert open_tasks() == []

    tell(pairing, "refused", by=cadre_user, days_ago=1)

    task = LifeTask.objects.get()
    assert (task.kind, task.due_on) == (
        TaskKind.REFUSING,
        TODAY + datetime.timedelta(days=7),
    )
    tasks.settle(task=task, words="已上门", by=city_office)
    tell(pairing, "met", by=cadre_user, way="PHONE")
    tell(pairing, "refused", by=cadre_user)
    assert open_tasks() == []


def test_who_lets_somebody_in_again_is_visited_again(pairing, cadre_user, child):
    for days_ago in (3, 2):
        tell(pairing, "refused", by=cadre_user, days_ago=days_ago)

    tell(pairing, "met", by=cadre_user)
    tell(pairing, "refused", by=cadre_user)

    assert LifeTask.objects.get().state == TaskState.MOOT


def test_after_three_closed_doors_in_a_row_the_township_looks(pairing, cadre_user):
    for days_ago in (9, 8):
        tell(pairing, "not_met", by=cadre_user, days_ago=days_ago)
    tell(pairing, "met", by=cadre_user, way="PHONE", days_ago=7)
    for days_ago in (6, 5):
        tell(pairing, "not_met", by=cadre_user, days_ago=days_ago)
    assert open_tasks() == []

    tell(pairing, "not_met", by=cadre_user, way="PHONE", days_ago=4)

    assert open_tasks() == [TaskKind.NOT_MET]
    tell(pairing, "met", by=cadre_user)
    assert open_tasks() == []


def test_a_refusal_taken_back_lets_go_of_what_it_asked_for(pairing, cadre_user):
    tell(pairing, "refused", by=cadre_user, days_ago=1)
    visit = tell(pairing, "refused", by=cadre_user)

    take_back(visit=visit, by=cadre_user)

    assert open_tasks() == []


def test_a_visit_taken_back_that_had_met_them_asks_again(pairing, cadre_user):
    for days_ago in (2, 1):
        tell(pairing, "refused", by=cadre_user, days_ago=days_ago)
    visit = tell(pairing, "met", by=cadre_user)
    assert open_tasks() == []

    take_back(visit=visit, by=cadre_user)

    assert open_tasks() == [TaskKind.REFUSING]


def test_who_refuses_is_called_up_and_not_looked_for_on_the_street(
    phone, pairing, child, cadre_user
):
    for days_ago in (20, 19):
        tell(pairing, "refused", by=cadre_user, days_ago=days_ago)

    form_page = phone.get(reverse("visits:visit_new", args=[child.pk]))
    home = phone.get(reverse("visits:cadre_home")).content.decode()
    remind_of_sixes(now=NOW)

    assert form_page.context["form"]["way"].value() == "PHONE"
    assert "改为电话联系" in form_page.content.decode()
    assert "改为电话联系" in home
    assert not Reminder.objects.filter(cause="six").exists()


def test_the_form_says_met_unless_told_otherwise(phone, pairing, child):
    address = reverse("visits:visit_new", args=[child.pk])
    form = phone.get(address).context["form"]
    assert form["outcome"].value() == "met"

    phone.post(address, posted(pairing, outcome="refused", words="不愿见面"))
    phone.post(address, posted(pairing, words="身体平稳"))

    assert sorted(HomeVisit.objects.values_list("outcome", flat=True)) == [
        "met",
        "refused",
    ]
    assert PolicySheet.objects.count() == 1


def test_an_outcome_nobody_knows_is_sent_back(phone, pairing, child):
    address = reverse("visits:visit_new", args=[child.pk])

    page = phone.post(address, posted(pairing, outcome="vanished"))

    assert page.status_code == 422
    assert not HomeVisit.objects.exists()


def test_what_was_told_before_there_were_outcomes_keeps_its_fingerprint(child):
    told = note()

    same = fingerprint(note(outcome="met"), [child.pk])

    assert fingerprint(told, [child.pk]) == same
    assert fingerprint(note(outcome="refused"), [child.pk]) != same


def test_lists_show_how_it_went_and_can_ask_for_it(
    client, pairing, cadre_user, yongchang_office
):
    refused = tell(pairing, "refused", by=cadre_user)
    tell(pairing, "not_met", by=cadre_user)
    client.force_login(yongchang_office)
    address = reverse("visits:visit_list")

    everything = client.get(address).content.decode()
    only = client.get(address, {"outcome": "refused"}).context["page"].rows
    in_person = client.get(address, {"way": "visiting"}).context["page"].rows
    detail = client.get(reverse("visits:visit_detail", args=[refused.pk]))

    assert "入户(拒绝)" in everything
    assert "入户(未遇)" in everything
    assert only == in_person == [refused]
    assert "入户(拒绝)" in detail.content.decode()


def test_the_trail_tells_how_it_went(pairing, cadre_user):
    tell(pairing, "refused", by=cadre_user)

    assert Event.objects.get(kind="visit.logged").details["outcome"] == "refused"
