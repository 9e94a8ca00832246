"""The pages of organisations, cadres and accounts, as each role meets them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cadres.models import Cadre, Organisation, User
from recipients.enums import PairingStatus
from tests import cast

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(yongchang_office) -> Client:
    return signed_in(yongchang_office)


@pytest.fixture
def admin_desk(admin) -> Client:
    return signed_in(admin)


def told(form) -> dict:
    """Return what a browser would send if nothing were touched."""
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


PAGES = ["organisation_list", "cadre_list", "organisation_create", "cadre_create"]


@pytest.mark.parametrize("name", PAGES)
def test_an_office_opens_each_page(desk, cadre, name):
    assert desk.get(reverse(f"cadres:{name}")).status_code == 200


@pytest.mark.parametrize("name", ["organisation_list", "cadre_list"])
@pytest.mark.parametrize("role", ["cadre_user", "leader", "auditor", "civil"])
def test_who_has_nothing_to_do_with_units_is_refused(request, name, role):
    visitor = signed_in(request.getfixturevalue(role))

    assert visitor.get(reverse(f"cadres:{name}")).status_code == 403


def test_a_liaison_sees_only_the_own_unit(liaison, cadre, other_cadre):
    visitor = signed_in(liaison)

    page = visitor.get(reverse("cadres:cadre_list")).content.decode()
    foreign = visitor.get(reverse("cadres:cadre_detail", args=[other_cadre.pk]))

    assert "赵军" in page
    assert "马兰" not in page
    assert foreign.status_code == 404


def test_a_list_and_its_part_agree(desk, cadre):
    url = reverse("cadres:cadre_list")

    page = desk.get(url).content.decode()
    part = desk.get(url, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert part.strip() in page


def test_loads_count_households_now_paired(desk, cadre, pairing, child):
    sibling = cast.make_recipient("李小芳", household=child.household)
    cast.make_pairing(sibling, cadre)
    ended = cast.make_recipient("王大山")
    cast.make_pairing(
        ended,
        cadre,
        status=PairingStatus.ENDED,
        ended_on=cast.TODAY,
        end_reason="left",
    )

    listed = desk.get(reverse("cadres:cadre_list")).context["cadres"]
    units = desk.get(reverse("cadres:organisation_list")).context["organisations"]

    assert [one.load for one in listed] == [1]
    assert [(one.size, one.load) for one in units] == [(1, 1)]


@pytest.mark.parametrize("name", ["cadre_list", "organisation_list"])
def test_a_list_asks_the_same_number_of_questions_however_long(
    desk, django_assert_max_num_queries, unit, name
):
    url = reverse(f"cadres:{name}")
    desk.get(url)
    cast.make_cadre("赵军", unit)
    with django_assert_max_num_queries(12) as few:
        desk.get(url)
    for number in range(20):
        other = cast.make_organisation(f"单位{number}")
        cast.make_cadre(f"干部{number}", other)

    with django_assert_max_num_queries(len(few)):
        desk.get(url)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("赵军", ["赵军"]),
        ("赵", ["赵军"]),
        ("zj", ["赵军"]),
        ("zhaoj", ["赵军"]),
        ("教育局", ["赵军"]),
        ("19900000205", ["赵军"]),
        ("19900000206", []),
        ("马军", []),
    ],
)
def test_a_cadre_is_found(desk, cadre, other_cadre, typed, found):
    page = desk.get(reverse("cadres:cadre_list"), {"q": typed})

    assert [one.name for one in page.context["cadres"]] == found


def test_a_part_of_a_phone_is_refused(desk, cadre):
    page = desk.get(reverse("cadres:cadre_list"), {"q": "1990000"})

    assert page.status_code == 422
    assert page.context["cadres"] == []


@pytest.mark.parametrize("query", ["after=rubbish", "kind=x", "q=%00", "state=9"])
@pytest.mark.parametrize("name", ["cadre_list", "organisation_list"])
def test_rubbish_in_the_address_is_no_fault(desk, name, query):
    assert desk.get(f"{reverse(f'cadres:{name}')}?{query}").status_code in (200, 422)


def test_a_page_shows_masked_numbers(desk, cadre):
    cadre.resident_id = "620321196503129019"
    cadre.save()

    page = desk.get(reverse("cadres:cadre_detail", args=[cadre.pk])).content.decode()

    assert "620321196503129019" not in page
    assert "620321********9019" in page
    assert "199****0205" in page


def test_an_office_takes_on_a_cadre(desk, unit):
    sent = {
        "name": "王 强",
        "organisation": unit.pk,
        "kind": "cadre",
        "phone": "199-0000-7777",
        "capacity": 3,
        "skills": ["教育"],
    }
    answer = desk.post(reverse("cadres:cadre_create"), sent)

    assert answer.status_code == 302, answer.context["form"].errors
    made = Cadre.objects.get(name="王强")
    assert (made.phone, made.initials, made.skills) == ("19900007777", "wq", ["教育"])
    assert Event.objects.get(kind="cadre.created").subject_id == str(made.pk)


def test_a_bad_form_keeps_every_word(desk, unit):
    sent = {"name": "王强", "organisation": unit.pk, "phone": "12", "post": "副科长"}

    answer = desk.post(reverse("cadres:cadre_create"), sent)

    words = answer.content.decode()
    assert answer.status_code == 422
    assert "副科长" in words
    assert "11 位手机号" in words
    assert not Cadre.objects.exists()


def test_a_stale_form_says_what_changed_and_keeps_the_words(desk, cadre):
    url = reverse("cadres:cadre_edit", args=[cadre.pk])
    sent = told(desk.get(url).context["form"])
    Cadre.objects.filter(pk=cadre.pk).update(version=5, post="科长")

    answer = desk.post(url, {**sent, "post": "副科长"})

    words = answer.content.decode()
    assert answer.status_code == 409
    assert "副科长" in words
    assert "科长" in words
    assert re.search(r'name="version"\s+value="5"', words)
    again = desk.post(url, {**sent, "post": "副科长", "version": 5})
    assert again.status_code == 302
    cadre.refresh_from_db()
    assert (cadre.post, cadre.version) == ("副科长", 6)


def test_a_cadre_with_families_cannot_leave(desk, cadre, pairing):
    answer = desk.post(
        reverse("cadres:cadre_leave", args=[cadre.pk]), {"on": "2026-11-01"}
    )

    assert answer.status_code == 422
    assert "请先交接" in answer.content.decode()
    cadre.refresh_from_db()
    assert cadre.active


def test_a_cadre_leaves_and_comes_back(desk, cadre, cadre_user):
    left = desk.post(
        reverse("cadres:cadre_leave", args=[cadre.pk]), {"on": "2026-11-01"}
    )
    cadre_user.refresh_from_db()
    assert left.status_code == 302
    assert not cadre_user.is_active

    desk.post(reverse("cadres:cadre_return", args=[cadre.pk]))

    cadre.refresh_from_db()
    assert (cadre.active, cadre.left_on) == (True, None)


def test_an_office_opens_an_account_that_is_shown_once(desk, unit):
    cadre = cast.make_cadre("王强", unit)
    url = reverse("cadres:cadre_issue", args=[cadre.pk])

    answer = desk.post(url, {"username": "WangQiang"})

    issued = answer.context["issued"]
    user = User.objects.get(username="wangqiang")
    assert issued.password in answer.content.decode()
    assert user.check_password(issued.password)
    assert user.must_change_password
    assert "no-store" in answer.headers["Cache-Control"]
    again = desk.post(url, {"username": "wq2"})
    assert (again.status_code, User.objects.filter(username="wq2").exists()) == (
        422,
        False,
    )


def test_an_office_keeps_organisations(desk):
    sent = {"name": "永昌县 水务局", "kind": "unit", "level": "county", "active": "on"}
    made = desk.post(reverse("cadres:organisation_create"), sent)
    twice = desk.post(reverse("cadres:organisation_create"), sent)

    unit = Organisation.objects.get(name="永昌县水务局")
    assert made.status_code == 302
    assert twice.status_code == 422
    edit = reverse("cadres:organisation_edit", args=[unit.pk])
    desk.post(edit, {**sent, "name": "永昌县水利局"})
    unit.refresh_from_db()
    assert (unit.name, unit.initials) == ("永昌县水利局", "ycxslj")
    event = Event.objects.get(kind="organisation.changed")
    assert event.details["changes"]["name"] == ["永昌县水务局", "永昌县水利局"]


def test_a_unit_of_the_other_county_is_not_an_offices_to_change(desk, areas):
    foreign = cast.make_organisation("金川区水务局", area_id="620302000000")
    sent = {"name": "改名", "kind": "unit", "level": "county", "active": "on"}

    answer = desk.post(reverse("cadres:organisation_edit", args=[foreign.pk]), sent)

    foreign.refresh_from_db()
    assert (answer.status_code, foreign.name) == (422, "金川区水务局")


def test_everybody_has_an_own_page(cadre_user, cadre):
    page = signed_in(cadre_user).get(reverse("cadres:profile"))

    words = page.content.decode()
    assert page.status_code == 200
    assert "永昌县教育局" in words
    assert reverse("cadres:password_change") in words


def test_villages_of_a_township_are_offered(desk, areas):
    from cadres.models import Area

    Area.objects.create(
        code="620321101201", name="鸳鸯池村", level="village", parent_id=cast.HEXIBAO
    )

    url = reverse("cadres:village_options")
    assert "鸳鸯池村" in desk.get(url, {"area": cast.HEXIBAO}).content.decode()
    assert desk.get(url, {"area": "x"}).content.decode().strip() == ""
    assert "鸳鸯池村" not in desk.get(url, {"area": cast.SHUANGWAN}).content.decode()
