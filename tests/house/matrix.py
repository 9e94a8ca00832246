"""What each address must answer: written once, by permission and kind of row.

An address without an entry fails the build, and so does an entry without an address.
``sees`` says, for a kind of row, which roles have the near one within reach; nobody
but the city, the neighbour and the administrator has the far one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cadres.permissions import Permission

OFFICES = {"city", "county", "township"}
FIELD = {"liaison", "cadre"}
# Who has the near row within reach, provided that the permission is there at all.
SEES = {
    "recipient": OFFICES | FIELD | {"admin"},
    "waiting": OFFICES | {"admin"},
    "pairing": OFFICES | FIELD | {"admin"},
    "proposal": OFFICES | {"liaison", "admin"},
    "visit": OFFICES | FIELD | {"admin"},
    "need": OFFICES | FIELD | {"admin"},
    "organisation": OFFICES | {"neighbour", "liaison", "admin"},
    "cadre": OFFICES | {"neighbour", "liaison", "cadre", "admin"},
    "user": {"admin"},
}
# Organisations and cadres are the whole city's; see cadres/models.
SEES_FAR = {
    "organisation": OFFICES | {"neighbour", "admin"},
    "cadre": OFFICES | {"neighbour", "admin"},
    "user": {"admin"},
}
DEFAULT_FAR = {"city", "neighbour", "admin"}


@dataclass(frozen=True)
class Expectation:
    """The permission a view must ask for, its methods, and the row in its address."""

    permission: Permission | None
    methods: str = "GET"
    row: str = ""
    # Other parameters of the address, and statuses that are right besides success.
    fixed: Mapping[str, str] = field(default_factory=dict)
    also: tuple[int, ...] = ()


E = Expectation
MATRIX: dict[str, Expectation] = {
    "cadres:login": E(None, "GET POST"),
    "cadres:logout": E(Permission.SIGNED_IN, "POST"),
    "cadres:password_change": E(Permission.SIGNED_IN, "GET POST"),
    "cadres:text_size": E(Permission.SIGNED_IN, "POST"),
}
