"""A web application with a page that never ends, for the watchdog to find."""

import time
from collections.abc import Callable, Iterable
from typing import Any


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/endless":
        _turn(secret=environ["QUERY_STRING"])
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"well"]


def _turn(secret: str) -> None:
    while secret:
        time.sleep(0.01)
