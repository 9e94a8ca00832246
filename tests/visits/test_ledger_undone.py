"""A ledger of visits taken back: what was told otherwise still counts."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine

from cadres.models import User
from intake.enums import BatchKind
from intake.models import ImportBatch
from intake.operations import confirm, receive, undo_batch
from recipients.enums import TaskKind, TaskState
from recipients.models import LifeTask, Pairing
from tests.intake.sheets import workbook
from tests.visits.telling import log
from visits.models import HomeVisit
from visits.operations.taking_back import take_back

pytestmark = pytest.mark.django_db
FIRST, SECOND = datetime.date(2026, 11, 8), datetime.date(2026, 11, 10)
HEADS = ("走访日期", "结对干部", "姓名", "身份证号", "走访方式", "走访结果")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime.datetime(2026, 11, 23, 2, tzinfo=datetime.UTC)):
        yield


@pytest.fixture
def ledger(
    pairing: Pairing, tmp_path: Path, yongchang_office: User
) -> Callable[..., ImportBatch]:
    """Return who imports a ledger of the child's visits, one a day."""
    person, cadre = pairing.recipient, pairing.cadre

    def bring_in(*days: datetime.date, outcome: str = "") -> ImportBatch:
        told = (cadre.name, person.name, person.resident_id, "入户", outcome)
        rows = [(day.isoformat(), *told) for day in days]
        file = workbook(tmp_path / "走访.xlsx", {"走访": [HEADS, *rows]})
        batch = receive(
            kind=BatchKind.VISITS,
            file_name=file.name,
            chunks=[file.read_bytes()],
            by=yongchang_office,
        )
        return confirm(batch=batch, by=yongchang_office)

    return bring_in


def test_an_earlier_visit_that_was_told_meanwhile_counts(
    pairing, ledger, yongchang_office
):
    batch = ledger(SECOND)
    log(pairing, by=yongchang_office, late_entry=True, day=FIRST)

    undo_batch(batch=batch, by=yongchang_office)

    assert _dates(pairing) == (FIRST, FIRST, datetime.date(2026, 12, 9))


def test_a_visit_that_was_taken_back_meanwhile_does_not_come_back(
    pairing, ledger, yongchang_office
):
    visit = log(pairing, by=yongchang_office, late_entry=True, day=FIRST).visit
    batch = ledger(SECOND)
    take_back(visit=visit, by=yongchang_office)

    undo_batch(batch=batch, by=yongchang_office)

    assert _dates(pairing)[:2] == (None, None)


def test_a_row_that_came_to_count_only_later_counts_no_more(
    pairing, ledger, yongchang_office
):
    visit = log(pairing, by=yongchang_office, late_entry=True, day=SECOND).visit
    batch = ledger(FIRST)
    take_back(visit=visit, by=yongchang_office)
    assert _dates(pairing)[0] == FIRST

    undo_batch(batch=batch, by=yongchang_office)

    assert _dates(pairing)[:2] == (None, None)


def test_a_closed_door_in_a_ledger_leaves_the_family_waiting(pairing, ledger):
    before = _dates(pairing)

    ledger(SECOND, outcome="没见到人")

    assert HomeVisit.objects.get().outcome == "not_met"
    assert _dates(pairing) == before


def test_two_refusals_in_a_ledger_are_work_until_it_is_undone(
    pairing, ledger, yongchang_office
):
    batch = ledger(FIRST, SECOND, outcome="拒绝")
    task = LifeTask.objects.get(kind=TaskKind.REFUSING)
    assert (task.state, _dates(pairing)[0]) == (TaskState.OPEN, SECOND)

    undo_batch(batch=batch, by=yongchang_office)

    task.refresh_from_db()
    assert (task.state, _dates(pairing)[0]) == (TaskState.MOOT, None)


def _dates(pairing: Pairing) -> tuple[datetime.date | None, ...]:
    pairing.refresh_from_db()
    return pairing.last_contact_on, pairing.last_visit_on, pairing.next_due_on
