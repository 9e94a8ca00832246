"""Every address of the product, walked from the URL table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One pattern: its name with namespaces, its view, its parameters."""

    name: str
    route: str
    view: Callable[..., Any]
    parameters: tuple[str, ...]


def addresses() -> list[Address]:
    """Return every address that is not a static file, in the table's order."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str, space: str
) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner)
        else:
            yield Address(
                name=f"{space}{pattern.name}",
                route=route,
                view=pattern.callback,
                parameters=tuple(pattern.pattern.converters),
            )
