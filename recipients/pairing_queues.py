"""The queues of the review board: what waits, in which order, how many."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, QuerySet
from django.utils import timezone

from cadres.enums import Role
from cadres.models import Cadre, User
from common.keyset import COUNTED_UP_TO, capped_counts
from recipients.acting_carers import uncovered
from recipients.enums import PairingStatus
from recipients.models import ActingCarer, Pairing, PairingQuerySet, Recipient
from recipients.pairing_rules import STANDING
from recipients.pairing_suggestions import with_load

SOON = timedelta(days=30)
MOST_CHANGING = 5_000
PEOPLE = ("recipient__area", "cadre__organisation", "proposed_by")


@dataclass(frozen=True)
class Queue:
    """One queue as its rows and the order in which they stand."""

    value: str
    label: str
    rows: QuerySet[Any]
    order: tuple[str, ...]
    part: str
    empty: str


def queues(user: User) -> dict[str, Queue]:
    """Return the queues this account has, by their name in the address."""
    seen = Pairing.objects.visible_to(user)
    made = [
        _pairs("review", "待审核", seen.proposed(), "没有待审核的结对。"),
        Queue(
            "unpaired",
            "待结对",
            Recipient.objects.visible_to(user).unpaired().select_related("area"),
            ("area_id", "pinyin", "id"),
            "recipients/_pairing_unpaired.html",
            "在册对象都已有干部结对。",
        ),
        Queue(
            "overload",
            "超负荷",
            overloaded(seen),
            ("pinyin", "id"),
            "recipients/_pairing_overload.html",
            "没有超过上限的干部。",
        ),
        _pairs("handover", "需交接", to_hand_over(seen), "没有要交接的结对。"),
        _pairs("acting", "代管待审核", acting_asked(seen), "没有待审核的代管。"),
        _pairs("expiring", "即将到期", expiring(seen), "30 天内没有到期的结对。"),
        _pairs("returned", "已退回", returned(seen), "没有退回的提议。"),
        _pairs("all", "全部在结", seen.filter(status__in=STANDING), "还没有结对。"),
    ]
    hidden = {"unpaired"} if user.role == Role.UNIT_LIAISON else {"returned"}
    return {queue.value: queue for queue in made if queue.value not in hidden}


# The longest waiting first; all others as every list: by area and pinyin.
ORDERS = {
    "review": ("proposed_on", "id"),
    "expiring": ("until", "id"),
    "acting": ("recipient__area_id", "recipient__pinyin", "id"),
    "handover": ("recipient__area_id", "recipient__pinyin", "id"),
    "returned": ("-proposed_on", "-id"),
    "all": ("recipient__area_id", "recipient__pinyin", "id"),
}


def _pairs(value: str, label: str, rows: PairingQuerySet, empty: str) -> Queue:
    part = "recipients/_pairing_queue.html"
    return Queue(value, label, rows.select_related(*PEOPLE), ORDERS[value], part, empty)


def expiring(pairings: PairingQuerySet) -> PairingQuerySet:
    """Return the active pairings whose agreed end is past or within 30 days."""
    return pairings.active().filter(until__lte=timezone.localdate() + SOON)


def to_hand_over(pairings: PairingQuerySet) -> PairingQuerySet:
    """Return the active pairings of cadres who leave, have moved, or are long away.

    Of those away, the ones for whom nobody acts until they are back. The cadres are
    few and named by key, so that each asks an index for its pairings.
    """
    today = timezone.localdate()
    changing = Cadre.objects.changing(today, MOST_CHANGING)
    away = Cadre.objects.long_away(today, MOST_CHANGING)
    rows = Pairing.objects.active().order_by()
    waiting = rows.filter(cadre__in=changing).values("pk")
    if away:
        open_ones = uncovered(rows.filter(cadre__in=away), today)
        waiting = waiting.union(open_ones.values("pk"))
    return pairings.active().filter(pk__in=waiting)


def acting_asked(pairings: PairingQuerySet) -> PairingQuerySet:
    """Return the pairings for which somebody to act was proposed."""
    asked = ActingCarer.objects.proposed().order_by()
    return pairings.active().filter(pk__in=asked.values("pairing"))


def returned(pairings: PairingQuerySet) -> PairingQuerySet:
    return pairings.filter(status=PairingStatus.REJECTED)


def overloaded(pairings: PairingQuerySet) -> QuerySet[Cadre]:
    """Return the cadres with more households than agreed, if any is within reach.

    The load counts every household, also those beyond the account's reach.
    """
    loaded = (
        Pairing.objects.active()
        .order_by()
        .values("cadre")
        .annotate(n=Count("recipient__household", distinct=True))
        .filter(n__gt=F("cadre__capacity"))
    )
    near = pairings.active().order_by().values("cadre")
    cadres = Cadre.objects.filter(pk__in=loaded.values("cadre")).filter(pk__in=near)
    return with_load(cadres).select_related("organisation")


def counts(found: dict[str, Queue]) -> dict[str, int | None]:
    """Count every queue in one query, each up to 10,001.

    The overload cannot be told without weighing every cadre: where there are too
    many pairings to count, its chip says no number.
    """
    known = _count({name: found[name] for name in found if name != "overload"})
    if known["all"] <= COUNTED_UP_TO:
        known |= _count({"overload": found["overload"]})
    return {name: known.get(name) for name in found}


def _count(wanted: dict[str, Queue]) -> dict[str, int]:
    return capped_counts(
        {name: queue.rows.select_related(None) for name, queue in wanted.items()}
    )
