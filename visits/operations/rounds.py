"""Logging the visits to several people of one place at once (批量记走访)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from cadres.models import Cadre, User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from policies.models import PolicySheet
from policies.operations import Finding, Findings
from policies.queries import latest_sheets
from recipients.models import Pairing
from visits.content import VisitNote, fingerprint_of_all
from visits.operations.visits import Logged, told_before
from visits.operations.writing import check, lock, write
from visits.rules import check_round

NEWER = "政策核对表刚有更新,请看过再选“与上次一致”。"


@dataclass(frozen=True)
class Stop:
    """What is told of one person; ``sheet`` is confirmed as unchanged, if given."""

    pairing: Pairing
    note: VisitNote
    sheet: UUID | None = None


class StopRefused(Refused):
    """One of the visits may not be told; ``pairing`` is whose, ``why`` the reason."""

    def __init__(self, pairing: Pairing, why: str) -> None:
        """Name the person in the sentence."""
        super().__init__(f"{pairing.recipient}:{why}")
        self.pairing, self.why = pairing, why


@permits(Permission.LOG_VISIT, Permission.LOG_VISIT_FOR_OTHERS)
def log_round(
    *, stops: Sequence[Stop], client_id: UUID, late_entry: bool = False, by: User
) -> Logged:
    """Write a visit to each of the people, by the rules of single ones, all or none.

    Returns the first, which has the id of the round. Raises StopRefused naming the
    person whose visit is not lawful, otherwise what ``log_visit`` raises.
    """
    check_round([stop.pairing for stop in stops])
    try:
        return _log(stops, client_id, late_entry=late_entry, by=by)
    except IntegrityError:
        # The same id was stored for other people at this very moment: look again.
        return _log(stops, client_id, late_entry=late_entry, by=by)


@transaction.atomic
def _log(
    stops: Sequence[Stop], client_id: UUID, *, late_entry: bool, by: User
) -> Logged:
    held = lock(
        [stop.pairing for stop in stops], client_id, stops[0].note.day, whose=by
    )
    content = fingerprint_of_all(
        [(stop.note, stop.pairing.recipient_id, stop.sheet) for stop in stops]
    )
    if held[0].told:  # type: ignore[attr-defined]
        return told_before(client_id, content, whose=by)
    # Nobody writes another while the people are held.
    sheets = latest_sheets(stop.pairing.recipient_id for stop in stops if stop.sheet)
    now = timezone.now()
    written = [
        write(
            [pairing],
            *_checked(stop, pairing, sheets, late_entry=late_entry, whose=by),
            # Those after the first have ids that follow from the first one's.
            uuid.uuid5(client_id, str(pairing.recipient_id)) if place else client_id,
            content,
            at=now,
            late_entry=late_entry,
            whose=by,
        )
        for place, (stop, pairing) in enumerate(zip(stops, held, strict=True))
    ]
    return Logged(written[0], new=True)


def _checked(
    stop: Stop,
    pairing: Pairing,
    sheets: dict[UUID, PolicySheet],
    *,
    late_entry: bool,
    whose: User,
) -> tuple[Cadre, VisitNote]:
    """Return who made the visit, and the note with the sheet it confirms.

    Refuses it in the person's name.
    """
    try:
        note = stop.note
        if stop.sheet is not None:
            sheet = sheets.get(pairing.recipient_id)
            note = replace(note, findings=_again(sheet, stop.sheet, note))
        maker = check([pairing], note, late_entry=late_entry, whose=whose)
    except Refused as refusal:
        raise StopRefused(stop.pairing, str(refusal)) from None
    return maker, note


def _again(sheet: PolicySheet | None, confirmed: UUID, note: VisitNote) -> Findings:
    """Return what the confirmed sheet says, unless another stands by now."""
    if sheet is None or sheet.pk != confirmed:
        raise Refused(NEWER)
    if sheet.checked_on > note.day:
        raise Refused("上次核对政策在走访这一天之后,不能写“与上次一致”。")
    return {
        found.policy: Finding(found.state, found.words) for found in sheet.checks.all()
    }
