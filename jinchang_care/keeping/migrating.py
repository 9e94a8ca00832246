"""Brings the schema up to date without making those who work at it wait for long.

A step that waits for a table's lock keeps everybody behind it waiting too. So it waits
two seconds at most, gives way, and is begun again; what is done stays done.
"""

import os
import sys
import time

LOCK_SECONDS = "2"
PAUSE, TRIES = 1.0, 60


def wait_briefly_for_locks() -> None:
    """Let every line opened from now on wait no longer for a lock than this."""
    os.environ.setdefault("LOCK_SECONDS", LOCK_SECONDS)


def migrate(*, tries: int = TRIES, pause: float = PAUSE) -> None:
    """Take the steps that are missing, again and again while others hold a table."""
    from django.core.management import call_command
    from django.db import OperationalError
    from psycopg2.errors import LockNotAvailable

    for number in range(1, tries + 1):
        try:
            call_command("migrate", verbosity=0)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            if number == tries:
                break
            sys.stdout.write("    有人正用着要改的表,让一让再接着做 …\n")
            time.sleep(pause)
        else:
            return
    raise SystemExit("要改的表一直被占用,数据库结构没有升级完;过一会儿再启动即可。")
