"""The pages of people: who sees what, what is masked, what a bad form keeps."""

import re
from dataclasses import replace

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cadres.models import User
from recipients.enums import Category, RecipientStatus
from recipients.models import Guardian, Recipient
from recipients.person_facts import PersonFacts, differences
from tests import cast

pytestmark = pytest.mark.django_db
LIST = "recipients:recipient_list"
TOLD = {
    "name": "王 秀花",
    "resident_id": "620321 19650312 9019",
    "id_state": "present",
    "category": "DESTITUTE",
    "area": cast.HEXIBAO,
    "village": "鸳鸯池村",
    "phone": "199 0000 1234",
}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(yongchang_office) -> Client:
    return signed_in(yongchang_office)


def told(form) -> dict:
    """Return what a browser would send if nothing were touched."""
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def names(page) -> list[str]:
    return [person.name for person in page.context["people"]]


def url(name: str, person: Recipient) -> str:
    return reverse(f"recipients:recipient_{name}", args=[person.pk])


def test_the_list_shows_who_is_within_reach_and_nobody_else(
    desk, child, stranger_child
):
    assert names(desk.get(reverse(LIST))) == ["李小伟"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("liaison", 200),
        ("cadre_user", 200),
        ("admin", 200),
        ("leader", 403),
        ("auditor", 403),
        ("civil", 403),
    ],
)
def test_each_role_meets_the_list_as_it_may(request, role, status):
    visitor = signed_in(request.getfixturevalue(role))

    assert visitor.get(reverse(LIST)).status_code == status


def test_a_stranger_is_sent_to_sign_in(client, child):
    assert client.get(reverse(LIST)).status_code == 302
    assert client.get(url("detail", child)).status_code == 302


@pytest.mark.parametrize("page", ["detail", "edit", "leave", "return", "pause"])
def test_the_neighbours_people_do_not_exist(desk, stranger_child, page):
    assert desk.get(url(page, stranger_child)).status_code == 404


@pytest.mark.parametrize("page", ["edit", "leave", "household"])
def test_a_cadre_writes_no_files(cadre_user, child, pairing, page):
    visitor = signed_in(cadre_user)

    assert visitor.get(url("detail", child)).status_code == 200
    assert visitor.get(url(page, child)).status_code == 403


def test_page_and_part_agree(desk, child):
    page = desk.get(reverse(LIST)).content.decode()
    part = desk.get(reverse(LIST), headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert part.strip() in page


@pytest.mark.parametrize(("name", "most"), [("detail", 12), ("list", 12)])
def test_a_page_asks_the_same_number_of_questions_however_much_it_shows(
    desk, django_assert_max_num_queries, child, cadre, pairing, name, most
):
    address = reverse(LIST) if name == "list" else url("detail", child)
    desk.get(address)
    with django_assert_max_num_queries(most) as few:
        desk.get(address)
    for number in range(20):
        person = cast.make_recipient(f"某{number}", household=child.household)
        cast.make_pairing(person, cadre)

    with django_assert_max_num_queries(len(few)):
        desk.get(address)


def test_where_the_values_come_from_is_asked_for_only_when_opened(desk, child):
    desk.post(reverse("recipients:recipient_create"), TOLD)
    person = Recipient.objects.get(name="王秀花")

    page = desk.get(url("detail", person)).content.decode()
    part = desk.get(url("sources", person), headers={"HX-Request": "true"})

    assert f'hx-get="{url("sources", person)}"' in page
    assert "录入 王科长" not in page
    assert "录入 王科长" in part.content.decode()


def test_a_page_masks_what_is_private(desk, child, pairing):
    child.address = "永昌县河西堡镇鸳鸯池村二社12号"
    child.certificate = f"{child.resident_id}42"
    child.save()
    Guardian.objects.create(recipient=child, name="王梅", phone="19900000555")

    words = desk.get(url("detail", child)).content.decode()

    assert child.resident_id not in words
    assert "二社12号" not in words
    assert "19900000555" not in words
    for masked in ("199****0031", "199****0555", "永昌县河西堡镇鸳鸯池村***"):
        assert masked in words


def test_who_need_not_call_is_given_no_number(liaison, child, pairing):
    words = signed_in(liaison).get(url("detail", child)).content.decode()

    assert "19900000031" not in words
    assert "199****0031" in words


def test_opening_a_page_is_kept(desk, child, yongchang_office):
    desk.get(url("detail", child))

    event = Event.objects.get()
    assert (event.kind, event.by) == ("person.seen", str(yongchang_office.pk))


def test_a_page_without_reach_to_other_parts_leaves_no_holes(admin, child):
    words = signed_in(admin).get(url("detail", child)).content.decode()

    assert reverse("visits:of_recipient", args=[child.pk]) in words
    assert reverse("casework:of_recipient", args=[child.pk]) not in words


@pytest.mark.parametrize("role", ["yongchang_office", "cadre_user"])
def test_every_link_of_a_page_leads_somewhere(request, role, child, pairing):
    visitor = signed_in(request.getfixturevalue(role))
    pages = [reverse(LIST), url("detail", child)]

    words = "".join(visitor.get(page).content.decode() for page in pages)

    links = {
        one for one in re.findall(r'href="(/[^"#]*)"', words) if "static" not in one
    }
    answers = {one: visitor.get(one).status_code for one in links}
    assert any("/visits/" in one for one in links)
    assert {one: status for one, status in answers.items() if status >= 400} == {}


def test_a_file_is_opened(desk):
    answer = desk.post(reverse("recipients:recipient_create"), TOLD)

    assert answer.status_code == 302, answer.context["form"].errors
    person = Recipient.objects.get()
    assert (person.name, person.phone) == ("王秀花", "19900001234")
    assert (person.sex, str(person.birth_on)) == ("1", "1965-03-12")


def test_a_second_file_is_linked_within_reach_and_unnamed_beyond(
    desk, child, stranger_child
):
    create = reverse("recipients:recipient_create")

    near = desk.post(create, {**TOLD, "resident_id": child.resident_id})
    far = desk.post(create, {**TOLD, "resident_id": stranger_child.resident_id})

    assert (near.status_code, far.status_code) == (422, 422)
    assert url("detail", child) in near.content.decode()
    assert "陈静" not in far.content.decode()
    assert "请联系市关爱办" in far.content.decode()


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"resident_id": "620321196503129010"}, "resident_id", "校验码"),
        ({"resident_id": "620321196502309012"}, "resident_id", "出生日期不存在"),
        ({"resident_id": "62032119"}, "resident_id", "18位"),
        ({"resident_id": ""}, "resident_id", "请填写身份证号"),
        ({"resident_id": "", "id_state": "pending"}, "birth_on", "出生日期"),
        ({"phone": "1234"}, "phone", "11 位手机号"),
        ({"category": "CHILD"}, "category", "已满 18 周岁"),
        ({"category": "DISABLED"}, "disability_kind", "残疾类别"),
        ({"disability_kind": "4"}, "disability_grade", "等级"),
        ({"disability_grade": "1"}, "disability_kind", "类别"),
        (
            {"disability_kind": "7", "disability_grade": "1"},
            "disability_kinds",
            "至少两类",
        ),
        ({"certificate": "62032119990101901241"}, "certificate", "核对|不一致"),
        ({"certificate": "6203211965031290194"}, "certificate", "20位"),
        (
            {
                "certificate": "62032119650312901941",
                "disability_kind": "4",
                "disability_grade": "2",
            },
            "disability_grade",
            "不一致",
        ),
        ({"kind": "ORPHAN_HOME"}, "kind", "不属于"),
        ({"area": cast.SHUANGWAN}, "area", ""),
        ({"name": ""}, "name", "必填"),
        (
            {
                "category": "DISABLED",
                "resident_id": "620302201508209020",
                "disability_kind": "4",
                "disability_grade": "2",
            },
            "category",
            "未满 18 周岁",
        ),
    ],
)
def test_a_wrong_form_says_why_in_words(desk, sent, field, words):
    answer = desk.post(reverse("recipients:recipient_create"), {**TOLD, **sent})

    errors = answer.context["form"].errors
    assert answer.status_code == 422
    assert field in errors
    assert re.search(words, str(errors[field]))
    assert not Recipient.objects.exists()


def test_a_wrong_form_keeps_every_word(desk):
    sent = {**TOLD, "phone": "12", "note": "住在村东头", "village": "西寨村"}

    words = desk.post(reverse("recipients:recipient_create"), sent).content.decode()

    assert "住在村东头" in words
    assert "西寨村" in words
    assert "620321 19650312 9019" in words


def test_a_certificate_tells_kind_and_grade(desk):
    sent = {**TOLD, "certificate": "6203211965031290194 1"}

    answer = desk.post(reverse("recipients:recipient_create"), sent)

    assert answer.status_code == 302, answer.context["form"].errors
    person = Recipient.objects.get()
    assert (person.disability_kind, person.disability_grade) == ("4", "1")


def test_a_file_that_nobody_touched_is_saved_as_it_was(desk, child):
    # A roster's own word for a kind, and 多重 without its kinds, stay as they are.
    child.category, child.kind = Category.DISABLED, "县里自定的细类"
    child.disability_kind, child.disability_grade = "7", "2"
    child.save()
    child.refresh_from_db()
    before = PersonFacts.of(child, None)

    form = desk.get(url("edit", child)).context["form"]
    answer = desk.post(url("edit", child), told(form))

    assert answer.status_code == 302, answer.context["form"].errors
    child = Recipient.objects.get(pk=child.pk)
    sex_of_the_id = "1" if int(child.resident_id[16]) % 2 else "2"
    assert PersonFacts.of(child, None) == replace(before, sex=sex_of_the_id)


def test_a_form_shows_numbers_masked_and_keeps_those_that_are_left_so(desk, child):
    form = desk.get(url("edit", child)).context["form"]
    sent = told(form)
    page = str(form)

    desk.post(url("edit", child), sent | {"phone": "19900000099"})

    assert child.resident_id not in page
    assert child.phone not in page
    assert sent["phone"] == "199****0031"
    kept, child = child.resident_id, Recipient.objects.get(pk=child.pk)
    assert (child.resident_id, child.phone) == (kept, "19900000099")


def test_a_stale_form_is_a_409_with_what_changed_and_every_word(desk, child):
    sent = told(desk.get(url("edit", child)).context["form"])
    Recipient.objects.filter(pk=child.pk).update(version=7, village="西寨村")

    answer = desk.post(url("edit", child), {**sent, "note": "我写的备注"})

    words = answer.content.decode()
    assert answer.status_code == 409
    assert "西寨村" in words
    assert "我写的备注" in words
    assert 'name="version" value="7"' in words
    again = desk.post(url("edit", child), {**sent, "note": "我写的", "version": 7})
    assert again.status_code == 302


def test_a_stale_form_shows_words_whole_and_numbers_as_the_form_does(desk, child):
    form = desk.get(url("edit", child)).context["form"]
    first = told(form) | {"health": "腿伤已经好了", "phone": "19900000931"}
    second = told(form) | {"health": "需要换一副假肢", "address": "西寨村七社9号"}
    desk.post(url("edit", child), first)

    answer = desk.post(url("edit", child), second | {"phone": "19900002031"})

    changes = {name: sides for name, *sides in answer.context["changes"]}
    assert answer.status_code == 409
    assert changes["健康状况"] == ["需要换一副假肢", "腿伤已经好了"]
    assert changes["家庭住址"][0] == "西寨村七社9号"
    assert changes["联系电话"] == ["199****2031", "199****0931"]
    assert "19900000931" not in answer.content.decode()


def test_numbers_that_differ_under_the_mask_are_said_to(child):
    now = PersonFacts.of(child, None)
    yours = replace(now, phone="19911110031")

    changed = differences(yours, replace(now, phone="19900000031"))

    assert changed == [("联系电话", "199****0031(遮住的几位不同)", "199****0031")]


def test_a_person_leaves_and_comes_back(desk, child, pairing):
    left = desk.post(url("leave", child), {"reason": "moved", "on": "2026-11-01"})
    child.refresh_from_db()
    assert (left.status_code, child.status) == (302, RecipientStatus.LEFT)
    assert names(desk.get(reverse(LIST))) == []
    assert names(desk.get(reverse(LIST), {"status": "left"})) == ["李小伟"]

    desk.post(url("return", child), {"words": "迁回"})

    assert names(desk.get(reverse(LIST))) == ["李小伟"]


def test_a_leaving_that_is_refused_keeps_the_form(desk, child):
    answer = desk.post(url("leave", child), {"reason": "moved", "on": "2026-12-01"})

    assert answer.status_code == 422
    assert "日期不能晚于今天" in answer.content.decode()


def test_a_rest_begins_and_ends(desk, child):
    desk.post(url("pause", child), {"reason": "hospital", "words": "住院"})
    child.refresh_from_db()
    assert child.status == RecipientStatus.PAUSED

    assert desk.post(url("resume", child)).status_code == 302
    assert desk.post(url("resume", child)).status_code == 409


def test_a_person_joins_a_household_by_its_number(desk, child, stranger_child):
    sister = cast.make_recipient("李小芳")

    wrong = desk.post(url("household", sister), {"code": stranger_child.code})
    right = desk.post(url("household", sister), {"code": child.code.lower()})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "李小芳" in desk.get(url("detail", child)).content.decode()
    assert desk.post(url("split", sister)).status_code == 302


def test_a_cadres_families_are_shown_within_reach(desk, cadre, pairing, stranger_child):
    cast.make_pairing(stranger_child, cadre)
    page = desk.get(reverse("recipients:pairings_of_cadre", args=[cadre.pk]))

    assert "李小伟" in page.content.decode()
    assert "陈静" not in page.content.decode()
