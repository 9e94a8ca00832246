"""Export, import and reconciliation at once in the worker, and pages beside them."""

import http.client
import os
import random
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from faults.deployment import Deployment, wait_for
from faults.phones import Heard

# AV-11: what 95 of 100 pages take at most, against what they take without the work. A
# visit may wait 2 s for a lock, and is served then.
TIMES, VISIT_SECONDS = 2.0, 5.0
DESKS, PAUSE = 4, 0.25
PATIENCE = 30 * 60.0


@dataclass
class Asked:
    """How long each page took, by its name, and what was answered amiss."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    amiss: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[float]:
        return sorted(one for times in self.seconds.values() for one in times)

    @property
    def slowest(self) -> tuple[float, str]:
        return max((max(times), page) for page, times in self.seconds.items())


def work_together(
    deployment: Deployment, heard: Heard, *, rows: int, idle: float, nice: int
) -> dict[str, Any]:
    """Ask for pages without the work, then with it; then see that it was done right."""
    from django.utils import timezone

    from benchmarks.accounts import city_office
    from benchmarks.pages import addresses
    from benchmarks.reconciliation import list_of_disabled
    from reports.operations.keeping import keep_figures

    by = city_office()
    pages, cookie = addresses(), session_of(by)
    # What the clock does every five minutes, and has done for long where people work.
    keep_figures(now=timezone.now())
    with _desks(deployment.port, pages, cookie) as before:
        time.sleep(idle)
    roster, batch = list_of_disabled(by), _file(deployment, by, rows)
    people = _people()
    for process in deployment.processes()["celery"]:
        process.nice(nice or process.nice())
    begun, since = time.monotonic(), timezone.now()
    with _desks(deployment.port, pages, cookie) as beside:
        jobs = [*_owe(by), batch.job_id]
        imported = _confirmed_when_read(batch, by)
        wait_for(lambda: _all_done([*jobs, imported()]), PATIENCE)
    ended = time.monotonic()
    usual, now = _of_100(before.all), _of_100(beside.all)
    right = {
        "imported": _people() - people,
        "new": _new_rows(batch),
        "read": batch.rows_read,
        "exported": _exported(jobs[0]),
        "compared": _compared(roster),
        "failed": _failed(since),
    }
    with heard.lock:
        accepted = sum(begun <= b < ended for b, _ in heard.accepted)
    slowest_visit, (slowest, page) = heard.slowest(begun, ended), beside.slowest
    whole = right["imported"] == right["new"] > 0 and right["read"] == rows
    return {
        "usual": usual,
        "beside": now,
        "ratio": now / usual,
        "slowest": [page, slowest],
        "pages": {
            name: [_of_100(sorted(before.seconds[name])), _of_100(sorted(times))]
            for name, times in beside.seconds.items()
            if name in before.seconds
        },
        "asked": [len(before.all), len(beside.all)],
        "visits": [accepted, slowest_visit],
        "right": right,
        "amiss": before.amiss[:3] + beside.amiss[:3],
        "words": (
            f"{ended - begun:.0f} 秒内导出 {right['exported']} 行、"
            f"导入 {right['imported']} 行、比对 {right['compared']} 处差异;"
            f"页面 95% 不超过 {usual:.2f} → {now:.2f} 秒({now / usual:.1f} 倍),"
            f"最慢 {slowest:.2f} 秒({page});走访 {accepted} 次,最慢 {slowest_visit:.2f}"
            " 秒。"
        ),
        "met": whole
        and bool(right["exported"] and right["compared"])
        and now <= TIMES * usual
        and accepted > 0
        and slowest_visit <= VISIT_SECONDS
        and not right["failed"]
        and not before.amiss
        and not beside.amiss,
    }


@contextmanager
def _desks(port: int, pages: dict[str, str], cookie: str) -> Iterator[Asked]:
    """Have offices ask for pages inside the block, as people do who read them."""
    asked, over = Asked(), threading.Event()
    desks = [
        threading.Thread(target=_ask, args=[port, pages, cookie, asked, over, number])
        for number in range(DESKS)
    ]
    for desk in desks:
        desk.start()
    try:
        yield asked
    finally:
        over.set()
        for desk in desks:
            desk.join()


def _ask(
    port: int,
    pages: dict[str, str],
    cookie: str,
    asked: Asked,
    over: threading.Event,
    number: int,
) -> None:
    chance, headers = random.Random(number), {"Cookie": cookie}
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while not over.wait(chance.uniform(0, 2 * PAUSE)):
        page = chance.choice(list(pages))
        begun = time.monotonic()
        try:
            line.request("GET", quote(pages[page], safe="/?&=:-"), headers=headers)
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            asked.amiss.append(f"{page} {type(error).__name__}")
            line.close()
            continue
        asked.seconds.setdefault(page, []).append(time.monotonic() - begun)
        if answer.status != http.client.OK:
            asked.amiss.append(f"{page} {answer.status}")
    line.close()


def session_of(user: Any) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _file(deployment: Deployment, by: Any, rows: int) -> Any:
    """Bring a file of so many new people in; the worker reads it."""
    from django.conf import settings
    from django.utils import timezone

    from benchmarks.people import write_roster
    from intake.enums import BatchKind
    from intake.operations import receive

    path = deployment.places.root.parent / "roster.xlsx"
    write_roster(path, rows, today=timezone.localdate())
    settings.IMPORT_IN_WORKER_ABOVE_BYTES = 0
    with path.open("rb") as file:
        return receive(
            kind=BatchKind.RECIPIENTS, file_name="花名册.xlsx", chunks=file, by=by
        )


def _owe(by: Any) -> Sequence[Any]:
    """Owe an export of half of all people or more, and the month's reconciliation."""
    from django.db import transaction

    from jobs import operations
    from jobs.clock import RUN_JOB
    from reports.operations.exports import ask_to_export

    with transaction.atomic():
        export = ask_to_export(
            ledger="recipients", scope=_scope(by), reason="边导边看的测试", by=by
        )
        month = operations.owe(
            RUN_JOB, title="月初比对", by=None, name="monthly_reconciliation"
        )
    return [export.pk, month.pk]


def _scope(by: Any) -> Any:
    """Return the smallest area with at least half of all people."""
    from cadres.enums import AreaLevel
    from cadres.models import Area
    from reports.ledgers import LEDGERS
    from reports.scope import Scope

    ledger, whole = LEDGERS["recipients"], Scope(user=by)
    half = ledger.number(whole) // 2
    scopes = [
        Scope(user=by, area=area)
        for area in Area.objects.filter(level=AreaLevel.COUNTY)
    ]
    enough = [one for one in scopes if ledger.number(one) >= half]
    return min([*enough, whole], key=ledger.number)


def _confirmed_when_read(batch: Any, by: Any) -> Any:
    """Return what confirms the file once it is read, and tells its job."""
    from intake.enums import BatchStatus
    from intake.operations.confirming import ask_to_confirm

    asked: list[Any] = []

    def job() -> Any:
        batch.refresh_from_db()
        if not asked and batch.status == BatchStatus.CHECKED:
            asked.append(ask_to_confirm(batch=batch, by=by).job_id)
        return asked[0] if asked else None

    return job


def _all_done(jobs: Sequence[Any]) -> bool:
    from jobs.models import Job, JobState

    time.sleep(0.2)
    ended = Job.objects.filter(pk__in=[job for job in jobs if job is not None])
    states = list(ended.values_list("state", flat=True))
    if JobState.FAILED in states:
        raise RuntimeError(f"A job has failed: {list(ended.values('kind', 'outcome'))}")
    return None not in jobs and states.count(JobState.DONE) == len(jobs)


def _exported(job: Any) -> int:
    """Return how many rows lie in the file, or 0 when they are not as promised."""
    from django.conf import settings
    from python_calamine import CalamineWorkbook

    from common import sealed_files
    from common.unnamed import unnamed_file
    from jobs.models import Job

    made = Job.objects.get(pk=job)
    path = Path(settings.MEDIA_ROOT) / made.result_file

    def unseal(out: IO[bytes]) -> None:
        with sealed_files.opened(path) as text:
            while some := text.read(1024 * 1024):
                out.write(some)

    with unnamed_file(unseal) as file:
        book = CalamineWorkbook.from_filelike(file)
        lines = book.get_sheet_by_index(0).total_height
        book.close()
    # Above the rows stand title, scope and headings; below, at most a few words.
    return made.rows_done if made.rows_done <= lines <= made.rows_done + 10 else 0


def _compared(roster: Any) -> int:
    from rosters.enums import RosterStatus

    roster.refresh_from_db()
    done = roster.status == RosterStatus.COMPARED
    return roster.differences.count() if done else 0


def _new_rows(batch: Any) -> int:
    """Return how many rows of the file were found to be new people, and imported.

    The others look like somebody on file, and wait for a person to say who it is.
    """
    from intake.enums import BatchStatus, Outcome

    batch.refresh_from_db()
    confirmed = batch.status == BatchStatus.CONFIRMED
    return int(batch.tally(Outcome.NEW)) if confirmed else 0


def _people() -> int:
    from recipients.models import Recipient

    return Recipient.objects.count()


def _failed(since: datetime) -> int:
    """Count the jobs that went wrong, and the clock's runs since then.

    Earlier ones may have met the filling of the tables, which locks them.
    """
    from jobs.models import ClockRun, Job, JobState

    runs = ClockRun.objects.filter(started_at__gte=since).exclude(error="").count()
    return runs + Job.objects.filter(state=JobState.FAILED).count()


def _of_100(times: Sequence[float]) -> float:
    """Return what 95 of a hundred take at most."""
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else 0.0


def without_second_step() -> None:
    """Let the offices of this deployment come in by their password alone."""
    os.environ["SECOND_STEP_ROLES"] = ""
