#!/usr/bin/env python3
"""The door for commands; brings PostgreSQL and Valkey along when none are named."""

import contextlib
import os
import signal
import sys
from pathlib import Path

# Commands that ask nothing of the database, or start a process that comes back here.
NEED_NO_SERVICES = {
    *("help", "version", "--help", "-h", "--version"),
    *("collectstatic", "findstatic", "diffsettings", "makemessages", "startapp"),
    # Compares files with files; it only warns when it cannot look at the database.
    "makemigrations",
}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinchang_care.settings")
    from jinchang_care import local

    # Leave by the ordinary way out, so that services started here are stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with _services():
            _execute()
    except local.ServicesError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _services() -> contextlib.AbstractContextManager[None]:
    from jinchang_care import local

    command = next(iter(sys.argv[1:]), "help")
    if os.environ.get("DATABASE_URL") or command in NEED_NO_SERVICES:
        return contextlib.nullcontext()
    here = Path(__file__).resolve().parent
    return local.ensure_services(Path(os.environ.get("DATA_DIR") or here / "var"))


def _execute() -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
