"""One sample call of each operation on coming in, the second step and sessions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cadres.models import Session, User
from cadres.operations import second_factors
from tests.doors.keys import code_of, give_factor
from tests.house.world import World


def _own(world: World, **told: Any) -> dict[str, Any]:
    return {"user": world.users["cadre"], **told, "by": world.users["cadre"]}


def _with_factor(world: World, **told: Any) -> dict[str, Any]:
    give_factor(world.users["cadre"])
    return _own(world, **told)


def _passing(world: World) -> dict[str, Any]:
    factor = give_factor(world.users["cadre"])
    return _own(world, code=code_of(factor))


def _confirming(world: World) -> dict[str, Any]:
    user = world.users["cadre"]
    factor = second_factors.begin(user=user, by=user)
    return _own(world, code=code_of(factor), keep=None)


def session_of(user: User) -> Session:
    """Return a session of this account that is open."""
    return Session.objects.create(
        user=user,
        digest=f"{user.username}{Session.objects.count()}",
        expires_at=timezone.now() + timedelta(hours=1),
        device="安卓 · Chrome",
    )


def _session(world: World, name: str, **told: Any) -> dict[str, Any]:
    user = world.users["cadre"]
    return {name: session_of(user), **told, "by": user}


DOORS: dict[str, Callable[[World], dict[str, Any]]] = {
    "cadres.signing_in.sign_in": _own,
    "cadres.signing_in.unlock": lambda world: {
        "user": world.users["cadre"],
        "by": world.users["admin"],
    },
    "cadres.second_factors.begin": _own,
    "cadres.second_factors.confirm": _confirming,
    "cadres.second_factors.pass_second_step": _passing,
    "cadres.second_factors.remake_codes": _with_factor,
    "cadres.second_factors.turn_off": _with_factor,
    "cadres.proofs.prove": lambda world: _session(
        world, "session", answer="jinchang-demo"
    ),
    "cadres.sessions.end_session": lambda world: _session(world, "session"),
    "cadres.sessions.end_others": lambda world: _session(world, "keep"),
    "cadres.sessions.end_all": lambda world: {
        "user": world.users["cadre"],
        "by": world.users["admin"],
    },
}
