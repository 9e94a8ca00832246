"""Logging a visit: what it brings along, and what is refused."""

import datetime
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from audit.models import Event
from casework.models import Need
from common.refusals import Refused
from policies.models import PolicySheet
from policies.operations import Finding
from recipients.enums import PairingStatus
from recipients.models import Household, VisitStandard
from tests import cast
from tests.visits.telling import ALL_ENJOYED, DAY, log
from visits.content import DeedNote, NeedNote
from visits.models import Campaign, HomeVisit, Reminder
from visits.operations.visits import ToldDifferently

TODAY = datetime.date(2026, 11, 23)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True):
        yield


def test_a_visit_moves_the_pairing_on(pairing, cadre_user):
    log(pairing, by=cadre_user)

    pairing.refresh_from_db()
    assert pairing.last_contact_on == pairing.last_visit_on == DAY
    assert pairing.next_due_on == DAY + datetime.timedelta(days=31)


def test_the_standard_set_for_the_year_wins(pairing, cadre_user):
    VisitStandard.objects.create(category="CHILD", year=2026, days_between=14)

    log(pairing, by=cadre_user)

    pairing.refresh_from_db()
    assert pairing.next_due_on == DAY + datetime.timedelta(days=14)


def test_a_call_is_a_contact_but_no_visit(pairing, cadre_user):
    log(pairing, by=cadre_user, way="PHONE")

    pairing.refresh_from_db()
    assert (pairing.last_contact_on, pairing.last_visit_on) == (DAY, None)


def test_an_older_visit_told_later_moves_nothing_back(pairing, cadre_user):
    log(pairing, by=cadre_user)
    log(pairing, by=cadre_user, day=DAY - datetime.timedelta(days=9))

    pairing.refresh_from_db()
    assert pairing.last_visit_on == pairing.last_contact_on == DAY
    assert pairing.next_due_on == DAY + datetime.timedelta(days=31)


def test_deeds_and_a_need_come_along(pairing, cadre_user):
    deeds = (
        DeedNote("deed", quantity=2),
        DeedNote("money", amount=Decimal("200.00"), words="学费"),
    )
    need = NeedNote("education", "想转到特教班", "soon")

    visit = log(pairing, by=cadre_user, deeds=deeds, need=need).visit

    assert sorted(visit.deeds.values_list("kind", "quantity", "amount")) == [
        ("deed", 2, Decimal(0)),
        ("money", 1, Decimal("200.00")),
    ]
    raised = Need.objects.get()
    assert raised.words == "想转到特教班"
    assert (raised.due_on - raised.raised_on).days == 7


def test_a_visit_leaves_one_event_without_private_words(pairing, cadre_user):
    log(pairing, by=cadre_user, words="孩子住院了")

    event = Event.objects.get()
    assert (event.kind, event.by) == ("visit.logged", str(cadre_user.pk))
    assert "住院" not in str(event.details) + event.subject_words


def test_the_words_are_sealed_at_rest(pairing, cadre_user):
    visit = log(pairing, by=cadre_user, words="孩子住院了").visit

    stored = HomeVisit.objects.extra(select={"raw": "words"}).get(pk=visit.pk).raw
    assert "孩子".encode() not in bytes(stored)
    assert HomeVisit.objects.get(pk=visit.pk).words == "孩子住院了"


def test_the_newest_sheet_by_its_day_stands(pairing, cadre_user):
    log(pairing, by=cadre_user)
    log(pairing, by=cadre_user, day=TODAY)
    log(pairing, by=cadre_user, day=DAY - datetime.timedelta(days=5))

    assert PolicySheet.objects.get(latest=True).checked_on == TODAY
    assert PolicySheet.objects.count() == 3


def test_a_sheet_holds_all_seven_or_is_refused(pairing, cadre_user):
    six = {key: ALL_ENJOYED[key] for key in list(ALL_ENJOYED)[:6]}

    with pytest.raises(Refused, match="七项"):
        log(pairing, by=cadre_user, findings=six)

    assert not HomeVisit.objects.exists()


def test_what_is_unclaimed_keeps_its_words_sealed(pairing, cadre_user):
    findings = {**ALL_ENJOYED, "disability": Finding("unclaimed", "证到期了")}

    visit = log(pairing, by=cadre_user, findings=findings).visit

    check = visit.sheet.checks.get(policy="disability")
    assert (check.state, check.words) == ("unclaimed", "证到期了")


def test_one_visit_can_cover_a_household(pairing, child, cadre, cadre_user):
    brother = cast.make_recipient("李小强", household=child.household)
    second = cast.make_pairing(brother, cadre)

    first = log(
        pairing, second, by=cadre_user, deeds=(DeedNote("deed", quantity=1),)
    ).visit

    rows = HomeVisit.objects.filter(together=first.together)
    assert {row.recipient_id for row in rows} == {child.pk, brother.pk}
    assert [row.deeds.count() for row in rows.order_by("recipient__name")] == [1, 0]
    assert rows.filter(sheet=None).get().recipient == brother
    second.refresh_from_db()
    assert second.last_visit_on == DAY


def test_two_families_are_not_one_visit(pairing, cadre, cadre_user):
    elsewhere = cast.make_recipient("王大山", household=_household())
    second = cast.make_pairing(elsewhere, cadre)

    with pytest.raises(Refused, match="一家"):
        log(pairing, second, by=cadre_user)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TODAY + datetime.timedelta(days=1), "不能晚于今天"),
        (datetime.date(1970, 1, 1), "太早"),
        (datetime.date(2025, 1, 31), "还没有结对"),
    ],
)
def test_a_day_that_cannot_be_is_refused(pairing, cadre_user, day, words):
    with pytest.raises(Refused, match=words):
        log(pairing, by=cadre_user, day=day)

    assert not HomeVisit.objects.exists()
    assert not Event.objects.exists()


def test_today_is_the_day_in_shanghai(pairing, cadre_user):
    # 00:30 in Shanghai, while it is still the day before by the clock in UTC.
    with time_machine.travel("2026-11-23T16:30:00+00:00"):
        assert log(pairing, by=cadre_user, day=datetime.date(2026, 11, 24)).new


def test_a_visit_made_before_the_end_is_accepted_after_it(pairing, cadre_user):
    _end(pairing, on=DAY)

    assert log(pairing, by=cadre_user, day=DAY).new
    with pytest.raises(Refused, match="结束"):
        log(pairing, by=cadre_user, day=DAY + datetime.timedelta(days=1))


def test_nobody_is_visited_after_leaving(pairing, child, cadre_user):
    child.status, child.left_on, child.left_reason = "left", DAY, "died"
    child.save()

    with pytest.raises(Refused, match="退出"):
        log(pairing, by=cadre_user, day=TODAY)
    assert log(pairing, by=cadre_user, day=DAY).new


def test_only_the_cadre_of_the_pairing_tells(pairing, other_cadre, liaison):
    with pytest.raises(Refused, match="本人"):
        log(pairing, by=other_cadre.user)
    with pytest.raises(PermissionDenied):
        log(pairing, by=liaison)


def test_a_cadre_cannot_mark_an_entry_as_late(pairing, cadre_user):
    with pytest.raises(Refused, match="本人"):
        log(pairing, by=cadre_user, late_entry=True)


def test_the_office_enters_late_even_before_the_pairing(pairing, yongchang_office):
    visit = log(
        pairing,
        by=yongchang_office,
        day=datetime.date(2025, 1, 31),
        late_entry=True,
        findings=None,
    ).visit

    assert visit.late_entry
    assert visit.cadre == pairing.cadre
    assert visit.entered_by == yongchang_office
    with pytest.raises(Refused, match="补录"):
        log(pairing, by=yongchang_office)


def test_a_campaign_counts_only_when_chosen_and_on_its_days(pairing, cadre_user):
    six = _campaign(starts_on=DAY, ends_on=TODAY)

    assert log(pairing, by=cadre_user).visit.campaign is None
    assert log(pairing, by=cadre_user, campaign_id=six.pk).visit.campaign == six
    with pytest.raises(Refused, match="不在走访这一天"):
        log(
            pairing,
            by=cadre_user,
            campaign_id=six.pk,
            day=DAY - datetime.timedelta(days=1),
        )


def test_a_campaign_of_the_other_county_is_refused(pairing, cadre_user):
    theirs = _campaign(area_id="620302000000", starts_on=DAY, ends_on=TODAY)

    with pytest.raises(Refused, match="所在的地方"):
        log(pairing, by=cadre_user, campaign_id=theirs.pk)


def test_a_visit_settles_what_asked_for_it(pairing, cadre_user):
    early = datetime.datetime(2026, 11, 19, 8, tzinfo=datetime.UTC)
    asked = Reminder.objects.create(
        pairing=pairing, cause="six", period=DAY, raised_at=early
    )
    later = Reminder.objects.create(
        pairing=pairing,
        cause="six",
        period=datetime.date(2026, 11, 26),
        raised_at=datetime.datetime(2026, 11, 22, 8, tzinfo=datetime.UTC),
    )

    log(pairing, by=cadre_user)

    asked.refresh_from_db()
    later.refresh_from_db()
    assert asked.done_at is not None
    assert later.done_at is None


def test_the_same_telling_twice_is_one_visit(pairing, cadre_user):
    client_id = uuid.uuid4()

    first = log(pairing, by=cadre_user, client_id=client_id)
    again = log(pairing, by=cadre_user, client_id=client_id, words="身体平稳 \r\n")

    assert (first.new, again.new) == (True, False)
    assert first.visit == again.visit
    assert HomeVisit.objects.count() == Event.objects.count() == 1


def test_the_same_id_with_other_content_is_refused_with_both(pairing, cadre_user):
    client_id = uuid.uuid4()
    first = log(pairing, by=cadre_user, client_id=client_id).visit

    with pytest.raises(ToldDifferently) as refusal:
        log(pairing, by=cadre_user, client_id=client_id, words="住院了")

    assert refusal.value.stored == first


def test_the_same_id_of_another_account_does_not_exist(pairing, other_cadre, child):
    client_id = uuid.uuid4()
    theirs = cast.make_pairing(child, other_cadre, kind="mother")
    log(pairing, by=pairing.cadre.user, client_id=client_id)

    with pytest.raises(HomeVisit.DoesNotExist):
        log(theirs, by=other_cadre.user, client_id=client_id)


def test_an_id_stands_once_whoever_writes(pairing, cadre_user):
    visit = log(pairing, by=cadre_user).visit

    with pytest.raises(IntegrityError, match="client_id"):
        HomeVisit.objects.create(
            client_id=visit.client_id,
            together=visit.together,
            recipient=visit.recipient,
            cadre=visit.cadre,
            organisation=visit.organisation,
            day=DAY,
            content_hash="0",
        )


def test_a_simple_visit_takes_few_statements(
    pairing, cadre_user, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10):
        log(pairing, by=cadre_user)


def _end(pairing, *, on):
    pairing.status = PairingStatus.ENDED
    pairing.ended_on, pairing.end_reason = on, "replaced"
    pairing.save()


def _campaign(**facts):
    return Campaign.objects.create(
        **{
            "name": "逢6上街",
            "kind": "six",
            "area_id": "620300000000",
            "nominal_on": DAY,
            **facts,
        }
    )


def _household():
    return Household.objects.create(area_id=cast.HEXIBAO)
