"""Edge case 29: somebody found who may belong on file (推荐纳入)."""

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from audit.models import Event
from cadres.enums import Role
from cadres.models import Area, User
from common.refusals import Refused
from jobs.models import Notice
from recipients.enums import Category
from recipients.models import Recipient, Recommendation
from recipients.operations import recommendations
from recipients.person_facts import PersonFacts
from reports.waiting import lives
from tests import cast

pytestmark = pytest.mark.django_db
NUMBER = "620321196503129019"
PHONE = "19900000321"
PLACE = "老火车站候车室旁"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-25T10:00:00+08:00", tick=True):
        yield


@pytest.fixture
def leader(areas) -> User:
    city = Area.objects.get(pk="620300000000")
    return cast.make_user("leader", Role.LEADER, area=city)


@pytest.fixture
def found(leader, hexibao_office, yongchang_office) -> Recommendation:
    return recommendations.recommend(
        name="孟广田",
        area=Area.objects.get(pk=cast.HEXIBAO),
        place=PLACE,
        words="在车站过夜,说家里没人了",
        phone=PHONE,
        resident_id=NUMBER,
        by=leader,
    )


def checked(found: Recommendation, by: User) -> Recommendation:
    return recommendations.check_recommendation(
        recommendation=found, words="情况属实", by=by
    )


def facts(**told) -> PersonFacts:
    return PersonFacts(
        **{
            "name": "孟广田",
            "category": Category.DESTITUTE,
            "area": Area.objects.get(pk=cast.HEXIBAO),
            "resident_id": NUMBER,
            **told,
        }
    )


def waiting(user: User) -> dict[str, int]:
    return {task.words: task.count for task in lives(user)}


def told(user: User) -> list[str]:
    return list(
        Notice.objects.filter(to=user).order_by("pk").values_list("words", flat=True)
    )


def test_case_29_who_is_found_is_checked_by_the_township_and_filed_by_the_county(
    found, leader, hexibao_office, yongchang_office, client
):
    assert waiting(hexibao_office) == {"推荐纳入待核实": 1}
    assert told(hexibao_office) == ["有一人被推荐纳入,请核实。"]

    client.force_login(hexibao_office)
    page = reverse("recipients:recommendation_move", args=[found.pk, "check"])
    client.post(page, {"words": "上门看过,情况属实"})

    assert waiting(hexibao_office) == {}
    assert waiting(yongchang_office) == {"推荐纳入待审批": 1}
    assert told(yongchang_office) == ["有一人推荐纳入已核实,请审批。"]

    client.force_login(yongchang_office)
    page = reverse("recipients:recommendation_file", args=[found.pk])
    form = client.get(page).context["form"]
    client.post(
        page,
        {
            "name": form["name"].value(),
            "resident_id": form["resident_id"].value(),
            "id_state": "present",
            "category": "DESTITUTE",
            "area": cast.HEXIBAO,
            "address": form["address"].value(),
            "phone": form["phone"].value(),
        },
    )

    person = Recipient.objects.get()
    assert (person.resident_id, person.phone, person.address) == (NUMBER, PHONE, PLACE)
    found.refresh_from_db()
    assert (found.status, found.recipient) == ("included", person)
    assert Event.objects.about(person).get().kind == "recommendation.included"
    assert told(leader) == ["您推荐的一人已纳入。谢谢!"]


def test_case_29_who_is_on_file_already_is_tied_to_that_file(
    found, hexibao_office, yongchang_office, client
):
    person = cast.make_recipient("孟广田", resident_id=NUMBER)
    checked(found, hexibao_office)
    client.force_login(yongchang_office)
    page = client.get(reverse("recipients:recommendation_detail", args=[found.pk]))

    assert [one.pk for one in page.context["alike"]] == [person.pk]

    client.post(
        reverse("recipients:recommendation_tie", args=[found.pk]),
        {"code": person.code},
    )

    found.refresh_from_db()
    assert (found.status, found.recipient) == ("included", person)
    assert Recipient.objects.count() == 1


def test_case_29_a_file_of_another_county_cannot_be_tied(
    found, hexibao_office, yongchang_office, client
):
    far = cast.make_recipient("孟广田", area=cast.SHUANGWAN)
    checked(found, hexibao_office)
    client.force_login(yongchang_office)

    page = client.post(
        reverse("recipients:recommendation_tie", args=[found.pk]), {"code": far.code}
    )

    assert page.status_code == 422
    assert "管辖范围内没有这个编号" in page.content.decode()
    with pytest.raises(Refused, match="不在管辖范围"):
        recommendations.tie_recommendation(
            recommendation=found, recipient=far, by=yongchang_office
        )


def test_case_29_nobody_approves_their_own(found, hexibao_office, yongchang_office):
    other = cast.office("county2", "620321000000")
    own = recommendations.recommend(
        name="石小雨",
        area=found.area,
        place="河雅路",
        words="孩子",
        by=yongchang_office,
    )
    checked(own, hexibao_office)
    checked(found, yongchang_office)

    for one in (own, found):
        with pytest.raises(Refused, match="同名账号"):
            recommendations.include_recommendation(
                recommendation=one, facts=facts(), by=yongchang_office
            )
    with pytest.raises(Refused, match="县区关爱办"):
        recommendations.include_recommendation(
            recommendation=found, facts=facts(), by=hexibao_office
        )
    included = recommendations.include_recommendation(
        recommendation=found, facts=facts(), by=other
    )
    assert included.status == "included"


def test_case_29_who_recommends_sees_how_it_stands_and_no_file(
    found, leader, hexibao_office, yongchang_office, jinchuan_office, client
):
    checked(found, hexibao_office)
    client.force_login(leader)
    page = client.get(reverse("recipients:recommendation_detail", args=[found.pk]))

    assert "核实中" in page.content.decode()
    assert "情况属实" not in page.content.decode()

    included = recommendations.include_recommendation(
        recommendation=found, facts=facts(), by=yongchang_office
    )

    page = client.get(reverse("recipients:recommendation_detail", args=[found.pk]))
    assert "已纳入" in page.content.decode()
    assert included.recipient.code not in page.content.decode()
    file = reverse("recipients:recipient_detail", args=[included.recipient_id])
    assert client.get(file).status_code == 403
    assert not Recommendation.objects.visible_to(jinchuan_office).exists()


def test_case_29_a_returned_one_is_checked_again_and_rings_again(
    found, hexibao_office, yongchang_office
):
    checked(found, hexibao_office)
    with time_machine.travel("2026-11-26T10:00:00+08:00"):
        recommendations.return_recommendation(
            recommendation=found, words="请补证件", by=yongchang_office
        )
        again = checked(found, hexibao_office)

    assert (
        again.answer == "11-25 核实:情况属实\n11-26 退回:请补证件\n11-26 核实:情况属实"
    )
    assert told(yongchang_office) == ["有一人推荐纳入已核实,请审批。"] * 2
    assert told(hexibao_office)[-1] == "一件推荐纳入被退回,请重新核实。"


def test_case_29_of_who_is_not_included_no_number_is_kept(
    found, hexibao_office, leader
):
    with pytest.raises(Refused, match="请写明情况"):
        recommendations.decline_recommendation(
            recommendation=found, words=" ", by=hexibao_office
        )

    declined = recommendations.decline_recommendation(
        recommendation=found, words="户籍、居住都在外地", by=hexibao_office
    )

    assert (declined.status, declined.phone, declined.resident_id) == (
        "declined",
        "",
        "",
    )
    assert told(leader) == ["您推荐的一人经核实未纳入。"]


def test_case_29_what_was_told_of_somebody_found_is_sealed(found):
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM recipients_recommendation t")
        (row,) = cursor.fetchone()

    assert not [text for text in (NUMBER, PHONE, PLACE, "过夜") if text in row]


@pytest.mark.parametrize("role", [Role.CADRE, Role.AUDITOR, Role.ADMIN])
def test_case_29_anyone_who_is_signed_in_may_recommend(role, areas, client):
    client.force_login(cast.make_user("anyone", role))

    page = client.post(
        reverse("recipients:recommendation_create"),
        {
            "name": "孟广田",
            "area": cast.HEXIBAO,
            "place": PLACE,
            "words": "在车站过夜",
        },
    )

    found = Recommendation.objects.get()
    assert page.headers["Location"].endswith(f"/recommendations/{found.pk}/")
    assert found.raised_by.role == role
