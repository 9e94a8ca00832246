"""Writes contacts with what was said and done on them."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from random import Random
from uuid import UUID

from common.encryption import seal
from common.invented_words import visit_words
from reports.population.batch import Batch
from reports.population.care import Contact
from reports.population.households import Chosen
from reports.population.keys import Keys, Stream
from reports.population.sheets import SheetWriter
from visits.enums import DeedKind, Occasion, Way
from visits.models import Campaign, Deed, HomeVisit

# Where the words are sealed to, but for the row; a field tells it for one row.
WORDS_PLACE = HomeVisit._meta.get_field("words").place("").removesuffix(":")
NULL = "\\N"
MET_IN_A_CAMPAIGN = 0.4
WITH_DEEDS = 0.3
LATE_ENTRY = 0.02
NONE = Occasion.NONE.value
HOURS = tuple(
    f" {hour}:{minute}:00+08" for hour in range(10, 22) for minute in (15, 42)
)
DEEDS: tuple[tuple[DeedKind, tuple[str, ...]], ...] = (
    (DeedKind.POLICY, ("问清两项补贴办理流程", "代交临时救助申请", "核实医保缴费")),
    (DeedKind.SOLVED, ("修好漏水的水管", "联系更换轮椅轴承", "协调补办社保卡")),
    (DeedKind.DEED, ("打扫卫生", "代买药品", "拉煤生炉", "陪同体检", "理发")),
    (DeedKind.DEED, ("换灯泡和插座", "贴春联挂灯笼", "收拾院子", "教用手机缴费")),
    (DeedKind.MONEY, ("慰问金", "助学款", "临时困难资助")),
    (DeedKind.GOODS, ("米面油", "棉衣被褥", "牛奶鸡蛋", "书包文具", "取暖煤")),
)
GIFTS = (DeedKind.MONEY, DeedKind.GOODS)


class Diarist:
    """Writes the visits of a household's contacts."""

    def __init__(
        self,
        random: Random,
        today: date,
        batch: Batch,
        keys: Keys,
        campaigns: list[Campaign],
        sheets: SheetWriter | None,
    ) -> None:
        self.random, self.batch, self.keys = random, batch, keys
        self.campaigns, self.sheets = campaigns, sheets
        self.today = today

    def write(self, contacts: Iterable[Contact], *, checking: bool = True) -> None:
        """Write the contacts, given newest first; ``checking`` with policy sheets."""
        checked = 0
        newest = True
        for contact in contacts:
            chosen = contact.chosen if newest else None
            sheet = None
            if checking and self.sheets is not None:
                sheet = self.sheets.write(contact, checked)
                checked += sheet is not None
            self._write(contact, chosen, sheet)
            newest = False

    def _write(
        self, contact: Contact, chosen: Chosen | None, sheet: UUID | None
    ) -> None:
        random, keys = self.random, self.keys
        day, way, carer, people, _ = contact
        first = people[0][0]
        words = chosen.words if chosen else visit_words(random, way, first.category)
        campaign = self._campaign(day) if self.campaigns else None
        occasion = Occasion.ILLNESS.value if way == Way.HOSPITAL else NONE
        together = keys.next_text(Stream.CLIENT)
        late = "t" if random.random() < LATE_ENTRY else "f"
        # Nobody will submit it again: one of a kind is all the fingerprint must be.
        who, where = _key(carer.pk), _key(carer.organisation)
        met = f"{_text(day)}\t{way}\t{occasion}\t{campaign or NULL}"
        told = f"{together}\t{carer.user or NULL}\t{self._entered(day)}\t{late}\t"
        client, checked = together, str(sheet or NULL)
        for filed, pairing in people:
            pk = keys.next_text(Stream.VISIT)
            sealed = seal(words, bound_to=f"{WORDS_PLACE}:{pk}").hex()
            self.batch.visits.append(
                f"{pk}\t{client}\t{together}\t{_key(filed.pk)}\t{who}\t{_key(pairing)}"
                f"\t{where}\t{met}\t\\\\x{sealed}\t{checked}\t{told}\n"
            )
            if client is together and random.random() < WITH_DEEDS:
                self._write_deeds(pk)
            client, checked = keys.next_text(Stream.CLIENT), NULL

    def _write_deeds(self, visit: str) -> None:
        chance = self.random.random
        first = int(chance() * len(DEEDS))
        places = {first, int(chance() * len(DEEDS))} if chance() < 0.25 else {first}
        for place in sorted(places):
            self._write_deed(visit, *DEEDS[place])

    def _write_deed(self, visit: str, kind: DeedKind, words: tuple[str, ...]) -> None:
        chance = self.random.random
        said = words[int(chance() * len(words))]
        amount = 50 * (1 + int(chance() * 10)) if kind in GIFTS else 0
        self.batch.add(Deed, visit, kind.value, 1, amount, said)

    def _entered(self, day: date) -> str:
        """Return an hour after the visit; one of today was told early."""
        if day == self.today:
            return f"{_text(day)} 00:05:00+08"
        return _text(day) + HOURS[int(self.random.random() * len(HOURS))]

    def _campaign(self, day: date) -> UUID | None:
        for campaign in self.campaigns:
            inside = campaign.starts_on <= day <= campaign.ends_on
            if inside and self.random.random() < MET_IN_A_CAMPAIGN:
                return campaign.pk
        return None


@lru_cache(maxsize=4096)
def _text(day: date) -> str:
    return day.isoformat()


@lru_cache(maxsize=1024)
def _key(key: UUID) -> str:
    return str(key)
