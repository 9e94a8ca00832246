"""Finding people: search of every kind, filters, chips with counts, pages."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from recipients.enums import Category, PairingStatus
from recipients.models import Guardian
from tests import cast

pytestmark = pytest.mark.django_db
LIST = "recipients:recipient_list"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True):
        yield


@pytest.fixture
def desk(client: Client, yongchang_office) -> Client:
    client.force_login(yongchang_office)
    return client


def found(desk: Client, **query: str) -> list[str]:
    page = desk.get(reverse(LIST), query)
    return [person.name for person in page.context["people"]]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("李小伟", ["李小伟"]),
        ("小伟", ["李小伟"]),
        ("李", ["李小芳", "李小伟"]),
        ("李 小伟", ["李小伟"]),
        ("lxw", ["李小伟"]),
        ("LX", ["李小芳", "李小伟"]),
        ("lixiaow", ["李小伟"]),
        ("oym", []),
        ("oyxm", ["欧阳小明"]),
        ("艾力", ["买买提·艾力"]),
        ("YC-HXB-0147", ["李小伟"]),
        ("yc hxb 0147", ["李小伟"]),
        ("YC-HXB-01", ["李小伟"]),
        ("19900000031", ["李小伟"]),
        ("199 0000 0031", ["李小伟"]),
        ("19900000555", ["李小芳"]),
        ("陈静", []),
        ("没有此人", []),
    ],
)
def test_one_box_finds_people_by_what_is_known(
    desk, child, stranger_child, typed, expected
):
    child.code = "YC-HXB-0147"
    child.save()
    sister = cast.make_recipient("李小芳")
    Guardian.objects.create(
        recipient=sister,
        name="王梅",
        phone="19900000555",
        phone_index=cast.blind_index("19900000555"),
    )
    cast.make_recipient("欧阳小明")
    cast.make_recipient("买买提·艾力")

    assert found(desk, q=typed) == expected


def test_a_whole_id_finds_its_person_within_reach(desk, child, stranger_child):
    assert found(desk, q=child.resident_id) == ["李小伟"]
    assert found(desk, q=stranger_child.resident_id) == []


def test_a_part_of_an_id_is_refused_in_words(desk, child):
    page = desk.get(reverse(LIST), {"q": child.resident_id[:14]})

    assert page.status_code == 422
    assert page.context["people"] == []
    assert "完整号码" in page.content.decode()


def world() -> None:
    cast.make_recipient(
        "甲一",
        category=Category.CHILD,
        birth_on=datetime.date(2015, 1, 1),
        dibao=True,
    )
    cast.make_recipient(
        "乙二",
        area="620321107000",
        disability_kind="4",
        disability_grade="2",
        also=["DESTITUTE"],
    )
    cast.make_recipient("丙三", category=Category.DESTITUTE, status="paused")
    cast.make_recipient(
        "丁四",
        status="left",
        left_on=datetime.date(2026, 1, 1),
        left_reason="moved",
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"甲一", "乙二", "丙三"}),
        ({"category": "CHILD"}, {"甲一"}),
        ({"area": "620321107000"}, {"乙二"}),
        ({"area": "620321000000"}, {"甲一", "乙二", "丙三"}),
        ({"status": "paused"}, {"丙三"}),
        ({"status": "left"}, {"丁四"}),
        ({"status": "all"}, {"甲一", "乙二", "丙三", "丁四"}),
        ({"disability_kind": "4"}, {"乙二"}),
        ({"disability_grade": "2"}, {"乙二"}),
        ({"disability_grade": "1"}, set()),
        ({"unpaired": "1"}, {"甲一", "乙二"}),
        ({"also": "1"}, {"乙二"}),
        ({"minor": "1"}, {"甲一"}),
        ({"dibao": "1"}, {"甲一"}),
        ({"dibao": "1", "category": "DESTITUTE"}, set()),
    ],
)
def test_filters_narrow(desk, areas, query, expected):
    world()

    assert set(found(desk, **query)) == expected


@pytest.mark.parametrize(
    ("due", "expected"), [("late", {"李迟"}), ("week", {"李今", "李近"}), ("", None)]
)
def test_who_waits_for_a_visit_is_one_tap_away(desk, cadre, due, expected):
    days = {"李迟": -1, "李今": 0, "李近": 6, "李远": 7}
    for name, ahead in days.items():
        day = datetime.date(2026, 11, 23) + datetime.timedelta(days=ahead)
        cast.make_pairing(cast.make_recipient(name), cadre, next_due_on=day)
    mothers = cast.make_recipient("李母")
    cast.make_pairing(
        mothers, cadre, kind="mother", next_due_on=datetime.date(2026, 1, 1)
    )

    assert set(found(desk, due=due)) == (expected or {*days, "李母"})


def test_a_unit_shows_whom_it_cares_for_now(desk, cadre, other_cadre):
    cast.make_pairing(cast.make_recipient("甲一"), cadre)
    cast.make_pairing(cast.make_recipient("乙二"), other_cadre)
    left = cast.make_pairing(cast.make_recipient("丙三"), cadre)
    left.status, left.ended_on = "ended", datetime.date(2026, 11, 1)
    left.end_reason = "moved"
    left.save()

    assert found(desk, unit=str(cadre.organisation_id)) == ["甲一"]


def test_every_chip_shows_as_many_as_it_says(desk, areas, cadre):
    world()
    paired = cast.make_recipient("戊五", category=Category.CHILD)
    cast.make_pairing(paired, cadre, status=PairingStatus.ACTIVE)

    chips = desk.get(reverse(LIST), {"area": "620321101000"}).context["chips"]

    assert len(chips) == 12
    for chip in chips:
        page = desk.get(reverse(LIST) + chip["url"])
        assert page.context["count"] == chip["count"], chip["label"]
        assert page.context["form"].data.get("area") == "620321101000"


@pytest.mark.parametrize(
    "query",
    [
        "after=%00",
        "after=W10",
        "category=X",
        "area=1%27",
        "area=620302000000",
        "status=zzz",
        "q=%00",
        "q=" + "王" * 61,
        "minor=%FF",
        "disability_kind=9",
    ],
)
def test_rubbish_in_the_address_is_no_fault(desk, child, query):
    assert desk.get(f"{reverse(LIST)}?{query}").status_code in (200, 422)


def test_pages_follow_area_then_pinyin_and_come_back(desk, areas, monkeypatch):
    monkeypatch.setattr("recipients.views.people.PAGE_SIZE", 2)
    for name, area in (
        ("赵一", "620321100000"),
        ("安二", "620321101000"),
        ("白三", "620321101000"),
        ("曹四", "620321104000"),
        ("丁五", "620321104000"),
    ):
        cast.make_recipient(name, area=area)

    seen, cursor = [], ""
    while True:
        page = desk.get(reverse(LIST), {"after": cursor}).context["page"]
        seen.append([person.name for person in page.rows])
        if not page.next:
            break
        cursor = page.next

    assert seen == [["赵一", "安二"], ["白三", "曹四"], ["丁五"]]
    back = desk.get(reverse(LIST), {"after": page.previous}).context["page"]
    assert [person.name for person in back.rows] == seen[1]


def test_counts_stop_where_they_say(desk, areas, monkeypatch):
    from common import keyset

    for number in range(4):
        cast.make_recipient(f"某{number}")

    counted = keyset.capped_counts(
        {"all": cast.Recipient.objects.all(), "none": cast.Recipient.objects.none()},
        limit=2,
    )

    assert counted == {"all": 3, "none": 0}
