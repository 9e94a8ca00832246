"""A comparison does not end the days in which an import may be taken back."""

from pathlib import Path

import pytest
from django.core.management import call_command

from cadres.models import User
from intake.models import ImportBatch
from intake.operations import InTheWay, undo_batch
from recipients.models import Recipient
from rosters.enums import ClosingDeed, DifferenceStatus, RosterStatus, RowOutcome
from rosters.models import Difference, Roster, RosterRow
from rosters.operations import reconcile, settling
from tests.rosters.conftest import LISTS, MONTH

FOUND = ("kind", "roster__kind", "row", "recipient", "area", "fields", "status")
ROW = ("pk", "outcome", "recipient")


@pytest.fixture
def compared(city_office: User, rosters_folder: Path) -> ImportBatch:
    """Return an import of people, some of whom two lists were compared with since."""
    call_command("import_recipients", *rosters_folder.glob("02_*"), by="city")
    for kind in ("disability", "deaths"):
        path = rosters_folder / LISTS[kind]
        call_command("import_roster", kind, path, month="2026-11", by="city")
    reconcile.reconcile(month=MONTH, by=city_office)
    reconcile.check_registry_itself(month=MONTH, by=city_office)
    return ImportBatch.objects.get()


def test_what_was_compared_goes_with_an_undo_as_a_comparison_would_find_it(
    compared: ImportBatch, city_office: User
):
    agreed = RosterRow.objects.filter(outcome=RowOutcome.AGREES).first()
    Roster.objects.filter(kind="disability").update(status=RosterStatus.WORKED)
    assert agreed

    undo_batch(batch=compared, by=city_office)

    assert not Recipient.objects.exists()
    agreed.refresh_from_db()
    assert agreed.outcome == RowOutcome.NOT_IN_REGISTRY
    assert agreed.differences.open().get().kind == RowOutcome.NOT_IN_REGISTRY
    assert Roster.objects.get(kind="disability").status == RosterStatus.COMPARED
    found = _everything_found()
    reconcile.reconcile(month=MONTH, by=city_office)
    assert _everything_found() == found


def test_whom_a_list_had_missed_before_the_import_it_misses_again(
    city_office: User, rosters_folder: Path
):
    path = rosters_folder / LISTS["disability"]
    call_command("import_roster", "disability", path, month="2026-11", by="city")
    reconcile.reconcile(month=MONTH, by=city_office)
    first, *_ = Difference.objects.open().filter(kind=RowOutcome.NOT_IN_REGISTRY)
    settling.settle(
        difference=first, deed=ClosingDeed.NOTHING, words="不是本市的", by=city_office
    )
    before = _everything_found()
    call_command("import_recipients", *rosters_folder.glob("02_*"), by="city")
    reconcile.reconcile(month=MONTH, by=city_office)
    assert _everything_found() != before

    undo_batch(batch=ImportBatch.objects.get(), by=city_office)

    assert _everything_found() == before


def test_lists_that_were_replaced_keep_what_was_found_in_them(
    compared: ImportBatch, city_office: User, rosters_folder: Path
):
    old = Roster.objects.get(kind="disability")
    before = dict(old.rows.values_list("pk", "outcome"))
    path = rosters_folder / LISTS["tekun"]
    call_command("import_roster", "disability", path, month="2026-11", by="city")

    undo_batch(batch=compared, by=city_office)

    assert dict(old.rows.values_list("pk", "outcome")) == before
    assert not old.differences.open().exists()


def test_what_somebody_decided_of_a_difference_is_in_the_way(
    compared: ImportBatch, city_office: User
):
    difference = Difference.objects.open().exclude(recipient=None).first()
    assert difference
    settling.settle(
        difference=difference,
        deed=ClosingDeed.NOTHING,
        words="核实过,系统正确",
        by=city_office,
    )

    with pytest.raises(InTheWay, match="已处理过比对差异") as refusal:
        undo_batch(batch=compared, by=city_office)

    (obstacle,) = refusal.value.obstacles
    assert obstacle.row.target_id == difference.recipient_id
    difference.refresh_from_db()
    assert difference.status == DifferenceStatus.CLOSED


def _everything_found() -> dict[str, object]:
    return {
        "differences": sorted(map(str, Difference.objects.values_list(*FOUND))),
        "rows": sorted(map(str, RosterRow.objects.values_list(*ROW))),
        "tallies": dict(Roster.objects.values_list("kind", "tallies")),
    }
