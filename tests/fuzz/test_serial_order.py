"""IG-16: what several offices are told of one pairing fits one deed after another."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cadres.models import Cadre, User
from common.refusals import Refused
from recipients.enums import EndReason, PairingStatus
from recipients.models import Pairing, Recipient
from recipients.operations import pairing_changes, pairing_handovers, pairings
from tests import cast
from tests.fuzz.conftest import so_many
from tests.fuzz.serial_order import Told, order_of

ACTIVE, PAUSED = PairingStatus.ACTIVE, PairingStatus.PAUSED
STANDING = {ACTIVE, PAUSED}
DEEDS_EACH = 4
DONE, REFUSED = "done", "refused"


@dataclass(frozen=True)
class State:
    """What is known of one pairing from outside."""

    status: str
    version: int


# From which states a deed is lawful, and what it makes of them.
LAWFUL: dict[str, tuple[set[str], str | None]] = {
    "approve": ({PairingStatus.PROPOSED}, ACTIVE),
    "return": ({PairingStatus.PROPOSED}, PairingStatus.REJECTED),
    "pause": ({ACTIVE}, PAUSED),
    "resume": ({PAUSED}, ACTIVE),
    "extend": (STANDING, None),
    "end": (STANDING, PairingStatus.ENDED),
    "hand_over": (STANDING, PairingStatus.ENDED),
}


def step(deed: str, version: int | None) -> Callable[[State], tuple[object, State]]:
    """Return what the deed comes to, done with the form of this version."""

    def take(state: State) -> tuple[object, State]:
        if deed == "look":
            return state, state
        lawful, then = LAWFUL[deed]
        if state.status not in lawful or version not in (None, state.version):
            return REFUSED, state
        return DONE, State(then or state.status, state.version + 1)

    return take


class Office(threading.Thread):
    """One office that looks and decides, again and again, and notes what it is told."""

    def __init__(
        self, pairing: Pairing, by: User, to: Cadre, start: threading.Barrier, seed: str
    ) -> None:
        super().__init__(name=by.username)
        self.pairing, self.by, self.to, self.start_line = pairing, by, to, start
        self.chance = random.Random(seed)
        self.record: list[Told[State]] = []
        self.seen: State | None = None

    def run(self) -> None:
        try:
            self.start_line.wait()
            for _ in range(DEEDS_EACH):
                deed = self.chance.choice(["look", *LAWFUL, "approve", "resume"])
                version = None
                if self.seen is not None and self.chance.random() < 0.5:
                    version = self.seen.version
                self._do(deed, version)
        finally:
            connection.close()

    def _do(self, deed: str, version: int | None) -> None:
        begun = time.monotonic()
        answer: object = DONE
        try:
            if deed == "look":
                answer = self.seen = state_of(self.pairing)
            else:
                self._operation(deed, version)
        except Refused:
            answer = REFUSED
        ended = time.monotonic()
        self.record.append(
            Told(self.name, deed, begun, ended, answer, step(deed, version))
        )

    def _operation(self, deed: str, version: int | None) -> None:
        today = timezone.localdate()
        told = {"pairing": self.pairing, "version": version, "by": self.by}
        match deed:
            case "approve":
                pairings.approve(on=today, **told)
            case "return":
                pairings.return_proposal(words="请换人", **told)
            case "pause":
                pairing_changes.pause(reason="病假", **told)
            case "resume":
                pairing_changes.resume(**told)
            case "extend":
                pairing_changes.extend(until=today + timedelta(days=90), **told)
            case "end":
                pairing_changes.end(reason=EndReason.RETIRED, on=today, **told)
            case "hand_over":
                pairing_handovers.hand_over(
                    cadre=self.to, on=today, words="调离", **told
                )


def state_of(pairing: Pairing) -> State:
    found = Pairing.objects.get(pk=pairing.pk)
    return State(found.status, found.version)


@pytest.mark.django_db(transaction=True)
def test_what_offices_are_told_of_one_pairing_has_a_lawful_order(
    city_office: User, yongchang_office: User, unit, chance: random.Random
):
    offices = [city_office, yongchang_office, cast.office("zhonghua", "620321000000")]
    carer, other = cast.make_cadre("赵军", unit), cast.make_cadre("马兰", unit)
    told = 0
    for number in range(so_many(1_500)):
        pairing = begun(cast.make_recipient(f"某{number}"), carer, chance)
        first, start = state_of(pairing), threading.Barrier(len(offices))
        busy = [
            Office(pairing, by, other, start, f"{chance.random()}") for by in offices
        ]
        for office in busy:
            office.start()
        for office in busy:
            office.join()
        record = [one for office in busy for one in office.record]
        record.append(last_look(pairing))

        assert len(record) == len(offices) * DEEDS_EACH + 1
        assert order_of(record, first) is not None, record
        told += sum(one.answer == DONE for one in record)
        Pairing.objects.exclude(status=PairingStatus.REJECTED).update(**OVER)
    assert told


OVER = {
    "status": PairingStatus.ENDED,
    "started_on": timezone.localdate() - timedelta(days=1),
    "ended_on": timezone.localdate(),
    "end_reason": EndReason.RETIRED,
}


def begun(person: Recipient, carer: Cadre, chance: random.Random) -> Pairing:
    """Return a pairing of the person, proposed or standing already."""
    if chance.random() < 0.5:
        return cast.make_pairing(person, carer)
    proposed = {"status": PairingStatus.PROPOSED, "started_on": None}
    return cast.make_pairing(person, carer, next_due_on=None, **proposed)


def last_look(pairing: Pairing) -> Told[State]:
    at = time.monotonic()
    return Told("last", "look", at, at, state_of(pairing), step("look", None))


def told(client: str, deed: str, begun: float, ended: float, answer: object) -> Told:
    return Told(client, deed, begun, ended, answer, step(deed, None))


def test_one_deed_done_twice_has_no_order():
    record = [told("甲", "approve", 0, 3, DONE), told("乙", "approve", 1, 2, DONE)]

    assert order_of(record, State(PairingStatus.PROPOSED, 1)) is None
    record[1] = replace(record[1], answer=REFUSED)
    assert order_of(record, State(PairingStatus.PROPOSED, 1)) == record


def test_a_look_after_a_deed_that_does_not_show_it_has_no_order():
    before = State(PairingStatus.PROPOSED, 1)
    record = [told("甲", "approve", 0, 1, DONE), told("乙", "look", 2, 3, before)]

    assert order_of(record, before) is None
    record[1] = replace(record[1], begun=0.5)
    assert order_of(record, before) == record[::-1]
