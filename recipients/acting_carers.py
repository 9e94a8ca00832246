"""What pages and queues ask about acting carers: who acts, and what is not covered."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from cadres.models import Cadre, CadreLeave, Organisation
from recipients.models import ActingCarer, Pairing, PairingQuerySet

PEOPLE = ("cadre__organisation", "cadre__user", "carer")


def is_acted_for(day: date) -> Exists:
    """Return what says of a pairing whether somebody acts for its carer on the day."""
    return Exists(ActingCarer.objects.in_force(day).filter(pairing=OuterRef("pk")))


def with_acting(pairings: Iterable[Pairing], day: date) -> dict[Any, ActingCarer]:
    """Give each pairing in hand its ``acting_now``; return those that have one."""
    rows = list(pairings)
    acting = ActingCarer.objects.in_force(day).select_related(*PEOPLE)
    found = {one.pairing_id: one for one in acting.filter(pairing__in=rows)}
    for pairing in rows:
        pairing.acting_now = found.get(pairing.pk)  # type: ignore[attr-defined]
    return found


def in_care_of(
    pairings: PairingQuerySet, unit: Organisation, today: date
) -> PairingQuerySet:
    """Return those the unit's cadres see today: own ones nobody else acts for, others
    they act for."""
    acting = ActingCarer.objects.in_force(today).order_by()
    acted = acting.filter(cadre__organisation=unit).values("pairing")
    own = Q(~is_acted_for(today), cadre__organisation=unit)
    return pairings.filter(own | Q(pk__in=acted))


def leave_to_cover(cadre: Cadre, today: date) -> CadreLeave | None:
    """Return the cadre's leave of today, or else the next one announced."""
    return cadre.leaves.announced(today).order_by("from_on", "id").first()


def not_acted_for(pairings: PairingQuerySet, today: date) -> PairingQuerySet:
    """Return those for whom nobody acts to the end of the carer's leave."""
    acting = ActingCarer.objects.to_come(today).filter(pairing=OuterRef("pk"))
    goes_on = CadreLeave.objects.filter(
        cadre=OuterRef("carer"),
        from_on__lte=OuterRef("until_on"),
        until_on__gt=OuterRef("until_on"),
    )
    return pairings.filter(~Exists(acting.filter(~Exists(goes_on))))


def days_to_cover(
    carer: Cadre, pairings: Iterable[Pairing], today: date
) -> tuple[date, date] | None:
    """Return the days of the leave for which nobody acts yet for one of these."""
    leave = leave_to_cover(carer, today)
    if leave is None:
        return None
    acting = ActingCarer.objects.to_come(today).filter(pairing__in=list(pairings))
    taken = acting.order_by("-until_on").values_list("until_on", flat=True).first()
    first = max(today, leave.from_on)
    if taken is not None and first <= taken < leave.until_on:
        first = taken + timedelta(days=1)
    return first, leave.until_on


def is_to_cover(pairing: Pairing, today: date) -> bool:
    """Say whether the carer is away, or soon will be, and nobody acts to the end."""
    if leave_to_cover(pairing.cadre, today) is None:
        return False
    return not_acted_for(Pairing.objects.filter(pk=pairing.pk), today).exists()


def of_pairing(pairing: Pairing, today: date) -> list[ActingCarer]:
    """Return who acts for the carer now or later, and who was proposed to."""
    rows = ActingCarer.objects.filter(pairing=pairing).select_related(
        "cadre__organisation", "agreed_by", "proposed_by"
    )
    found = [*rows.to_come(today), *rows.proposed()]
    for one in found:
        one.begun = one.from_on <= today
    return sorted(found, key=lambda one: one.from_on)


def uncovered(pairings: PairingQuerySet, today: date) -> PairingQuerySet:
    """Return the pairings of cadres long away for whom nobody acts to the end.

    Covered is who has somebody in the place today, if the leave has begun, and
    somebody to its last day; and nobody of those may be away as well.
    """
    acts = ActingCarer.objects.sound(today).filter(pairing=OuterRef(OuterRef("pk")))
    to_the_end = acts.filter(until_on__gte=OuterRef("until_on"))
    now = acts.filter(from_on__lte=today)
    leaves = CadreLeave.objects.announced(today).long()
    open_leaves = leaves.filter(
        ~Exists(to_the_end) | Q(~Exists(now), from_on__lte=today),
        cadre=OuterRef("cadre"),
    )
    return pairings.filter(Exists(open_leaves))
