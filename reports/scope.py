"""What an export covers: whose reach, which area and days, ids masked or in full."""

import secrets
from dataclasses import dataclass, field
from datetime import date

from cadres.models import Area, User


@dataclass(frozen=True)
class Scope:
    """The bounds of one export; rows outside the user's reach are never in it."""

    user: User
    area: Area | None = None
    since: date | None = None
    until: date | None = None
    full_ids: bool = False
    # The filters of the list that is exported, as they stood in its address.
    query: str = ""
    # The second person who approved full numbers, by name and account.
    approved_by: str = ""
    # Told in the file and in the trail, so that a copy leads back to its export.
    serial: str = field(default_factory=lambda: secrets.token_hex(4).upper())

    @property
    def area_name(self) -> str:
        """The area the file is about, for its second line."""
        area = self.area or self.user.area
        return area.full_name if area else "金昌市"
