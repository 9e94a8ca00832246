"""Logging a visit, once, with all it brings along."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients.models import Pairing
from visits.content import VisitNote, fingerprint
from visits.models import HomeVisit
from visits.operations.writing import check, lock, write


@dataclass(frozen=True)
class Logged:
    """A visit that stands, and whether this very call made it."""

    visit: HomeVisit
    new: bool


class ToldDifferently(Refused):
    """The same submission id came with other content; ``stored`` is the first."""

    def __init__(self, stored: HomeVisit) -> None:
        """Carry the visit that was stored first."""
        super().__init__("这次走访已经记过,内容与这次提交的不一样。")
        self.stored = stored


@permits(Permission.LOG_VISIT, Permission.LOG_VISIT_FOR_OTHERS)
def log_visit(
    *,
    pairings: Sequence[Pairing],
    client_id: UUID,
    note: VisitNote,
    late_entry: bool = False,
    by: User,
) -> Logged:
    """Write one visit to a family, a row for each of its members, once for an id.

    The first pairing is whom the sheet, the deeds and the need are about. Raises
    Refused when the day or the author is not lawful, ToldDifferently when the id is
    taken by other content, HomeVisit.DoesNotExist when by another account.
    """
    try:
        return _log(pairings, client_id, note, late_entry=late_entry, by=by)
    except IntegrityError:
        # The same id was stored for another family at this very moment: look again.
        return _log(pairings, client_id, note, late_entry=late_entry, by=by)


@transaction.atomic
def _log(
    pairings: Sequence[Pairing],
    client_id: UUID,
    note: VisitNote,
    *,
    late_entry: bool,
    by: User,
) -> Logged:
    locked = lock(pairings, client_id, note.day, whose=by)
    content = fingerprint(note, [pairing.recipient_id for pairing in locked])
    if locked[0].told:  # type: ignore[attr-defined]
        return told_before(client_id, content, whose=by)
    maker = check(locked, note, late_entry=late_entry, whose=by)
    visit = write(
        locked,
        maker,
        note,
        client_id,
        content,
        at=timezone.now(),
        late_entry=late_entry,
        whose=by,
    )
    return Logged(visit, new=True)


def told_before(client_id: UUID, content: str, *, whose: User) -> Logged:
    """Return the visit that has this id; see ``log_visit`` for what is raised."""
    stored = HomeVisit.objects.get(client_id=client_id)
    if stored.entered_by_id != whose.pk:
        raise HomeVisit.DoesNotExist
    if stored.content_hash != content:
        raise ToldDifferently(stored)
    return Logged(stored, new=False)
