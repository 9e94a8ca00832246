"""Opens what a row of a list held."""

import json
from typing import Any

from rosters.models import RosterRow


def content_of(row: RosterRow) -> dict[str, Any]:
    """Return the normalised values of the row; empty for a row without any."""
    return json.loads(row.content) if row.content else {}
