"""Case 10: the 户口 in one township, the person in another (domain edge case 10)."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from cadres.models import Area, User
from intake.models import ImportBatch
from intake.operations import undo_batch
from intake.queries import preview, rows_of
from recipients.models import Recipient
from recipients.operations import moves, people
from recipients.person_facts import PersonFacts
from reports import indicators
from tests import cast
from tests.cast import HEXIBAO, SHUANGWAN, TODAY
from tests.intake.sheets import number
from tests.intake.test_import_pages import address, send

HEAD = "姓名,身份证号,类别,乡镇,户籍地"


def registered_in(person: Recipient, area: str, address: str, by: User) -> Recipient:
    """Let the office write down where the person's 户口 is."""
    facts = replace(
        PersonFacts.of(person, None),
        hukou_area=Area.objects.get(pk=area),
        hukou_address=address,
    )
    return people.change_person(recipient=person, facts=facts, by=by)


def on_page(client: Client, person: Recipient) -> str:
    page = client.get(reverse("recipients:recipient_detail", args=[person.pk]))
    return str(page.content.decode())


def imported(client: Client, cell: str) -> ImportBatch:
    """Bring in a row about the one person of these tests."""
    row = f"李大山,{number()},特困,河西堡镇,{cell}"
    send(client, f"{HEAD}\n{row}\n".encode())
    batch = ImportBatch.objects.latest("created_at")
    client.post(address("batch_confirm", batch), {"version": batch.version})
    return ImportBatch.objects.get(pk=batch.pk)


def filed() -> tuple[Any, ...]:
    person = Recipient.objects.get(resident_id_index__isnull=False)
    return person.area_id, person.hukou_area_id, person.hukou_address


def test_case_10_where_the_hukou_is_changes_neither_reach_nor_figures(
    child, city_office, jinchuan_office, yongchang_office
):
    person = registered_in(child, SHUANGWAN, "某村二组", city_office)

    assert person not in Recipient.objects.visible_to(jinchuan_office)
    assert person in Recipient.objects.visible_to(yongchang_office)
    counted = {
        area: indicators.people(Area.objects.get(pk=area)).persons
        for area in (HEXIBAO, SHUANGWAN)
    }
    assert counted == {HEXIBAO: 1, SHUANGWAN: 0}


def test_case_10_the_neighbours_office_gets_no_page_by_the_hukou(
    client, child, city_office, jinchuan_office
):
    registered_in(child, SHUANGWAN, "", city_office)
    client.force_login(jinchuan_office)

    page = client.get(reverse("recipients:recipient_detail", args=[child.pk]))

    assert page.status_code == 404


def test_case_10_the_page_tells_a_hukou_only_where_it_differs(
    client, child, city_office, yongchang_office
):
    client.force_login(yongchang_office)
    same = registered_in(child, HEXIBAO, "", city_office)
    assert "户籍 <b>" not in on_page(client, same)

    registered_in(same, SHUANGWAN, "某村二组3号", city_office)

    page = on_page(client, child)
    assert "户籍 <b>金川区双湾镇</b>" in page
    assert "某村***" in page
    assert "二组3号" not in page


def test_case_10_the_form_offers_townships_beyond_reach_for_the_hukou_only(
    client, child, hexibao_office
):
    client.force_login(hexibao_office)
    edit = reverse("recipients:recipient_edit", args=[child.pk])
    form = client.get(edit).context["form"]
    told = {name: form[name].value() for name in form.fields}
    told = {name: "" if value is None else value for name, value in told.items()}

    answer = client.post(edit, told | {"hukou_area": SHUANGWAN})
    refused = client.post(edit, told | {"area": SHUANGWAN})

    assert (answer.status_code, refused.status_code) == (302, 422)
    child.refresh_from_db()
    assert (child.area_id, child.hukou_area_id) == (HEXIBAO, SHUANGWAN)


def test_case_10_who_moves_keeps_the_hukou(child, city_office):
    person = registered_in(child, HEXIBAO, "", city_office)
    area = Area.objects.get(pk=SHUANGWAN)

    (moved,) = moves.move(recipients=[person], area=area, on=TODAY, by=city_office)

    assert (moved.area_id, moved.hukou_area_id) == (SHUANGWAN, HEXIBAO)
    assert moved.hukou_elsewhere


def test_case_10_a_roster_tells_it_and_an_undo_takes_it_back(client, city_office):
    client.force_login(city_office)
    cast.make_recipient("李大山", resident_id=number())

    first = imported(client, "金川区双湾镇某村")
    told = filed()
    second = imported(client, "武威市凉州区")
    outside = filed()
    imported(client, "")

    assert told == (HEXIBAO, SHUANGWAN, "某村")
    assert outside == filed() == (HEXIBAO, None, "武威市凉州区")
    undo_batch(batch=second, by=city_office)
    assert filed() == told
    undo_batch(batch=first, by=city_office)
    assert filed() == (HEXIBAO, None, "")


def test_case_10_a_new_file_of_a_roster_has_it(client, city_office):
    client.force_login(city_office)

    imported(client, "双湾镇")

    assert filed() == (HEXIBAO, SHUANGWAN, "")


def test_case_10_a_roster_empties_it_when_it_says_so(client, city_office):
    client.force_login(city_office)
    imported(client, "双湾镇某村")

    batch = imported(client, "清空")

    assert filed() == (HEXIBAO, None, "")
    (row,) = preview(batch, list(rows_of(batch, "changed")), city_office)
    assert [(one.heading, one.old, one.new) for one in row.changes] == [
        ("户籍地", "双湾镇某村", "")
    ]


def test_case_10_the_hukou_lies_in_an_area_there_is(child):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS recipient_hukou_area IMMEDIATE")

    with pytest.raises(IntegrityError, match="recipient_hukou_area"):
        Recipient.objects.filter(pk=child.pk).update(hukou_area_id="999999999999")
