"""A worker killed in the middle of an import: all rows or none, then finished."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from cadres.operations.areas import load_areas
from common.refusals import Refused
from intake.enums import BatchKind, BatchStatus
from intake.models import ImportBatch
from intake.operations import ask_to_confirm, confirm, receive
from intake.operations.confirming import CONFIRM_JOB
from intake.tasks import confirm_batch
from jinchang_care import local
from jobs.models import Job, JobState
from recipients.models import Guardian, Household, Recipient
from tests import cast
from tests.intake import play

CONFIRMS = """
import sys
import django
django.setup()
from cadres.models import User
from intake.models import ImportBatch
from intake.operations import confirm
batch = ImportBatch.objects.get(pk=sys.argv[1])
confirm(batch=batch, by=User.objects.get(username="city"))
"""


@pytest.fixture
def batch(transactional_db: None, rosters_folder: Path) -> ImportBatch:
    """A roster that was read and judged, and waits to be confirmed."""
    load_areas()
    office = cast.office("city", "620300000000", name="张主任")
    file = play.roster(rosters_folder, "01")
    return receive(
        kind=BatchKind.RECIPIENTS,
        file_name=file.name,
        chunks=[file.read_bytes()],
        by=office,
    )


def test_killed_in_the_middle_nothing_is_imported_and_again_finishes(
    batch: ImportBatch,
):
    # Guardians are written last: whoever waits for them has written people already.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE recipients_guardian IN EXCLUSIVE MODE")
        process = _another_process(batch)
        _wait_until_blocked("COPY recipients_guardian")
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL

    batch.refresh_from_db()
    assert batch.status == BatchStatus.CHECKED
    assert _people() == (0, 0, 0)
    batch = confirm(batch=batch, by=batch.by)
    assert batch.status == BatchStatus.CONFIRMED
    assert _people()[0] == batch.tally("new") == 52


def test_confirmed_twice_at_once_one_wins(batch: ImportBatch):
    with transaction.atomic():
        ImportBatch.objects.select_for_update().get(pk=batch.pk)
        processes = [_another_process(batch), _another_process(batch)]
        _wait_until_blocked("intake_importbatch", many=2)
    codes = sorted(process.wait(timeout=60) for process in processes)

    assert codes == [0, 1]
    assert _people()[0] == 52


def test_a_large_file_is_imported_by_the_worker(batch: ImportBatch, settings):
    settings.IMPORT_IN_WORKER_ABOVE_BYTES = 0
    ask_to_confirm(batch=batch, version=batch.version, by=batch.by)
    job = Job.objects.get(kind=CONFIRM_JOB)
    with pytest.raises(Refused, match="正在导入"):
        ask_to_confirm(batch=batch, by=batch.by)
    assert _people()[0] == 0

    confirm_batch(job)

    job.refresh_from_db()
    assert (job.state, _people()[0]) == (JobState.DONE, 52)


def test_the_same_person_filed_meanwhile_is_known_at_confirm(batch: ImportBatch):
    row = batch.rows.filter(outcome="new").order_by("position").first()
    number = play.load(batch)[0][row.position - 1].text("id")
    cast.make_recipient("别处先建", resident_id=number)

    batch = confirm(batch=batch, by=batch.by)

    assert batch.tally("new") == 51
    assert batch.tally("changed") == 1
    assert _people()[0] == 52


def _people() -> tuple[int, int, int]:
    kinds = (Recipient, Household, Guardian)
    return tuple(kind.objects.count() for kind in kinds)  # type: ignore[return-value]


def _another_process(batch: ImportBatch) -> subprocess.Popen[bytes]:
    address = os.environ.get("DATABASE_URL") or local.database_url(settings.DATA_DIR)
    name = connection.settings_dict["NAME"]
    address = urlsplit(address)._replace(path=f"/{name}").geturl()
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DATA_DIR": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "jinchang_care.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    return subprocess.Popen(
        [sys.executable, "-c", CONFIRMS, str(batch.pk)],
        env=environment,
        cwd=settings.BASE_DIR,
        stderr=subprocess.DEVNULL,
    )


def _wait_until_blocked(words: str, *, many: int = 1) -> None:
    """Wait until other processes stand at a lock while saying these words."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND query LIKE %s"
    )
    observer = connections.create_connection("default")
    try:
        for _ in range(300):
            with observer.cursor() as cursor:
                cursor.execute(asked, [f"%{words}%"])
                if cursor.fetchone()[0] >= many:
                    return
            time.sleep(0.1)
    finally:
        observer.close()
    raise AssertionError(f"nobody stood at a lock on {words}")
