"""The workbench of each role: figures by the city's own counting, each a link."""

import datetime
import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cadres.models import Area, User
from casework.models import Need
from reports import indicators, leaders
from reports.leaders import PlaceRow, hidden
from tests import cast
from tests.visits.telling import log
from visits.models import HomeVisit

TODAY = timezone.localdate()


def make_visit(pairing, **facts) -> HomeVisit:
    values = {
        "client_id": uuid.uuid4(),
        "together": uuid.uuid4(),
        "recipient": pairing.recipient,
        "cadre": pairing.cadre,
        "pairing": pairing,
        "organisation": pairing.cadre.organisation,
        "day": TODAY,
        "content_hash": "0" * 64,
        **facts,
    }
    return HomeVisit.objects.create(**values)


@pytest.fixture
def yongchang(areas) -> Area:
    return Area.objects.get(pk="620321000000")


def test_everybody_is_counted_once_and_a_household_too(child, yongchang: Area):
    cast.make_recipient("李小芳", household=child.household, also=["DESTITUTE"])
    cast.make_recipient(
        "王离开",
        status="left",
        left_on=TODAY,
        left_reason="moved",
    )

    found = indicators.people(yongchang)

    assert (found.persons, found.households) == (2, 1)
    assert sum(found.by_category.values()) == found.persons


def test_the_counties_add_up_to_the_city(child, stranger_child):
    areas = {area.pk: area for area in Area.objects.exclude(level="village")}
    city = indicators.people(areas["620300000000"])
    counties = [
        indicators.people(area) for area in areas.values() if area.level == "county"
    ]
    townships = [
        indicators.people(area) for area in areas.values() if area.level == "township"
    ]

    assert sum(one.persons for one in counties) == city.persons == 2
    assert sum(one.persons for one in townships) == city.persons


def test_a_household_visited_twice_is_one_and_a_call_is_no_visit(
    pairing, yongchang: Area
):
    make_visit(pairing)
    make_visit(pairing)
    other = cast.make_pairing(cast.make_recipient("赵六"), pairing.cadre)
    make_visit(other, way="PHONE")

    share = indicators.visited_households(yongchang, TODAY)

    assert (share.done, share.whole) == (1, 2)


def test_a_visit_taken_back_does_not_count(pairing, yongchang: Area):
    make_visit(pairing, taken_back_at=timezone.now())

    assert indicators.visited_households(yongchang, TODAY).done == 0


def test_overdue_counts_only_cadres_pairings_past_their_day(pairing, yongchang: Area):
    pairing.next_due_on = TODAY - datetime.timedelta(days=1)
    pairing.save()
    cast.make_pairing(
        pairing.recipient,
        pairing.cadre,
        kind="mother",
        next_due_on=TODAY - datetime.timedelta(days=9),
    )

    assert indicators.overdue(yongchang, TODAY) == 1


def test_every_number_of_the_workbench_leads_to_its_rows(
    client: Client, pairing, yongchang_office: User
):
    client.force_login(yongchang_office)

    html = client.get(reverse("reports:home")).content.decode()

    main = html[html.index("<main") : html.index("</main>")]
    links = set(re.findall(r'href="(/[^"#]*)"', main))
    assert len(links) >= 5
    # Each of the six months leads to its visits as well.
    assert sum("since=" in link for link in links) >= 6
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200, link


def test_a_figure_and_the_list_behind_it_tell_the_same_number(
    client: Client, pairing, yongchang_office: User
):
    make_visit(pairing)
    make_visit(pairing, way="PHONE")
    past = TODAY - datetime.timedelta(days=9)
    for number, kind in enumerate(("cadre", "mother")):
        one = cast.make_recipient(f"某{number}")
        cast.make_pairing(one, pairing.cadre, kind=kind, next_due_on=past)
    for days in (1, -30):
        Need.objects.create(
            recipient=pairing.recipient,
            words="等",
            raised_on=TODAY - datetime.timedelta(days=60),
            due_on=TODAY - datetime.timedelta(days=days),
        )
    client.force_login(yongchang_office)

    desk = client.get(reverse("reports:home")).context

    tasks = {task.words: task for task in desk["tasks"]}
    seen = client.get(desk["visits_url"])
    assert seen.context["households"] == desk["visited"].done == 1
    assert "共 <b>1 户</b>,1 次" in seen.content.decode()
    overdue = tasks["超期未走访"]
    assert client.get(overdue.url).context["count"] == overdue.count == 2
    needs = tasks["需求超过期限未办结"]
    assert client.get(needs.url).context["count"] == needs.count == 1
    unpaired = tasks["对象待结对"]
    assert client.get(unpaired.url).context["total"] == unpaired.count == 1


def test_a_policys_rate_leads_to_the_checks_it_is_made_of(
    client: Client, pairing, yongchang: Area, yongchang_office: User
):
    log(pairing, by=pairing.cadre.user)
    client.force_login(yongchang_office)
    rates = {label: url for label, _, url in client.get("/").context["policy_rates"]}

    for _, label, share in indicators.policies(yongchang):
        page = client.get(rates[label])
        counts = {one["value"]: one["count"] for one in page.context["choices"]}
        asked = counts["enjoyed"] + counts["unclaimed"] + counts["unsure"]
        assert (counts["enjoyed"], asked) == (share.done, share.whole)
        rate = page.context["rate"]
        assert (rate["percent"] if rate else None) == share.percent
        assert len(page.context["page"].rows) == counts[""] == 1


def test_the_map_says_of_how_many_households_a_share_is(
    client: Client, pairing, yongchang_office: User
):
    make_visit(pairing)
    client.force_login(yongchang_office)

    desk = client.get("/")

    assert "1 / 1 户" in desk.content.decode()
    seen = client.get(desk.context["map_urls"][pairing.recipient.area_id])
    assert seen.context["households"] == 1


def test_a_liaisons_figures_lead_to_lists_of_the_same_length(
    client: Client, pairing, liaison: User
):
    pairing.next_due_on = TODAY - datetime.timedelta(days=1)
    pairing.save()
    client.force_login(liaison)

    tasks = {task.words: task for task in client.get("/").context["tasks"]}

    standing, overdue = tasks["本单位在结"], tasks["超期未走访"]
    assert client.get(standing.url).context["total"] == standing.count == 1
    assert client.get(overdue.url).context["count"] == overdue.count == 1


def test_the_workbench_asks_few_questions_of_the_database(
    client: Client, pairing, yongchang_office: User, django_assert_max_num_queries
):
    client.force_login(yongchang_office)
    for number in range(5):
        cast.make_recipient(f"某{number}")

    with django_assert_max_num_queries(27):
        client.get(reverse("reports:home"))


@pytest.mark.parametrize(
    "who", ["city_office", "liaison", "admin", "auditor", "leader", "civil"]
)
def test_each_role_has_a_first_page(client: Client, pairing, who: str, request):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("reports:home")).status_code == 200


def test_a_cadre_is_sent_to_the_phones_home(client: Client, cadre):
    client.force_login(cadre.user)

    assert client.get("/").url == reverse("visits:cadre_home")


def test_a_leader_reads_no_name_and_no_small_group(client: Client, pairing, leader):
    client.force_login(leader)

    html = client.get(reverse("reports:home")).content.decode()

    assert pairing.recipient.name not in html
    assert pairing.cadre.name not in html
    assert "儿童\N{NO-BREAK SPACE}—" in html
    assert "口径:本月上门走访过的户数" in html
    main = html[html.index("<main") : html.index("</main>")]
    assert reverse("visits:visit_list") not in main


def test_a_hidden_cell_takes_a_second_one_with_it():
    rows = [PlaceRow("甲", [3]), PlaceRow("乙", [9]), PlaceRow("丙", [7])]

    totals = hidden(rows)

    assert [row.figures[0] for row in rows] == [None, 9, None]
    assert totals == [19]


def test_large_groups_are_shown_as_they_are():
    rows = [PlaceRow("甲", [30]), PlaceRow("乙", [0])]

    assert hidden(rows) == [30]
    assert [row.figures[0] for row in rows] == [30, 0]


def test_the_leaders_columns_follow_the_categories(leader, areas):
    for number in range(6):
        cast.make_recipient(f"某{number}", category="DESTITUTE")

    context = leaders.overview(leader, TODAY)

    yongchang = next(row for row in context["places"] if row.name == "永昌县")
    assert yongchang.figures == [0, 0, 6]
