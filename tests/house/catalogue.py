"""One sample call of every operation, for the tests that break it on purpose.

An operation is a public function of an ``operations`` module that takes ``by``.
One that has no sample here fails the build.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

from tests.house.world import World

APPS = [
    "jobs",
    "cadres",
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
}
# ``owe`` leaves work for an operation and is recorded by it.
NOT_DEEDS = {"jobs.owe"}
