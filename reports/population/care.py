"""Writes who cares for whom: pairings that stand, wait, rest, or were handed on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from cadres.models import User
from recipients.due import DAYS_BETWEEN, next_due_on
from recipients.enums import Category, EndReason, Kind, PairingKind, PairingStatus
from recipients.models import Pairing
from reports.population.batch import Batch
from reports.population.days import contact_days, days_before, shortest
from reports.population.households import (
    ENDS_LATER,
    ENDS_SOON,
    HANDED_OVER,
    LATE,
    PAUSED,
    PROPOSED,
    RETURNED,
    UNPAIRED,
    Chosen,
    Home,
)
from reports.population.keys import Keys, Stream
from reports.population.people import Filed
from reports.population.staff import Carer
from visits.enums import VISITING_WAYS, Way

IN_A_CENTRE = (Kind.TEKUN_CENTRE, Kind.ORPHAN_HOME)
OF_TWENTY_FIVE = (
    *((Way.HOME, 15), (Way.PHONE, 6), (Way.VIDEO, 1)),
    *((Way.ERRAND, 1), (Way.HOSPITAL, 1), (Way.OFFICE, 1)),
)
WAYS = tuple(way.value for way, count in OF_TWENTY_FIVE for _ in range(count))
WAYS_TO_A_CENTRE = (*[Way.CENTRE.value] * 8, *[Way.PHONE.value] * 3, Way.VIDEO.value)
WAYS_TO_A_CHILD = tuple(way for way in WAYS if way != Way.OFFICE)
FIRST_CARE = 9
OVERLOADED_WORDS = "两户是同村邻居,干部自愿多结一户。"
HANDOVER_WORDS = "已当面交接,一同入户见过家人。"
ENDINGS = (EndReason.TRANSFERRED, EndReason.RETIRED, EndReason.REPLACED)


@dataclass(frozen=True)
class Offices:
    """The accounts that propose and review, and the county each reviews."""

    proposer: User | None = None
    reviewers: dict[str, User] | None = None

    def proposer_of(self, carer: Carer) -> UUID | None:
        """Return who proposed this carer: a liaison only those of the own unit.

        The others came with the rosters of the first days.
        """
        who = self.proposer
        return who.pk if who and who.organisation_id == carer.organisation else None

    def reviewer(self, county: str) -> UUID | None:
        return self.reviewers[county].pk if self.reviewers else None


class Touch(NamedTuple):
    """A day on which there was contact, and how."""

    day: date
    way: str


class Contact(NamedTuple):
    """A contact of a carer with some of a household."""

    day: date
    way: str
    carer: Carer
    people: list[tuple[Filed, UUID]]
    chosen: Chosen | None


@dataclass(frozen=True)
class Care:
    """Who is to care for a household; ``earlier`` did before it was handed on."""

    carer: Carer
    earlier: Carer
    overloaded: bool
    county: str


class Matchmaker:
    """Writes pairings, and says on which days there was contact."""

    def __init__(
        self, random: Random, today: date, batch: Batch, keys: Keys, offices: Offices
    ) -> None:
        self.random, self.today = random, today
        self.batch, self.keys, self.offices = batch, keys, offices

    def pair(
        self, home: Home, people: list[Filed], care: Care, limits: list[int | None]
    ) -> list[Contact]:
        """Write a household's pairings; return its contacts, newest first."""
        if home.fate in (UNPAIRED, PROPOSED, RETURNED):
            self._wait(home, people, care)
            return []
        started_on = people[0].registered_on + timedelta(
            days=FIRST_CARE + int(self.random.random() * 12)
        )
        days = self._days(home, people, started_on, limits)
        if limits[0] is not None:
            # An exact number of contacts may reach back further than the file.
            started_on = min([started_on, *(touch.day for touch in days[-1:])])
        if home.fate == HANDED_OVER:
            return self._hand_over(home, people, care, started_on, days)
        keys = [self._stand(home, filed, care, started_on, days) for filed in people]
        return _contacts(_chosen(home), days, care.carer, people, keys, limits)

    def mother(self, home: Home, child: Filed, carer: Carer) -> list[Contact]:
        """Let a mother care for a child beside its cadre."""
        started_on = child.registered_on + timedelta(days=20)
        days = self._days(home, [child], started_on, [None], mother=True)
        key = self.keys.next(Stream.PAIRING)
        self._add(key, child, carer, started_on, days, kind=PairingKind.MOTHER)
        chosen = _chosen(home, mother=True)
        return _contacts(chosen, days, carer, [child], [key], [None])

    def _days(
        self,
        home: Home,
        people: list[Filed],
        since: date,
        limits: list[int | None],
        *,
        mother: bool = False,
    ) -> list[Touch]:
        category = shortest([filed.category for filed in people])
        chosen = _chosen(home, mother=mother)
        if chosen is not None:
            # What was seen this month must not have been seen in the last.
            back = chosen.last_contact
            back = min(back, self.today.day - 1) if back < 7 else back
            last = self.today - timedelta(days=back)
            found = days_before(self.random, category, last, since, None)
            return [Touch(last, Way.HOME.value), *self._ways(people, found[1:])]
        limit = None if limits[0] is None else max(n or 0 for n in limits)
        late = home.fate == LATE and not mother
        found = contact_days(self.random, category, since, self.today, limit, late=late)
        return self._ways(people, found)

    def _ways(self, people: list[Filed], days: list[date]) -> list[Touch]:
        centre = people[0].traits.kind in IN_A_CENTRE
        child = people[0].category == Category.CHILD
        wheel = WAYS_TO_A_CENTRE if centre else WAYS_TO_A_CHILD if child else WAYS
        chance = self.random.random
        return [Touch(day, wheel[int(chance() * len(wheel))]) for day in days]

    def _wait(self, home: Home, people: list[Filed], care: Care) -> None:
        if home.fate == UNPAIRED:
            return
        returned = home.fate == RETURNED
        status = PairingStatus.REJECTED if returned else PairingStatus.PROPOSED
        proposed_on = self.today - timedelta(days=1 + int(self.random.random() * 8))
        reviewer = self.offices.reviewer(care.county) if returned else None
        reviewed = _noon(proposed_on + timedelta(days=1)) if returned else None
        for filed in people:
            self.batch.add(
                *(Pairing, self.keys.next(Stream.PAIRING), filed.pk, care.carer.pk),
                *(PairingKind.CADRE.value, status.value),
                *(self.offices.proposer_of(care.carer), proposed_on),
                *("同村包片,离得近,便于经常看望。", reviewer, reviewed),
                *("", None, None, None, "", "", None, None, None, None),
            )

    def _stand(
        self, home: Home, filed: Filed, care: Care, started_on: date, days: list[Touch]
    ) -> UUID:
        key = self.keys.next(Stream.PAIRING)
        paused = home.fate == PAUSED
        self._add(
            *(key, filed, care.carer, started_on, days),
            status=PairingStatus.PAUSED if paused else PairingStatus.ACTIVE,
            reviewer=self.offices.reviewer(care.county),
            over=OVERLOADED_WORDS if care.overloaded else "",
            until=self._until(home.fate),
        )
        return key

    def _until(self, fate: str) -> date | None:
        if fate not in (ENDS_SOON, ENDS_LATER):
            return None
        days = 3 + int(self.random.random() * 26)
        return self.today + timedelta(days=days if fate == ENDS_SOON else 40 + days * 6)

    def _hand_over(
        self,
        home: Home,
        people: list[Filed],
        care: Care,
        started_on: date,
        days: list[Touch],
    ) -> list[Contact]:
        """Write the earlier cadre's pairing, ended, and the one that followed."""
        waited = (self.today - started_on).days
        handed_on = self.today - timedelta(days=int(waited * 0.4))
        newer = [touch for touch in days if touch.day > handed_on]
        older = [touch for touch in days if touch.day <= handed_on]
        before, after = [], []
        for filed in people:
            first, second = (self.keys.next(Stream.PAIRING) for _ in range(2))
            self._add(
                *(first, filed, care.earlier, started_on, older),
                status=PairingStatus.ENDED,
                reviewer=self.offices.reviewer(care.county),
                ended_on=handed_on,
                reason=ENDINGS[int(self.random.random() * len(ENDINGS))],
            )
            self._add(
                *(second, filed, care.carer, handed_on, newer),
                reviewer=self.offices.reviewer(care.county),
                previous=first,
            )
            before.append(first)
            after.append(second)
        return [
            *_contacts(None, newer, care.carer, people, after, [None]),
            *_contacts(None, older, care.earlier, people, before, [None]),
        ]

    def _add(
        self,
        key: UUID,
        filed: Filed,
        carer: Carer,
        started_on: date,
        days: list[Touch],
        *,
        kind: PairingKind = PairingKind.CADRE,
        status: PairingStatus = PairingStatus.ACTIVE,
        reviewer: UUID | None = None,
        over: str = "",
        until: date | None = None,
        ended_on: date | None = None,
        reason: EndReason | None = None,
        previous: UUID | None = None,
    ) -> None:
        proposed_on = started_on - timedelta(days=3)
        last = days[0].day if days else None
        seen = next((touch.day for touch in days if touch.way in VISITING_WAYS), None)
        self.batch.add(
            *(Pairing, key, filed.pk, carer.pk, kind.value, status.value),
            *(self.offices.proposer_of(carer), proposed_on, "", reviewer),
            *(_noon(started_on) if reviewer else None, over, started_on, until),
            *(ended_on, reason.value if reason else ""),
            *(HANDOVER_WORDS if ended_on else "", previous),
            *(last, seen),
            next_due_on(last, started_on, DAYS_BETWEEN[filed.category]),
        )


def _chosen(home: Home, *, mother: bool = False) -> Chosen | None:
    """Return who was chosen, to whom it is that they are seen in this capacity."""
    chosen = home.chosen
    return chosen if chosen is not None and chosen.by_mother == mother else None


def _contacts(
    chosen: Chosen | None,
    days: list[Touch],
    carer: Carer,
    people: list[Filed],
    keys: list[UUID],
    limits: list[int | None],
) -> list[Contact]:
    """Return the contacts; who has had enough of them is left out of the older."""
    paired = list(zip(people, keys, strict=True))
    if limits[0] is None:
        return [Contact(*touch, carer, paired, chosen) for touch in days]
    found = []
    for place, touch in enumerate(days):
        seen = [
            pair
            for pair, limit in zip(paired, limits, strict=True)
            if place < (limit or 0)
        ]
        found.append(Contact(*touch, carer, seen, chosen))
    return found


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
