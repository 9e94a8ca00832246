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
    "draft": {"cadre"},
    "organisation": OFFICES | {"neighbour", "liaison", "admin"},
    "cadre": OFFICES | {"neighbour", "liaison", "cadre", "admin"},
    "user": {"admin"},
}
# Organisations and cadres are the whole city's; see cadres/models.
SEES_FAR: dict[str, set[str]] = {
    "draft": set(),
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
    # False for parts, files and redirects, which no screen shows by themselves.
    is_page: bool = True


E = Expectation
MATRIX: dict[str, Expectation] = {
    "cadres:login": E(None, "GET POST"),
    "cadres:logout": E(Permission.SIGNED_IN, "POST"),
    "cadres:password_change": E(Permission.SIGNED_IN, "GET POST"),
    "cadres:text_size": E(Permission.SIGNED_IN, "POST"),
    "visits:cadre_home": E(Permission.LOG_VISIT),
    "visits:my_recipients": E(Permission.LOG_VISIT),
    "visits:my_visits": E(Permission.LOG_VISIT),
    "visits:todo": E(Permission.LOG_VISIT),
    "visits:visit_choose": E(Permission.LOG_VISIT),
    "visits:visit_new": E(Permission.LOG_VISIT, "GET POST", "recipient"),
    "visits:draft_save": E(Permission.LOG_VISIT, "POST", "recipient"),
    "visits:draft_discard": E(Permission.LOG_VISIT, "POST", "draft"),
    "visits:visit_list": E(Permission.SEE_VISITS),
    "visits:visit_detail": E(Permission.SEE_VISITS, row="visit"),
    "visits:visit_take_back": E(Permission.LOG_VISIT, "POST", "visit"),
    "visits:late_choose": E(Permission.LOG_VISIT_FOR_OTHERS),
    "visits:visit_late": E(Permission.LOG_VISIT_FOR_OTHERS, "GET POST", "pairing"),
    "visits:overdue_list": E(Permission.SEE_PAIRINGS),
    "visits:cadre_remind": E(Permission.REMIND_CADRE, "POST", "pairing"),
    "visits:of_recipient": E(Permission.SEE_VISITS, row="recipient"),
    "visits:policies_of_recipient": E(Permission.SEE_VISITS, row="recipient"),
    "casework:need_list": E(Permission.SEE_NEEDS),
    "casework:need_detail": E(Permission.SEE_NEEDS, row="need"),
    "casework:need_move": E(Permission.WORK_NEEDS, "POST", "need", {"move": "accept"}),
    "casework:need_raise": E(Permission.RAISE_NEED, "GET POST", "recipient"),
    "casework:of_recipient": E(Permission.SEE_NEEDS, row="recipient"),
}
