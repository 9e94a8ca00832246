"""Writes contacts with what was said and done on them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from random import Random
from uuid import UUID

from common.invented_words import visit_words
from reports.population.batch import Batch
from reports.population.care import Contact
from reports.population.households import Chosen
from reports.population.keys import Keys, Stream
from reports.population.sheets import SheetWriter
from visits.content import DeedNote, VisitNote, fingerprint
from visits.enums import DeedKind, Occasion, Way
from visits.models import Campaign, Deed, HomeVisit

_WORDS = HomeVisit._meta.get_field("words")
MET_IN_A_CAMPAIGN = 0.4
WITH_DEEDS = 0.3
LATE_ENTRY = 0.02
NONE = Occasion.NONE.value
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
        deeds = self._deeds() if random.random() < WITH_DEEDS else ()
        campaign = self._campaign(day)
        occasion = Occasion.ILLNESS.value if way == Way.HOSPITAL else NONE
        note = VisitNote(
            *(day, way, words, None, deeds, None, occasion),
            campaign_id=campaign,
        )
        told = fingerprint(note, [filed.pk for filed, _ in people])
        together = keys.next(Stream.CLIENT)
        late = random.random() < LATE_ENTRY
        for place, (filed, pairing) in enumerate(people):
            pk = keys.next(Stream.VISIT)
            self.batch.add(
                *(HomeVisit, pk, keys.next(Stream.CLIENT) if place else together),
                *(together, filed.pk, carer.pk, pairing, carer.organisation),
                *(_text(day), way, occasion, campaign, _WORDS.sealed(words, pk=pk)),
                *(None if place else sheet, told, carer.user, self._entered(day), late),
            )
            if not place:
                self._write_deeds(pk, deeds)

    def _deeds(self) -> tuple[DeedNote, ...]:
        chance = self.random.random
        first = int(chance() * len(DEEDS))
        places = {first, int(chance() * len(DEEDS))} if chance() < 0.25 else {first}
        return tuple(self._deed(*DEEDS[place]) for place in sorted(places))

    def _deed(self, kind: DeedKind, words: tuple[str, ...]) -> DeedNote:
        chance = self.random.random
        said = words[int(chance() * len(words))]
        amount = Decimal(50 * (1 + int(chance() * 10))) if kind in GIFTS else Decimal(0)
        return DeedNote(kind.value, 1, amount, said)

    def _write_deeds(self, visit: UUID, deeds: tuple[DeedNote, ...]) -> None:
        for deed in deeds:
            self.batch.add(
                *(Deed, visit, deed.kind, deed.quantity, deed.amount, deed.words)
            )

    def _entered(self, day: date) -> str:
        """Return an hour after the visit; one of today was told early."""
        if day == self.today:
            return f"{_text(day)} 00:05:00+08"
        chance = self.random.random
        return f"{_text(day)} {10 + int(chance() * 11)}:{10 + int(chance() * 49)}:00+08"

    def _campaign(self, day: date) -> UUID | None:
        for campaign in self.campaigns:
            inside = campaign.starts_on <= day <= campaign.ends_on
            if inside and self.random.random() < MET_IN_A_CAMPAIGN:
                return campaign.pk
        return None


@lru_cache(maxsize=4096)
def _text(day: date) -> str:
    return day.isoformat()
