"""Where each value on a file comes from: who typed it, or which row of which file."""

import datetime
from dataclasses import replace

import pytest
import time_machine
from django.urls import reverse

from cadres.models import Area
from intake.enums import BatchKind
from intake.models import ImportBatch
from intake.operations.at_once import bring_in
from intake.operations.undoing import undo_batch
from recipients.enums import Category, SourceKind
from recipients.models import FieldSource, Recipient
from recipients.operations import people
from recipients.person_facts import PersonFacts
from tests import cast
from tests.intake import sheets

pytestmark = pytest.mark.django_db
HEADINGS = ["姓名", "身份证号", "乡镇", "村", "对象类别", "联系电话"]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-25T10:00:00+08:00", tick=True):
        yield


def bring(tmp_path, by, phone: str, name: str = "对象.xlsx"):
    row = [
        "王秀花",
        sheets.number(serial=900),
        "河西堡镇",
        "鸳鸯池村",
        "特困家庭",
        phone,
    ]
    path = sheets.workbook(tmp_path / name, {"对象": [HEADINGS, row]})
    return bring_in(kind=BatchKind.RECIPIENTS, path=path, by=by)


def test_an_imported_file_names_its_batch_and_row(client, tmp_path, yongchang_office):
    bring(tmp_path, yongchang_office, "19900000123")

    source = FieldSource.objects.get()
    batch = ImportBatch.objects.get()
    assert (source.field, source.kind) == ("", SourceKind.IMPORT)
    assert (source.batch_id, source.row) == (batch.pk, 2)
    client.force_login(yongchang_office)
    url = reverse("recipients:recipient_sources", args=[Recipient.objects.get().pk])
    page = client.get(url).content.decode()
    assert "导入 对象.xlsx 第 2 行,2026年11月25日" in page


def test_a_later_file_is_the_source_of_what_it_changed_only(tmp_path, yongchang_office):
    bring(tmp_path, yongchang_office, "19900000123")
    bring(tmp_path, yongchang_office, "19900000456", name="更正.xlsx")

    told = {one.field: one.batch_id for one in FieldSource.objects.all()}
    assert set(told) == {"", "phone"}
    assert told[""] != told["phone"]


def test_an_undone_file_is_no_source_any_more(tmp_path, yongchang_office):
    bring(tmp_path, yongchang_office, "19900000123")
    bring(tmp_path, yongchang_office, "19900000456", name="更正.xlsx")
    batch = ImportBatch.objects.get(file_name="更正.xlsx")

    undo_batch(batch=batch, by=yongchang_office)

    assert [one.field for one in FieldSource.objects.all()] == [""]


def test_what_is_typed_names_the_account_and_the_day(client, yongchang_office):
    facts = {
        "name": "王秀花",
        "category": Category.DESTITUTE,
        "area": Area.objects.get(pk=cast.HEXIBAO),
        "resident_id": "620321196503129019",
    }
    person = people.register_person(facts=PersonFacts(**facts), by=yongchang_office)
    people.change_person(
        recipient=person,
        facts=replace(PersonFacts.of(person, None), phone="19900000123"),
        by=yongchang_office,
    )

    told = {one.field: one for one in FieldSource.objects.all()}
    assert set(told) == {"", "phone"}
    assert told["phone"].by == yongchang_office
    assert told["phone"].told_on == datetime.date(2026, 11, 25)
    client.force_login(yongchang_office)
    url = reverse("recipients:recipient_sources", args=[person.pk])
    assert "录入 王科长,2026年11月25日" in client.get(url).content.decode()


def test_a_corrected_id_is_known_again_in_a_roster(tmp_path, yongchang_office):
    bring(tmp_path, yongchang_office, "19900000123")
    person = Recipient.objects.get()
    filed = PersonFacts.of(person, None)
    people.change_person(
        recipient=person,
        facts=PersonFacts(
            **{**filed.as_initial(), "resident_id": sheets.number(serial=901)}
        ),
        by=yongchang_office,
    )

    bring(tmp_path, yongchang_office, "19900000123", name="旧号.xlsx")

    assert Recipient.objects.count() == 1
