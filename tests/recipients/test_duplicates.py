"""Files that may be of one person: found with a score and why, and what is decided."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.models import Area
from common.encryption import blind_index
from common.refusals import Refused
from common.resident_id import check_digit
from recipients.enums import Category, IdState, PairState
from recipients.models import FileMerge, LikelyPair, Recipient
from recipients.operations import duplicates, merges, people
from recipients.person_facts import PersonFacts
from reports.waiting import lives
from tests import cast

pytestmark = pytest.mark.django_db
BORN = datetime.date(1965, 3, 12)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-25T10:00:00+08:00", tick=True):
        yield


def number(first14: str, serial: int) -> str:
    first17 = f"{first14}{serial}"
    return first17 + check_digit(first17)


def person(name: str, area: str = cast.HEXIBAO, **facts) -> Recipient:
    return cast.make_recipient(name, area=area, **{"birth_on": BORN, **facts})


def found() -> dict[frozenset, list[str]]:
    duplicates.find_all()
    names = dict(Recipient.objects.values_list("pk", "name"))
    return {
        frozenset((names[pair.first_key], names[pair.second_key])): pair.reasons
        for pair in LikelyPair.objects.all()
    }


def test_the_same_name_and_birthday_are_told_with_the_reason(areas):
    person("王秀花")
    person("王秀花")

    assert found() == {
        frozenset({"王秀花"}): ["姓名相同", "出生日期相同", "同乡镇", "同村社"]
    }


def test_a_name_of_the_same_sound_is_found_and_scores_less(areas):
    person("王秀花")
    person("王修华")

    assert found()[frozenset({"王秀花", "王修华"})][0] == "姓名同音"
    assert LikelyPair.objects.get().score == 75


def test_one_wrong_digit_in_id_and_birthday_is_found(areas):
    person("王秀花", resident_id=number("62032119650312", 901))
    person(
        "王秀花",
        resident_id=number("62032119650313", 901),
        birth_on=datetime.date(1965, 3, 13),
    )

    reasons = found()[frozenset({"王秀花"})]
    assert {"证号只差一位", "出生日期相近"} <= set(reasons)


def test_the_same_phone_counts_and_the_same_address_is_compared_unsealed(areas):
    for _ in range(2):
        person(
            "王秀花",
            birth_on=None,
            phone="19900000123",
            address="鸳鸯池村三组 8 号",
        )

    reasons = found()[frozenset({"王秀花"})]
    assert {"电话相同", "住址相同"} <= set(reasons)


def test_twins_are_no_doubt(areas):
    person("王大双", phone="19900000123", resident_id=number("62032119650312", 901))
    person("王小双", phone="19900000123", resident_id=number("62032119650312", 902))

    assert found() == {}


def test_a_namesake_in_the_village_born_another_year_is_no_doubt(areas):
    person("王秀花")
    person("王秀花", birth_on=datetime.date(1971, 8, 30))

    assert found() == {}


def test_what_was_decided_is_remembered_by_the_next_look(areas, yongchang_office):
    person("王秀花")
    person("王秀花")
    duplicates.find_all()
    pair = LikelyPair.objects.get()

    duplicates.dismiss(pair=pair, words="问过了", by=yongchang_office)
    duplicates.find_all()

    pair.refresh_from_db()
    assert pair.state == PairState.NOT_SAME
    assert not LikelyPair.objects.open().exists()
    with pytest.raises(Refused, match="核对过"):
        duplicates.dismiss(pair=pair, words="", by=yongchang_office)


def test_a_doubt_that_has_gone_is_forgotten(areas):
    person("王秀花")
    second = person("王秀花")
    duplicates.find_all()
    Recipient.objects.filter(pk=second.pk).update(birth_on=datetime.date(1971, 8, 30))

    assert duplicates.find_all() == 0
    assert not LikelyPair.objects.exists()


def test_across_counties_nothing_leaks(
    client, areas, yongchang_office, jinchuan_office, city_office
):
    person("王秀花")
    person("王秀花", area=cast.SHUANGWAN)
    duplicates.find_all()

    assert LikelyPair.objects.visible_to(city_office).count() == 1
    for office in (yongchang_office, jinchuan_office):
        assert not LikelyPair.objects.visible_to(office).exists()
        client.force_login(office)
        page = client.get(reverse("recipients:duplicate_list")).content.decode()
        assert "王秀花" not in page
        with pytest.raises(Refused, match="管辖"):
            duplicates.dismiss(pair=LikelyPair.objects.get(), words="", by=office)


def test_opening_a_file_looks_for_others_at_once(yongchang_office, client):
    person("王秀花")
    facts = PersonFacts(
        name="王秀花",
        category=Category.DESTITUTE,
        area=Area.objects.get(pk=cast.HEXIBAO),
        id_state=IdState.PENDING,
        birth_on=BORN,
    )

    opened = people.register_person(facts=facts, by=yongchang_office)

    assert LikelyPair.objects.open().count() == 1
    client.force_login(yongchang_office)
    page = client.get(reverse("recipients:recipient_detail", args=[opened.pk]))
    assert "另有 1 份档案疑似同一人" in page.content.decode()


def test_the_list_shows_both_files_masked_with_score_and_reasons(
    client, areas, yongchang_office
):
    first = person("王秀花")
    person("王秀花")
    duplicates.find_all()
    client.force_login(yongchang_office)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(reverse("recipients:duplicate_list")).content.decode()

    assert "相像 85 分" in page
    assert "姓名相同、出生日期相同、同乡镇、同村社" in page
    assert first.resident_id not in page
    assert len(asked) < 20


@pytest.fixture
def waiting(areas, yongchang_office) -> FileMerge:
    """Two files of 王秀花, of which somebody has said that they are one person's."""
    kept, gone = person("王秀花"), person("王秀花")
    duplicates.find_all()
    return merges.propose_merge(
        kept=kept, gone=gone, choices={}, words="录了两次", by=yongchang_office
    )


def test_a_pair_whose_merge_waits_is_told_so_and_not_counted(
    client, waiting, yongchang_office
):
    client.force_login(yongchang_office)

    answer = client.get(reverse("recipients:duplicate_list"))
    page = answer.content.decode()

    assert "合并待审" in page
    assert f'href="{reverse("recipients:merge_detail", args=[waiting.pk])}"' in page
    assert "不是同一人" not in page
    assert [chip["count"] for chip in answer.context["chips"]] == [0, 1, 0]
    assert "疑似重复档案" not in {task.words for task in lives(yongchang_office)}
    with pytest.raises(Refused, match="正在待审"):
        duplicates.dismiss(pair=LikelyPair.objects.get(), words="", by=yongchang_office)


def test_a_merge_is_listed_with_whom_it_is_about_and_why(
    client, waiting, yongchang_office
):
    client.force_login(yongchang_office)
    listed = reverse("recipients:duplicate_list")

    page = client.get(listed, {"list": "proposed"}).content.decode()

    assert "王** 并入 王**" in page
    assert "王秀花" not in page
    assert "河西堡镇" in page
    assert "姓名相同、出生日期相同" in page
    assert waiting.gone_code in page


def test_a_look_for_one_person_takes_its_candidates_from_indexes(areas):
    one = person("王秀花", phone="19900000123")
    Recipient.objects.filter(pk=one.pk).update(phone_index=blind_index("19900000123"))
    with CaptureQueriesContext(connection) as asked:
        duplicates.look_for([one.pk])

    statement = asked.captured_queries[0]["sql"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + statement)
        lines = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in lines
