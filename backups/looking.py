"""Lets Django speak to another database, while everybody else goes on with ours."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

from backups.server import Server

T = TypeVar("T")


def looking_at(server: Server, deed: Callable[[], T]) -> T:
    """Do the deed with that database for ours, and return what came of it.

    In a thread of its own, because a connection belongs to its thread: whatever this
    one holds, a lock or a transaction, stays held.
    """

    def do() -> T:
        line = connections["default"]
        there = dict.fromkeys(("HOST", "PORT", "USER", "PASSWORD"), "")
        options = line.settings_dict["OPTIONS"] | server.way
        there |= {"NAME": server.name, "OPTIONS": options}
        line.settings_dict = line.settings_dict | there
        try:
            return deed()
        finally:
            line.close()

    with ThreadPoolExecutor(1) as beside:
        return beside.submit(do).result()
