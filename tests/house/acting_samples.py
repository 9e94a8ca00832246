"""One sample call of each operation on acting carers, and rows to break."""

from collections.abc import Callable
from typing import Any

from cadres.models import CadreLeave
from recipients.models import ActingCarer
from tests.house.world import World


def _free(world: World) -> dict[str, Any]:
    """Return what would be said of days of the leave that nobody has."""
    asked = world.near["acting_asked"]
    ActingCarer.objects.filter(pk=asked.pk).delete()
    told = {"from_on": asked.from_on, "until_on": asked.until_on}
    return {"pairings": [world.near["pairing"]], "cadre": asked.cadre, **told}


def _asked(world: World, **told: Any) -> dict[str, Any]:
    return {"acting": world.near["acting_asked"], **told, "by": world.users["county"]}


def _leave(world: World) -> CadreLeave:
    found: CadreLeave = world.near["leave"]
    return found


ACTING: dict[str, Callable[[World], dict[str, Any]]] = {
    "recipients.acting.propose_acting": lambda world: {
        **_free(world),
        "by": world.users["township"],
    },
    "recipients.acting.set_acting": lambda world: {
        **_free(world),
        "by": world.users["county"],
    },
    "recipients.acting.agree_acting": _asked,
    "recipients.acting.return_acting": lambda world: _asked(world, words="另有安排"),
    "recipients.acting.end_acting": lambda world: {
        "acting": world.near["acting"],
        "by": world.users["county"],
    },
    "recipients.acting.change_leave": lambda world: {
        "leave": _leave(world),
        "until_on": _leave(world).from_on,
        "by": world.users["county"],
    },
}
