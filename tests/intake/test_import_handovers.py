"""A pairing sheet that speaks of a change: whether one hands over is asked."""

import datetime
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from audit.models import Event
from cadres.models import Cadre, User
from intake.models import ImportBatch, ImportRow
from recipients.enums import EndReason, PairingStatus
from recipients.models import Pairing
from recipients.operations import relatives
from tests import cast
from tests.intake.sheets import number, read, workbook
from tests.intake.test_import_newer import confirm
from tests.intake.test_import_pages import address, send

HEAD = ["结对干部", "单位", "关爱对象", "身份证号", "结对时间", "备注"]
START = datetime.date(2026, 1, 5)


@pytest.fixture
def pairing(yongchang_office: User) -> Pairing:
    """Return a pairing that stands, in a unit with a second cadre."""
    unit = cast.make_organisation()
    person = cast.make_recipient("李大山", resident_id=number())
    type(person).objects.update(registered_on=START)
    cast.make_cadre("赵二", unit)
    return cast.make_pairing(person, cast.make_cadre("钱一", unit), started_on=START)


def sheet(folder: Path, note: str, day: str = "2026-11-02") -> Path:
    row = ["赵二", "永昌县教育局", "李大山", number(), day, note]
    return workbook(folder / "结对.xlsx", {"结对": [HEAD, row]})


def checked(client: Client, path: Path) -> ImportBatch:
    send(client, path.read_bytes(), kind="pairings", name=path.name)
    return ImportBatch.objects.get()


def agree(client: Client, batch: ImportBatch) -> None:
    client.post(
        address("batch_answer", batch), {"question": "handover", "agreed": "yes"}
    )


def test_nothing_changes_hands_before_it_is_answered(
    client: Client, yongchang_office: User, pairing: Pairing, tmp_path: Path
):
    client.force_login(yongchang_office)

    batch = checked(client, sheet(tmp_path, "人员调整"))

    assert (batch.tallies["wrong"], batch.tallies["asked"]) == (1, 1)
    assert ImportRow.objects.get().reason == "E_PAIRED_TWICE"
    page = client.get(address("batch_detail", batch)).content.decode()
    assert "全部按交接办理" in page


def test_a_declared_relative_is_refused_in_a_sheet_too(
    client: Client, yongchang_office: User, pairing: Pairing, tmp_path: Path
):
    relatives.declare_relative(
        cadre=Cadre.objects.get(name="赵二"),
        relation="parent",
        name="李大山",
        resident_id=number(),
        by=yongchang_office,
    )
    client.force_login(yongchang_office)

    checked(client, sheet(tmp_path, "人员调整"))

    assert ImportRow.objects.get().reason == "E_SAME_HOUSEHOLD"


def test_a_row_that_is_a_handover_leaves_no_day_uncovered(
    client: Client, yongchang_office: User, pairing: Pairing, tmp_path: Path
):
    client.force_login(yongchang_office)
    batch = checked(client, sheet(tmp_path, "更换"))

    agree(client, batch)
    before = client.get(address("batch_detail", batch) + "?show=all").content.decode()
    confirm(client, batch)

    pairing.refresh_from_db()
    (successor,) = Pairing.objects.filter(status=PairingStatus.ACTIVE)
    assert "钱一" in before
    assert (pairing.status, pairing.end_reason) == ("ended", EndReason.REPLACED)
    assert pairing.ended_on == successor.started_on == datetime.date(2026, 11, 2)
    assert (successor.cadre.name, successor.previous) == ("赵二", pairing)
    assert Event.objects.filter(kind="pairing.handed_over").count() == 1
    after = client.get(address("batch_detail", batch)).content.decode()
    assert "钱一" in after


def test_what_the_handover_itself_refuses_is_a_wrong_row(
    client: Client, yongchang_office: User, pairing: Pairing, tmp_path: Path
):
    client.force_login(yongchang_office)
    batch = checked(client, sheet(tmp_path, "更换", "2025-01-01"))

    agree(client, batch)
    confirm(client, batch)

    pairing.refresh_from_db()
    row = ImportRow.objects.get()
    assert pairing.status == PairingStatus.ACTIVE
    assert (row.outcome, row.reason) == ("wrong", "E_HANDOVER")


def test_a_batch_with_a_handover_says_why_it_cannot_be_undone(
    client: Client, yongchang_office: User, pairing: Pairing, tmp_path: Path
):
    client.force_login(yongchang_office)
    batch = checked(client, sheet(tmp_path, "更换"))
    agree(client, batch)
    confirm(client, batch)

    response = client.post(address("batch_undo", batch))

    assert response.status_code == 409
    assert "已办理交接" in response.content.decode()


@pytest.mark.parametrize("note", ["", "对象住院"])
def test_a_second_cadre_without_a_word_of_change_is_refused_and_not_asked(
    note: str,
    client: Client,
    yongchang_office: User,
    pairing: Pairing,
    tmp_path: Path,
):
    client.force_login(yongchang_office)

    batch = checked(client, sheet(tmp_path, note))

    assert batch.tallies["asked"] == 0
    assert ImportRow.objects.get().reason == "E_PAIRED_TWICE"


def test_the_command_hands_over_when_told(
    yongchang_office: User, pairing: Pairing, tmp_path: Path
):
    path, out = str(sheet(tmp_path, "更换")), io.StringIO()

    call_command("import_pairings", path, by="yongchang", stdout=out)
    first = out.getvalue()
    call_command("import_pairings", path, by="yongchang", agreed=True, stdout=out)

    assert "--hand-over" in first
    assert Pairing.objects.get(status=PairingStatus.ACTIVE).cadre.name == "赵二"


def test_a_column_of_those_who_cared_before_is_not_that_of_the_cadre(tmp_path: Path):
    head = ["原结对干部", "原干部电话", "调整后结对干部", "单位", "对象姓名"]
    head += ["对象身份证号", "干部电话"]
    row = ["钱一", "19900000001", "赵二", "市残联", "李大山", number(), "19900000002"]

    (read_row,) = read(
        workbook(tmp_path / "a.xlsx", {"结对": [head, row]}), "pairings"
    ).rows

    assert (read_row.values["cadre"], read_row.values["phone"]) == (
        "赵二",
        "19900000002",
    )
    assert read_row.values["changes_hands"]
