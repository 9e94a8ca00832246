"""What a death does to needs: the person's are over, the household's go on."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from casework.enums import NeedStatus, Whose
from casework.models import Need
from recipients.enums import LeaveReason, RecipientStatus
from recipients.models import Recipient

AT_ONCE = 1_000
OF_DEATH = "说明:对象去世"
GOES_ON = "说明:原对象去世,家庭的需求由同户的对象接着办"


def settle_needs_of_the_dead(*, today: date) -> int:
    """Close, or hand on, what is still open for people who have died.

    Returns how many. For the clock, where deaths came in by the thousand, and where
    somebody of a household without files has got one since. Must run inside a
    transaction.
    """
    needs = (
        Need.objects.open()
        .with_those_left()
        .filter(
            recipient__status=RecipientStatus.LEFT,
            recipient__left_reason=LeaveReason.DIED,
        )
    )
    # Members without a file: the need stays on the file there is, until they go too.
    waits = Q(whose=Whose.HOUSEHOLD, heir=None, lived_in=True)
    free = needs.exclude(waits).select_for_update(of=("self",), skip_locked=True)
    settled = list(free[:AT_ONCE])
    _settle(settled, today)
    return len(settled)


def settle_needs_of(person: Recipient) -> dict[str, Any]:
    """Close the person's needs, whose death is being written down.

    The household's go to the eldest of it who is on file; where only members without
    a file live on, they stay. Returns how each stood, for an undo.
    """
    needs = Need.objects.open().with_those_left().filter(recipient=person)
    held = list(needs.order_by("pk").select_for_update(of=("self",)))
    closed, handed_on = _settle(held, timezone.localdate())
    return {"closed": closed, "handed_on": handed_on}


def unsettle_needs_of(person: Recipient, before: dict[str, Any]) -> None:
    """Open again what was closed, and take back what was handed on, by mistake."""
    _open_again(person, before["closed"])
    handed_on = before["handed_on"]
    needs = Need.objects.filter(pk__in=handed_on).order_by("pk")
    for need in needs.select_for_update(of=("self",)):
        # Another death may have handed it on once more.
        if str(need.recipient_id) != handed_on[str(need.pk)]:
            continue
        need.recipient = person
        _take_line(need, GOES_ON)
        need.save(update_fields=["recipient", "answer"])


def _settle(needs: Iterable[Any], today: date) -> tuple[dict[str, str], dict[str, str]]:
    """Return how those stood that were closed, and to whom the others went."""
    closed: dict[str, str] = {}
    handed_on: dict[str, str] = {}
    for need in needs:
        if need.whose == Whose.PERSON or not (need.heir or need.lived_in):
            closed[str(need.pk)] = need.status
            _close(need, today)
        elif need.heir:
            handed_on[str(need.pk)] = str(need.heir)
            _hand_on(need, need.heir, today)
    return closed, handed_on


def _close(need: Need, today: date) -> None:
    need.add_line(OF_DEATH, today)
    need.status, need.closed_on = NeedStatus.DECLINED, today
    need.save(update_fields=["status", "answer", "closed_on"])


def _hand_on(need: Need, heir: UUID, today: date) -> None:
    need.add_line(GOES_ON, today)
    need.recipient_id = heir
    need.save(update_fields=["recipient", "answer"])


def _open_again(person: Recipient, before: dict[str, str]) -> None:
    needs = Need.objects.filter(recipient=person, pk__in=before).order_by("pk")
    for need in needs.select_for_update(of=("self",)):
        if need.status != NeedStatus.DECLINED:
            continue
        _take_line(need, OF_DEATH)
        need.status, need.closed_on = before[str(need.pk)], None
        need.save(update_fields=["status", "answer", "closed_on"])


def _take_line(need: Need, words: str) -> None:
    kept, _, last = need.answer.rpartition("\n")
    if last.endswith(words):
        need.answer = kept
