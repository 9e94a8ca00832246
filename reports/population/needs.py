"""Writes needs in every state, from what was heard on visits."""

from datetime import date, timedelta
from random import Random
from typing import TypeVar

from casework.enums import NeedStatus, Urgency
from casework.models import Need
from casework.operations import DAYS_TO_SOLVE
from common.invented_words import NEEDS, need_words
from reports.population.batch import Batch
from reports.population.care import Contact
from reports.population.keys import Keys, Stream

T = TypeVar("T")

A_CONTACT = 0.028
FRESH = 24
KINDS = tuple(NEEDS)
URGENCIES = (*[Urgency.NORMAL] * 7, *[Urgency.SOON] * 2, Urgency.URGENT)
OPEN = (
    *[NeedStatus.RAISED] * 4,
    *[NeedStatus.ACCEPTED] * 3,
    *[NeedStatus.IN_PROGRESS] * 4,
    *[NeedStatus.SOLVED] * 2,
)
ANSWERS = {
    NeedStatus.ACCEPTED: "已联系镇民政所,材料已收,按程序办理。",
    NeedStatus.IN_PROGRESS: "已上门核实,列入本月解决清单。",
    NeedStatus.SOLVED: "已帮助办好,请告诉家里并确认。",
    NeedStatus.CONFIRMED: "已帮助办好,本人认可。",
    NeedStatus.DECLINED: "经核实不符合条件,已向家属解释。",
}
CHOSEN_ANSWER = "县教育局已答复:下学期可转入特教班。"
_WORDS = Need._meta.get_field("words")
_ANSWER = Need._meta.get_field("answer")


class Listener:
    """Writes down what families cannot solve alone."""

    def __init__(self, random: Random, today: date, batch: Batch, keys: Keys) -> None:
        self.random, self.today = random, today
        self.batch, self.keys = batch, keys

    def write(self, contacts: list[Contact]) -> None:
        """Write the needs heard on these contacts, given newest first."""
        for place, contact in enumerate(contacts):
            chosen = contact.chosen
            if chosen is not None:
                if place == 0 and chosen.need:
                    self._write(contact, chosen.need, "education", NeedStatus.SOLVED)
            elif contact.people and self.random.random() < A_CONTACT:
                kind = self._one_of(KINDS)
                words = need_words(self.random, kind)
                self._write(contact, words, kind, self._status(contact.day))

    def _status(self, day: date) -> NeedStatus:
        """Old needs are settled, but for a few that should have been."""
        chance = self.random.random()
        if (self.today - day).days < FRESH or chance < 0.05:
            return self._one_of(OPEN)
        return NeedStatus.DECLINED if chance < 0.13 else NeedStatus.CONFIRMED

    def _write(
        self, contact: Contact, words: str, kind: str, status: NeedStatus
    ) -> None:
        key = self.keys.next(Stream.NEED)
        urgency = self._one_of(URGENCIES)
        due_on = contact.day + timedelta(days=DAYS_TO_SOLVE[urgency])
        answer = CHOSEN_ANSWER if contact.chosen else ANSWERS.get(status, "")
        closed = status in (NeedStatus.CONFIRMED, NeedStatus.DECLINED)
        self.batch.add(
            *(Need, key, contact.people[0][0].pk, kind, _WORDS.sealed(words, pk=key)),
            *(urgency.value, status.value, contact.carer.user, contact.day, due_on),
            _ANSWER.sealed(answer, pk=key),
            min(due_on, self.today) if closed else None,
        )

    def _one_of(self, choices: tuple[T, ...]) -> T:
        return choices[int(self.random.random() * len(choices))]
