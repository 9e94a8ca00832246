"""Kills one process after another, at random moments, and times what comes back."""

import random
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from typing import Any

import psutil
import psycopg2

from faults.deployment import Deployment, first_found, wait_for
from faults.journal import Journal
from faults.phones import Heard
from jinchang_care import local

# Of two hundred kills, how many fall on whom.
SHARES = {
    "web worker": 60,
    "celery": 40,
    "web master": 20,
    "beat": 20,
    "backend": 20,
    "postmaster": 20,
    "valkey": 20,
}
# After these, work that is owed must be done again too, not only visits accepted.
ABOUT_WORK = {"celery", "beat", "valkey", "postmaster"}
PATIENCE = 60.0
PAUSE = (0.2, 1.5)
ENDLESS = "SELECT sum(sqrt(i)) FROM generate_series(1, 4000000000) AS i"


@dataclass(frozen=True)
class Kill:
    """Who was killed, and the seconds until visits, processes and work were back."""

    victim: str
    at: float
    visits: float
    whole: float
    work: float | None

    @property
    def back(self) -> float:
        return max(self.visits, self.whole, self.work or 0.0)


class Nemesis:
    """Ends processes as the power would, one choice after another from a seed."""

    def __init__(
        self,
        deployment: Deployment,
        heard: Heard,
        *,
        seed: int,
        journal: Journal,
        say: Callable[[str], None],
    ) -> None:
        self.deployment, self.heard = deployment, heard
        self.journal, self.say = journal, say
        self.chance = random.Random(f"{seed} nemesis")
        self.owed: list[Any] = []

    def rage(self, kills: int) -> list[Kill]:
        done = []
        for number, victim in enumerate(self._order(kills), start=1):
            time.sleep(self.chance.uniform(*PAUSE))
            kill = self._kill(victim)
            done.append(kill)
            self.journal.note("killed", number=number, **asdict(kill))
            self.say(f"{number:>4}/{kills} {victim:<11} {kill.back:5.1f} 秒恢复")
        return done

    def _order(self, kills: int) -> list[str]:
        """Return whom to kill when: each at least once, else by the shares."""
        first = list(SHARES)[:kills]
        rest = self.chance.choices(
            list(SHARES), list(SHARES.values()), k=max(0, kills - len(first))
        )
        order = first + rest
        self.chance.shuffle(order)
        return order

    def _kill(self, victim: str) -> Kill:
        # Half of the postmasters die while a backend computes without end.
        if victim == "postmaster" and self.chance.random() < 0.5:
            self._compute_for_ever()
        chosen = self.chance.choice(self.deployment.running(victim))
        at = time.monotonic()
        with suppress(psutil.NoSuchProcess):
            chosen.kill()
        whole = wait_for(
            lambda: not chosen.is_running() and self.deployment.is_whole(), PATIENCE
        )
        wait_for(lambda: self.heard.served_since(at) is not None, PATIENCE)
        visits = (self.heard.served_since(at) or at) - at
        work = self.work_done_after(at) if victim in ABOUT_WORK else None
        return Kill(victim, time.time(), visits, whole, work)

    def work_done_after(self, at: float) -> float:
        """Owe a piece of work, and return the seconds from ``at`` until it is done."""
        job = owe_work()
        self.owed.append(job)
        wait_for(lambda: is_done(job), PATIENCE)
        return time.monotonic() - at

    def _compute_for_ever(self) -> None:
        address = local.database_url(self.deployment.places.root)

        def compute() -> None:
            with (
                suppress(psycopg2.Error),
                closing(psycopg2.connect(address)) as line,
                line.cursor() as cursor,
            ):
                cursor.execute(ENDLESS)

        threading.Thread(target=compute, daemon=True).start()
        time.sleep(0.3)


def owe_work() -> Any:
    """Leave a small job as soon as the database takes it, and return its key."""
    return first_found(_leave_job, PATIENCE)


def _leave_job() -> Any:
    """Leave it as an operation does; return its key, or None while that fails."""
    from django.db import DatabaseError, connection, transaction

    from jobs import operations
    from jobs.clock import RUN_JOB

    connection.close()
    with suppress(DatabaseError), transaction.atomic():
        job = operations.owe(RUN_JOB, title="故障演练", by=None, name="purge_exports")
        return job.pk
    return None


def is_done(job: Any) -> bool:
    from django.db import connection

    from jobs.models import Job, JobState

    try:
        return Job.objects.filter(pk=job, state=JobState.DONE).exists()
    except Exception:
        connection.close()
        return False
