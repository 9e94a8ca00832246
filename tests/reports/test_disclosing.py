"""PR-16: one document of all that is held on a person, and who saw it."""

import io

import openpyxl
import pytest
from django.urls import reverse

from audit.models import Event
from casework.models import Need
from common.refusals import Refused
from recipients import erasing
from recipients.models import Guardian
from recipients.operations.looks import look
from reports.operations.disclosing import disclose
from tests import cast
from tests.house import world as worlds

pytestmark = pytest.mark.django_db
REASON = "本人来函申请查阅"


@pytest.fixture
def person(child):
    Guardian.objects.create(recipient=child, name="王梅", phone="19900000032")
    Need.objects.create(
        recipient=child, words="想转学", raised_on=cast.TODAY, due_on=cast.TODAY
    )
    return child


def test_every_table_with_the_person_in_it_is_told():
    world = worlds.build()
    person = world.near["recipient"]
    tables = {
        str(rows.model._meta.verbose_name)
        for rows in erasing.rows_about(person)
        if rows.exists()
    }

    lines = disclose(recipient=person, reason=REASON, by=world.users["county"])

    assert len(tables) > 8
    assert tables - {line.table for line in lines} == set()
    assert {line.table for line in lines} > tables


def test_the_page_tells_values_in_full_and_who_saw_them(
    client, person, cadre_user, yongchang_office, pairing
):
    look(recipient=person, by=cadre_user)
    client.force_login(yongchang_office)
    address = reverse("reports:person_disclose", args=[person.pk])

    page = client.post(address, {"reason": REASON, "made_as": "page"})

    told = page.content.decode()
    for words in (person.resident_id, "19900000031", "王梅", "想转学", cadre_user.name):
        assert words in told
    assert "no-store" in page["Cache-Control"]
    event = Event.objects.get(kind="person.disclosed")
    assert event.reason == REASON
    assert person.resident_id not in str(event.details)


def test_the_workbook_says_the_same(client, person, yongchang_office):
    client.force_login(yongchang_office)
    address = reverse("reports:person_disclose", args=[person.pk])

    sent = client.post(address, {"reason": REASON, "made_as": "xlsx"})

    book = openpyxl.load_workbook(io.BytesIO(b"".join(sent.streaming_content)))
    cells = {cell for row in book.worksheets[0].values for cell in row}
    assert {person.resident_id, "想转学", "王梅"} <= cells


def test_an_urgent_report_is_not_in_it(person, yongchang_office):
    Need.objects.update(reported=True)

    lines = disclose(recipient=person, reason=REASON, by=yongchang_office)

    assert "想转学" not in {line.words for line in lines}


def test_without_a_reason_or_out_of_reach_there_is_none(
    person, yongchang_office, jinchuan_office
):
    with pytest.raises(Refused, match="用途"):
        disclose(recipient=person, reason="", by=yongchang_office)
    with pytest.raises(Refused, match="管辖"):
        disclose(recipient=person, reason=REASON, by=jinchuan_office)

    assert not Event.objects.filter(kind="person.disclosed").exists()
