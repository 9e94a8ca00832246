"""The office's pages of visits: list, detail, 补录, who waits, a person's parts."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cadres.enums import Role
from cadres.models import Area
from jobs.models import Notice
from policies.operations import Finding
from tests import cast
from tests.visits.telling import ALL_ENJOYED, DAY, log, posted
from visits.content import DeedNote
from visits.models import HomeVisit, Reminder

pytestmark = pytest.mark.django_db
LIST = "/visits/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True):
        yield


@pytest.fixture
def desk(client: Client, yongchang_office) -> Client:
    client.force_login(yongchang_office)
    return client


def test_an_office_lists_the_visits_within_its_reach(
    desk, pairing, stranger_child, other_cadre
):
    log(pairing, by=pairing.cadre.user, words="能自己坐稳")
    theirs = cast.make_pairing(stranger_child, other_cadre)
    log(theirs, by=other_cadre.user, words="别的县的话")

    html = desk.get(LIST).content.decode()

    assert "能自己坐稳" in html
    assert "别的县的话" not in html
    assert "共 1 次" in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"way": "HOME"}, ["家里"]),
        ({"way": "PHONE"}, ["电话里"]),
        ({"way": "visiting"}, ["家里"]),
        ({"q": "lxw"}, ["家里", "电话里"]),
        ({"q": "王五"}, []),
        ({"since": "2026-11-20"}, ["家里"]),
        ({"until": "2026-11-19"}, ["电话里"]),
        ({"area": cast.HEXIBAO}, ["家里", "电话里"]),
        ({"area": "620321100000"}, []),
        ({"late": "1"}, []),
        ({"late": "0"}, ["家里", "电话里"]),
    ],
)
def test_the_list_is_narrowed_by_its_address(desk, pairing, query, found):
    user = pairing.cadre.user
    log(pairing, by=user, words="家里")
    log(pairing, by=user, words="电话里", way="PHONE", day=datetime.date(2026, 11, 1))

    html = desk.get(LIST, query).content.decode()

    assert [words for words in ("家里", "电话里") if words in html] == found


@pytest.mark.parametrize(
    "query",
    [
        {"since": "tomorrow"},
        {"area": "'; DROP TABLE"},
        {"unit": "1"},
        {"campaign": "x"},
        {"way": "\0"},
        {"late": "perhaps"},
    ],
)
def test_rubbish_in_a_filter_is_told(desk, pairing, query):
    assert desk.get(LIST, query).status_code == 422


@pytest.mark.parametrize("cursor", ["x", "\0", "AAAA", "9" * 3000, "WyJuIiwgWyJ4Il1d"])
def test_a_cursor_of_rubbish_is_the_first_page(desk, pairing, cursor):
    assert desk.get(LIST, {"after": cursor}).status_code == 200


def test_each_chip_of_days_shows_as_many_as_it_says(desk, pairing):
    user = pairing.cadre.user
    for day in ("2026-11-23", "2026-11-02", "2026-11-01", "2026-10-31"):
        log(pairing, by=user, day=datetime.date.fromisoformat(day))

    chips = desk.get(LIST, {"way": "HOME"}).context["chips"]

    assert [chip.get("count") for chip in chips] == [None, 1, 3, 1]
    for chip in chips[1:]:
        page = desk.get(LIST + chip["url"])
        assert page.context["count"] == chip["count"]
        assert page.context["form"].data["way"] == "HOME"


def test_a_period_says_how_many_households_were_seen(desk, pairing):
    user = pairing.cadre.user
    log(pairing, by=user)
    log(pairing, by=user, way="PHONE")

    html = desk.get(LIST, {"since": "2026-11-01"}).content.decode()

    assert "共 <b>1 户</b>,2 次" in html


def test_villages_are_offered_to_a_township_only(client, desk, city_office, areas):
    township = Area.objects.get(pk=cast.HEXIBAO)
    village = Area.objects.create(
        code="620321101201", name="鸳鸯池村", level="village", parent=township
    )
    office = cast.make_user("town", Role.CARE_OFFICE, area=township)

    for user, offered in ((city_office, False), (office, True)):
        client.force_login(user)
        form = client.get(reverse("visits:overdue_list")).context["form"]
        assert (village in form.fields["area"].queryset) is offered


def test_nobody_is_offered_to_remind_who_has_no_account(desk, pairing):
    pairing.next_due_on = datetime.date(2026, 11, 1)
    pairing.save()
    address = reverse("visits:overdue_list")
    assert "提醒</button>" in desk.get(address).content.decode()

    pairing.cadre.user = None
    pairing.cadre.save()

    html = desk.get(address).content.decode()
    assert "无账号" in html
    assert "提醒</button>" not in html


def test_only_who_may_export_is_shown_the_way(client, desk, pairing, liaison):
    assert "ledger=visits" in desk.get(LIST).content.decode()

    client.force_login(liaison)

    assert "ledger=visits" not in client.get(LIST).content.decode()


def test_who_waits_longest_is_one_tap_away(desk, cadre):
    for name, days in {"甲一": 1, "乙二": 8, "丙三": 31}.items():
        day = datetime.date(2026, 11, 23) - datetime.timedelta(days=days)
        cast.make_pairing(cast.make_recipient(name), cadre, next_due_on=day)
    address = reverse("visits:overdue_list")

    page = desk.get(address)

    chips = page.context["choices"]
    assert [chip["count"] for chip in chips] == [3, 1, 1, 1]
    longest = desk.get(address, {"wait": "longer"}).context["page"].rows
    assert [pairing.recipient.name for pairing in longest] == ["丙三"]
    named = desk.get(address, {"q": "乙二"}).context["page"].rows
    assert [pairing.recipient.name for pairing in named] == ["乙二"]


def test_pages_follow_each_other_without_gap_or_double(desk, pairing):
    for number in range(60):
        day = DAY - datetime.timedelta(days=number // 3)
        log(pairing, by=pairing.cadre.user, day=day, findings=None)

    first = desk.get(LIST).context["page"]
    second = desk.get(LIST, {"after": first.next}).context["page"]
    back = desk.get(LIST, {"after": second.previous}).context["page"]

    seen = [row.pk for row in (*first.rows, *second.rows)]
    assert len(seen) == len(set(seen)) == 60
    assert (second.next, first.previous) == ("", "")
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]


def test_the_list_asks_the_same_for_one_row_and_fifty(
    desk, pairing, django_assert_max_num_queries
):
    for _ in range(50):
        deeds = (DeedNote("deed", quantity=1),)
        log(pairing, by=pairing.cadre.user, findings=None, deeds=deeds)

    with django_assert_max_num_queries(12):
        desk.get(LIST)


def test_page_and_part_agree(desk, pairing):
    log(pairing, by=pairing.cadre.user)

    page = desk.get(LIST).content.decode()
    part = desk.get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert part.strip() in page


def test_a_visit_is_shown_with_all_that_belongs_to_it(desk, pairing):
    findings = {**ALL_ENJOYED, "disability": Finding("unclaimed", "证到期了")}
    deeds = (DeedNote("money", amount=Decimal("1234.50"), words="学费"),)
    visit = log(
        pairing, by=pairing.cadre.user, findings=findings, deeds=deeds, words="坐稳"
    ).visit

    html = desk.get(reverse("visits:visit_detail", args=[visit.pk])).content.decode()

    for words in ("坐稳", "证到期了", "1,234.50 元", "学费", "应享未享", "星期五"):
        assert words in html


def test_the_neighbour_finds_nothing(client, pairing, jinchuan_office):
    visit = log(pairing, by=pairing.cadre.user).visit
    client.force_login(jinchuan_office)

    for name, key in (
        ("visits:visit_detail", visit.pk),
        ("visits:visit_late", pairing.pk),
        ("visits:visit_new", pairing.recipient_id),
        ("visits:of_recipient", pairing.recipient_id),
        ("visits:policies_of_recipient", pairing.recipient_id),
    ):
        assert client.get(reverse(name, args=[key])).status_code == 404, name
    remind = reverse("visits:cadre_remind", args=[pairing.pk])
    assert client.post(remind).status_code == 404
    found = client.get(reverse("visits:late_choose"), {"q": "李小伟"})
    assert "鸳鸯池村" not in found.content.decode()


@pytest.mark.parametrize("who", ["leader", "auditor", "civil"])
def test_roles_without_the_permission_are_refused(client, request, pairing, who):
    client.force_login(request.getfixturevalue(who))

    for name in ("visit_list", "cadre_home", "late_choose", "overdue_list", "todo"):
        assert client.get(reverse(f"visits:{name}")).status_code == 403, name


def test_a_late_form_says_what_was_seen_last(desk, pairing):
    url = reverse("visits:visit_late", args=[pairing.pk])
    assert "还没有走访记录" in desk.get(url).content.decode()

    log(pairing, by=pairing.cadre.user, words="煤已拉好")

    assert "煤已拉好" in desk.get(url).content.decode()


def test_the_office_enters_a_visit_late_in_the_cadres_name(desk, pairing):
    url = reverse("visits:visit_late", args=[pairing.pk])
    found = desk.get(reverse("visits:late_choose"), {"q": "赵军"})
    assert url in found.content.decode()
    assert desk.get(url).status_code == 200

    done = desk.post(url, posted(pairing, when="other", day="2025-01-15"))

    visit = HomeVisit.objects.get()
    assert done.url == reverse("visits:visit_detail", args=[visit.pk])
    assert (visit.late_entry, visit.cadre) == (True, pairing.cadre)
    assert visit.sheet is None
    assert "补录" in desk.get(done.url).content.decode()


def test_a_late_entry_may_hold_a_sheet(desk, pairing):
    url = reverse("visits:visit_late", args=[pairing.pk])

    desk.post(url, posted(pairing, with_sheet="on"))

    assert HomeVisit.objects.get().sheet.checks.count() == 7


def test_a_bad_late_entry_keeps_every_word(desk, pairing):
    url = reverse("visits:visit_late", args=[pairing.pk])

    page = desk.post(url, posted(pairing, when="2026-11-24", companions="村医老周"))

    assert page.status_code == 422
    assert "村医老周" in page.content.decode()
    assert not HomeVisit.objects.exists()


def test_who_waits_is_listed_the_longest_first(desk, pairing, cadre):
    pairing.next_due_on = datetime.date(2026, 11, 22)
    pairing.save()
    longer = cast.make_recipient("王大山")
    cast.make_pairing(longer, cadre, next_due_on=datetime.date(2026, 10, 1))
    cast.make_pairing(
        cast.make_recipient("刘小花"), cadre, next_due_on=datetime.date(2026, 11, 23)
    )

    page = desk.get(reverse("visits:overdue_list"))

    html = page.content.decode()
    said = [due.words for _, due in page.context["rows"]]
    assert said == ["超期 53 天", "超期 1 天"]
    assert "刘小花" not in html
    assert 'href="tel:19900000205"' in html


def test_a_unit_sees_only_its_own_that_wait(client, liaison, pairing, other_cadre):
    pairing.next_due_on = datetime.date(2026, 11, 1)
    pairing.save()
    cast.make_pairing(
        cast.make_recipient("王大山"), other_cadre, next_due_on=pairing.next_due_on
    )
    client.force_login(liaison)

    html = client.get(reverse("visits:overdue_list")).content.decode()

    assert "李小伟" in html
    assert "王大山" not in html


def test_a_cadre_is_reminded_at_most_once_a_day(desk, pairing):
    url = reverse("visits:cadre_remind", args=[pairing.pk])

    first = desk.post(url, follow=True).content.decode()
    again = desk.post(url, follow=True).content.decode()

    assert "toast-line is-success" in first
    assert "toast-line is-error" in again
    assert "今天已经提醒过了" in again
    notice = Notice.objects.get(to=pairing.cadre.user)
    assert "李小伟" not in notice.words
    assert Reminder.objects.count() == 1
    assert Event.objects.filter(kind="visit.cadre_reminded").count() == 1


def test_parts_of_a_person_show_visits_and_policies(desk, pairing, child):
    findings = {**ALL_ENJOYED, "education": Finding("unclaimed", "没报上名")}
    log(pairing, by=pairing.cadre.user, words="坐稳", findings=findings)

    visits = desk.get(
        reverse("visits:of_recipient", args=[child.pk]), headers={"HX-Request": "true"}
    ).content.decode()
    policies = desk.get(
        reverse("visits:policies_of_recipient", args=[child.pk]),
        headers={"HX-Request": "true"},
    ).content.decode()

    assert "坐稳" in visits
    assert "没报上名" in policies
    assert policies.count('class="pol"') == 7
    assert "<html" not in visits + policies
    # The tabs of the person's page say how many.
    assert '<span id="tab-visits" hx-swap-oob="true">1</span>' in visits
    assert '<span id="tab-policies" hx-swap-oob="true">1 项应享未享</span>' in policies
