"""Tells how far a large file is while its rows are still one unfinished transaction."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections
from django.utils import timezone

from jobs.models import Job, JobState
from jobs.operations import CLAIM_FOR

Tell = Callable[[int, int], None]
EVERY_SECONDS = 1.0


def in_silence(done: int, total: int) -> None:
    """Tell nobody: ``done`` of ``total`` rows."""


@contextmanager
def telling(job: Job, step: str) -> Iterator[Tell]:
    """Give what tells of rows at once, by a connection of its own.

    What the work itself writes is seen by nobody before it is whole; its progress is
    to be seen meanwhile, and keeps the claim alive.
    """
    beside = connections.create_connection("default")
    told_at = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at < EVERY_SECONDS:
            return
        told_at = time.monotonic()
        with beside.cursor() as cursor:
            cursor.execute(
                f"UPDATE {Job._meta.db_table} SET step = %s, rows_done = %s,"
                " rows_total = %s, claimed_until = %s WHERE id = %s AND state = %s",
                [
                    *(step, done, max(done, total), timezone.now() + CLAIM_FOR),
                    *(job.pk, JobState.RUNNING.value),
                ],
            )

    try:
        tell(0, 0)
        yield tell
    finally:
        beside.close()
