"""What a cadre tells of a visit, for the tests."""

import datetime
import uuid
from typing import Any

from cadres.models import User
from policies.enums import CheckState, Policy
from policies.operations import Finding
from recipients.models import Pairing
from visits.content import VisitNote
from visits.operations.visits import Logged, log_visit

ALL_ENJOYED = {str(policy): Finding(CheckState.ENJOYED) for policy in Policy}
DAY = datetime.date(2026, 11, 20)


def note(**changes: Any) -> VisitNote:
    told = {
        "day": DAY,
        "way": "HOME",
        "words": "身体平稳",
        "findings": ALL_ENJOYED,
        **changes,
    }
    return VisitNote(**told)


def log(*pairings: Pairing, by: User, **changes: Any) -> Logged:
    """Log a visit as told by default, but for the changes."""
    client_id = changes.pop("client_id", None) or uuid.uuid4()
    late_entry = changes.pop("late_entry", False)
    return log_visit(
        pairings=pairings,
        client_id=client_id,
        note=note(**changes),
        late_entry=late_entry,
        by=by,
    )


def posted(pairing: Pairing, **changes: Any) -> dict[str, Any]:
    """Return the form as a phone would send it."""
    sent: dict[str, Any] = {
        "client_id": str(uuid.uuid4()),
        "way": "HOME",
        "when": DAY.isoformat(),
        "words": "身体平稳",
        "need_urgency": "normal",
        "need_kind": "other",
        **{f"policy_{policy}": "enjoyed" for policy in Policy},
        **changes,
    }
    return sent
