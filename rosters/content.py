"""Opens what a row of a list held."""

from typing import Any

from common.sealed_fields import json_in
from rosters.models import RosterRow


def content_of(row: RosterRow) -> dict[str, Any]:
    """Return the normalised values of the row; empty for a row without any."""
    content: dict[str, Any] = json_in(row.content)
    return content
