"""What is told of a visit, and its fingerprint; nothing here knows the database."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from casework.enums import Whose
from common.encryption import content_mark
from policies.operations import Findings
from visits.enums import Occasion, Outcome


@dataclass(frozen=True)
class DeedNote:
    """One thing done for the family: how many, or how much and what."""

    kind: str
    quantity: int = 1
    amount: Decimal = Decimal(0)
    words: str = ""


@dataclass(frozen=True)
class NeedNote:
    """What the family cannot solve alone, as heard on the visit."""

    kind: str
    words: str
    urgency: str
    whose: str = Whose.PERSON


@dataclass(frozen=True)
class VisitNote:
    """Everything a cadre tells of one visit."""

    day: date
    way: str
    words: str
    findings: Findings | None = None
    deeds: tuple[DeedNote, ...] = ()
    need: NeedNote | None = None
    occasion: str = Occasion.NONE
    companions: str = ""
    campaign_id: UUID | None = None
    outcome: str = Outcome.MET


def fingerprint(note: VisitNote, recipients: list[UUID]) -> str:
    """Return the same letters for the same telling, however it was written down.

    It is keyed: short words could otherwise be guessed from it.
    """
    told = {
        "to": [str(recipients[0]), *sorted(str(pk) for pk in recipients[1:])],
        "day": note.day.isoformat(),
        "way": note.way,
        "words": _plain(note.words),
        "occasion": note.occasion,
        "companions": _plain(note.companions),
        "campaign": str(note.campaign_id or ""),
        "findings": sorted(
            [policy, found.state, _plain(found.words)]
            for policy, found in (note.findings or {}).items()
        ),
        "deeds": sorted(
            [deed.kind, deed.quantity, f"{deed.amount:.2f}", _plain(deed.words)]
            for deed in note.deeds
        ),
        "need": note.need
        and [note.need.kind, _plain(note.need.words), note.need.urgency],
    }
    # Said only where it differs: a telling of before these keeps its letters.
    if note.need and note.need.whose != Whose.PERSON:
        told["whose"] = note.need.whose
    if note.outcome != Outcome.MET:
        told["outcome"] = note.outcome
    return content_mark(json.dumps(told, sort_keys=True, ensure_ascii=False))


def fingerprint_of_all(told: list[tuple[VisitNote, UUID, UUID | None]]) -> str:
    """Return the same letters for the same round, in whichever order it was told.

    Each is a note, the recipient, and the sheet that was confirmed as unchanged.
    """
    each = [f"{fingerprint(note, [pk])} {sheet or ''}" for note, pk, sheet in told]
    return content_mark("\n".join(sorted(each)))


def _plain(words: str) -> str:
    return words.replace("\r\n", "\n").strip()
