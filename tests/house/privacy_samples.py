"""One sample call of each operation on keys and on what may be seen."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from sealing.canary import prove
from sealing.models import SealingKey
from tests.house.world import World


def _retired(world: World) -> dict[str, Any]:
    prove()
    SealingKey.objects.filter(purpose="index").update(retired_at=timezone.now())
    key = SealingKey.objects.get(purpose="index")
    return {"key": key, "by": world.users["admin"]}


PRIVACY: dict[str, Callable[[World], dict[str, Any]]] = {
    "sealing.begin_field_key": lambda world: {
        "algorithm": "aes",
        "by": world.users["admin"],
    },
    "sealing.change_index_key": lambda world: {
        "algorithm": "aes",
        "by": world.users["admin"],
    },
    "sealing.remove_key": _retired,
}
