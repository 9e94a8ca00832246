"""What a file would change on file: old beside new, masked, before and after."""

from pathlib import Path

from django.test import Client

from cadres.models import User
from intake.models import ImportBatch
from intake.queries import preview, rows_of
from intake.registry import Change
from recipients.models import Guardian, Recipient
from tests import cast
from tests.intake import play
from tests.intake.sheets import number
from tests.intake.test_import_pages import FULL_ID, FULL_PHONE, address, send, upload

HEAD = (
    "姓名,身份证号,类别,乡镇,村,住址,联系电话,残疾类别,残疾等级,低保,监护人,监护人电话"
)


def told(batch: ImportBatch, user: User) -> list[Change]:
    (row,) = preview(batch, list(rows_of(batch, "changed")), user)
    return row.changes


def changing(client: Client) -> ImportBatch:
    """Bring in a row that changes nearly every field of a person on file."""
    cast.make_recipient(
        "李大山",
        resident_id=number(),
        phone="19900001111",
        address="永昌县城关镇东街村1号",
    )
    row = (
        f"李小山,{number()},特困,河西堡镇,某村,永昌县城关镇东街村2号,19900002222,"
        "多重(肢体、智力),一级,是,王五,19900003333"
    )
    send(client, f"{HEAD}\n{row}\n".encode())
    return ImportBatch.objects.get()


def test_old_and_new_stand_side_by_side_and_stay_after_the_import(
    client: Client, city_office: User
):
    client.force_login(city_office)
    batch = changing(client)

    before = {change.heading: change for change in told(batch, city_office)}
    client.post(address("batch_confirm", batch), {"version": batch.version})
    after = {change.heading: change for change in told(batch, city_office)}

    assert before == after
    assert (before["姓名"].old, before["姓名"].new) == ("李**", "李**")
    assert before["姓名"].hidden
    assert (before["电话"].old, before["电话"].new) == ("199****1111", "199****2222")
    assert before["住址"].new == "永昌县城关镇东街村***"
    assert before["残疾类别"].new == "多重残疾(肢体残疾、智力残疾)"
    assert (before["监护人"].old, before["监护人"].new) == ("", "王*")
    assert before["低保"].new == "是"
    assert Recipient.objects.get().name == "李小山"
    assert Guardian.objects.count() == 1


def test_the_page_shows_them_and_no_full_number(client: Client, city_office: User):
    client.force_login(city_office)
    batch = changing(client)

    page = client.get(address("batch_detail", batch) + "?show=changed").content.decode()

    assert "199****1111" in page
    assert "隐去的部分不同" in page
    assert not FULL_ID.search(page)
    assert not FULL_PHONE.search(page)


def test_of_a_person_who_moved_beyond_reach_nothing_is_told(
    client: Client, yongchang_office: User
):
    client.force_login(yongchang_office)
    batch = changing(client)
    Recipient.objects.update(area_id=cast.SHUANGWAN)

    assert told(batch, yongchang_office) == []


def test_all_changed_rows_of_a_roster_tell_their_fields(
    client: Client, registry: User, rosters_folder: Path, django_assert_max_num_queries
):
    client.force_login(registry)
    upload(client, rosters_folder, "05")
    batch = ImportBatch.objects.latest("created_at")

    rows = preview(batch, list(rows_of(batch, "changed")), registry)
    with django_assert_max_num_queries(14):
        client.get(address("batch_detail", batch) + "?show=changed")

    answers = play.truth(rosters_folder)[play.roster(rosters_folder, "05").name]
    assert len(rows) == answers["tallies"]["更新"]
    assert all(row.changes for row in rows)
    assert all(change.old or change.new for row in rows for change in row.changes)


def test_a_blank_cell_empties_nothing_and_the_word_for_it_does(
    client: Client, city_office: User
):
    client.force_login(city_office)
    person = cast.make_recipient(
        "李大山", resident_id=number(), phone="19900001111", address="某村1号"
    )
    head = "姓名,身份证号,类别,乡镇,住址,联系电话,残疾类别,监护人电话"
    row = f"李大山,{number()},特困,{person.area.name},,清空,清空,清空"
    send(client, f"{head}\n{row}\n".encode())
    batch = ImportBatch.objects.get()

    (change,) = [one for one in told(batch, city_office) if one.heading == "电话"]
    client.post(address("batch_confirm", batch), {"version": batch.version})
    person.refresh_from_db()
    emptied = (person.phone, person.phone_index, person.address)
    client.post(address("batch_undo", batch))
    person.refresh_from_db()

    assert (change.old, change.new) == ("199****1111", "")
    assert emptied == ("", None, "某村1号")
    assert person.phone == "19900001111"


def test_a_name_cannot_be_emptied(client: Client, city_office: User):
    client.force_login(city_office)
    head = "姓名,身份证号,类别,乡镇"

    send(client, f"{head}\n清空,{number()},特困,双湾镇\n".encode())

    assert ImportBatch.objects.get().rows.get().reason == "E_NAME_EMPTY"
