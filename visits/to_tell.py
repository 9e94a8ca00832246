"""Of whom an account may tell a visit, and which visits it may take back."""

from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from cadres.models import CadreAssistant, User
from recipients.enums import PairingStatus
from recipients.models import ActingCarer, Pairing, Recipient
from visits.models import HomeVisit
from visits.rules import UNDO_FOR

# What the form shows of a pairing; a post reads nothing else.
TOLD_BY = (
    "cadre",
    "status",
    "started_on",
    "ended_on",
    "last_contact_on",
    "next_due_on",
    "recipient__name",
    "recipient__sex",
    "recipient__birth_on",
    "recipient__category",
    "recipient__disability_grade",
    "recipient__area",
    "recipient__village",
    "recipient__household",
)


def pairings_to_tell(user: User, recipient: UUID) -> list[Pairing]:
    """Return the account's own pairing with the person, then those of the household.

    The first may have ended: a visit told late is accepted by its day. Whoever acts
    for another, or writes visits down, has the other's. Empty when there is none.
    """
    own = Q(recipient=recipient) | Q(status=PairingStatus.ACTIVE)
    today = timezone.localdate()
    acted = ActingCarer.objects.filter(cadre__user=user)
    acted = acted.filter(agreed_at__isnull=False, from_on__lte=today)
    now = acted.in_force(today).filter(pairing=OuterRef("pk"))
    whose = F("cadre__name")
    return (
        _to_tell(own & Q(cadre__user=user), recipient)
        or _to_tell(
            own & Q(pk__in=acted.values("pairing")),
            recipient,
            acted_for=whose,
            holds=Exists(now),
        )
        or _to_tell(Q(pk__in=to_write_down(user)), recipient, written_for=whose)
    )


def is_in_care(pairing: Pairing) -> bool:
    """Say whether the account may see the person of a pairing it tells a visit of."""
    holds: bool = pairing.holds  # type: ignore[attr-defined]
    return holds and pairing.status == PairingStatus.ACTIVE


def to_write_down(user: User) -> QuerySet[Pairing]:
    """Return the active pairings of others whose visits the account writes (代录)."""
    assisted = CadreAssistant.objects.of(user, timezone.localdate()).values("cadre")
    return Pairing.objects.active().filter(cadre__in=assisted)


def people_to_tell_of(user: User) -> QuerySet[Recipient]:
    """Return the people within reach, and those whose visits the account writes."""
    written = to_write_down(user).values("recipient")
    return Recipient.objects.visible_to(user) | Recipient.objects.filter(pk__in=written)


def visits_to_take_back(user: User) -> QuerySet[HomeVisit]:
    """Return the visits within reach, and those the account told just now."""
    just_now = HomeVisit.objects.filter(
        entered_by=user, entered_at__gte=timezone.now() - UNDO_FOR
    )
    return HomeVisit.objects.visible_to(user) | just_now


def _to_tell(which: Q, recipient: UUID, **told: Any) -> list[Pairing]:
    """Return the pairing with the person, then those of others of the household.

    Each says for whom it is written down (``written_for``) or acted (``acted_for``),
    if for another, and whether that still ``holds`` today.
    """
    nobody = Value("", output_field=CharField())
    told = {
        "written_for": nobody,
        "acted_for": nobody,
        "holds": Value(value=True),
    } | told
    rows = (
        Pairing.objects.filter(
            which,
            started_on__isnull=False,
            recipient__household__recipients=recipient,
        )
        .select_related("recipient")
        .only(*TOLD_BY)
        .annotate(**told)
        .order_by("-started_on", "id")
    )
    by_person: dict[UUID, Pairing] = {}
    for pairing in sorted(rows, key=lambda row: row.status != PairingStatus.ACTIVE):
        by_person.setdefault(pairing.recipient_id, pairing)
    first = by_person.pop(recipient, None)
    return [first, *by_person.values()] if first else []
