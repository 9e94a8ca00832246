"""One sample call of every operation, for the tests that break it on purpose.

An operation is a public function of an ``operations`` module that takes ``by``.
One that has no sample here fails the build.
"""

import datetime
import importlib
import inspect
import pkgutil
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from casework.models import Need
from policies.enums import Policy
from policies.operations import Finding
from recipients.models import Recipient
from tests import cast
from tests.house.acting_samples import ACTING
from tests.house.doors_samples import DOORS
from tests.house.found_samples import FOUND
from tests.house.long_samples import LONG
from tests.house.privacy_samples import PRIVACY
from tests.house.registry_samples import REGISTRY
from tests.house.world import World
from visits.content import DeedNote, NeedNote, VisitNote
from visits.operations.rounds import Stop, log_round
from visits.operations.visits import log_visit

APPS = [
    "sealing",
    "jobs",
    "cadres",
    "backups",
    "intake",
    "recipients",
    "policies",
    "rosters",
    "casework",
    "visits",
    "reports",
]
Sample = Callable[[World], dict[str, Any]]


def operations() -> dict[str, Callable[..., Any]]:
    """Return {``app.module.function``: function} for every operation there is."""
    return {
        f"{function.__module__}.{name}".replace(".operations", ""): function
        for app in APPS
        for module in _modules(app)
        for name, function in vars(module).items()
        if _is_operation(function, module.__name__)
    }


def _modules(app: str) -> Iterator[Any]:
    try:
        package = importlib.import_module(f"{app}.operations")
    except ModuleNotFoundError as absent:
        if absent.name != f"{app}.operations":
            raise
        return
    yield package
    for found in pkgutil.iter_modules(getattr(package, "__path__", [])):
        yield importlib.import_module(f"{package.__name__}.{found.name}")


def _is_operation(function: Any, module: str) -> bool:
    return (
        inspect.isfunction(function)
        and function.__module__ == module
        and not function.__name__.startswith("_")
        and "by" in inspect.signature(function).parameters
    )


SAMPLES: dict[str, Sample] = {
    "cadres.accounts.change_password": lambda world: {
        "user": world.users["cadre"],
        "password": "一句很长的新密码,好记",
        "by": world.users["cadre"],
    },
    "cadres.accounts.set_text_size": lambda world: {
        "user": world.users["cadre"],
        "size": "xl",
        "by": world.users["cadre"],
    },
    **DOORS,
    **REGISTRY,
    **LONG,
    **PRIVACY,
    **ACTING,
    **FOUND,
    "visits.visits.log_visit": lambda world: {
        "pairings": [world.near["pairing"]],
        "client_id": uuid.uuid4(),
        "note": _told(),
        "by": world.users["cadre"],
    },
    "visits.taking_back.take_back": lambda world: {
        "visit": log_visit(**SAMPLES["visits.visits.log_visit"](world)).visit,
        "by": world.users["cadre"],
    },
    "visits.rounds.log_round": lambda world: {
        "stops": [Stop(world.near["pairing"], _seen())],
        "client_id": uuid.uuid4(),
        "by": world.users["cadre"],
    },
    "visits.taking_back.take_back_round": lambda world: {
        "visit": log_round(**SAMPLES["visits.rounds.log_round"](world)).visit,
        "by": world.users["cadre"],
    },
    "visits.drafts.save_draft": lambda world: {
        "recipient": world.near["waiting"],
        "content": {"words": ["坐稳"]},
        "by": world.users["cadre"],
    },
    "visits.drafts.discard_draft": lambda world: {
        "draft": world.near["draft"],
        "by": world.users["cadre"],
    },
    "visits.nudges.remind_cadre": lambda world: {
        "pairing": world.near["pairing"],
        "by": world.users["county"],
    },
    "casework.needs.raise_need": lambda world: {
        "recipient": world.near["recipient"],
        "kind": "housing",
        "words": "房顶漏雨",
        "urgency": "soon",
        "by": world.users["cadre"],
    },
    "casework.needs.report_harm": lambda world: {
        "recipient": _minor(world.near["recipient"]),
        "words": "身上有伤",
        "by": world.users["cadre"],
    },
    "casework.needs.accept_need": lambda world: _need(world, "raised"),
    "casework.needs.begin_need": lambda world: _need(world, "accepted"),
    "casework.needs.solve_need": lambda world: _need(
        world, "in_progress", words="已修好"
    ),
    "casework.needs.confirm_need": lambda world: _need(world, "solved", words="不漏了"),
    "casework.needs.say_whose": lambda world: _need(world, "raised", whose="household"),
    "casework.needs.reopen_need": lambda world: _need(world, "solved", words="又漏了"),
    "casework.needs.decline_need": lambda world: _need(world, "raised", words="不属实"),
}
# What only prepares a deed, or is several deeds, each whole in itself.
NOT_DEEDS = {"jobs.owe", "intake.receiving.new_batch", "rosters.reconcile.reconcile"}


def _minor(person: Recipient) -> Recipient:
    person.birth_on = cast.TODAY.replace(year=cast.TODAY.year - 9)
    person.save(update_fields=["birth_on"])
    return person


def _seen() -> VisitNote:
    day = cast.TODAY - datetime.timedelta(days=3)
    return VisitNote(day=day, way="CENTRE", words="身体平稳")


def _told() -> VisitNote:
    return VisitNote(
        day=cast.TODAY - datetime.timedelta(days=3),
        way="HOME",
        words="身体平稳",
        findings={str(policy): Finding("enjoyed") for policy in Policy},
        deeds=(DeedNote("money", amount=Decimal(200), words="学费"),),
        need=NeedNote("education", "想转学", "soon"),
    )


def _need(world: World, status: str, **words: str) -> dict[str, Any]:
    need = world.near["need"]
    Need.objects.filter(pk=need.pk).update(status=status)
    return {"need": need, **words, "by": world.users["county"]}
