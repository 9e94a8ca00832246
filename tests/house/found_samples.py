"""One sample call of each operation on people recommended and on assistants."""

from collections.abc import Callable
from typing import Any

from cadres.enums import Role
from cadres.models import Area, Cadre, CadreAssistant
from recipients.models import Recommendation
from tests import cast
from tests.house.registry_samples import facts_of_somebody
from tests.house.world import World


def _found(
    world: World, status: str, by: str = "county", **told: Any
) -> dict[str, Any]:
    row = world.near["recommendation"]
    Recommendation.objects.filter(pk=row.pk).update(status=status)
    return {"recommendation": row, **told, "by": world.users[by]}


def colleague(world: World) -> Cadre:
    """Return somebody of the near cadre's unit who has an account."""
    user = cast.make_user("m_colleague", Role.CADRE)
    return cast.make_cadre("孙丽", world.near["organisation"], user=user)


def assistant(world: World) -> CadreAssistant:
    return CadreAssistant.objects.create(
        cadre=world.near["cadre"],
        assistant=colleague(world),
        from_on=cast.TODAY,
        named_by=world.users["county"],
    )


def _assisted(world: World) -> dict[str, Any]:
    return {"cadre": assistant(world).cadre, "by": world.users["county"]}


FOUND: dict[str, Callable[[World], dict[str, Any]]] = {
    "cadres.assistants.name_assistant": lambda world: {
        "cadre": world.near["cadre"],
        "assistant": colleague(world),
        "by": world.users["county"],
    },
    "cadres.assistants.end_assistant": _assisted,
    "recipients.relatives.declare_relative": lambda world: {
        "cadre": world.near["cadre"],
        "relation": "parent",
        "name": "赵大伯",
        "resident_id": cast.resident_id(),
        "by": world.users["cadre"],
    },
    "recipients.relatives.withdraw_relative": lambda world: {
        "relative": world.near["relative"],
        "by": world.users["county"],
    },
    "recipients.recommendations.recommend": lambda world: {
        "name": "孟广田",
        "area": Area.objects.get(pk=cast.HEXIBAO),
        "place": "老火车站",
        "words": "在车站过夜",
        "by": world.users["leader"],
    },
    "recipients.recommendations.check_recommendation": lambda world: _found(
        world, "raised", "township", words="情况属实"
    ),
    "recipients.recommendations.decline_recommendation": lambda world: _found(
        world, "raised", "township", words="户籍、居住都在外地"
    ),
    "recipients.recommendations.return_recommendation": lambda world: _found(
        world, "checked", words="请补证件"
    ),
    "recipients.recommendations.include_recommendation": lambda world: _found(
        world, "checked", facts=facts_of_somebody()
    ),
    "recipients.recommendations.tie_recommendation": lambda world: _found(
        world, "checked", recipient=world.near["recipient"]
    ),
}
