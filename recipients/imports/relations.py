"""By which numbers a cadre is seen to belong to a family, for many at once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from intake.copying import in_blocks
from recipients.models import CadreRelative, Guardian, Recipient


def family_marks(households: Sequence[UUID]) -> dict[UUID, set[bytes]]:
    """Return {household: blind indexes of its people's and guardians' numbers}.

    Ids and phones are indexed alike, and no id is ever a phone.
    """
    marks: dict[UUID, set[bytes]] = defaultdict(set)
    for block in in_blocks(households):
        people = Recipient.objects.filter(household__in=list(block))
        _add(marks, people.values_list("household", "phone_index"))
        _add(marks, people.values_list("household", "resident_id_index"))
        guardians = Guardian.objects.filter(recipient__household__in=list(block))
        _add(marks, guardians.values_list("recipient__household", "phone_index"))
    return marks


def declared_marks(cadres: Sequence[UUID]) -> dict[UUID, set[bytes]]:
    """Return {cadre: blind indexes of the ids of the relatives declared}."""
    marks: dict[UUID, set[bytes]] = defaultdict(set)
    for block in in_blocks(cadres):
        kin = CadreRelative.objects.standing().filter(cadre__in=list(block))
        _add(marks, kin.order_by().values_list("cadre", "resident_id_index"))
    return marks


def _add(marks: dict[UUID, set[bytes]], rows: Any) -> None:
    for key, index in rows:
        if index:
            marks[key].add(bytes(index))
