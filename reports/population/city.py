"""Populates an empty registry, household by household, in bounded memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from django.db import connection, transaction

from cadres.models import Area, User
from common.invented import Inventor
from common.invented_places import YONGCHANG
from recipients.enums import Category
from recipients.models import Recipient
from reports.population.accounts import (
    CADRE_NAME,
    HEXIBAO,
    MOTHER_NAME,
    hashed_password,
    write_accounts,
)
from reports.population.acting import write_acting
from reports.population.assistants import write_assistance
from reports.population.batch import Batch
from reports.population.bulk import look_afresh
from reports.population.campaigns import write_campaigns
from reports.population.care import Care, Matchmaker, Offices
from reports.population.closed_doors import write_closed_doors, write_relative
from reports.population.contacts import Diarist
from reports.population.households import PROPOSED, Home, homes
from reports.population.institutions import write_regraded, write_residents
from reports.population.keys import Keys
from reports.population.lists import write_lists
from reports.population.needs import Listener
from reports.population.people import Filed, Registrar
from reports.population.places import COUNTIES, City, Township, lay_out
from reports.population.plan import Plan
from reports.population.recommendations import write_recommendations
from reports.population.referrals import write_referrals
from reports.population.sheets import SheetWriter
from reports.population.staff import YONGCHANG_SHARE, Staff, write_staff
from reports.population.stories import ring, write_trail

HOUSEHOLDS_AT_ONCE = 1_000
VISITS_AT_ONCE = 20_000
Say = Callable[[str], None]


@dataclass(frozen=True)
class Populated:
    """What stands after all: the rows written, by model."""

    rows: dict[str, int]
    people: list[Filed]


class Populator:
    """Holds who does what while a city is being populated."""

    def __init__(self, plan: Plan, city: City, offices: Offices, keys: Keys) -> None:
        self.plan, self.city = plan, city
        self.inventor = Inventor(plan.seed, today=plan.today)
        self.random = Random(plan.seed + 1)
        self.batch = Batch()
        self.staff = Staff(city, plan.cadres, keys, accounts=plan.stories)
        self.registrar = Registrar(self.inventor, self.batch, keys)
        self.matchmaker = Matchmaker(self.random, plan.today, self.batch, keys, offices)
        sheets = SheetWriter(self.random, self.batch, keys) if plan.stories else None
        campaigns = write_campaigns(plan.today) if plan.stories else []
        self.diarist = Diarist(
            self.random, plan.today, self.batch, keys, campaigns, sheets
        )
        self.listener = Listener(self.random, plan.today, self.batch, keys)
        self._told = 0
        self._unit_proposed = not plan.stories
        self._turns = {
            county: self.staff.turns(county, self.random) for county in COUNTIES
        }
        self._mothers = {
            county: self.staff.mothers_turns(county) for county in COUNTIES
        }
        self._places = {
            county: [place for place in city.townships if place.county == county]
            for county in COUNTIES
        }

    def household(self, home: Home) -> list[Filed]:
        """Write one household with all that was ever done for it."""
        county = self._county(home)
        township = self._township(home, county)
        people = self.registrar.open(home, township)
        if people[-1].number + 1 == self.plan.persons:
            home.fate = ""
        limits = self._limits(people)
        contacts = self.matchmaker.pair(home, people, self._care(home, county), limits)
        self._told += sum(len(contact.people) for contact in contacts)
        self.diarist.write(contacts)
        if self.plan.stories:
            self.listener.write(contacts)
            self._find_mother(home, people[0], county)
        return people

    def _limits(self, people: list[Filed]) -> list[int | None]:
        """Return how many contacts each has, where a number of them is wanted.

        What a household without a cadre does not have, the next ones have.
        """
        if self.plan.visits is None:
            return [None] * len(people)
        ends = [self.plan.visits_up_to(filed.number) for filed in people]
        return [
            end - begun for begun, end in zip([self._told, *ends], ends, strict=False)
        ]

    def _county(self, home: Home) -> str:
        if home.chosen is not None or self.random.random() < YONGCHANG_SHARE:
            return YONGCHANG
        return COUNTIES[0]

    def _township(self, home: Home, county: str) -> Township:
        places = self._places[county]
        if home.chosen is not None:
            return next(place for place in places if place.code == HEXIBAO)
        return places[int(self.random.random() * len(places))]

    def _care(self, home: Home, county: str) -> Care:
        number = next(self._turns[county])
        earlier = self.staff.carer(self._colleague(number, county))
        if home.chosen is not None and not home.chosen.by_mother:
            number = self.staff.cadre
        if home.fate == PROPOSED and county == YONGCHANG and not self._unit_proposed:
            # The unit that signs in to the demonstration has proposed one of its own.
            number, self._unit_proposed = self.staff.colleague, True
        overloaded = self.staff.capacity(number) == 1
        return Care(self.staff.carer(number), earlier, overloaded, county)

    def _colleague(self, number: int, county: str) -> int:
        """Return another cadre of the county, who cared before."""
        cadres = self.staff.ranks[county].cadres
        return cadres[(number - cadres.start + len(cadres) // 2) % len(cadres)]

    def _find_mother(self, home: Home, child: Filed, county: str) -> None:
        if child.category != Category.CHILD or home.fate:
            return
        if home.chosen is not None:
            number = self.staff.mother if home.chosen.by_mother else None
        else:
            number = next(self._mothers[county], None)
        if number is None:
            return
        contacts = self.matchmaker.mother(home, child, self.staff.carer(number))
        self.diarist.write(contacts, checking=False)


def populate(plan: Plan, say: Say) -> Populated:
    """Write the whole city in one transaction: it is there or it is not."""
    with transaction.atomic():
        return _populate(plan, say)


def has_people() -> bool:
    return Recipient.objects.exists()


def _populate(plan: Plan, say: Say) -> Populated:
    keys = Keys(plan.seed)
    city = lay_out(plan.seed, keys)
    password = hashed_password() if plan.stories else ""
    offices = write_accounts(password) if plan.stories else Offices()
    made = Populator(plan, city, offices, keys)
    known = {
        made.staff.cadre: ("cadre", CADRE_NAME),
        made.staff.mother: ("mother", MOTHER_NAME),
    }
    write_staff(
        *(made.staff, made.inventor, made.batch),
        password=password,
        known=known if plan.stories else {},
    )
    say(f"干部 {made.staff.count} 人")
    kept: list[Filed] = []
    for persons, people in _blocks(made):
        if plan.stories:
            kept += people
        say(f"关爱对象 {persons} 人、走访 {made.batch.written['HomeVisit']} 次")
    _number_files(made)
    _look_afresh()
    if plan.stories:
        _tell_stories(plan, kept, say)
    return Populated(dict(made.batch.written), kept)


def _blocks(made: Populator) -> Iterator[tuple[int, list[Filed]]]:
    """Write households block by block; yield how many people there are by now."""
    people: list[Filed] = []
    persons = households = 0
    for home in homes(made.plan, made.random):
        people += made.household(home)
        households += 1
        visits = len(made.batch.visits)
        if households % HOUSEHOLDS_AT_ONCE and visits < VISITS_AT_ONCE:
            continue
        made.batch.write()
        persons += len(people)
        yield persons, people
        people = []
    made.batch.write()
    yield persons + len(people), people


def _number_files(made: Populator) -> None:
    """Let the townships go on numbering where the invented files end."""
    for code, number in made.registrar.numbered.items():
        Area.objects.filter(pk=code).update(files_numbered=number)


def _tell_stories(plan: Plan, people: list[Filed], say: Say) -> None:
    office = User.objects.get(username="city")
    lists = write_lists(people, seed=plan.seed, today=plan.today, by=office)
    referrals = write_referrals(plan.today, office)
    named = write_recommendations()
    written = write_assistance(plan.today, office)
    events = write_trail(plan.today)
    # These tell of themselves: the trail of the weeks before stands already.
    closed = write_closed_doors(plan.today)
    related = write_relative()
    acting = write_acting(plan.today, office)
    residents, regraded = write_residents(), write_regraded()
    ring(plan.today)
    say(
        f"部门名单 {lists} 份、转办 {referrals} 件、推荐纳入 {named} 人、"
        f"代录 {written} 次、未遇和拒绝 {closed} 次、亲属申报 {related} 人、"
        f"代管 {acting} 件、住在福利机构 {residents} 人、残疾等级变更 {regraded} 人、"
        f"操作留痕 {events} 条"
    )


def _look_afresh() -> None:
    """Tell the planner what the tables hold now."""
    with connection.cursor() as cursor:
        look_afresh(cursor)
