"""The pages: upload, preview, a cell put right, confirmation, undo, and who may."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cadres.models import User
from intake.models import ImportBatch, ImportRow
from recipients.models import Pairing, Recipient
from tests.intake import play

KINDS = {
    "01": "recipients",
    "02": "recipients",
    "05": "recipients",
    "07": "pairings",
}
FULL_ID = re.compile(r"(?<![0-9a-f-])[1-9][0-9]{16}[0-9Xx](?![0-9a-f])")
FULL_PHONE = re.compile(r"(?<![0-9a-f-])1990000[0-9]{4}(?![0-9a-f])")


def upload(client: Client, folder: Path, number: str) -> Any:
    file = play.roster(folder, number)
    return send(client, file.read_bytes(), kind=KINDS[number], name=file.name)


def send(
    client: Client, content: bytes, *, kind: str = "recipients", name: str = "名册.csv"
) -> Any:
    sent = SimpleUploadedFile(name, content)
    return client.post(reverse("intake:upload"), {"kind": kind, "file": sent})


def address(name: str, batch: ImportBatch) -> str:
    return reverse(f"intake:{name}", args=[batch.pk])


@pytest.mark.parametrize("number", ["01", "02"])
def test_a_roster_of_people_by_page(
    number: str, client: Client, city_office: User, rosters_folder: Path
):
    answers = play.truth(rosters_folder)[play.roster(rosters_folder, number).name]
    client.force_login(city_office)

    response = upload(client, rosters_folder, number)

    batch = ImportBatch.objects.get()
    assert response.status_code == 302
    assert Recipient.objects.count() == 0
    assert play.told(batch) == play.wanted(answers)
    client.post(address("batch_confirm", batch), {"version": batch.version})
    assert Recipient.objects.count() == answers["tallies"]["新增"]
    assert play.told(ImportBatch.objects.get()) == play.wanted(answers)


def test_counts_are_told_to_the_last_row(client: Client, city_office: User):
    client.force_login(city_office)
    send(client, "姓名,身份证号,类别,乡镇\n张三,1,特困,双湾镇\n".encode())
    batch = ImportBatch.objects.get()
    batch.rows_read, batch.tallies = 15_678, {**batch.tallies, "new": 15_677}
    batch.save()

    page = client.get(address("batch_detail", batch)).content.decode()

    assert '<span class="chip-n">15678</span>' in page
    assert '<span class="chip-n">15677</span>' in page


def test_a_roster_of_pairings_by_page(
    client: Client, registry: User, rosters_folder: Path
):
    play.run(rosters_folder, "06")
    answers = play.truth(rosters_folder)[play.roster(rosters_folder, "07").name]
    client.force_login(registry)

    upload(client, rosters_folder, "07")

    batch = ImportBatch.objects.get(kind="pairings")
    assert play.told(batch) == play.wanted(answers)
    client.post(address("batch_confirm", batch), {"version": batch.version})
    assert Pairing.objects.active().count() == 730


def test_the_preview_says_what_confirming_does_and_masks_people(
    client: Client, city_office: User, rosters_folder: Path
):
    client.force_login(city_office)
    upload(client, rosters_folder, "02")
    batch = ImportBatch.objects.get()

    wrong = client.get(address("batch_detail", batch)).content.decode()
    everyone = client.get(address("batch_detail", batch) + "?show=new").content.decode()

    assert "导入 470 人,32 行暂不导入" in wrong
    assert wrong.count("核对本行") == 2 * 32
    assert not FULL_ID.search(everyone)
    assert not FULL_PHONE.search(everyone)


def test_nobody_is_asked_for_rows_one_by_one(
    client: Client,
    city_office: User,
    rosters_folder: Path,
    django_assert_max_num_queries,
):
    client.force_login(city_office)
    upload(client, rosters_folder, "02")

    with django_assert_max_num_queries(12):
        client.get(address("batch_detail", ImportBatch.objects.get()) + "?show=all")


def test_a_refused_file_keeps_the_chosen_kind(client: Client, city_office: User):
    client.force_login(city_office)
    sent = SimpleUploadedFile("名册.xls", b"<html><table></table></html>")

    response = client.post(reverse("intake:upload"), {"kind": "pairings", "file": sent})

    page = response.content.decode()
    assert response.status_code == 422
    assert re.search(r'value="pairings"[^>]*checked', page)
    assert ImportBatch.objects.count() == 0


def test_a_file_above_the_limit_is_refused(client: Client, city_office: User, settings):
    settings.UPLOAD_MAX_BYTES = 100
    client.force_login(city_office)
    sent = SimpleUploadedFile("名册.csv", b"," * 101)

    response = client.post(
        reverse("intake:upload"), {"kind": "recipients", "file": sent}
    )

    assert response.status_code == 422
    assert "过大" in response.content.decode()


def test_a_wrong_cell_is_put_right_in_its_place(
    client: Client, city_office: User, rosters_folder: Path
):
    client.force_login(city_office)
    upload(client, rosters_folder, "01")
    batch = ImportBatch.objects.get()
    row = batch.rows.get(reason="E_NAME_EMPTY")
    correct = reverse("intake:row_correct", args=[batch.pk, row.pk])

    response = client.post(correct, {"cell-name": "王小补"})

    row.refresh_from_db()
    batch.refresh_from_db()
    assert response.status_code == 302
    assert (row.outcome, row.corrected, batch.tally("new")) == ("new", True, 53)
    event = Event.objects.latest("id")
    assert (event.kind, event.details["columns"]) == ("import.corrected", ["name"])
    assert "王小补" not in str(event.details)


def test_a_stale_confirmation_is_shown_what_changed(
    client: Client, city_office: User, rosters_folder: Path
):
    client.force_login(city_office)
    upload(client, rosters_folder, "01")
    batch = ImportBatch.objects.get()
    ImportBatch.objects.update(version=7)

    response = client.post(address("batch_confirm", batch), {"version": 1})

    assert response.status_code == 409
    assert Recipient.objects.count() == 0


def test_a_batch_is_confirmed_once(
    client: Client, city_office: User, rosters_folder: Path
):
    client.force_login(city_office)
    upload(client, rosters_folder, "01")
    batch = ImportBatch.objects.get()

    first = client.post(address("batch_confirm", batch))
    second = client.post(address("batch_confirm", batch))

    assert (first.status_code, second.status_code) == (302, 409)
    assert Recipient.objects.count() == 52


def test_undoing_by_page(client: Client, city_office: User, rosters_folder: Path):
    client.force_login(city_office)
    upload(client, rosters_folder, "01")
    batch = ImportBatch.objects.get()
    client.post(address("batch_confirm", batch))

    response = client.post(address("batch_undo", batch))

    assert response.status_code == 302
    assert Recipient.objects.count() == 0


def test_a_large_file_is_left_to_the_worker(
    client: Client, city_office: User, rosters_folder: Path, settings
):
    settings.IMPORT_IN_WORKER_ABOVE_BYTES = 0
    client.force_login(city_office)

    upload(client, rosters_folder, "01")

    batch = ImportBatch.objects.get()
    assert (batch.status, ImportRow.objects.count()) == ("read", 0)
    page = client.get(address("batch_detail", batch)).content.decode()
    assert 'hx-trigger="every 2s"' in page
    polled = client.get(
        address("batch_progress", batch), headers={"HX-Request": "true"}
    )
    assert polled.status_code == 200


@pytest.mark.parametrize("name", ["batch_detail", "batch_file", "batch_errors"])
def test_a_neighbour_finds_no_batch_and_a_reader_no_page(
    name: str,
    client: Client,
    yongchang_office: User,
    jinchuan_office: User,
    leader: User,
    rosters_folder: Path,
):
    client.force_login(yongchang_office)
    upload(client, rosters_folder, "01")
    batch = ImportBatch.objects.get()

    client.force_login(jinchuan_office)
    neighbour = client.get(address(name, batch))
    client.force_login(leader)
    reader = client.get(address(name, batch))
    client.logout()
    stranger = client.get(address(name, batch))

    found = (neighbour.status_code, reader.status_code, stranger.status_code)
    assert found == (404, 403, 302)


def test_the_original_comes_back_as_it_was_sent(
    client: Client, yongchang_office: User, rosters_folder: Path
):
    client.force_login(yongchang_office)
    upload(client, rosters_folder, "01")
    batch = ImportBatch.objects.get()

    answer = client.get(address("batch_file", batch))

    sent = play.roster(rosters_folder, "01").read_bytes()
    assert b"".join(answer.streaming_content) == sent
    assert int(answer["Content-Length"]) == len(sent)


@pytest.mark.parametrize("query", ["?show=rubbish", "?after=rubbish", "?show=wrong"])
def test_rubbish_in_the_address_is_no_fault(
    query: str, client: Client, city_office: User, rosters_folder: Path
):
    client.force_login(city_office)
    upload(client, rosters_folder, "01")

    response = client.get(address("batch_detail", ImportBatch.objects.get()) + query)

    assert response.status_code == 200
