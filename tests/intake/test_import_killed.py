"""A worker killed in the middle of an import: all rows or none, then finished."""

import signal
from pathlib import Path

import pytest
from django.db import connection, transaction

from cadres.operations.areas import load_areas
from common.refusals import Refused
from intake.enums import BatchKind, BatchStatus
from intake.models import ImportBatch
from intake.operations import ask_to_confirm, confirm, receive
from intake.operations.confirming import CONFIRM_JOB
from intake.tasks import confirm_batch
from jobs.models import Job, JobState
from recipients.models import Guardian, Household, Recipient
from tests import cast
from tests.intake import play
from tests.intake.killing import confirming, wait_until_blocked


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
        with confirming(batch) as process:
            wait_until_blocked("COPY recipients_guardian")
            process.kill()
        assert process.returncode == -signal.SIGKILL

    batch.refresh_from_db()
    assert batch.status == BatchStatus.CHECKED
    assert _people() == (0, 0, 0)
    batch = confirm(batch=batch, by=batch.by)
    assert batch.status == BatchStatus.CONFIRMED
    assert _people()[0] == batch.tally("new") == 52


def test_confirmed_twice_at_once_one_wins(batch: ImportBatch):
    with confirming(batch) as one, confirming(batch) as other:
        with transaction.atomic():
            ImportBatch.objects.select_for_update().get(pk=batch.pk)
            wait_until_blocked("intake_importbatch", many=2)
        for process in (one, other):
            process.communicate()

    assert sorted([one.returncode, other.returncode]) == [0, 1]
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
