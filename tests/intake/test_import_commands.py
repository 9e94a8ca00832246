"""The commands: every invented roster, to the row; and what they must not do."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Sum

from audit.models import Event
from cadres.models import Cadre, Organisation, User
from intake import originals
from intake.models import ImportBatch
from recipients.models import Guardian, Household, Pairing, Recipient
from tests.intake import play
from visits.models import Deed, HomeVisit

LAST = ("06", "07", "08", "05")


def test_every_roster_comes_out_to_the_row(registry: User, rosters_folder: Path):
    answers = play.truth(rosters_folder)
    said = {number: play.run(rosters_folder, number) for number in LAST}

    for number in LAST:
        wanted = answers[play.roster(rosters_folder, number).name]["tallies"]
        assert said[number] == play.line(wanted)
    for batch in ImportBatch.objects.all():
        assert play.told(batch) == play.wanted(answers[batch.file_name])


@pytest.mark.parametrize("number", ["03", "04a", "04b", "05"])
def test_a_roster_on_an_empty_registry(
    number: str, city_office: User, rosters_folder: Path
):
    answers = play.truth(rosters_folder)[play.roster(rosters_folder, number).name]

    said = play.run(rosters_folder, number)

    assert said == play.line(answers["tallies_on_empty_registry"])


def test_units_and_pairings_stand_as_they_should(paired: User, rosters_folder: Path):
    answers = play.truth(rosters_folder)
    cadres = answers[play.roster(rosters_folder, "06").name]
    pairings = answers[play.roster(rosters_folder, "07").name]
    on_file = Recipient.objects.on_file()

    assert Organisation.objects.count() == cadres["units"]
    assert Cadre.objects.count() == cadres["cadres_on_file"]
    assert Pairing.objects.active().count() == pairings["active_pairings"]
    assert Pairing.objects.filter(next_due_on=None).count() == 0
    by_cadres = Pairing.objects.active().by_cadres().values("recipient")
    left_over = pairings["recipients_without_cadre_pairing"]
    assert on_file.exclude(pk__in=by_cadres).count() == left_over
    assert on_file.unpaired().count() == left_over


def test_the_sums_of_a_ledger_are_exact(paired: User, rosters_folder: Path):
    play.run(rosters_folder, "08")

    sums = play.truth(rosters_folder)[play.roster(rosters_folder, "08").name]["sums"]
    deeds = {
        row["kind"]: row
        for row in Deed.objects.values("kind").annotate(
            n=Sum("quantity"), m=Sum("amount")
        )
    }
    assert HomeVisit.objects.filter(late_entry=True).count() == sums["visits"]
    assert deeds["policy"]["n"] == sums["policy"]
    assert deeds["solved"]["n"] == sums["solved"]
    assert deeds["deed"]["n"] == sums["deeds"]
    assert deeds["money"]["m"] == Decimal(sums["cash"])
    assert deeds["goods"]["m"] == Decimal(sums["goods"])


def test_a_ledger_moves_the_dates_of_pairings_on(paired: User, rosters_folder: Path):
    play.run(rosters_folder, "08")

    newest: dict[object, object] = {}
    for visit in HomeVisit.objects.exclude(pairing=None).order_by("day"):
        newest[visit.pairing_id] = visit.day
    held = dict(Pairing.objects.values_list("pk", "last_contact_on"))
    assert newest
    assert {pk: held[pk] for pk in newest} == newest


def test_the_same_files_again_change_nothing(paired: User, rosters_folder: Path):
    play.run(rosters_folder, "08")
    kinds = (Recipient, Guardian, Household, Cadre, Organisation, Pairing, HomeVisit)
    # 03 and 04 have told of changes that earlier files would take back: not they.
    again = ("04a", "04b", "06", "07", "08")
    before = play.facts(*kinds)

    said = [play.run(rosters_folder, number) for number in again]

    assert all(line.startswith("新增 0 · 更新 0 · ") for line in said)
    assert play.facts(*kinds) == before


def test_a_dry_run_writes_nothing(city_office: User, rosters_folder: Path):
    answers = play.truth(rosters_folder)[play.roster(rosters_folder, "01").name]
    events = Event.objects.count()

    said = play.run(rosters_folder, "01", dry_run=True)

    assert said == play.line(answers["tallies"])
    assert (Recipient.objects.count(), ImportBatch.objects.count()) == (0, 0)
    assert Event.objects.count() == events


def test_strict_is_all_or_nothing(city_office: User, rosters_folder: Path):
    with pytest.raises(SystemExit) as left:
        play.run(rosters_folder, "01", strict=True)

    assert left.value.code == 1
    assert (Recipient.objects.count(), ImportBatch.objects.count()) == (0, 0)


def test_the_errors_come_back_in_the_same_file(
    city_office: User, rosters_folder: Path, tmp_path: Path
):
    out = tmp_path / "errors.xlsx"

    play.run(rosters_folder, "01", errors=out)

    assert out.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("path", "by", "code"),
    [
        ("nowhere.xlsx", "city", 2),
        ("here.xlsx", "nobody", 2),
        ("here.xlsx", "unit", 2),
        ("here.xlsx", "city", 1),
    ],
)
def test_wrong_calls_and_refused_files_leave_by_their_codes(
    path: str, by: str, code: int, city_office: User, liaison: User, tmp_path: Path
):
    (tmp_path / "here.xlsx").write_bytes(b"<html><table></table></html>")
    said = io.StringIO()

    with pytest.raises(SystemExit) as left:
        call_command("import_recipients", str(tmp_path / path), by=by, stderr=said)

    assert left.value.code == code
    assert said.getvalue().strip().endswith("。")
    assert ImportBatch.objects.count() == 0


def test_a_file_above_the_limit_is_refused(city_office: User, tmp_path: Path, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    large = tmp_path / "large.csv"
    large.write_bytes(b"," * 1001)
    said = io.StringIO()

    with pytest.raises(SystemExit) as left:
        call_command("import_recipients", str(large), by="city", stderr=said)

    assert left.value.code == 1
    assert "过大" in said.getvalue()


def test_an_office_imports_only_its_own_people(
    yongchang_office: User, rosters_folder: Path
):
    play.run(rosters_folder, "01", by="yongchang")

    batch = ImportBatch.objects.get()
    assert Recipient.objects.exists()
    assert not Recipient.objects.exclude(area__code__startswith="620321").exists()
    assert batch.rows.filter(reason="E_OUTSIDE_REACH").exists()
    assert sum(batch.tally(kind) for kind in TALLIED) == batch.rows_read


def test_a_person_filed_elsewhere_is_not_taken_over(
    registry: User, yongchang_office: User, rosters_folder: Path
):
    before = play.facts(Recipient)

    play.run(rosters_folder, "01", by="yongchang")

    assert play.facts(Recipient) == before


def test_one_event_tells_of_a_whole_batch(city_office: User, rosters_folder: Path):
    before = Event.objects.count()

    play.run(rosters_folder, "02")

    assert Event.objects.count() == before + 1
    event = Event.objects.latest("id")
    assert event.kind == "import.confirmed"
    assert event.details["tallies"]["new"] == 470


def test_ids_and_phones_are_nowhere_in_plain(city_office: User, rosters_folder: Path):
    play.run(rosters_folder, "01")

    stored = originals.path_of(ImportBatch.objects.get().stored_as)
    assert stored.stat().st_mode & 0o777 == 0o600
    assert b"xl/worksheets" not in stored.read_bytes()
    for row in Recipient.objects.values_list("resident_id", "phone", "address"):
        assert all(bytes(value or b"")[:3] in (b"", b"\x01\x01\x01") for value in row)


TALLIED = ("new", "changed", "same", "repeated", "wrong")
