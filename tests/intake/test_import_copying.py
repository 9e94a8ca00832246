"""Rows written with COPY: what they hold, and what a fault may tell."""

import pytest
from django.db import Error

from cadres.models import Organisation
from common.rows import uuid7
from intake.copying import change_many, copy_in

AWKWARD = "制表\t换行\n回车\r反斜\\杠\\N{}\"引'号,逗号 𬭊"


@pytest.mark.django_db
def test_awkward_text_lists_and_json_arrive_as_they_were():
    pk = uuid7()
    names = ("id", "name", "aliases", "grams")
    pieces = ["甲,", 'a"', "\\b"]

    copy_in(Organisation, names, [(pk, AWKWARD, pieces, pieces)])

    unit = Organisation.objects.get(pk=pk)
    assert (unit.name, unit.aliases, unit.grams) == (AWKWARD, pieces, pieces)
    assert (unit.active, unit.area_id, unit.pinyin) == (True, None, "")


@pytest.mark.django_db
def test_many_rows_are_changed_at_once():
    keys = [uuid7() for _ in range(3)]
    copy_in(Organisation, ("id", "name"), ((pk, f"单位{pk}") for pk in keys))

    change_many(
        Organisation, ("name", "active"), ((pk, f"新{pk}", False) for pk in keys)
    )

    assert not Organisation.objects.active().exists()
    assert Organisation.objects.get(pk=keys[0]).name == f"新{keys[0]}"


@pytest.mark.django_db
def test_a_fault_does_not_quote_the_row():
    rows = [(uuid7(), "不可外传的名字")] * 2

    with pytest.raises(Error) as fault:
        copy_in(Organisation, ("id", "name"), rows)

    assert "不可外传" not in str(fault.value)
    assert fault.value.__cause__ is None
