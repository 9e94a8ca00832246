"""Writes policy sheets: what a check of the seven policies found."""

from random import Random
from uuid import UUID

from policies.enums import CheckState, Policy
from policies.models import PolicyCheck, PolicySheet
from recipients.enums import Category
from reports.population.batch import Batch
from reports.population.care import Contact
from reports.population.keys import Keys, Stream
from visits.enums import VISITING_WAYS

FIRST_SHEET = 0.8
ANOTHER_SHEET = 0.12
UNCLAIMED = 0.055
UNSURE = 0.06
MOST_SHEETS = 4
_WORDS = PolicyCheck._meta.get_field("words")

# Which policies such a person has, as a rule; the others do not apply.
HELD: dict[str, tuple[Policy, ...]] = {
    Category.CHILD: (Policy.SUBSISTENCE, Policy.EDUCATION, Policy.MEDICAL),
    Category.DISABLED: (
        Policy.SUBSISTENCE,
        Policy.DISABILITY,
        Policy.PENSION,
        Policy.MEDICAL,
    ),
    Category.DESTITUTE: (
        Policy.SUBSISTENCE,
        Policy.PENSION,
        Policy.MEDICAL,
        Policy.HOUSING,
    ),
}
REMARKS = {
    Policy.DISABILITY: "符合护理补贴条件,还没有申请。",
    Policy.EDUCATION: "本学期资助还没有到账,已请学校核对。",
    Policy.HOUSING: "房屋有裂缝,建议申请鉴定。",
    Policy.MEDICAL: "慢性病证还没有办。",
    Policy.PENSION: "已到领取年龄,认证未完成。",
    Policy.SUBSISTENCE: "家庭收入有变化,建议重新核定。",
    Policy.EMPLOYMENT: "想参加技能培训,还没有报名。",
}


class SheetWriter:
    """Writes a sheet for some contacts; the newest of a person is the latest."""

    def __init__(self, random: Random, batch: Batch, keys: Keys) -> None:
        self.random, self.batch, self.keys = random, batch, keys

    def write(self, contact: Contact, newer: int) -> UUID | None:
        """Write a sheet about the first of the people met, unless chance says no.

        ``newer`` is how many sheets of the household are newer.
        """
        if not self._is_checked(contact, newer):
            return None
        filed = contact.people[0][0]
        key = self.keys.next(Stream.SHEET)
        self.batch.add(
            *(PolicySheet, key, filed.pk, contact.day, contact.carer.user, not newer)
        )
        unclaimed = ""
        if contact.chosen is not None and not newer:
            unclaimed = contact.chosen.unclaimed
        for policy in Policy:
            state = self._state(policy, filed.category, filed.traits.disability)
            if contact.chosen is not None and state == CheckState.UNCLAIMED:
                state = CheckState.ENJOYED
            if policy == unclaimed:
                state = CheckState.UNCLAIMED
            self._write_check(key, policy, state)
        return key

    def _is_checked(self, contact: Contact, newer: int) -> bool:
        if contact.way not in VISITING_WAYS or newer >= MOST_SHEETS:
            return False
        if contact.chosen is not None and not newer:
            return True
        chance = self.random.random()
        return chance < (ANOTHER_SHEET if newer else FIRST_SHEET)

    def _state(self, policy: Policy, category: str, disability: str) -> CheckState:
        chance = self.random.random()
        held = policy in HELD[category]
        held = held or (policy == Policy.DISABILITY and disability != "")
        if chance < UNCLAIMED and (held or policy == Policy.EMPLOYMENT):
            return CheckState.UNCLAIMED
        if chance < UNCLAIMED + UNSURE:
            return CheckState.UNSURE
        if held:
            return CheckState.ENJOYED
        return CheckState.ENJOYED if chance > 0.94 else CheckState.NOT_ELIGIBLE

    def _write_check(self, sheet: UUID, policy: Policy, state: CheckState) -> None:
        key = self.keys.next(Stream.CHECK)
        words = REMARKS[policy] if state == CheckState.UNCLAIMED else ""
        self.batch.add(
            *(PolicyCheck, key, sheet, policy.value, state.value),
            _WORDS.sealed(words, pk=key),
        )
