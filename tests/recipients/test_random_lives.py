"""Random lives: whatever happens to people and cadres, in any order, holds together."""

import contextlib
import datetime
from collections.abc import Callable
from typing import Any

import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cadres.enums import LeavingReason
from cadres.models import Area
from cadres.operations import cadres as posts
from cadres.operations.areas import load_areas
from common.refusals import Refused
from recipients.enums import (
    Category,
    LeaveReason,
    PairingStatus,
    PauseReason,
    Relation,
)
from recipients.models import (
    CountedPeriod,
    FileMerge,
    Guardian,
    LifeTask,
    Pairing,
    Recipient,
)
from recipients.operations import (
    categories,
    families,
    households,
    merges,
    moves,
    pairing_handovers,
    pairings,
    standing,
)
from tests import cast

TOWNS = (cast.HEXIBAO, "620321104000", cast.SHUANGWAN)
NOW = "2026-11-25T10:00:00+08:00"
TODAY = datetime.date(2026, 11, 25)
FIRST = datetime.date(2026, 11, 1)

deeds = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "move",
                "category",
                "leave",
                "return",
                "pause",
                "resume",
                "join",
                "split",
                "head",
                "guardian",
                "pair",
                "hand_over",
                "release",
                "merge",
                "undo",
            ]
        ),
        st.integers(0, 4),
        st.integers(0, 4),
        st.integers(0, 24),
    ),
    min_size=4,
    max_size=14,
)


class World:
    """Five people, three cadres, two colleagues of the city."""

    def __init__(self) -> None:
        load_areas()
        self.city = cast.office("r_city", "620300000000")
        self.colleague = cast.office("r_colleague", "620300000000")
        unit = cast.make_organisation("甲单位")
        self.cadres = [cast.make_cadre(f"干部{n}", unit) for n in range(3)]
        self.people = [
            cast.make_recipient(f"某{n}", area=TOWNS[n % 3], category="CHILD").pk
            for n in range(5)
        ]

    def do(self, what: str, one: int, two: int, day: int) -> None:
        person = Recipient.objects.filter(pk=self.people[one]).first()
        other = Recipient.objects.filter(pk=self.people[two]).first()
        if person is None or other is None:
            return
        on = FIRST + datetime.timedelta(days=day)
        calls: dict[str, Callable[[], Any]] = {
            "move": lambda: moves.move(
                recipients=[person],
                area=Area.objects.get(pk=TOWNS[two % 3]),
                on=on,
                by=self.city,
            ),
            "category": lambda: categories.change_category(
                recipient=person,
                category=list(Category)[two % 3],
                on=on,
                words="有变",
                by=self.city,
            ),
            "leave": lambda: standing.leave(
                recipient=person,
                reason=list(LeaveReason)[two],
                on=on,
                by=self.city,
            ),
            "return": lambda: standing.return_to_file(
                recipient=person, words="误报", by=self.city
            ),
            "pause": lambda: standing.pause_person(
                recipient=person,
                reason=PauseReason.CUSTODY,
                words="监管",
                by=self.city,
            ),
            "resume": lambda: standing.resume_person(recipient=person, by=self.city),
            "join": lambda: households.join_household(
                recipient=person, member=other, by=self.city
            ),
            "split": lambda: households.split_household(recipient=person, by=self.city),
            "head": lambda: families.name_head(recipient=person, by=self.city),
            "guardian": lambda: families.change_guardian(
                recipient=person,
                name="某某" if two else "",
                on=on,
                words="有变",
                by=self.city,
            ),
            "pair": lambda: self._pair(person, self.cadres[two % 3]),
            "hand_over": lambda: pairing_handovers.hand_over(
                pairing=person.pairings.active()[0],
                cadre=self.cadres[two % 3],
                on=TODAY,
                words="接续",
                by=self.city,
            ),
            "release": lambda: self._release(self.cadres[two % 3]),
            "merge": lambda: self._merge(person, other),
            "undo": lambda: merges.undo_merge(
                merge=FileMerge.objects.merged()[0], by=self.colleague
            ),
        }
        with contextlib.suppress(Refused, IndexError):
            calls[what]()

    def _pair(self, person: Recipient, cadre: Any) -> None:
        (made,) = pairings.propose(recipients=[person], cadre=cadre, by=self.city)
        pairings.approve(pairing=made, on=TODAY, by=self.colleague)

    def _release(self, cadre: Any) -> None:
        pairing_handovers.release_cadre(
            cadre=cadre, reason=LeavingReason.ARRANGED, on=TODAY, by=self.city
        )
        posts.return_to_post(cadre=cadre, by=self.city)

    def _merge(self, person: Recipient, other: Recipient) -> None:
        merge = merges.propose_merge(
            kept=person, gone=other, choices={}, words="同一人", by=self.city
        )
        merges.approve_merge(merge=merge, by=self.colleague)


class RandomLives(TestCase):
    """After every deed, done or refused, the rules of the house hold."""

    @given(deeds)
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    def test_whatever_happens_the_rules_hold(self, made):
        with time_machine.travel(NOW, tick=True):
            world = World()
            for deed in made:
                world.do(*deed)
                _check(world)


def _check(world: World) -> None:
    people = list(Recipient.objects.all())
    active = list(Pairing.objects.active().values_list("recipient", "kind"))
    assert len(active) == len(set(active))
    cared_for = {recipient for recipient, _ in active}
    for person in people:
        assert person.paired == (person.pk in cared_for)
        if person.status == "left":
            assert person.pk not in cared_for
            assert not person.pairings.filter(status=PairingStatus.PROPOSED).exists()
    heads = Recipient.objects.not_left().filter(relation=Relation.HEAD)
    homes = list(heads.values_list("household", flat=True))
    assert len(homes) == len(set(homes))
    firsts = list(Guardian.objects.filter(first=True).values_list("recipient"))
    assert len(firsts) == len(set(firsts))
    asked = list(LifeTask.objects.filter(state="open").values_list("recipient", "kind"))
    assert len(asked) == len(set(asked))
    _check_counts(people)
    # One file went for each merge that stands: nobody is lost, nobody is doubled.
    assert len(people) + FileMerge.objects.merged().count() == len(world.people)


def _check_counts(people: list[Recipient]) -> None:
    """On every day each person is counted in one township, and the sum is the whole."""
    assert not CountedPeriod.objects.filter(until_on__gt=TODAY).exists()
    city = Area.objects.get(pk="620300000000")
    for day in (FIRST, FIRST + datetime.timedelta(days=12), TODAY):
        parts = [
            set(
                Recipient.objects.counted_on(
                    Area.objects.get(pk=code), day
                ).values_list("pk", flat=True)
            )
            for code in TOWNS
        ]
        whole = set(
            Recipient.objects.counted_on(city, day).values_list("pk", flat=True)
        )
        assert sum(len(part) for part in parts) == len(whole)
        assert set().union(*parts) == whole
        there = {
            person.pk
            for person in people
            if person.left_on is None or person.left_on > day
        }
        assert whole == there
