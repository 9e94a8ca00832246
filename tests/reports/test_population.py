"""The demonstration city: its size, its rules, and that it is the same each time."""

import io
from datetime import date, timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Max, Q
from django.utils import timezone

from cadres.enums import CadreKind, OrganisationKind
from cadres.models import Area, Cadre, CadreAssistant, Organisation, User
from casework.enums import NeedStatus
from casework.models import Need
from common import resident_id
from common.refusals import Refused
from jobs.models import Notice
from policies.enums import Policy
from policies.models import PolicySheet
from recipients.due import DAYS_BETWEEN, next_due_on
from recipients.enums import DisabilityGrade, TaskKind
from recipients.models import (
    ActingCarer,
    CadreRelative,
    DisabilityPeriod,
    Household,
    LifeTask,
    Pairing,
    Recipient,
)
from recipients.operations.pairings import propose
from reports import desks, indicators
from reports.population.city import populate
from reports.population.plan import Plan
from rosters.models import Difference, Roster
from visits.enums import REACHED, VISITING_WAYS, Outcome
from visits.models import Campaign, Deed, HomeVisit
from visits.queries import families_of

ACCOUNTS = (
    *("city", "yongchang", "jinchuan", "hexibao", "unit", "cadre", "mother"),
    *("civil", "dpf", "leader", "admin", "auditor"),
)
# A closed door moves no date on: the family still waits.
REACHED_SOMEBODY = Q(visits__outcome__in=REACHED)


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    """Make the demonstration city once for all these tests, and take it away."""
    with django_db_blocker.unblock():
        undone = transaction.atomic()
        undone.__enter__()
        words = run("setup_demo")
        yield words
        transaction.set_rollback(True)
        undone.__exit__(None, None, None)


@pytest.fixture
def demo(city, django_db_blocker):
    """Give one test the city as it was made."""
    with django_db_blocker.unblock():
        inner = transaction.atomic()
        inner.__enter__()
        yield city
        transaction.set_rollback(True)
        inner.__exit__(None, None, None)


def the_city() -> Area:
    return Area.objects.get(pk="620300000000")


def test_the_city_has_the_size_the_press_gives_it(demo):
    people = indicators.people(the_city())

    assert (people.persons, people.households) == (2446, 2206)
    assert people.by_category == {"CHILD": 170, "DISABLED": 1440, "DESTITUTE": 836}
    assert Household.objects.count() == 2206
    assert Cadre.objects.count() == 2206
    kinds = Organisation.objects.order_by().values_list("kind").annotate(Count("pk"))
    assert dict(kinds) == {
        OrganisationKind.UNIT: 274,
        OrganisationKind.DEPARTMENT: 16,
        OrganisationKind.HOME: 3,
    }
    assert Organisation.objects.filter(leads=True).count() == 4
    assert Area.objects.filter(invented=True, level="village").count() == 180
    assert Area.objects.filter(invented=False).count() == 21
    assert "2446" in demo


def test_who_is_cared_for_in_a_home_lives_in_one(demo):
    living = Household.objects.exclude(institution=None)
    kinds = living.values_list("institution__name", "recipients__kind").distinct()

    assert set(kinds) == {
        ("金昌市儿童福利院", "ORPHAN_HOME"),
        ("金川区综合福利院", "TEKUN_CENTRE"),
        ("永昌县中心敬老院", "TEKUN_CENTRE"),
    }
    assert not living.exclude(size=1).exists()
    assert living.count() == Recipient.objects.filter(household__in=living).count()


def test_somebody_was_graded_anew_and_the_office_is_asked(demo):
    task = LifeTask.objects.open().get(kind=TaskKind.GRADE)

    assert task.recipient.disability_grade == DisabilityGrade.THIRD
    past = DisabilityPeriod.objects.get(recipient=task.recipient)
    assert past.disability_grade == DisabilityGrade.SECOND


def test_a_unit_has_proposed_only_its_own_and_its_bell_agrees_with_its_desk(demo):
    liaison = User.objects.get(username="unit")

    waiting = Pairing.objects.visible_to(liaison).proposed()
    proposed = Pairing.objects.filter(proposed_by=liaison)
    desk = {
        task.words: task.count
        for task in desks.simple(liaison, timezone.localdate())["tasks"]
    }

    assert set(proposed.values_list("cadre__organisation", flat=True)) == {
        liaison.organisation_id
    }
    assert waiting.filter(proposed_by=liaison).exists()
    assert desk["已提出,等待审核"] == waiting.count() > 0
    assert liaison.notices.filter(kind="pairing.proposed").exists()


def test_every_named_account_can_sign_in_and_so_can_cadres(demo):
    some = User.objects.filter(username__startswith="gb").order_by("username")[:3]
    for username in (*ACCOUNTS, *(user.username for user in some)):
        assert authenticate(None, username=username, password="jinchang-demo")
    assert not User.objects.filter(demo=False).exists()
    listed = run("demo_accounts")
    assert all(username in listed for username in ACCOUNTS)
    assert "gb0003" not in listed


def test_a_demo_account_does_not_come_in_elsewhere(demo, settings):
    settings.DEMO = False
    assert authenticate(None, username="cadre", password="jinchang-demo") is None


def test_pairings_stand_wait_rest_and_have_a_history(demo):
    city, today = the_city(), timezone.localdate()
    by_status = dict(
        Pairing.objects.by_cadres()
        .order_by()
        .values_list("status")
        .annotate(Count("recipient"))
    )
    assert by_status["proposed"] == 12
    assert by_status["paused"] == 6
    assert by_status["ended"] == 44
    assert Recipient.objects.unpaired().count() == 30
    active = by_status["active"]
    assert 0.03 <= indicators.overdue(city, today) / active <= 0.04
    soon = Pairing.objects.active().filter(until__lte=today + timedelta(days=30))
    assert soon.count() == 9
    loads = (
        Pairing.objects.active()
        .order_by()
        .values("cadre", "cadre__capacity")
        .annotate(homes=Count("recipient__household", distinct=True))
    )
    over = [load for load in loads if load["homes"] > load["cadre__capacity"]]
    assert 4 <= len(over) <= 12
    handed = Pairing.objects.exclude(previous=None).select_related("previous")
    assert handed.count() == 44
    assert all(pairing.started_on == pairing.previous.ended_on for pairing in handed)


def test_nobody_has_two_active_cadres(demo):
    twice = (
        Pairing.objects.active()
        .by_cadres()
        .order_by()
        .values("recipient")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
    )
    assert not twice.exists()


def test_the_dates_of_a_pairing_follow_from_its_visits(demo):
    pairings = Pairing.objects.exclude(started_on=None).annotate(
        contact=Max("visits__day", filter=REACHED_SOMEBODY),
        visit=Max(
            "visits__day",
            filter=REACHED_SOMEBODY & Q(visits__way__in=VISITING_WAYS),
        ),
    )
    for pairing in pairings.select_related("recipient"):
        days = DAYS_BETWEEN[pairing.recipient.category]
        assert pairing.last_contact_on == pairing.contact
        assert pairing.last_visit_on == pairing.visit
        assert pairing.next_due_on == next_due_on(
            pairing.contact, pairing.started_on, days
        )


def test_visits_lie_between_a_pairings_days_and_today(demo):
    today = timezone.localdate()
    visits = HomeVisit.objects.all()
    year = visits.filter(day__gt=today - timedelta(days=365)).count()
    assert 11_000 <= year <= 15_000
    assert not visits.filter(day__gt=today).exists()
    assert not visits.filter(day__lt=F("pairing__started_on")).exists()
    assert not visits.filter(day__gt=F("pairing__ended_on")).exists()
    acting = ActingCarer.objects.values("pairing")
    others = visits.exclude(pairing__in=acting)
    assert not others.exclude(cadre=F("pairing__cadre")).exists()
    assert not visits.exclude(organisation=F("cadre__organisation")).exists()
    assert not visits.exclude(recipient=F("pairing__recipient")).exists()
    on_sixes = visits.filter(day__day__in=(6, 16, 26)).count()
    assert on_sixes > visits.count() * 0.3
    assert visits.order_by("?").first().words
    assert Deed.objects.filter(kind="money", amount__gt=0).exists()


def test_the_newest_sheet_of_a_person_is_the_latest_and_has_all_seven(demo):
    newest = dict(
        PolicySheet.objects.order_by()
        .values_list("recipient")
        .annotate(Max("checked_on"))
    )
    latest = PolicySheet.objects.filter(latest=True)
    assert dict(latest.values_list("recipient", "checked_on")) == newest
    assert len(newest) > 1_200
    sheets = PolicySheet.objects.annotate(
        n=Count("checks__policy", distinct=True)
    ).exclude(n=len(Policy))
    assert not sheets.exists()


def test_there_are_needs_of_every_state_campaigns_lists_and_notices(demo):
    states = set(Need.objects.values_list("status", flat=True))
    assert states == set(NeedStatus.values)
    assert Campaign.objects.count() == 6
    campaigns = set(Campaign.objects.values_list("status", flat=True))
    assert campaigns == {"planned", "open", "closed", "published"}
    assert Roster.objects.filter(status="compared").count() == 3
    kinds = set(Difference.objects.values_list("kind", flat=True))
    assert {"not_in_registry", "not_in_roster", "differs", "unpaired"} <= kinds
    assert Notice.objects.filter(to__username="cadre").exists()


def test_ids_are_valid_and_say_that_they_are_invented(demo):
    today = timezone.localdate()
    people = Recipient.objects.exclude(resident_id_index=None)
    for person in people.order_by("code")[::12]:
        read = resident_id.check(person.resident_id, today=today)
        assert read.birth_on == person.birth_on
        assert person.resident_id[14] == "9"
        if person.certificate:
            assert person.certificate.startswith(person.resident_id)
    phones = {person.phone for person in people[:200]} - {""}
    assert all(phone.startswith("1990") for phone in phones)


def test_the_phone_home_of_the_cadre_looks_like_its_picture(demo):
    today = timezone.localdate()
    every = families_of(User.objects.get(username="cadre"), today)
    families = [family for family in every if family.acting is None]

    assert every[0] == families[0]
    assert [family.recipient.name for family in families] == [
        "李小伟",
        "王建国",
        "张秀兰",
    ]
    assert [family.due.kind for family in families] == ["late", "due", "ok"]
    assert {family.recipient.area_id for family in families} == {"620321101000"}
    assert families[0].unclaimed == ["残疾人两项补贴"]
    assert families[0].last_words
    assert families[0].needs
    assert all(family.phones for family in families)


def test_the_cadre_writes_down_what_a_head_of_the_unit_has_done(demo):
    (named,) = CadreAssistant.objects.in_force(timezone.localdate())
    assert named.assistant.user.username == "cadre"
    assert named.cadre.organisation == named.assistant.organisation
    (visit,) = HomeVisit.objects.filter(cadre=named.cadre, entered_by__username="cadre")
    assert visit.written_by_another


def test_some_said_no_or_were_not_at_home_and_the_township_is_asked(demo):
    hexibao = User.objects.get(username="hexibao")

    outcomes = HomeVisit.objects.order_by().values_list("outcome")
    told = dict(outcomes.annotate(Count("pk")))
    asked = LifeTask.objects.visible_to(hexibao).filter(
        state="open", kind__in=[TaskKind.REFUSING, TaskKind.NOT_MET]
    )

    assert (told[Outcome.REFUSED], told[Outcome.NOT_MET]) == (3, 4)
    assert sorted(task.kind for task in asked) == [TaskKind.NOT_MET, TaskKind.REFUSING]
    for task in asked:
        outcome = "refused" if task.kind == TaskKind.REFUSING else "not_met"
        days = task.recipient.visits.filter(outcome=outcome)
        assert days.count() == (2 if outcome == "refused" else 3)


def test_the_cadre_acts_for_a_colleague_who_is_away(demo):
    (acting,) = ActingCarer.objects.in_force(timezone.localdate())
    families = families_of(acting.cadre.user, timezone.localdate())

    assert acting.cadre.user.username == "cadre"
    assert acting.carer.organisation == acting.cadre.organisation
    assert [one.acting for one in families if one.acting] == [acting]
    assert not any(one.lent for one in families)


def test_the_cadre_has_declared_somebody_on_file(demo):
    (relative,) = CadreRelative.objects.standing().select_related("cadre__user")
    person = Recipient.objects.get(resident_id_index=relative.resident_id_index)

    assert relative.cadre.user.username == "cadre"
    assert person.name == relative.name
    with pytest.raises(Refused, match="回避"):
        propose(
            recipients=[person],
            cadre=relative.cadre,
            by=User.objects.get(username="yongchang"),
        )


def test_the_mother_has_two_children(demo):
    mother = Cadre.objects.get(user__username="mother")
    assert mother.kind == CadreKind.MOTHER
    paired = Pairing.objects.active().filter(cadre=mother)
    assert [pairing.recipient.category for pairing in paired] == ["CHILD"] * 2


def test_a_new_file_is_numbered_after_the_invented_ones(demo):
    hexibao = Area.objects.get(pk="620321101000")
    codes = Recipient.objects.filter(area=hexibao).aggregate(Max("code"))
    assert codes["code__max"] == f"YC-HXB-{hexibao.files_numbered:04d}"


def test_a_second_set_up_changes_nothing(demo):
    before = HomeVisit.objects.count()
    assert "不再建立" in run("setup_demo")
    assert HomeVisit.objects.count() == before


def test_seed_does_not_write_among_people(demo):
    words = ("--recipients", "5", "--cadres", "5", "--visits", "5")
    with pytest.raises(CommandError, match="已有关爱对象"):
        call_command("seed", *words)


def made_of(seed: int, today: date) -> list[tuple[object, ...]]:
    """Return what a small city of this seed holds, and take it away again."""
    plan = Plan(
        seed=seed, today=today, persons=40, cadres=12, visits=400, stories=False
    )
    with transaction.atomic():
        populate(plan, lambda _: None)
        people = Recipient.objects.order_by("code")
        rows = [
            *((one.pk, one.name, one.resident_id, one.address) for one in people),
            *(
                (visit.pk, visit.day, visit.way, visit.words)
                for visit in HomeVisit.objects.order_by("pk")
            ),
        ]
        transaction.set_rollback(True)
    return rows


def test_the_same_seed_gives_the_same_city(db):
    today = date(2026, 11, 23)
    first = made_of(7, today)
    assert first == made_of(7, today)
    assert first != made_of(8, today)


def test_seed_writes_what_it_is_asked_for(db):
    words = ("--recipients", "60", "--cadres", "20", "--visits", "700", "--seed", "4")
    closing = run("seed", *words).splitlines()[-1]

    assert Recipient.objects.count() == 60
    assert Cadre.objects.count() == 20
    assert HomeVisit.objects.count() == 700
    assert "走访 700 次" in closing
    assert not HomeVisit.objects.filter(day__lt=F("pairing__started_on")).exists()


def test_seed_leaves_keys_and_indexes_as_they_were(db):
    def rules() -> list[tuple[str, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE connamespace = 'public'::regnamespace"
                " UNION ALL SELECT indexname, indexdef FROM pg_indexes"
                " WHERE schemaname = 'public' ORDER BY 1, 2"
            )
            return cursor.fetchall()

    before = rules()
    run("seed", "--recipients", "20", "--cadres", "5", "--visits", "50")
    assert rules() == before


def test_seed_refuses_nonsense(db):
    with pytest.raises(CommandError):
        call_command("seed", "--recipients", "0", "--cadres", "5", "--visits", "5")
