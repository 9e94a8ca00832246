"""The edge cases of people and households, one by one (domain edge cases 1 to 31)."""

import datetime
import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cadres.models import Area, User
from casework.models import Need
from casework.operations import report_harm
from common import resident_id
from common.refusals import Refused
from common.resident_id import IdError, check_digit
from common.search_text import SearchQuery
from jobs.models import Notice
from jobs.operations import run_sweep
from recipients.enums import (
    Category,
    EndReason,
    IdState,
    LeaveReason,
    PairingStatus,
    PauseReason,
    RecipientStatus,
    Relation,
    TaskKind,
    TaskState,
)
from recipients.forms.people import PersonForm
from recipients.models import (
    CountedPeriod,
    DisabilityPeriod,
    Guardian,
    HouseholdMember,
    LifeTask,
    Pairing,
    Recipient,
    Transfer,
)
from recipients.operations import (
    categories,
    families,
    households,
    moves,
    pairing_changes,
    pairing_handovers,
    pairings,
    people,
    standing,
    tasks,
)
from recipients.operations.people import ELSEWHERE, AlreadyFiled
from recipients.person_facts import PersonFacts
from recipients.queries import search
from reports import indicators
from tests import cast
from visits import festival_plans
from visits.calendar import Festival
from visits.content import VisitNote
from visits.models import HomeVisit
from visits.operations.rounds import Stop, log_round
from visits.operations.visits import log_visit

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 25)
NEXT_TOWN = "620321104000"
NUMBER = "620321196503129019"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-25T10:00:00+08:00", tick=True):
        yield


def town(code: str) -> Area:
    return Area.objects.get(pk=code)


def facts(**told) -> PersonFacts:
    return PersonFacts(
        **{
            "name": "王秀花",
            "category": Category.DESTITUTE,
            "area": town(cast.HEXIBAO),
            "resident_id": NUMBER,
            **told,
        }
    )


def on_file(person: Recipient) -> PersonFacts:
    return PersonFacts.of(person, people.first_guardian(person))


def note(**told) -> VisitNote:
    return VisitNote(**{"day": TODAY, "way": "HOME", "words": "身体平稳", **told})


def visit(person: Recipient, pairing: Pairing, day: datetime.date, way="HOME"):
    return HomeVisit.objects.create(
        client_id=uuid.uuid4(),
        together=uuid.uuid4(),
        recipient=person,
        cadre=pairing.cadre,
        pairing=pairing,
        organisation=pairing.cadre.organisation,
        day=day,
        way=way,
        words="身体平稳",
        content_hash="0" * 64,
    )


def counted(area: str) -> tuple[int, int]:
    figures = indicators.people(town(area))
    return figures.persons, figures.households


def test_case_1_two_of_one_household_are_two_persons_and_one_household(child):
    cast.make_recipient("李大伟", household=child.household)

    assert counted(cast.HEXIBAO) == (2, 1)


def test_case_2_a_person_is_counted_once_in_one_category(areas):
    cast.make_recipient("李大伟", category=Category.DISABLED, also=["DESTITUTE"])

    figures = indicators.people(town(cast.HEXIBAO))
    assert sum(figures.by_category.values()) == figures.persons == 1


def test_case_3_a_birthday_to_18_waits_until_the_office_has_decided(
    child, yongchang_office
):
    Recipient.objects.filter(pk=child.pk).update(birth_on="2008-12-20")
    now = datetime.datetime(2026, 11, 25, 4, tzinfo=datetime.UTC)
    assert tasks.raise_adults(now=now) == 1
    assert tasks.raise_adults(now=now) == 0
    task = LifeTask.objects.get()
    assert (task.kind, str(task.due_on)) == ("adult", "2026-12-20")
    child.refresh_from_db()
    assert child.category == Category.CHILD

    tasks.settle(task=task, words="在读高中三年级", by=yongchang_office)
    assert tasks.raise_adults(now=now) == 0

    next_year = now + datetime.timedelta(days=400)
    with time_machine.travel(next_year):
        assert tasks.raise_adults(now=next_year) == 1


def test_case_3_a_child_far_from_18_is_not_asked_about(child):
    Recipient.objects.filter(pk=child.pk).update(birth_on="2009-06-01")

    assert tasks.raise_adults(now=datetime.datetime.now(datetime.UTC)) == 0


def test_case_3_another_category_or_leaving_answers_it(child, yongchang_office):
    Recipient.objects.filter(pk=child.pk).update(birth_on="2008-12-20")
    now = datetime.datetime.now(datetime.UTC)
    tasks.raise_adults(now=now)

    categories.change_category(
        recipient=child,
        category=Category.DESTITUTE,
        on=TODAY,
        words="转特困",
        by=yongchang_office,
    )

    task = LifeTask.objects.get()
    assert (task.state, task.deed) == (TaskState.DONE, "改为特困家庭")
    Recipient.objects.filter(pk=child.pk).update(category=Category.CHILD)
    LifeTask.objects.all().delete()
    tasks.raise_adults(now=now)
    standing.leave(
        recipient=child, reason=LeaveReason.NO_LONGER, on=TODAY, by=yongchang_office
    )
    assert LifeTask.objects.get().state == TaskState.MOOT


def test_case_3_figures_go_by_the_state_on_the_day(child, yongchang_office):
    categories.change_category(
        recipient=child,
        category=Category.DESTITUTE,
        on=datetime.date(2026, 11, 20),
        words="转特困",
        by=yongchang_office,
    )

    period = CountedPeriod.objects.get()
    assert (period.category, str(period.until_on)) == ("CHILD", "2026-11-20")
    child.refresh_from_db()
    assert child.category == Category.DESTITUTE


def test_case_3_an_adult_does_not_become_a_child(areas, yongchang_office):
    person = cast.make_recipient("王大山", birth_on=datetime.date(1965, 3, 12))

    with pytest.raises(Refused, match="18 周岁"):
        categories.change_category(
            recipient=person,
            category=Category.CHILD,
            on=TODAY,
            words="有误",
            by=yongchang_office,
        )


def test_case_4_a_death_ends_pairings_and_moots_what_waited(
    child, pairing, yongchang_office, cadre_user
):
    need = Need.objects.create(
        recipient=child, words="想转学", raised_on=TODAY, due_on=TODAY
    )
    tasks.raise_task(child, TaskKind.MOVED, due_on=TODAY)

    died = datetime.date(2026, 11, 20)
    standing.leave(
        recipient=child, reason=LeaveReason.DIED, on=died, by=yongchang_office
    )

    pairing.refresh_from_db()
    need.refresh_from_db()
    assert (pairing.status, pairing.end_reason) == (
        PairingStatus.ENDED,
        EndReason.DIED,
    )
    assert need.status == "declined"
    assert "对象去世" in need.answer
    assert LifeTask.objects.get().state == TaskState.MOOT
    with pytest.raises(Refused, match="退出"):
        log_visit(
            pairings=[pairing],
            client_id=uuid.uuid4(),
            note=note(day=TODAY),
            by=cadre_user,
        )


def test_case_5_a_death_reported_wrongly_opens_the_same_file(
    child, pairing, yongchang_office
):
    standing.leave(
        recipient=child, reason=LeaveReason.DIED, on=TODAY, by=yongchang_office
    )

    person = standing.return_to_file(recipient=child, words="误报", by=yongchang_office)

    assert (person.pk, person.code) == (child.pk, child.code)
    assert person.status == RecipientStatus.ON_FILE
    assert person in Recipient.objects.unpaired()


def test_case_6_a_heads_death_asks_for_another_and_the_carer_goes_on(
    child, pairing, cadre, yongchang_office
):
    families.name_head(recipient=child, by=yongchang_office)
    brother = cast.make_recipient("李大伟", household=child.household)
    cast.make_pairing(brother, cadre)

    standing.leave(
        recipient=child, reason=LeaveReason.DIED, on=TODAY, by=yongchang_office
    )
    task = LifeTask.objects.get(kind=TaskKind.HEAD)
    assert task.recipient == brother
    families.name_head(recipient=brother, by=yongchang_office)

    task.refresh_from_db()
    brother.refresh_from_db()
    assert (task.state, brother.relation) == (TaskState.DONE, Relation.HEAD)
    assert brother.pairings.active().get().cadre == cadre


def test_case_6_a_member_without_a_file_may_be_the_next_head(child, yongchang_office):
    families.name_head(recipient=child, by=yongchang_office)
    member = families.add_member(
        recipient=child, name="李奶奶", relation=Relation.SPOUSE, by=yongchang_office
    )

    families.name_head(recipient=child, member=member, by=yongchang_office)

    member.refresh_from_db()
    child.refresh_from_db()
    assert (member.relation, child.relation) == (Relation.HEAD, Relation.OTHER)


def test_case_6_two_heads_are_refused_by_the_database(child):
    Recipient.objects.filter(pk=child.pk).update(relation=Relation.HEAD)

    with pytest.raises(IntegrityError, match="one_head"), transaction.atomic():
        cast.make_recipient("李大伟", household=child.household, relation="02")


def test_case_7_who_moves_out_takes_the_visits_along(child, pairing, yongchang_office):
    brother = cast.make_recipient("李大伟", household=child.household)
    made = visit(child, pairing, TODAY)

    households.split_household(recipient=brother, by=yongchang_office)
    assert counted(cast.HEXIBAO) == (2, 2)
    households.join_household(recipient=brother, member=child, by=yongchang_office)

    made.refresh_from_db()
    assert counted(cast.HEXIBAO) == (2, 1)
    assert made.recipient == child


def test_case_8_a_move_leaves_the_old_townships_figures_as_they_were(
    child, pairing, yongchang_office, hexibao_office
):
    visit(child, pairing, datetime.date(2026, 11, 5))
    before = datetime.date(2026, 11, 9)
    month = (datetime.date(2026, 11, 1), datetime.date(2026, 11, 30))

    moves.move(
        recipients=[child],
        area=town(NEXT_TOWN),
        village="河沿村",
        on=datetime.date(2026, 11, 10),
        by=yongchang_office,
    )

    assert indicators.persons_on(town(cast.HEXIBAO), before) == 1
    assert indicators.persons_on(town(NEXT_TOWN), before) == 0
    assert indicators.persons_on(town(cast.HEXIBAO), TODAY) == 0
    assert indicators.persons_on(town(NEXT_TOWN), TODAY) == 1
    assert indicators.contacts(town(cast.HEXIBAO), *month) == 1
    assert indicators.contacts(town(NEXT_TOWN), *month) == 0
    shares = indicators.visited_by_township(town("620321000000"), TODAY)
    assert set(shares) == {NEXT_TOWN}
    assert child.pairings.active().get() == pairing


def test_case_8_reach_follows_the_same_second_and_the_new_office_gets_work(
    client, child, pairing, yongchang_office, hexibao_office
):
    moves.move(recipients=[child], area=town(NEXT_TOWN), on=TODAY, by=yongchang_office)
    office = cast.office("nexttown", NEXT_TOWN)

    assert not Recipient.objects.visible_to(hexibao_office).exists()
    assert Recipient.objects.visible_to(office).get() == child
    assert LifeTask.objects.visible_to(office).get().kind == TaskKind.MOVED
    assert not LifeTask.objects.visible_to(hexibao_office).exists()
    client.force_login(office)
    page = client.get(reverse("recipients:task_list")).content.decode()
    assert "原结对干部继续" in page
    assert "换结对干部" in page


def test_case_8_handing_over_or_keeping_answers_the_task(
    child, pairing, other_cadre, yongchang_office
):
    moves.move(recipients=[child], area=town(NEXT_TOWN), on=TODAY, by=yongchang_office)

    pairing_handovers.hand_over(
        pairing=pairing,
        cadre=other_cadre,
        on=TODAY,
        words="对象迁到外镇",
        by=yongchang_office,
    )

    assert LifeTask.objects.get().deed == "交接给马兰"


def test_case_8_a_whole_household_moves_and_one_who_stays_keeps_it(
    child, yongchang_office
):
    brother = cast.make_recipient("李大伟", household=child.household)
    home = child.household_id

    moves.move(
        recipients=[child, brother],
        area=town(NEXT_TOWN),
        on=TODAY,
        by=yongchang_office,
    )
    child.refresh_from_db()
    assert (child.household_id, child.household.area_id) == (home, NEXT_TOWN)

    moves.move(
        recipients=[brother], area=town(cast.HEXIBAO), on=TODAY, by=yongchang_office
    )
    brother.refresh_from_db()
    assert brother.household_id != home


def test_case_8_a_second_move_cannot_count_before_the_first(child, yongchang_office):
    moves.move(recipients=[child], area=town(NEXT_TOWN), on=TODAY, by=yongchang_office)

    with pytest.raises(Refused, match="不能早于"):
        moves.move(
            recipients=[child],
            area=town(cast.HEXIBAO),
            on=datetime.date(2026, 11, 1),
            by=yongchang_office,
        )


def test_case_9_another_county_has_to_accept_and_until_then_the_first_owns(
    child, pairing, yongchang_office, jinchuan_office
):
    with pytest.raises(Refused, match="转接"):
        moves.move(
            recipients=[child],
            area=town(cast.SHUANGWAN),
            on=TODAY,
            by=yongchang_office,
        )
    transfer = moves.propose_transfer(
        recipient=child,
        area=town(cast.SHUANGWAN),
        on=TODAY,
        words="随母亲居住",
        by=yongchang_office,
    )
    assert Recipient.objects.visible_to(yongchang_office).exists()
    assert not Recipient.objects.visible_to(jinchuan_office).exists()
    with pytest.raises(Refused, match="迁入地"):
        moves.accept_transfer(transfer=transfer, by=yongchang_office)

    moves.accept_transfer(transfer=transfer, by=jinchuan_office)

    assert not Recipient.objects.visible_to(yongchang_office).exists()
    assert Recipient.objects.visible_to(jinchuan_office).get() == child
    assert child.pairings.active().get() == pairing
    assert LifeTask.objects.visible_to(jinchuan_office).count() == 1


def test_case_9_a_returned_transfer_changes_nothing(
    client, child, yongchang_office, jinchuan_office
):
    transfer = moves.propose_transfer(
        recipient=child,
        area=town(cast.SHUANGWAN),
        on=TODAY,
        words="随母亲居住",
        by=yongchang_office,
    )
    client.force_login(jinchuan_office)
    page = client.get(reverse("recipients:transfer_list")).content.decode()
    assert "李小伟" not in page
    assert "随母亲居住" in page

    client.post(
        reverse("recipients:transfer_return", args=[transfer.pk]),
        {"words": "查无此人"},
    )

    assert Transfer.objects.get().status == "returned"
    assert Recipient.objects.visible_to(yongchang_office).get() == child


def test_case_9_out_of_the_city_is_leaving(child, pairing, yongchang_office):
    standing.leave(
        recipient=child, reason=LeaveReason.MOVED, on=TODAY, by=yongchang_office
    )

    pairing.refresh_from_db()
    assert pairing.end_reason == EndReason.MOVED


def test_case_10_visits_and_figures_go_by_residence_not_by_the_id(areas):
    person = cast.make_recipient("王大山", area=cast.SHUANGWAN)
    assert person.resident_id.startswith("620321")

    assert counted(cast.SHUANGWAN) == (1, 1)
    assert counted(cast.HEXIBAO) == (0, 0)


def test_case_11_who_lives_in_a_home_is_a_household_alone_visited_there(
    child, pairing, yongchang_office, cadre_user
):
    cast.make_recipient("李大伟", household=child.household)
    home = cast.make_organisation("永昌县福利院", kind="home")

    families.place_in_institution(
        recipient=child, institution=home, on=TODAY, by=yongchang_office
    )
    made = log_visit(
        pairings=[Pairing.objects.get(pk=pairing.pk)],
        client_id=uuid.uuid4(),
        note=note(way="CENTRE"),
        by=cadre_user,
    )

    child.refresh_from_db()
    assert child.household.institution == home
    assert counted(cast.HEXIBAO) == (2, 2)
    assert made.visit.way == "CENTRE"
    assert indicators.visited_households(town(cast.HEXIBAO), TODAY).done == 1


def test_case_11_a_visit_to_ten_residents_is_ten_households_visited(
    cadre, cadre_user, yongchang_office
):
    home = cast.make_organisation("永昌县福利院", kind="home")
    ten = [cast.make_recipient(f"老人{number}") for number in range(10)]
    pairings = [cast.make_pairing(person, cadre) for person in ten]
    for person in ten:
        families.place_in_institution(
            recipient=person, institution=home, on=TODAY, by=yongchang_office
        )

    log_round(
        stops=[Stop(pairing, note(way="CENTRE")) for pairing in pairings],
        client_id=uuid.uuid4(),
        by=cadre_user,
    )

    assert HomeVisit.objects.count() == 10
    assert indicators.visited_households(town(cast.HEXIBAO), TODAY).done == 10


def test_case_11_only_a_home_takes_residents(child, unit, yongchang_office):
    with pytest.raises(Refused, match="福利机构"):
        families.place_in_institution(
            recipient=child, institution=unit, on=TODAY, by=yongchang_office
        )


def test_case_12_a_visit_in_hospital_counts_as_a_visit(child, pairing):
    visit(child, pairing, TODAY, way="HOSPITAL")

    assert indicators.visited_households(town(cast.HEXIBAO), TODAY).done == 1


def test_case_13_a_call_to_who_is_away_counts_as_contact_not_as_a_visit(child, pairing):
    visit(child, pairing, TODAY, way="VIDEO")

    assert indicators.contacts(town(cast.HEXIBAO), TODAY, TODAY) == 1
    assert indicators.visited_households(town(cast.HEXIBAO), TODAY).done == 0


def test_case_13_a_festival_may_be_met_by_video(
    child, pairing, cadre_user, yongchang_office
):
    standing.pause_person(
        recipient=child, reason=PauseReason.AWAY, words="务工", by=yongchang_office
    )
    festival = festival_plans.planned(
        Festival("DOUBLE_NINTH", "重阳节", TODAY), town("620300000000")
    )
    festival.save()

    note = VisitNote(
        day=TODAY,
        way="VIDEO",
        words="",
        occasion="FESTIVAL",
        campaign_id=festival.pk,
    )
    log_visit(pairings=[pairing], client_id=uuid.uuid4(), note=note, by=cadre_user)

    pairing.refresh_from_db()
    assert festival.visits.standing().get().recipient == child
    assert (pairing.last_contact_on, pairing.last_visit_on) == (TODAY, None)


@pytest.mark.parametrize(
    ("reason", "days"), [(PauseReason.HOSPITAL, 30), (PauseReason.AWAY, 180)]
)
def test_cases_12_and_13_a_long_stay_is_looked_at_when_its_time_is_over(
    reason, days, child, pairing, yongchang_office
):
    standing.pause_person(
        recipient=child, reason=reason, words="兰州", by=yongchang_office
    )

    task = LifeTask.objects.get()
    assert (task.kind, task.due_on) == (
        TaskKind.PAUSED,
        TODAY + datetime.timedelta(days=days),
    )
    assert LifeTask.objects.waiting(task.due_on).exists()
    assert child.pairings.active().get() == pairing
    assert child not in Recipient.objects.unpaired()

    child.refresh_from_db()
    standing.resume_person(recipient=child, by=yongchang_office)
    assert not LifeTask.objects.open().exists()


def test_case_13_nobody_is_away_for_more_than_180_days(child, yongchang_office):
    with pytest.raises(Refused, match="180 天"):
        standing.pause_person(
            recipient=child,
            reason=PauseReason.AWAY,
            words="务工",
            until=TODAY + datetime.timedelta(days=181),
            by=yongchang_office,
        )


def test_case_14_the_children_of_one_in_custody_are_asked_about(
    child, pairing, yongchang_office
):
    Recipient.objects.filter(pk=child.pk).update(birth_on=datetime.date(2015, 3, 4))
    father = cast.make_recipient("李大伟", household=child.household)

    standing.pause_person(
        recipient=father,
        reason=PauseReason.CUSTODY,
        words="监狱服刑",
        by=yongchang_office,
    )

    task = LifeTask.objects.get()
    assert (task.recipient, task.kind) == (child, TaskKind.DE_FACTO)


def test_case_15_a_missing_person_is_looked_for_and_stays_on_file(
    client, child, pairing, yongchang_office
):
    client.force_login(yongchang_office)
    address = reverse("recipients:recipient_pause", args=[child.pk])
    client.post(address, {"reason": "unreachable", "words": "两个月联系不上"})

    child.refresh_from_db()
    assert child.status == RecipientStatus.PAUSED
    assert child.pairings.active().get() == pairing
    page = client.get(reverse("recipients:task_list")).content.decode()
    assert "失联,须会同公安查找" in page


def test_case_15_after_60_days_without_contact_the_offices_are_asked(
    client, child, pairing, cadre_user, yongchang_office
):
    for days_ago in (60, 30):
        log_visit(
            pairings=[pairing],
            client_id=uuid.uuid4(),
            note=note(day=TODAY - datetime.timedelta(days=days_ago), outcome="not_met"),
            by=cadre_user,
        )

    run_sweep(name="unreachable", now=timezone.now())

    child.refresh_from_db()
    assert child.status == RecipientStatus.ON_FILE
    assert Need.objects.get().urgency == "urgent"
    client.force_login(yongchang_office)
    page = client.get(reverse("recipients:task_list")).content.decode()
    assert "60天联系不上,须定是否失联" in page
    client.post(
        reverse("recipients:recipient_pause", args=[child.pk]),
        {"reason": "unreachable", "words": "村里也不知去向"},
    )
    kinds = LifeTask.objects.open().values_list("kind", flat=True)
    assert list(kinds) == [TaskKind.MISSING]


def test_case_16_who_refuses_twice_is_visited_by_the_township_and_called_up(
    client, child, pairing, cadre_user, yongchang_office
):
    for _ in range(2):
        log_visit(
            pairings=[pairing],
            client_id=uuid.uuid4(),
            note=note(words="不愿见面", outcome="refused"),
            by=cadre_user,
        )

    pairing.refresh_from_db()
    child.refresh_from_db()
    assert pairing.last_visit_on == TODAY
    assert child.status == RecipientStatus.ON_FILE
    client.force_login(yongchang_office)
    page = client.get(reverse("recipients:task_list")).content.decode()
    assert "两次拒绝走访,须乡镇上门一次" in page
    client.force_login(cadre_user)
    form = client.get(reverse("visits:visit_new", args=[child.pk])).context["form"]
    assert form["way"].value() == "PHONE"


def test_case_16_who_wants_to_leave_does_so_with_words_on_the_file(
    child, yongchang_office
):
    person = standing.leave(
        recipient=child, reason=LeaveReason.WISHED, on=TODAY, by=yongchang_office
    )

    assert person.get_left_reason_display() == "自愿退出"


def test_case_17_an_id_that_comes_later_goes_onto_the_same_file(
    yongchang_office,
):
    person = people.register_person(
        facts=facts(resident_id="", id_state=IdState.PENDING), by=yongchang_office
    )

    people.change_person(
        recipient=person,
        facts=facts(resident_id=NUMBER, id_state=IdState.PRESENT),
        by=yongchang_office,
    )

    filed = Recipient.objects.get()
    assert (filed.pk, filed.resident_id) == (person.pk, NUMBER)
    assert filed.id_state == IdState.PRESENT


def test_case_17_an_id_that_has_a_file_is_named_for_a_merge(yongchang_office):
    first = people.register_person(facts=facts(), by=yongchang_office)
    other = people.register_person(
        facts=facts(name="王秀兰", resident_id="", id_state=IdState.PENDING),
        by=yongchang_office,
    )

    with pytest.raises(AlreadyFiled, match=first.code):
        people.change_person(
            recipient=other, facts=facts(name="王秀兰"), by=yongchang_office
        )


def test_case_18_the_old_id_of_15_digits_is_the_same_person(yongchang_office):
    people.register_person(facts=facts(), by=yongchang_office)
    old = NUMBER[:6] + NUMBER[8:17]

    with pytest.raises(AlreadyFiled):
        people.register_person(
            facts=facts(name="王秀兰", resident_id=old), by=yongchang_office
        )


def test_case_19_a_corrected_id_is_still_found_and_still_taken(
    yongchang_office, jinchuan_office
):
    person = people.register_person(facts=facts(), by=yongchang_office)
    first17 = "62032119650313901"
    corrected = first17 + check_digit(first17)

    people.change_person(
        recipient=person, facts=facts(resident_id=corrected), by=yongchang_office
    )

    for number in (NUMBER, corrected):
        found = search(Recipient.objects.all(), SearchQuery.parse(number))
        assert found.get() == person
    with pytest.raises(AlreadyFiled):
        people.register_person(facts=facts(name="别人"), by=yongchang_office)
    with pytest.raises(AlreadyFiled, match=ELSEWHERE):
        people.register_person(
            facts=facts(name="别人", area=town(cast.SHUANGWAN)), by=jinchuan_office
        )


def test_case_20_a_namesake_with_the_same_birthday_warns_and_is_not_refused(
    client, yongchang_office
):
    cast.make_recipient("王秀花", birth_on=datetime.date(1965, 3, 12))

    person = people.register_person(facts=facts(), by=yongchang_office)

    client.force_login(yongchang_office)
    url = reverse("recipients:recipient_detail", args=[person.pk])
    assert "疑似同一人" in client.get(url).content.decode()


@pytest.mark.parametrize("letter", ["x", "Ｘ", "Х", "X"])
def test_case_21_an_x_is_an_x_however_it_was_typed(letter):
    first17 = next(
        f"62032119650312{serial}"
        for serial in range(900, 999)
        if check_digit(f"62032119650312{serial}") == "X"
    )

    assert resident_id.check(first17 + letter, today=TODAY).number == first17 + "X"
    with pytest.raises(IdError):
        resident_id.check(first17 + "*", today=TODAY)


def test_case_22_sex_and_birth_follow_the_id(yongchang_office):
    told = {
        "name": "王秀花",
        "resident_id": NUMBER,
        "id_state": "present",
        "sex": "2",
        "birth_on": "1999-01-01",
        "category": "DESTITUTE",
        "area": cast.HEXIBAO,
    }
    form = PersonForm(told, user=yongchang_office, today=TODAY)

    assert form.is_valid(), form.errors
    read = form.facts()
    assert (read.sex, str(read.birth_on)) == ("1", "1965-03-12")


def test_case_23_a_changed_name_is_kept_and_found(yongchang_office):
    person = people.register_person(facts=facts(name="王㛃花"), by=yongchang_office)

    people.change_person(
        recipient=person, facts=facts(name="王秀兰"), by=yongchang_office
    )

    found = search(Recipient.objects.all(), SearchQuery.parse("王㛃花"))
    assert found.get().name == "王秀兰"


def test_case_24_born_on_29_february_comes_of_age_on_the_first_of_march():
    person = Recipient(birth_on=datetime.date(2008, 2, 29))

    assert person.is_minor(datetime.date(2026, 2, 28))
    assert not person.is_minor(datetime.date(2026, 3, 1))
    assert not Recipient(birth_on=None).is_minor(TODAY)


def regraded(person: Recipient, grade: str, by: User, kind: str = "4") -> Recipient:
    facts = on_file(person).as_initial() | {"disability_grade": grade}
    person = people.change_person(
        recipient=person,
        facts=PersonFacts(**facts | {"disability_kind": kind}),
        by=by,
    )
    person.refresh_from_db()
    return person


@pytest.fixture
def disabled(areas) -> Recipient:
    return cast.make_recipient(
        "王大山",
        category=Category.DISABLED,
        disability_kind="4",
        disability_grade="2",
    )


def test_case_25_a_lower_grade_is_a_task_and_no_exit(disabled, yongchang_office):
    person = regraded(disabled, "3", yongchang_office)
    now = timezone.now()

    assert tasks.raise_grades(now=now) == 1
    assert tasks.raise_grades(now=now) == 0

    assert person.disability_grade == "3"
    assert person.status == RecipientStatus.ON_FILE
    task = LifeTask.objects.waiting(TODAY).get()
    assert task.kind == TaskKind.GRADE
    tasks.settle(task=task, words="市关爱办同意继续", by=yongchang_office)
    assert tasks.raise_grades(now=now) == 0


def test_case_25_what_was_judged_by_the_old_grade_can_be_read_by_its_days(
    client, disabled, yongchang_office
):
    regraded(disabled, "1", yongchang_office)
    with time_machine.travel(datetime.datetime(2027, 5, 6, 4, tzinfo=datetime.UTC)):
        regraded(disabled, "3", yongchang_office)

    kept = DisabilityPeriod.objects.values_list("disability_grade", "until_on")
    assert list(kept) == [("1", datetime.date(2027, 5, 6)), ("2", TODAY)]
    client.force_login(yongchang_office)
    page = client.get(reverse("recipients:recipient_detail", args=[disabled.pk]))
    assert "2027年5月6日前肢体残疾一级" in page.content.decode()


def test_case_25_whoever_changes_a_grade_leaves_a_row(disabled):
    Recipient.objects.filter(pk=disabled.pk).update(disability_grade="4")
    Recipient.objects.filter(pk=disabled.pk).update(village="八一村")

    assert DisabilityPeriod.objects.get().disability_grade == "2"


def test_case_25_a_grade_that_was_unknown_leaves_no_row(child):
    Recipient.objects.filter(pk=child.pk).update(
        disability_kind="4", disability_grade="1"
    )

    assert not DisabilityPeriod.objects.exists()


@pytest.mark.parametrize(
    ("kind", "grade", "asked"),
    [("4", "1", 0), ("4", "3", 1), ("5", "3", 0), ("6", "4", 1)],
)
def test_case_25_third_grade_of_the_mind_is_still_severe(
    kind, grade, asked, disabled, yongchang_office
):
    regraded(disabled, grade, yongchang_office, kind=kind)

    assert tasks.raise_grades(now=timezone.now()) == asked


def test_case_25_who_is_severe_again_or_counted_otherwise_is_not_asked_about(
    disabled, yongchang_office
):
    other = cast.make_recipient(
        "王二山",
        category=Category.DISABLED,
        disability_kind="4",
        disability_grade="2",
    )
    for person in (disabled, other):
        regraded(person, "3", yongchang_office)
    assert tasks.raise_grades(now=timezone.now()) == 2

    regraded(disabled, "2", yongchang_office)
    categories.change_category(
        recipient=other,
        category=Category.DESTITUTE,
        on=TODAY,
        words="按特困家庭",
        by=yongchang_office,
    )
    assert tasks.raise_grades(now=timezone.now()) == 0

    states = dict(LifeTask.objects.values_list("recipient__name", "state"))
    assert states == {"王大山": TaskState.MOOT, "王二山": TaskState.DONE}


def test_case_26_a_certificate_that_ends_is_listed_before_it_does(
    client, yongchang_office
):
    cast.make_recipient("王大山", certificate_until=datetime.date(2026, 12, 20))
    client.force_login(yongchang_office)

    page = client.get(reverse("recipients:recipient_list") + "?certificate_soon=1")

    assert "王大山" in page.content.decode()


def test_case_28_who_no_longer_needs_it_leaves_with_that_reason(
    child, yongchang_office
):
    person = standing.leave(
        recipient=child, reason=LeaveReason.NO_LONGER, on=TODAY, by=yongchang_office
    )

    assert person.get_left_reason_display() == "不再符合"


def test_case_28_who_is_out_of_hardship_fades_out_for_six_months(
    child, pairing, yongchang_office
):
    standing.begin_fading(recipient=child, words="已就业", by=yongchang_office)

    child.refresh_from_db()
    assert child.status == RecipientStatus.ON_FILE
    assert not LifeTask.objects.waiting(TODAY).exists()
    task = LifeTask.objects.waiting(TODAY + datetime.timedelta(days=182)).get()
    assert task.kind == TaskKind.FADING
    standing.leave(
        recipient=child, reason=LeaveReason.NO_LONGER, on=TODAY, by=yongchang_office
    )
    assert LifeTask.objects.get().state == TaskState.MOOT


def test_case_30_the_cadre_who_cares_cannot_be_guardian(
    child, pairing, yongchang_office
):
    with pytest.raises(Refused, match="回避"):
        families.change_guardian(
            recipient=child,
            name="赵军",
            phone="19900000205",
            on=TODAY,
            words="原监护人外出",
            by=yongchang_office,
        )


def test_case_30_nor_can_somebody_under_18(child, yongchang_office):
    with pytest.raises(Refused, match="18 周岁"):
        families.change_guardian(
            recipient=child,
            name="李小妹",
            born_in=2012,
            on=TODAY,
            words="原监护人外出",
            by=yongchang_office,
        )


def test_case_30_a_guardian_lost_waits_as_work_and_stays_as_history(
    child, yongchang_office
):
    Guardian.objects.create(recipient=child, name="李大山", relation="父亲")

    families.change_guardian(
        recipient=child, name="", on=TODAY, words="服刑", by=yongchang_office
    )
    task = LifeTask.objects.get()
    assert (task.kind, task.state) == (TaskKind.GUARDIAN, TaskState.OPEN)
    families.change_guardian(
        recipient=child,
        name="李奶奶",
        relation="祖母",
        on=TODAY,
        words="村委会指定",
        by=yongchang_office,
    )

    task.refresh_from_db()
    assert task.state == TaskState.DONE
    past = Guardian.objects.get(first=False)
    assert (past.name, past.until_words) == ("李大山", "服刑")
    assert people.first_guardian(child).name == "李奶奶"


def test_case_30_a_past_guardian_is_not_first_even_by_hand(child):
    guardian = Guardian.objects.create(recipient=child, name="李大山")

    with pytest.raises(IntegrityError, match="not_first"):
        Guardian.objects.filter(pk=guardian.pk).update(until_on=TODAY)


def test_case_30_a_guardian_may_be_a_recipient_as_well(child, yongchang_office):
    granny = cast.make_recipient("李奶奶", phone="19900000444")

    guardian = families.change_guardian(
        recipient=child,
        name="李奶奶",
        phone="19900000444",
        relation="祖母",
        on=TODAY,
        words="外出务工",
        by=yongchang_office,
    )

    assert guardian.name == granny.name


def test_case_31_an_urgent_report_is_for_offices_only(
    client, child, pairing, cadre_user, hexibao_office, yongchang_office, city_office
):
    Recipient.objects.filter(pk=child.pk).update(birth_on=datetime.date(2015, 3, 4))
    client.force_login(cadre_user)
    address = reverse("casework:need_report", args=[child.pk])
    assert client.post(address, {"words": ""}).status_code == 422
    sent = client.post(address, {"words": "手臂上有伤,说是摔的"})

    need = Need.objects.get()
    assert sent.url == reverse("recipients:recipient_detail", args=[child.pk])
    assert (need.urgency, need.reported) == ("urgent", True)
    told = Notice.objects.filter(kind="need.reported").values_list("to", flat=True)
    assert set(told) == {hexibao_office.pk, yongchang_office.pk, city_office.pk}
    seen = reverse("casework:need_detail", args=[need.pk])
    of_child = reverse("casework:of_recipient", args=[child.pk])
    assert client.get(seen).status_code == 404
    assert "手臂" not in client.get(of_child).content.decode()
    assert "手臂" not in client.get("/").content.decode()
    client.force_login(yongchang_office)
    assert "手臂" in client.get(seen).content.decode()


def test_case_31_it_is_for_children_alone(child, yongchang_office):
    grown = cast.make_recipient("王大山", birth_on=datetime.date(1980, 1, 1))

    with pytest.raises(Refused, match="未成年人"):
        report_harm(recipient=grown, words="有伤", by=yongchang_office)


def test_a_member_who_goes_stays_as_history(child, yongchang_office):
    member = families.add_member(
        recipient=child, name="李大山", relation=Relation.HEAD, by=yongchang_office
    )

    families.member_leaves(
        recipient=child, member=member, on=TODAY, by=yongchang_office
    )

    assert HouseholdMember.objects.get().until_on == TODAY
    assert LifeTask.objects.get().kind == TaskKind.HEAD


def test_undoing_an_approval_is_not_hindered_by_what_waits(
    child, cadre, yongchang_office, hexibao_office
):
    (proposal,) = pairings.propose(recipients=[child], cadre=cadre, by=hexibao_office)
    approved = pairings.approve(pairing=proposal, on=TODAY, by=yongchang_office)
    tasks.raise_task(child, TaskKind.MOVED, due_on=TODAY)

    undone = pairing_changes.undo_approval(pairing=approved, by=yongchang_office)

    assert undone.status == PairingStatus.PROPOSED
