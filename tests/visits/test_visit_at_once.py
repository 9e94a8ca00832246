"""Many posts at the same moment, on real connections: one id, one visit."""

import datetime
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from audit.models import Event
from cadres.models import User
from policies.models import PolicySheet
from recipients.due import first_due
from recipients.models import Pairing
from tests import cast
from tests.visits.homes import residents, stops
from tests.visits.telling import DAY, log
from visits.models import HomeVisit
from visits.operations.rounds import log_round
from visits.operations.visits import Logged, ToldDifferently

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 100
CONNECTIONS = 20


def test_a_hundred_posts_of_one_visit_make_one(pairing, cadre_user):
    client_id = uuid.uuid4()

    answers = _all_at_once(
        [
            lambda: log(pairing, by=cadre_user, client_id=client_id, day=DAY)
            for _ in range(AT_ONCE)
        ]
    )

    assert [type(answer) for answer in answers] == [Logged] * AT_ONCE
    assert sum(answer.new for answer in answers) == 1
    assert len({answer.visit.pk for answer in answers}) == 1
    assert HomeVisit.objects.count() == Event.objects.count() == 1
    assert PolicySheet.objects.count() == 1


def test_one_id_for_two_families_at_once_makes_one_visit(pairing, cadre, cadre_user):
    second = cast.make_pairing(cast.make_recipient("王大山"), cadre)
    client_id = uuid.uuid4()

    answers = _all_at_once(
        [
            lambda whose=whose: log(whose, by=cadre_user, client_id=client_id)
            for whose in [pairing, second] * 20
        ]
    )

    assert HomeVisit.objects.count() == 1
    kinds = {type(answer) for answer in answers}
    assert kinds == {Logged, ToldDifferently}
    assert sum(isinstance(answer, Logged) and answer.new for answer in answers) == 1


def test_different_visits_at_once_leave_one_latest_sheet(pairing, child, other_cadre):
    mother = cast.make_pairing(child, other_cadre, kind="mother")
    tellers: list[tuple[Pairing, User]] = [
        (pairing, pairing.cadre.user),
        (mother, other_cadre.user),
    ]

    answers = _all_at_once(
        [lambda who=who: log(who[0], by=who[1]) for who in tellers * 15]
    )

    assert all(isinstance(answer, Logged) and answer.new for answer in answers)
    assert HomeVisit.objects.count() == PolicySheet.objects.count() == 30
    assert PolicySheet.objects.filter(latest=True).count() == 1


def test_of_visits_told_at_once_the_newest_says_when_the_next_is_due(
    pairing, cadre_user
):
    days = [DAY - datetime.timedelta(days=back) for back in range(30)]

    _all_at_once([lambda day=day: log(pairing, by=cadre_user, day=day) for day in days])

    pairing.refresh_from_db()
    assert HomeVisit.objects.count() == len(days)
    assert (pairing.last_contact_on, pairing.last_visit_on) == (DAY, DAY)
    assert pairing.next_due_on == first_due(pairing.recipient.category, DAY)


def test_a_round_posted_twenty_times_at_once_is_told_once(cadre, cadre_user):
    ten, client_id = residents(cadre), uuid.uuid4()

    answers = _all_at_once(
        [
            lambda: log_round(stops=stops(ten), client_id=client_id, by=cadre_user)
            for _ in range(20)
        ]
    )

    assert [type(answer) for answer in answers] == [Logged] * 20
    assert sum(answer.new for answer in answers) == 1
    assert HomeVisit.objects.count() == Event.objects.count() == 10


def test_rounds_and_visits_that_cross_wait_for_each_other(cadre, cadre_user):
    ten = residents(cadre)
    ways = [
        lambda told=told: log_round(
            stops=stops(told), client_id=uuid.uuid4(), by=cadre_user
        )
        for told in (ten, ten[::-1], ten[5:] + ten[:5])
    ]
    alone = [lambda one=one: log(one, by=cadre_user, findings=None) for one in ten]

    answers = _all_at_once([*ways * 4, *alone])

    assert [type(answer) for answer in answers] == [Logged] * len(answers)
    assert HomeVisit.objects.count() == 12 * 10 + 10


def _all_at_once(calls):
    """Run the calls on as many real connections as the server spares."""
    gate = threading.Barrier(CONNECTIONS)

    def run(calls_of_one):
        answers = []
        try:
            gate.wait(timeout=30)
            for call in calls_of_one:
                try:
                    answers.append(call())
                except ToldDifferently as refusal:
                    answers.append(refusal)
        finally:
            connection.close()
        return answers

    shares = [calls[start::CONNECTIONS] for start in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return [answer for part in pool.map(run, shares) for answer in part]
