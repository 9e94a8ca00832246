"""Where several people of one cadre live: a home, or a village (同一处)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from cadres.enums import Role
from cadres.models import User
from recipients.enums import PairingStatus
from recipients.models import Pairing
from recipients.models.pairing import PairingQuerySet
from visits.to_tell import to_write_down


@dataclass(frozen=True)
class Place:
    """People in one cadre's care who can be seen on one way (批量记走访)."""

    pairings: list[Pairing]

    @property
    def pairing(self) -> Pairing:
        return self.pairings[0]

    @property
    def is_home(self) -> bool:
        """Say whether it is a home for children or the aged (福利院、敬老院)."""
        return self.pairing.recipient.household.institution_id is not None

    @property
    def name(self) -> str:
        person = self.pairing.recipient
        home = person.household.institution
        return home.name if home else f"{person.area}{person.village}"

    @property
    def shared(self) -> bool:
        """Say whether more than one household is there."""
        return len({pairing.recipient.household_id for pairing in self.pairings}) > 1


def places_of(pairings: Iterable[Pairing]) -> list[Place]:
    """Return the places where several households live, homes first.

    The pairings bring their recipients' areas and households' institutions along.
    """
    found: dict[tuple[Any, ...], list[Pairing]] = defaultdict(list)
    for pairing in pairings:
        if pairing.status == PairingStatus.ACTIVE:
            found[_where(pairing)].append(pairing)
    places = [Place(rows) for rows in found.values()]
    shared = [place for place in places if place.shared]
    return sorted(shared, key=lambda place: not place.is_home)


def place_around(user: User, pk: UUID) -> Place | None:
    """Return whom this pairing's cadre cares for where its person lives, it first.

    None when the account may not tell visits of this pairing.
    """
    told = _to_tell(user).select_related(
        "recipient__area__parent",
        "recipient__household__institution",
        "cadre__organisation",
    )
    first = told.filter(pk=pk).first()
    if first is None:
        return None
    others = (
        told.active()
        .filter(_here(first), cadre=first.cadre_id)
        .exclude(recipient=first.recipient_id)
        .order_by("next_due_on", "id")
    )
    # Cadre and doctor at once: two pairings, but one person to see.
    once = {pairing.recipient_id: pairing for pairing in reversed(others)}
    return Place([first, *reversed(once.values())])


def _to_tell(user: User) -> PairingQuerySet:
    """Return the pairings whose visits the account tells; the office's are 补录."""
    begun = Pairing.objects.filter(started_on__isnull=False)
    if user.role != Role.CADRE:
        return begun & Pairing.objects.visible_to(user)
    seen = Pairing.objects.visible_to(user).order_by().values("pk")
    return begun.active().filter(Q(pk__in=seen) | Q(pk__in=to_write_down(user)))


def _where(pairing: Pairing) -> tuple[Any, ...]:
    """Return the same for all pairings of one cadre in one place; see ``_here``."""
    person = pairing.recipient
    if home := person.household.institution_id:
        return (pairing.cadre_id, home)
    if person.village:
        return (pairing.cadre_id, person.area_id, person.village)
    return (pairing.cadre_id, person.household_id)


def _here(pairing: Pairing) -> Q:
    person = pairing.recipient
    if home := person.household.institution_id:
        return Q(recipient__household__institution=home)
    if not person.village:
        return Q(recipient__household=person.household_id)
    return Q(
        recipient__household__institution=None,
        recipient__area=person.area_id,
        recipient__village=person.village,
    )
