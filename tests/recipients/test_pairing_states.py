"""Any sequence of deeds, lawful or not, leaves the rules of pairings standing."""

import datetime
from collections import Counter

from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cadres.operations.areas import load_areas
from common.refusals import Refused
from recipients.enums import EndReason, PairingStatus
from recipients.models import Pairing, Recipient
from recipients.operations import pairing_changes, pairing_handovers, pairings
from tests import cast

DEEDS = [
    "propose",
    "approve",
    "return",
    "rechoose",
    "undo",
    "pause",
    "resume",
    "end",
    "hand_over",
    "propose_handover",
    "hand_over_all",
]
steps = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 11), st.integers(0, 2)),
    min_size=4,
    max_size=30,
)


class PairingStates(TestCase):
    """Three cadres of little room, four people in three households."""

    @given(steps)
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def test_the_rules_stand_after_any_deeds(self, taken):
        load_areas()
        unit = cast.make_organisation()
        self.city = cast.office("city", "620300000000")
        self.county = cast.office("yongchang", "620321000000")
        self.cadres = [
            cast.make_cadre(f"干部{number}", unit, capacity=number)
            for number in range(3)
        ]
        first = cast.make_recipient("李小伟")
        brother = cast.make_recipient("李小强", household=first.household)
        others = [cast.make_recipient(name) for name in ("王大山", "孙有才")]
        self.people = [first, brother, *others]

        for deed, row, cadre in taken:
            try:
                self.do(deed, row, self.cadres[cadre])
            except Refused:
                continue
            self.check()

    def do(self, deed: str, row: int, cadre) -> None:
        person = self.people[row % len(self.people)]
        found = list(Pairing.objects.order_by("id"))
        pairing = found[row % len(found)] if found else None
        today: datetime.date = timezone.localdate()
        if deed == "propose":
            pairings.propose(recipients=[person], cadre=cadre, by=self.city)
        elif deed == "hand_over_all":
            other = self.cadres[row % len(self.cadres)]
            pairing_handovers.hand_over_all(
                cadre=cadre, to=other, on=today, words="调离", by=self.county
            )
        elif pairing is not None:
            operation, given = {
                "approve": (pairings.approve, {"on": today}),
                "return": (pairings.return_proposal, {"words": "太远"}),
                "rechoose": (pairings.rechoose, {"cadre": cadre}),
                "undo": (pairing_changes.undo_approval, {}),
                "pause": (pairing_changes.pause, {"reason": "病假"}),
                "resume": (pairing_changes.resume, {}),
                "end": (
                    pairing_changes.end,
                    {"reason": EndReason.MOVED, "on": today},
                ),
                "hand_over": (
                    pairing_handovers.hand_over,
                    {"cadre": cadre, "on": today, "words": "调离"},
                ),
                "propose_handover": (
                    pairing_handovers.propose_handover,
                    {"cadre": cadre, "words": "调离"},
                ),
            }[deed]
            operation(pairing=pairing, by=self.county, **given)

    def check(self) -> None:
        rows = list(Pairing.objects.select_related("recipient", "cadre", "previous"))
        active = [row for row in rows if row.status == PairingStatus.ACTIVE]
        # Rule 1: one active pairing of each kind a person.
        per_person = Counter((row.recipient_id, row.kind) for row in active)
        assert all(count == 1 for count in per_person.values())
        # Rule 2: who has none is on the list.
        waiting = set(Recipient.objects.unpaired().values_list("pk", flat=True))
        paired = {row.recipient_id for row in active}
        assert waiting == {one.pk for one in self.people} - paired
        # Rule 3: no load above capacity, for nobody here gives words for it.
        for cadre in self.cadres:
            homes = {r.recipient.household_id for r in active if r.cadre == cadre}
            assert len(homes) <= cadre.capacity
        # A hand-over leaves no day uncovered.
        for row in active:
            if row.previous and row.previous.end_reason == EndReason.REPLACED:
                assert row.previous.ended_on == row.started_on
            assert row.next_due_on >= row.started_on
