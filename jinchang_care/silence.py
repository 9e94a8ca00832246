"""Frees the pages that wait for a database which has stopped answering.

Time limits are kept by the database itself; stopped, it keeps none, and every thread
of the web would wait as long as it pleases. Here its lines are cut instead, so that
each page says that the database does not answer (503).
"""

import os
import socket
import stat
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from jinchang_care.services.pulse import ASK_POSTGRES, Address, is_silent

EVERY, LIMIT = 2.0, 5.0


def begin(worker: Any) -> None:
    """Listen to the database from a thread of this worker's own."""
    from django.conf import settings

    address = address_of(settings.DATABASES["default"])
    listen = threading.Thread(target=_listen, args=[address], name="silence")
    listen.daemon = True
    listen.start()


def address_of(given: Mapping[str, Any]) -> Address:
    """Return where these settings say that the database is."""
    more = given.get("OPTIONS", {})
    host = given.get("HOST") or more.get("host") or "localhost"
    port = int(given.get("PORT") or more.get("port") or 5432)
    return f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)


def hang_up(address: Address) -> int:
    """Cut this process's lines to the address, and say how many there were."""
    own = [int(handle.name) for handle in Path("/proc/self/fd").iterdir()]
    return sum(_hang_up_one(number, address) for number in own)


def _listen(address: Address) -> None:
    while True:
        time.sleep(EVERY)
        if is_silent(address, ASK_POSTGRES, seconds=LIMIT):
            hang_up(address)


def _hang_up_one(number: int, address: Address) -> bool:
    with suppress(OSError):
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            return False
        # A second handle on the same line: the first stays its owner's to close.
        with socket.socket(fileno=os.dup(number)) as line:
            if line.getpeername() == address:
                line.shutdown(socket.SHUT_RDWR)
                return True
    return False
