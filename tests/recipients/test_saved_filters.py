"""Filters kept under a name, and rows ticked in the list of people."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Event
from common.refusals import Refused
from recipients.models import Pairing, SavedFilter
from recipients.operations import saved_filters
from tests import cast

pytestmark = pytest.mark.django_db
LIST = reverse("recipients:recipient_list")
FILTERS = reverse("recipients:saved_filter_list")


@pytest.fixture
def desk(yongchang_office) -> Client:
    client = Client()
    client.force_login(yongchang_office)
    return client


def save(by, name="重残", query="category=DISABLED") -> SavedFilter:
    return saved_filters.save_filter(name=name, query=query, by=by)


def test_filters_are_kept_opened_and_deleted(desk, yongchang_office):
    page = desk.get(FILTERS, {"category": "CHILD", "after": "x", "nonsense": "1"})
    assert 'value="category=CHILD"' in page.content.decode()

    answer = desk.post(FILTERS, {"name": "孤儿", "query": "category=CHILD&after=x"})
    saved = SavedFilter.objects.get()
    page = desk.get(FILTERS, headers={"HX-Request": "true"}).content.decode()

    assert (saved.user, saved.query) == (yongchang_office, "category=CHILD")
    assert answer.url == f"{LIST}?category=CHILD"
    assert f'href="{LIST}?category=CHILD"' in page
    desk.post(reverse("recipients:saved_filter_delete", args=[saved.pk]))
    assert not SavedFilter.objects.exists()
    kinds = list(Event.objects.order_by("id").values_list("kind"))
    assert kinds == [("filter.saved",), ("filter.deleted",)]


def test_nobody_sees_or_deletes_anothers(desk, city_office, yongchang_office):
    theirs = save(city_office, name="全市")

    assert "全市" not in desk.get(FILTERS).content.decode()
    url = reverse("recipients:saved_filter_delete", args=[theirs.pk])
    assert desk.post(url).status_code == 404
    with pytest.raises(Refused, match="自己"):
        saved_filters.delete_filter(saved=theirs, by=yongchang_office)


def test_a_name_used_again_takes_the_new_filters(yongchang_office):
    save(yongchang_office)
    save(yongchang_office, query="dibao=1")

    assert SavedFilter.objects.get().query == "dibao=1"


def test_what_makes_no_sense_is_refused(yongchang_office):
    for name, query in ((" ", "dibao=1"), ("低保", ""), ("低保", "q=" + "x" * 600)):
        with pytest.raises(Refused):
            save(yongchang_office, name=name, query=query)
    for number in range(saved_filters.MOST):
        save(yongchang_office, name=f"第{number}个")
    with pytest.raises(Refused, match="最多"):
        save(yongchang_office, name="多一个")


def test_a_whole_number_is_not_kept(desk, child):
    for number in (child.resident_id, "19900000205"):
        told = {"name": "他", "query": f"q={number}"}
        answer = desk.post(FILTERS, told)

        assert answer.status_code == 422
        assert "不能存进筛选" in answer.content.decode()
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("told", [{"name": ""}, {"query": ""}, {"name": "低保"}])
def test_the_database_holds_a_name_once_and_nothing_empty(yongchang_office, told):
    facts = {"user": yongchang_office, "name": "重残", "query": "dibao=1"}
    SavedFilter.objects.create(**facts | {"name": "低保"})

    with pytest.raises(IntegrityError), transaction.atomic():
        SavedFilter.objects.create(**facts | told)


def test_rows_are_ticked_looked_at_and_taken_out(desk, child):
    other = cast.make_recipient("王秀兰")
    page = desk.get(LIST).content.decode()
    assert f'name="chosen" value="{child.code}"' in page

    narrowed = desk.get(LIST, {"chosen": [child.code]}).content.decode()
    export = desk.get(reverse("reports:export_list"), {"chosen": [child.code]})

    assert child.name in narrowed
    assert other.name not in narrowed
    words = export.content.decode()
    assert f"chosen={child.code}" in words
    assert "所选对象 1 人" in words


def test_ticked_rows_outside_the_reach_are_nobody(desk, stranger_child):
    page = desk.get(LIST, {"chosen": [stranger_child.code]}).content.decode()

    assert stranger_child.name not in page


def test_a_cadre_ticks_no_rows(client, cadre_user, child, pairing):
    client.force_login(cadre_user)

    assert 'name="chosen"' not in client.get(LIST).content.decode()


def test_one_cadre_is_proposed_for_all_who_were_ticked(desk, child, cadre):
    other = cast.make_recipient("王秀兰")
    url = reverse("recipients:pairing_propose_chosen")
    page = desk.get(url, {"chosen": [child.code, other.code]})
    assert "所选 2 人" in page.content.decode()

    told = {"recipients": [child.pk, other.pk], "cadre": cadre.pk, "kind": "cadre"}
    desk.post(f"{url}?chosen={child.code}&chosen={other.code}", told)

    assert Pairing.objects.proposed().filter(cadre=cadre).count() == 2


def test_who_is_paired_already_is_not_proposed_for(desk, child, pairing):
    url = reverse("recipients:pairing_propose_chosen")

    answer = desk.get(url, {"chosen": [child.code]}, follow=True)

    assert "没有待结对的" in answer.content.decode()


def test_looking_for_a_cadre_keeps_what_was_typed(desk, child, cadre):
    url = reverse("recipients:pairing_propose", args=[child.pk])
    told = {
        "recipients": [child.pk],
        "kind": "mother",
        "words": "会手语",
        "q": "zhaojun",
        "find": "1",
    }

    page = desk.post(url, told)

    words = page.content.decode()
    assert page.status_code == 200
    assert "会手语" in words
    assert '<option value="mother" selected' in words
    assert f'value="{cadre.pk}"' in words
    assert not Pairing.objects.exists()
