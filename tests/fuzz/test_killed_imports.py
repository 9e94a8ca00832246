"""IG-11: an import cut off at any moment leaves all its rows or none, in any table."""

import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from benchmarks.people import write_roster
from cadres.models import User
from cadres.operations.areas import load_areas
from intake.enums import BatchKind, BatchStatus
from intake.models import ImportBatch
from intake.operations import confirm, receive, undo_batch
from tests import cast
from tests.fuzz.conftest import SCALE
from tests.intake.killing import confirming, wait_until_gone

POINTS, ROWS = (50, 6_000) if SCALE >= 1 else (4, 200)


@pytest.fixture
def roster(transactional_db: None, settings, tmp_path: Path) -> Path:
    settings.IMPORT_IN_WORKER_ABOVE_BYTES = 1_000_000_000
    settings.MEDIA_ROOT = tmp_path / "media"
    load_areas()
    file = tmp_path / "花名册.xlsx"
    write_roster(file, ROWS, today=cast.TODAY)
    return file


def test_cut_off_at_any_moment_all_rows_are_in_or_none(
    roster: Path,
    settings,
    chance: random.Random,
    record_property: Callable[[str, object], None],
):
    office = cast.office("city", "620300000000", name="张主任")
    _undone(_received(roster, office))
    batch = _received(roster, office)
    empty = _rows()
    seconds = _confirmed_by_another(batch)
    whole, cut_at = _rows() - empty, Counter[str]()
    assert whole["recipients.Recipient"] == batch.rows_read == ROWS

    # Whoever was quicker than the kill does not count, but has to be whole too.
    while cut_at.total() < POINTS:
        undo_batch(batch=batch, by=office)
        batch = _received(roster, office)
        before = _rows()
        at = _cut_off(batch, chance.uniform(0, seconds), chance)
        batch.refresh_from_db()
        if batch.status == BatchStatus.CHECKED:
            cut_at[at] += 1
            assert _rows() == before
            batch = confirm(batch=batch, by=office)
        assert _rows() - before == whole
        assert batch.status == BatchStatus.CONFIRMED
        assert batch.tally("new") == ROWS

    record_property("cut_at", dict(cut_at))

    kept = {file.name for file in settings.MEDIA_ROOT.rglob("*") if file.is_file()}
    assert kept == set(ImportBatch.objects.values_list("stored_as", flat=True))


def _received(roster: Path, office: User) -> ImportBatch:
    return receive(
        kind=BatchKind.RECIPIENTS,
        file_name=roster.name,
        chunks=[roster.read_bytes()],
        by=office,
    )


def _undone(batch: ImportBatch) -> None:
    """Import it and take it back, so that what is numbered once is numbered."""
    undo_batch(batch=confirm(batch=batch, by=batch.by), by=batch.by)


def _confirmed_by_another(batch: ImportBatch) -> float:
    """Let another process confirm it; return how long it could have been killed."""
    with confirming(batch) as process:
        _backend_of(process)
        begun = time.monotonic()
        assert process.stdout.readline() == b"confirmed\n"
        return time.monotonic() - begun


def _cut_off(batch: ImportBatch, after: float, chance: random.Random) -> str:
    """End it as the power would, or its line to the server; return what it was at."""
    with confirming(batch) as process:
        backend = _backend_of(process)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=after)
        at = _last_words(backend)
        if chance.random() < 0.3:
            _ask("SELECT pg_terminate_backend(%s)", backend)
        else:
            process.kill()
    wait_until_gone(backend)
    return at


def _last_words(backend: int) -> str:
    told = _ask("SELECT query FROM pg_stat_activity WHERE pid = %s", backend)
    return " ".join(told.split()[:2])


def _ask(question: str, backend: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question, [backend])
        return str((cursor.fetchone() or ["gone"])[0])


def _backend_of(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def _rows() -> Counter[str]:
    """Count the rows of every table there is."""
    return Counter(
        {
            model._meta.label: model._default_manager.count()
            for model in apps.get_models()
            if model._meta.managed
        }
    )
