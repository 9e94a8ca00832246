"""A value of a file against one on file of a later day: which stays is asked."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from audit.models import Event
from cadres.models import User
from common.tables.dates import day_reported
from intake.models import ImportBatch, ImportRow
from recipients import sources
from recipients.models import FieldSource, Recipient
from tests import cast
from tests.intake.sheets import number, workbook
from tests.intake.test_import_pages import address, send

HEAD = ["姓名", "身份证号", "类别", "乡镇", "村", "联系电话"]
FILED, SENT = "19900001111", "19900002222"


@pytest.fixture
def person(city_office: User) -> Recipient:
    """Return somebody whose phone was typed today."""
    found = cast.make_recipient("李大山", resident_id=number(), phone=FILED)
    sources.typed(found, ["phone"], whose=city_office)
    return found


def table(path: Path, title: str, village: str = "某村") -> Path:
    township = Recipient.objects.get().area.name
    row = ["李大山", number(), "特困", township, village, SENT]
    return workbook(path / "名册.xlsx", {"名册": [[title], HEAD, row]})


def checked(client: Client, path: Path) -> ImportBatch:
    send(client, path.read_bytes(), name=path.name)
    return ImportBatch.objects.latest("created_at")


def confirm(client: Client, batch: ImportBatch) -> None:
    batch.refresh_from_db()
    client.post(address("batch_confirm", batch), {"version": batch.version})


def answer(client: Client, batch: ImportBatch, agreed: str, row: str = "") -> None:
    said = {"question": "newer", "agreed": agreed, "row": row}
    assert client.post(address("batch_answer", batch), said).status_code == 302


def test_a_newer_value_on_file_stays_and_the_rest_is_taken(
    client: Client, city_office: User, person: Recipient, tmp_path: Path
):
    client.force_login(city_office)
    batch = checked(client, table(tmp_path, "填报时间:2020年10月31日"))

    page = client.get(address("batch_detail", batch) + "?show=asked").content.decode()
    confirm(client, batch)

    assert batch.tallies["asked"] == 1
    assert "保留系统值" in page
    assert "199****1111" in page
    assert "199****2222" in page
    person.refresh_from_db()
    assert (person.phone, person.village) == (FILED, "某村")


def test_a_row_of_which_only_newer_values_differ_changes_nothing(
    client: Client, city_office: User, person: Recipient, tmp_path: Path
):
    Recipient.objects.update(village="某村", category="DESTITUTE")
    client.force_login(city_office)

    batch = checked(client, table(tmp_path, "2020年10月31日"))

    assert (batch.tallies["same"], batch.tallies["asked"]) == (1, 1)


def test_the_office_may_take_the_value_of_the_file(
    client: Client, city_office: User, person: Recipient, tmp_path: Path
):
    client.force_login(city_office)
    batch = checked(client, table(tmp_path, "2020年10月31日"))

    answer(client, batch, "yes")
    confirm(client, batch)

    person.refresh_from_db()
    assert person.phone == SENT
    assert FieldSource.objects.get(field="phone").as_of.isoformat() == "2020-10-31"
    assert Event.objects.filter(kind="import.answered").count() == 1


def test_an_answer_for_one_row_can_be_taken_back(
    client: Client, city_office: User, person: Recipient, tmp_path: Path
):
    client.force_login(city_office)
    batch = checked(client, table(tmp_path, "2020年10月31日"))
    row = str(ImportRow.objects.get().pk)

    answer(client, batch, "yes", row)
    taken = ImportRow.objects.get()
    answer(client, batch, "no", row)
    confirm(client, batch)

    assert taken.outcome == "changed"
    person.refresh_from_db()
    assert person.phone == FILED


def test_an_answer_outlives_another_reading_of_the_columns(
    client: Client, city_office: User, person: Recipient, tmp_path: Path
):
    client.force_login(city_office)
    village = person.village
    batch = checked(client, table(tmp_path, "2020年10月31日"))
    answer(client, batch, "yes")
    chosen = {
        f"column-0-{at}": name
        for at, name in enumerate(["name", "id", "category", "township", "", "phone"])
    }

    client.post(address("batch_columns", batch), chosen)
    confirm(client, batch)

    person.refresh_from_db()
    assert (person.phone, person.village) == (SENT, village)


def test_an_answer_that_is_none_is_a_bad_form(
    client: Client, city_office: User, person: Recipient, tmp_path: Path
):
    client.force_login(city_office)
    batch = checked(client, table(tmp_path, "2020年10月31日"))

    said = {"question": "whatever", "agreed": "yes"}

    assert client.post(address("batch_answer", batch), said).status_code == 422


@pytest.mark.parametrize("title", ["花名册", "填报时间:2099年1月1日"])
def test_a_file_of_no_day_or_of_today_changes_what_it_says(
    title: str, client: Client, city_office: User, person: Recipient, tmp_path: Path
):
    client.force_login(city_office)
    batch = checked(client, table(tmp_path, title))

    confirm(client, batch)

    person.refresh_from_db()
    assert (batch.tallies["asked"], person.phone) == (0, SENT)


def test_an_older_file_gives_way_to_a_newer_one_that_came_first(
    city_office: User, person: Recipient, tmp_path: Path
):
    FieldSource.objects.all().delete()
    run(table(tmp_path, "2026年9月30日", village="新村"))

    said = run(table(tmp_path, "2026年8月", village="旧村"))

    person.refresh_from_db()
    assert person.village == "新村"
    assert "第3行在系统中的值比本表填报时间新" in said
    assert "--prefer-file" in said


def test_the_command_takes_the_files_values_when_told(
    city_office: User, person: Recipient, tmp_path: Path
):
    run(table(tmp_path, "2020年10月31日"), prefer_file=True)

    person.refresh_from_db()
    assert person.phone == SENT


def test_what_the_title_says_is_no_cell_that_can_be_corrected(
    client: Client, city_office: User, person: Recipient, tmp_path: Path
):
    client.force_login(city_office)
    batch = checked(client, table(tmp_path, "2020年10月31日"))
    row = ImportRow.objects.get()

    url = f"{address('batch_detail', batch)}rows/{row.pk}/"
    response = client.post(url, {"cell-reported": "昨天"})

    assert response.status_code == 302
    assert ImportBatch.objects.get().tallies["asked"] == 1


def run(path: Path, **flags: bool) -> str:
    out = io.StringIO()
    flags = {"agreed": flags.pop("prefer_file", False), **flags}
    call_command("import_recipients", str(path), by="city", stdout=out, **flags)
    return out.getvalue()


@pytest.mark.parametrize(
    ("title", "foot", "day"),
    [
        ("花名册 2026年10月31日", "", "2026-10-31"),
        ("(2018年5月1日起执行)填报时间:2026.10.8", "", "2026-10-08"),
        ("2026年2月名册", "", "2026-02-28"),
        ("名册", "填表人:某某 填表日期:2026年3月1日", "2026-03-01"),
        ("名册", "低保截止2025年3月1日", "None"),
        ("2026年10-11月名单", "", "None"),
        ("2026年13月", "", "None"),
    ],
)
def test_the_day_of_a_table_is_read_from_its_title_or_its_foot(title, foot, day):
    assert str(day_reported(title, foot)) == day
