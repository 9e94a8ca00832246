"""What the columns of a file were taken as, said otherwise, and judged again."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cadres.models import User
from common.refusals import Refused
from intake.models import ImportBatch
from intake.operations import choose_columns
from intake.operations.choosing import READ_AGAIN_JOB
from intake.storing import load
from intake.tables import tables_of
from intake.tasks import read_batch_again
from jobs.models import Job, JobState
from recipients.models import Recipient
from tests.intake.sheets import number
from tests.intake.test_import_pages import address, send, upload

ONE, TWO = number(serial=901), number(serial=902)
FILE = (
    "序号,姓名,身份证号,类别,乡镇,联系电话,紧急电话,备注\n"
    f"1,张三,{ONE},特困,双湾镇,19900001234,19900005678,无\n"
    f"2,李四,{TWO[:17]},特困,双湾镇,,19900009999,无\n"
)


@pytest.fixture
def batch(client: Client, city_office: User) -> ImportBatch:
    client.force_login(city_office)
    send(client, FILE.encode())
    return ImportBatch.objects.get()


def asked(batch: ImportBatch, **changes: str) -> dict[str, str]:
    """Return the form as the page shows it, with some heads taken as other fields."""
    (table,) = tables_of(batch)
    return {
        f"column-0-{index}": changes.get(head, name)
        for index, (head, name) in enumerate(
            zip(table.heads, table.fields, strict=True)
        )
    }


def phones(batch: ImportBatch) -> list[Any]:
    return [draft.values.get("phone") for draft in load(batch)[0]]


def test_the_page_says_what_each_column_was_taken_as(
    client: Client, batch: ImportBatch
):
    (table,) = tables_of(batch)
    page = client.get(address("batch_columns", batch)).content.decode()
    preview = client.get(address("batch_detail", batch)).content.decode()

    assert dict(zip(table.heads, table.fields, strict=True)) == {
        "序号": "",
        "姓名": "name",
        "身份证号": "id",
        "类别": "category",
        "乡镇": "township",
        "联系电话": "phone",
        "紧急电话": "",
        "备注": "note",
    }
    assert "G 列“紧急电话”" in page
    assert "8 列中读入 6 列" in page
    assert "列对应 6 / 8" in preview


def test_another_column_is_taken_and_every_row_judged_again(
    client: Client, batch: ImportBatch
):
    version = batch.version
    form = asked(batch, 联系电话="", 紧急电话="phone")

    response = client.post(address("batch_columns", batch), form)

    batch.refresh_from_db()
    assert response.status_code == 302
    assert phones(batch) == ["19900005678", "19900009999"]
    assert batch.version > version
    assert (batch.rows_read, batch.rows.count()) == (2, 2)
    assert Event.objects.latest("id").kind == "import.columns"
    client.post(address("batch_confirm", batch), {"version": batch.version})
    assert Recipient.objects.get().phone == "19900005678"


def test_what_was_typed_by_hand_stays_where_its_column_stays(
    client: Client, batch: ImportBatch
):
    row = batch.rows.get(outcome="wrong")
    correct = reverse("intake:row_correct", args=[batch.pk, row.pk])
    client.post(correct, {"cell-id": TWO, "cell-phone": "19900007777"})

    form = asked(batch, 联系电话="", 紧急电话="phone")
    client.post(address("batch_columns", batch), form)

    row = batch.rows.get(number=3)
    assert (row.outcome, row.corrected) == ("new", True)
    assert phones(batch) == ["19900005678", "19900009999"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"紧急电话": "phone"}, "有两列都对应到“联系电话”"),
        ({"身份证号": ""}, "没有哪一列对应“身份证号”"),
        ({"紧急电话": "rubbish"}, "rubbish"),
    ],
)
def test_columns_that_cannot_be_are_refused_and_the_choice_is_kept(
    changes: dict[str, str], words: str, client: Client, batch: ImportBatch
):
    rows = list(batch.rows.values_list("pk", flat=True))

    response = client.post(address("batch_columns", batch), asked(batch, **changes))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert list(batch.rows.values_list("pk", flat=True)) == rows


def test_after_the_import_the_columns_stay(client: Client, batch: ImportBatch):
    client.post(address("batch_confirm", batch), {"version": batch.version})

    page = client.get(address("batch_columns", batch)).content.decode()
    response = client.post(address("batch_columns", batch), asked(batch))

    assert "列对应不能再改" in page
    assert response.status_code == 409


def test_columns_of_another_file_are_refused(batch: ImportBatch):
    with pytest.raises(Refused, match="不一致"):
        choose_columns(batch=batch, fields=[["name"]], by=batch.by)


def test_a_large_file_is_judged_again_by_the_worker(
    client: Client, batch: ImportBatch, settings
):
    settings.IMPORT_IN_WORKER_ABOVE_BYTES = 0
    form = asked(batch, 联系电话="", 紧急电话="phone")
    client.post(address("batch_columns", batch), form)
    waiting = client.get(address("batch_detail", batch)).content.decode()
    assert phones(batch)[0] == "19900001234"

    job = Job.objects.get(kind=READ_AGAIN_JOB)
    read_batch_again(job)

    job.refresh_from_db()
    assert 'hx-trigger="every 2s"' in waiting
    assert (job.state, phones(batch)[0]) == (JobState.DONE, "19900005678")


def test_sheets_with_the_same_heads_are_one_table(
    client: Client, city_office: User, rosters_folder: Any
):
    client.force_login(city_office)
    upload(client, rosters_folder, "02")
    batch = ImportBatch.objects.get()

    tables = tables_of(batch)

    assert sum(len(table.sheets) for table in tables) > len(tables)
    assert all(len(table.heads) == len(table.fields) for table in tables)
    response = client.get(address("batch_columns", batch))
    assert response.status_code == 200


def test_a_neighbour_finds_no_columns(
    client: Client, batch: ImportBatch, jinchuan_office: User
):
    client.force_login(jinchuan_office)

    assert client.get(address("batch_columns", batch)).status_code == 404
    assert client.post(address("batch_columns", batch)).status_code == 404
