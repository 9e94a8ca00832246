"""One sample call of each operation on keys and on what may be seen."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from recipients.enums import ConsentScope, GlassVerdict
from sealing.canary import prove
from sealing.models import SealingKey
from tests import cast
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
    "recipients.glass.break_glass": lambda world: {
        "recipient": world.far["waiting"],
        "reason": "老人在本县走失",
        "by": world.users["county"],
    },
    "recipients.glass.review_glass": lambda world: {
        "look": world.near["glass"],
        "verdict": GlassVerdict.RIGHT,
        "words": "情况属实",
        "by": world.users["county"],
    },
    "recipients.consents.give_consent": lambda world: {
        "recipient": world.near["recipient"],
        "scope": ConsentScope.HANDLING,
        "given_by": "祖母",
        "on": cast.TODAY,
        "by": world.users["county"],
    },
    "recipients.consents.withdraw_consent": lambda world: {
        "consent": world.near["consent"],
        "by": world.users["county"],
    },
}
