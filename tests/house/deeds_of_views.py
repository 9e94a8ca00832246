"""Which operations a view leads to, read from its source and what that calls."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from tests.house.addresses import addresses
from tests.house.catalogue import operations

Function = Callable[..., Any]


def permissions_on_the_way() -> dict[str, set[Any]]:
    """Return {operation: the permissions of the views that lead to it}.

    A page that is only looked at names operations for its buttons; it leads to one
    only where no other view does.
    """
    deeds = {inspect.unwrap(function): name for name, function in operations().items()}
    done: dict[str, set[Any]] = {name: set() for name in deeds.values()}
    looked: dict[str, set[Any]] = {name: set() for name in deeds.values()}
    for address in addresses():
        view = inspect.unwrap(address.view)
        found = looked if "@require_safe" in inspect.getsource(view) else done
        permission = getattr(address.view, "permission", None)
        for function in _reached(view, set()):
            if permission and function in deeds:
                found[deeds[function]].add(permission)
    return {name: done[name] or looked[name] for name in done}


def _reached(function: Function, seen: set[Function]) -> Iterator[Function]:
    """Yield what the function names, and what that names in turn, up to operations."""
    if function in seen:
        return
    seen.add(function)
    yield function
    if ".operations" in function.__module__:
        return
    for named in _named(function):
        for one in _functions(named):
            yield from _reached(inspect.unwrap(one), seen)


def _named(function: Function) -> Iterator[Any]:
    yield from inspect.getclosurevars(function).nonlocals.values()
    known = function.__globals__
    for node in ast.walk(_tree(function)):
        if isinstance(node, ast.Name):
            yield known.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = known.get(node.value.id)
            if inspect.ismodule(module):
                yield getattr(module, node.attr, None)


def _tree(function: Function) -> ast.AST:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError):
        # A lambda in the midst of a line is no source of its own.
        return ast.Module([], [])


def _functions(thing: Any, depth: int = 3) -> Iterator[Function]:
    """Yield the thing if it is a function of ours, or those that a table holds."""
    if inspect.isfunction(thing):
        if not thing.__module__.startswith("django"):
            yield thing
    elif depth and isinstance(thing, dict | list | tuple):
        for item in thing.values() if isinstance(thing, dict) else thing:
            yield from _functions(item, depth - 1)
