"""Edge case 33: somebody takes a carer's place while the carer is away (代管)."""

import datetime
import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction

from audit.models import Event
from audit.sentences import sentence
from cadres.enums import LeaveKind, Role
from cadres.models import Cadre, CadreLeave
from cadres.operations import cadres
from common.encryption import blind_index
from common.refusals import Refused
from jobs.models import Notice
from jobs.operations import run_sweep
from recipients.acting_carers import with_acting
from recipients.models import ActingCarer, CadreRelative, Pairing, Recipient
from recipients.operations import pairing_changes, pairing_handovers
from recipients.operations.acting import (
    agree_acting,
    change_leave,
    end_acting,
    propose_acting,
    return_acting,
    set_acting,
)
from recipients.pairing_queues import acting_asked, to_hand_over
from recipients.pairing_rules import households_of
from tests import cast
from tests.at_once import all_at_once
from visits.content import VisitNote
from visits.enums import ReminderCause
from visits.models import HomeVisit, Reminder
from visits.operations.nudges import remind_cadre
from visits.operations.rounds import Stop, log_round
from visits.operations.visits import log_visit
from visits.places import place_around
from visits.queries import families_of

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 25)
NIGHT, MORNING = "T23:59:00+08:00", "T00:01:00+08:00"


def after(days: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=days)


def on(days: int, hour: str = "T10:00:00+08:00"):
    return time_machine.travel(f"{after(days)}{hour}", tick=True)


@pytest.fixture(autouse=True)
def _today():
    with on(0):
        yield


@pytest.fixture
def leave(cadre, yongchang_office) -> CadreLeave:
    return away(cadre, yongchang_office)


@pytest.fixture
def other(unit) -> Cadre:
    """A colleague who may take the carer's place."""
    user = cast.make_user("other", Role.CADRE, name="张三")
    return cast.make_cadre("张三", unit, user=user)


@pytest.fixture
def acting(pairing, leave, other, yongchang_office) -> ActingCarer:
    """Who acts from the day after tomorrow to the leave's last day."""
    return act(pairing, other, yongchang_office, from_on=after(2))


def away(cadre: Cadre, by, *, first: int = 0, last: int = 90) -> CadreLeave:
    return cadres.take_leave(
        cadre=cadre,
        kind=LeaveKind.ILLNESS,
        from_on=after(first),
        until_on=after(last),
        by=by,
    )


def act(pairing: Pairing, cadre: Cadre, by, **told) -> ActingCarer:
    told = {"from_on": TODAY, "until_on": after(90)} | told
    return set_acting(pairings=[pairing], cadre=cadre, by=by, **told)[0]


def visit(pairing: Pairing, by, day: datetime.date, *, late: bool = False) -> HomeVisit:
    note = VisitNote(day=day, way="HOME", words="身体平稳")
    told = {"pairings": [pairing], "client_id": uuid.uuid4(), "note": note}
    return log_visit(**told, late_entry=late, by=by).visit


def seen_by(user) -> set:
    return set(Recipient.objects.visible_to(user).values_list("pk", flat=True))


def waiting() -> list[Pairing]:
    return list(to_hand_over(Pairing.objects.all()))


# who and when


def test_case_33_the_pairing_stays_the_first_carers(acting, pairing, cadre, other):
    pairing.refresh_from_db()

    assert (pairing.cadre, pairing.status) == (cadre, "active")
    assert pairing.recipient.pairings.active().count() == 1
    assert len(households_of(cadre)) == 1
    assert households_of(other) == set()


@pytest.mark.parametrize(
    ("days", "hour", "seen"),
    [
        (1, NIGHT, False),
        (2, MORNING, True),
        (90, NIGHT, True),
        (91, MORNING, False),
    ],
)
def test_case_33_the_person_is_seen_within_the_days_and_not_a_day_more(
    days, hour, seen, acting, other, child, cadre_user
):
    with on(days, hour):
        assert (child.pk in seen_by(other.user)) is seen
        assert Pairing.objects.visible_to(other.user).exists() is seen
        assert child.pk in seen_by(cadre_user)


def test_case_33_the_unit_of_who_acts_sees_the_person_as_well(
    pairing, leave, child, yongchang_office
):
    bureau = cast.make_organisation("永昌县水务局")
    liaison = cast.make_user("other_unit", Role.UNIT_LIAISON, organisation=bureau)
    assert child.pk not in seen_by(liaison)

    act(pairing, cast.make_cadre("孙丽", bureau), yongchang_office)

    assert child.pk in seen_by(liaison)
    with pytest.raises(Refused, match="本单位"):
        pairing_handovers.propose_handover(
            pairing=pairing,
            cadre=cast.make_cadre("周强", bureau),
            words="常去",
            by=liaison,
        )


def test_case_33_one_at_once_round_every_operation(acting):
    ActingCarer.objects.filter(pk=acting.pk).update(
        ended_on=after(5), ended_by=acting.agreed_by
    )
    acting.refresh_from_db()
    acting.pk, acting.ended_on, acting.ended_by = uuid.uuid4(), None, None

    acting.from_on = after(4)
    with (
        pytest.raises(IntegrityError, match="acting_one_at_once"),
        transaction.atomic(),
    ):
        acting.save(force_insert=True)
    acting.from_on = after(5)
    acting.save(force_insert=True)


def test_days_that_somebody_has_are_refused(acting, pairing, unit, yongchang_office):
    third = cast.make_cadre("周强", unit)

    with pytest.raises(Refused, match="已由张三代管"):
        act(pairing, third, yongchang_office)
    end_acting(acting=acting, by=yongchang_office)
    act(pairing, third, yongchang_office)


@pytest.mark.parametrize(("first", "last"), [(-1, 90), (0, 91)])
def test_only_within_a_leave_and_from_today_on(
    first, last, pairing, leave, other, yongchang_office
):
    with pytest.raises(Refused):
        act(
            pairing,
            other,
            yongchang_office,
            from_on=after(first),
            until_on=after(last),
        )


def test_nobody_acts_for_themselves(pairing, leave, cadre, yongchang_office):
    with pytest.raises(Refused, match="另一名"):
        act(pairing, cadre, yongchang_office)


def test_nobody_out_of_office_acts(pairing, leave, other, yongchang_office):
    cadres.leave_post(cadre=other, on=TODAY, by=yongchang_office)

    with pytest.raises(Refused, match="离岗"):
        act(pairing, other, yongchang_office)


def test_nobody_who_is_away_as_well_acts(pairing, leave, other, yongchang_office):
    away(other, yongchang_office, first=80, last=85)

    with pytest.raises(Refused, match="也有请假"):
        act(pairing, other, yongchang_office)


def test_a_declared_relative_does_not_act(
    pairing, leave, other, child, yongchang_office
):
    CadreRelative.objects.create(
        cadre=other,
        relation="parent",
        name=child.name,
        resident_id=child.resident_id,
        resident_id_index=blind_index(child.resident_id),
        declared_by=other.user,
    )

    with pytest.raises(Refused, match="回避"):
        act(pairing, other, yongchang_office)


@pytest.mark.django_db(transaction=True)
def test_case_33_of_many_at_once_one_is_set(pairing, leave, unit, yongchang_office):
    rivals = [cast.make_cadre(f"干部{number}", unit) for number in range(8)]

    outcomes = all_at_once(
        [lambda one=one: act(pairing, one, yongchang_office) for one in rivals]
    )

    assert outcomes == {"done": 1, "refused": 7}


# four eyes


def test_case_33_a_unit_proposes_and_the_county_agrees(
    pairing, leave, other, liaison, yongchang_office
):
    told = {"from_on": TODAY, "until_on": after(90)}
    (asked,) = propose_acting(pairings=[pairing], cadre=other, by=liaison, **told)
    assert seen_by(other.user) == set()
    assert list(acting_asked(Pairing.objects.all())) == [pairing]
    with pytest.raises(Refused, match="待审核"):
        propose_acting(pairings=[pairing], cadre=other, by=liaison, **told)

    agree_acting(acting=asked, by=yongchang_office)

    assert pairing.recipient_id in seen_by(other.user)
    assert list(acting_asked(Pairing.objects.all())) == []


def test_a_proposal_goes_back_with_the_reason(
    pairing, leave, other, liaison, yongchang_office
):
    told = {"from_on": TODAY, "until_on": after(90)}
    (asked,) = propose_acting(pairings=[pairing], cadre=other, by=liaison, **told)

    return_acting(acting=asked, words="另有安排", by=yongchang_office)

    assert seen_by(other.user) == set()
    with pytest.raises(Refused, match="已经审核过"):
        agree_acting(acting=asked, by=yongchang_office)


def test_a_township_does_not_decide(pairing, leave, other, hexibao_office):
    with pytest.raises(Refused, match="县区或市"):
        act(pairing, other, hexibao_office)


def test_a_unit_proposes_only_among_its_own(pairing, leave, liaison):
    stranger = cast.make_cadre("孙丽", cast.make_organisation("永昌县水务局"))

    with pytest.raises(Refused, match="本单位"):
        propose_acting(
            pairings=[pairing],
            cadre=stranger,
            from_on=TODAY,
            until_on=after(90),
            by=liaison,
        )


# visits


def test_case_33_a_visit_is_of_whoever_made_it_and_moves_the_pairing_on(
    acting, pairing, other, cadre
):
    with on(2):
        made = visit(pairing, other.user, after(2))

    assert (made.cadre, made.pairing, made.organisation) == (
        other,
        pairing,
        other.organisation,
    )
    assert made.made_by_acting
    assert not made.written_by_another
    pairing.refresh_from_db()
    assert pairing.last_visit_on == after(2)


@pytest.mark.parametrize(("told_on", "day"), [(2, 1), (91, 91)])
def test_case_33_a_day_before_or_after_is_not_theirs_to_tell(
    told_on, day, acting, pairing, other
):
    with on(told_on), pytest.raises(Refused, match="不由您代管"):
        visit(pairing, other.user, after(day))


def test_the_last_day_may_be_told_the_day_after(acting, pairing, other):
    with on(91):
        assert visit(pairing, other.user, after(90)).cadre == other


def test_the_office_enters_a_late_visit_under_who_acted_on_the_day(
    acting, pairing, other, cadre, yongchang_office
):
    with on(3):
        first = visit(pairing, yongchang_office, TODAY, late=True)
        then = visit(pairing, yongchang_office, after(2), late=True)

    assert (first.cadre, then.cadre) == (cadre, other)


def test_who_never_acted_tells_nothing(pairing, leave, other):
    with pytest.raises(Refused, match="代管干部"):
        visit(pairing, other.user, TODAY)


# reminders


def test_case_33_what_is_due_is_the_acting_ones_and_the_first_hears_nothing(
    acting, pairing, other, cadre_user
):
    Pairing.objects.filter(pk=pairing.pk).update(next_due_on=after(-3))
    first, then = cadre_user, other.user

    # A Wednesday before, and a Friday within the days.
    for days, told in ((0, first), (2, then)):
        with on(days):
            run_sweep(name="due_and_overdue", now=now(days))
            run_sweep(name="daily_digest", now=now(days))
            shown = Reminder.objects.visible_to
            assert shown(told).filter(cause=ReminderCause.DUE).exists()
            other_one = then if told is first else first
            assert not shown(other_one).exists()
    digests = Notice.objects.filter(kind="visit.digest")
    assert [notice.to for notice in digests.order_by("pk")] == [first, then]


def now(days: int) -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"{after(days)}T07:30:00+08:00")


def test_the_home_of_each_says_whose_the_family_is_now(
    acting, pairing, other, cadre_user
):
    Pairing.objects.filter(pk=pairing.pk).update(next_due_on=after(-3))
    with on(2):
        (theirs,) = families_of(other.user, after(2))
        (own,) = families_of(cadre_user, after(2))

    assert (theirs.due.kind, theirs.lent) == ("late", False)
    assert (own.due.words, own.lent) == ("张三代管中", True)


def test_the_offices_word_goes_to_who_acts(
    acting, pairing, other, cadre_user, yongchang_office
):
    with on(2):
        remind_cadre(pairing=pairing, by=yongchang_office)

    told = Notice.objects.filter(kind="visit.asked")
    assert [notice.to for notice in told] == [other.user]


# work for the office


def test_case_33_a_long_leave_is_no_work_once_somebody_acts_to_its_end(
    pairing, leave, other, yongchang_office
):
    assert waiting() == [pairing]

    act(pairing, other, yongchang_office)

    assert waiting() == []


def test_case_33_what_is_covered_only_in_part_stays_work(
    pairing, leave, other, unit, yongchang_office
):
    act(pairing, other, yongchang_office, until_on=after(30))
    assert waiting() == [pairing]

    act(pairing, cast.make_cadre("周强", unit), yongchang_office, from_on=after(31))
    assert waiting() == []


def test_a_gap_is_work_when_it_comes(acting, pairing):
    assert waiting() == [pairing]
    with on(2):
        assert waiting() == []


def test_case_33_who_acts_and_leaves_makes_work_and_sees_nobody(
    acting, pairing, other, child, yongchang_office
):
    with on(2):
        assert waiting() == []

        cadres.leave_post(cadre=other, on=after(2), by=yongchang_office)

        assert waiting() == [pairing]
        assert with_acting([pairing], after(2)) == {}
        assert child.pk not in seen_by(other.user)


def test_case_33_who_acts_and_goes_on_leave_makes_work(
    acting, pairing, other, yongchang_office
):
    with on(2):
        away(other, yongchang_office, first=10, last=12)

        assert waiting() == [pairing]


def test_case_33_a_leave_that_ends_early_ends_the_acting(
    acting, leave, pairing, child, other, yongchang_office
):
    with on(10):
        assert child.pk in seen_by(other.user)

        change_leave(leave=leave, until_on=after(9), by=yongchang_office)

        assert child.pk not in seen_by(other.user)
        assert waiting() == []
    acting.refresh_from_db()
    assert (acting.ended_on, acting.ended_by) == (after(10), yongchang_office)


def test_case_33_a_leave_that_will_end_early_shortens_the_acting(
    acting, leave, yongchang_office
):
    change_leave(leave=leave, until_on=after(20), by=yongchang_office)

    acting.refresh_from_db()
    assert (acting.until_on, acting.ended_on) == (after(20), None)


def test_case_33_a_leave_that_grows_is_work_again(
    acting, leave, pairing, yongchang_office
):
    with on(2):
        change_leave(leave=leave, until_on=after(120), by=yongchang_office)

        assert waiting() == [pairing]
        assert with_acting([pairing], after(2))


def test_a_leave_does_not_grow_into_another(cadre, leave, yongchang_office):
    away(cadre, yongchang_office, first=100, last=110)

    with pytest.raises(Refused, match="登记过"):
        change_leave(leave=leave, until_on=after(100), by=yongchang_office)


def test_only_who_keeps_the_unit_changes_a_leave(leave, jinchuan_office, unit):
    unit.area_id = "620321000000"
    unit.save(update_fields=["area"])

    with pytest.raises(Refused, match="不归本账号"):
        change_leave(leave=leave, until_on=after(5), by=jinchuan_office)


def test_case_33_a_pairing_that_is_handed_over_is_acted_for_no_longer(
    acting, pairing, child, other, unit, yongchang_office
):
    with on(2):
        pairing_handovers.hand_over(
            pairing=pairing,
            cadre=cast.make_cadre("周强", unit),
            on=after(2),
            words="接着看",
            by=yongchang_office,
        )

        assert child.pk not in seen_by(other.user)


def test_a_pairing_that_rests_is_acted_for_again_when_it_goes_on(
    acting, pairing, child, other, yongchang_office
):
    with on(2):
        pairing_changes.pause(pairing=pairing, reason="住院", by=yongchang_office)
        assert child.pk not in seen_by(other.user)

        pairing_changes.resume(pairing=pairing, by=yongchang_office)
        assert child.pk in seen_by(other.user)


def test_what_was_done_is_told_in_the_trail(acting, other, leave, yongchang_office):
    end_acting(acting=acting, by=yongchang_office)

    told = Event.objects.filter(kind__startswith="acting.").order_by("pk")
    assert [sentence(event) for event in told] == ["安排了代管", "结束了代管"]
    bell = Notice.objects.filter(to=other.user).values_list("kind", flat=True)
    assert sorted(bell) == ["acting.asked", "acting.over"]


def test_a_round_is_of_who_acts_as_well(acting, pairing, other):
    with on(2):
        note = VisitNote(day=after(2), way="HOME", words="身体平稳")
        place = place_around(other.user, pairing.pk)
        logged = log_round(
            stops=[Stop(pairing, note)], client_id=uuid.uuid4(), by=other.user
        )

    assert place is not None
    assert logged.visit.cadre == other
    with on(91):
        assert place_around(other.user, pairing.pk) is None
