"""What pages ask about families, visits and what waits for whom."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from cadres.models import Cadre, User
from casework.models import Need
from policies.queries import unclaimed_by_recipient
from recipients.acting_carers import with_acting
from recipients.models import ActingCarer, Guardian, Pairing, Recipient
from recipients.screens import State, due_state
from visits.calendar import SixDay, next_six_day
from visits.enums import CampaignKind, CampaignStatus, SixRule
from visits.models import (
    Campaign,
    DayOverride,
    HomeVisit,
    Reminder,
    SixSetting,
    VisitDraft,
)
from visits.refusing import called_up
from visits.to_tell import people_to_tell_of

EXCERPT = 40
CITY = "620300000000"


@dataclass
class Family:
    """A household in one cadre's care: whom to see first, and what to look at."""

    pairings: list[Pairing]
    today: date
    guardians: list[Guardian] = field(default_factory=list)
    last: HomeVisit | None = None
    called_up: bool = False
    unclaimed: list[str] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    acting: ActingCarer | None = None
    draft: VisitDraft | None = None
    # Whether it is somebody else who acts, and the family is not this cadre's to see.
    lent: bool = False

    @property
    def pairing(self) -> Pairing:
        return self.pairings[0]

    @property
    def recipient(self) -> Recipient:
        return self.pairing.recipient

    @property
    def others(self) -> list[Recipient]:
        return [pairing.recipient for pairing in self.pairings[1:]]

    @property
    def due(self) -> State:
        if self.lent and self.acting is not None:
            return State("n", f"{self.acting.cadre}代管中")
        return due_state(self.pairing, self.today)

    @property
    def age(self) -> int | None:
        return self.recipient.age_on(self.today)

    @property
    def phones(self) -> list[str]:
        """Whom to call: the person, who looks after it, the others of the household."""
        first, *others = [pairing.recipient.phone for pairing in self.pairings]
        guardians = [guardian.phone for guardian in self.guardians]
        return [phone for phone in (first, *guardians, *others) if phone]

    @property
    def days_since(self) -> int | None:
        """Days since the last contact; None when there was none."""
        days = [
            pairing.last_contact_on
            for pairing in self.pairings
            if pairing.last_contact_on is not None
        ]
        return (self.today - max(days)).days if days else None

    @property
    def last_words(self) -> str:
        """The beginning of what was written last time."""
        words = self.last.words if self.last else ""
        return words if len(words) <= EXCERPT else f"{words[:EXCERPT]}…"


def drafts_of(user: User) -> QuerySet[VisitDraft]:
    """Return what the account began and has not sent, of those it may still tell of."""
    return user.visit_drafts.filter(
        recipient__in=people_to_tell_of(user)
    ).select_related("recipient")


def with_drafts(families: Iterable[Family], drafts: Iterable[VisitDraft]) -> None:
    """Put beside each family the draft about somebody of it."""
    begun = {draft.recipient_id: draft for draft in drafts}
    for family in families:
        found = [begun.get(pairing.recipient_id) for pairing in family.pairings]
        family.draft = next(filter(None, found), None)


def families_of(user: User, today: date) -> list[Family]:
    """Return the families in the account's care, those that wait longest first.

    Also those it acts for (代管); its own for whom another acts come last. An office
    that looks in has none: the whole city is no list for a phone.
    """
    pairings = (
        Pairing.objects.visible_to(user)
        .held_by(Cadre.objects.filter(user=user))
        .select_related(
            "recipient__area__parent", "recipient__household__institution", "cadre"
        )
        .order_by("next_due_on", "id")
    )
    acting = with_acting(pairings, today)
    lent = {key for key, one in acting.items() if one.cadre.user_id != user.pk}
    households: dict[UUID, list[Pairing]] = defaultdict(list)
    for pairing in sorted(pairings, key=lambda one: one.pk in lent):
        row = households[pairing.recipient.household_id]
        # Cadre and doctor at once: two pairings, but one person to see.
        if pairing.recipient_id not in {known.recipient_id for known in row}:
            row.append(pairing)
    families = [
        Family(row, today, acting=acting.get(row[0].pk), lent=row[0].pk in lent)
        for row in households.values()
    ]
    _tell_more(families, user)
    _tell_who_is_called_up(families)
    return families


def _tell_more(families: Sequence[Family], user: User) -> None:
    """Fill in what to look at, with one question for all families of a kind."""
    home = {pairing.recipient_id: f for f in families for pairing in f.pairings}
    for visit in last_visits(home):
        family = home[visit.recipient_id]
        if family.last is None or visit.day > family.last.day:
            family.last = visit
    people = {
        pairing.recipient_id: pairing.recipient
        for family in families
        for pairing in family.pairings
    }
    for key, names in unclaimed_by_recipient(home).items():
        whose = f"{people[key]}的" if home[key].others else ""
        home[key].unclaimed.append(whose + "、".join(names))
    for need in Need.objects.ordinary().open().filter(recipient__in=list(home)):
        need.recipient = people[need.recipient_id]
        home[need.recipient_id].needs.append(need)
    for guardian in Guardian.objects.filter(recipient__in=list(home), first=True):
        home[guardian.recipient_id].guardians.append(guardian)
    standing = Reminder.objects.visible_to(user).standing()
    for reminder in standing.select_related("pairing"):
        if reminder.pairing.recipient_id in home:
            home[reminder.pairing.recipient_id].reminders.append(reminder)


def _tell_who_is_called_up(families: Sequence[Family]) -> None:
    home = {pairing.recipient_id: f for f in families for pairing in f.pairings}
    for key in called_up().filter(recipient__in=list(home)):
        home[key].called_up = True


def last_visits(recipients: Iterable[UUID]) -> QuerySet[HomeVisit]:
    """Return the newest standing visit of each person."""
    return (
        HomeVisit.objects.standing()
        .filter(recipient__in=list(recipients))
        .order_by("recipient_id", "-day", "-id")
        .distinct("recipient_id")
    )


def household_of(pairing: Pairing) -> list[Pairing]:
    """Return the pairing, then the same cadre's others in the household."""
    others = (
        Pairing.objects.active()
        .filter(
            cadre=pairing.cadre_id,
            recipient__household=pairing.recipient.household_id,
        )
        .exclude(recipient=pairing.recipient_id)
        .select_related("recipient")
        .order_by("recipient__pinyin", "id")
    )
    return [pairing, *others]


def campaigns_on(first: date, last: date, area: str) -> QuerySet[Campaign]:
    """Return the campaigns that could be chosen for a visit in these days there."""
    going_on = Q(status=CampaignStatus.OPEN) | Q(
        kind=CampaignKind.SIX, status=CampaignStatus.PLANNED
    )
    return Campaign.objects.filter(
        going_on, starts_on__lte=last, ends_on__gte=first, area__in=_above(area)
    )


def six_ahead(families: Sequence[Family], today: date) -> SixDay | None:
    """Return the next 逢6 day as the office of the first family's place keeps it."""
    area = families[0].recipient.area_id if families else CITY
    settings = SixSetting.objects.filter(area__in=_above(area))
    # The nearer office wins: a township's code ends in fewer noughts.
    nearest = max(settings, key=lambda setting: setting.area_id, default=None)
    changed = DayOverride.objects.filter(day__gte=today).values_list("day", "working")
    rule = nearest.rule if nearest else SixRule.KEEP
    return next_six_day(today, rule, dict(changed))


def _above(area: str) -> list[str]:
    return [area[:length].ljust(len(area), "0") for length in (4, 6, 9, 12)]
