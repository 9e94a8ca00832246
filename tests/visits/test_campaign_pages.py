"""The calendar of campaigns: who reads it, who sets its rules, what a rule moves."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from cadres.models import User
from common.refusals import Refused
from recipients.models import Pairing, VisitStandard
from tests import cast
from visits.calendar import effective_day
from visits.enums import CampaignKind, CampaignStatus, SixRule
from visits.models import Campaign, DayOverride, HomeVisit, SixSetting
from visits.operations import campaigns
from visits.operations.proposals import arrange_sixes
from visits.operations.reminders import take_turn

CITY, COUNTY = "620300000000", "620321000000"
RULE = {"area": CITY, "rule": "NEXT", "grace_days": "3"}
DAY = {"day": "2026-10-10", "working": "1", "words": "国庆节调休"}


@pytest.fixture
def festival(areas: None) -> Campaign:
    today = timezone.localdate()
    return Campaign.objects.create(
        name="迎新年",
        kind=CampaignKind.FESTIVAL,
        area_id=CITY,
        nominal_on=today,
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=3),
        checklist=["谈一次心", "办一件实事"],
    )


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def post(client: Client, name: str, values: dict[str, str], **where: object):
    return client.post(reverse(f"visits:{name}", kwargs=where), values)


def seen_for(campaign: Campaign | None, pairing: Pairing, user: User) -> HomeVisit:
    return HomeVisit.objects.create(
        client_id=pairing.pk,
        together=pairing.pk,
        recipient=pairing.recipient,
        cadre=pairing.cadre,
        pairing=pairing,
        organisation=pairing.cadre.organisation,
        day=timezone.localdate(),
        campaign=campaign,
        words="平安",
        entered_by=user,
    )


# Who reads, who writes


def test_a_stranger_is_sent_to_sign_in(client, areas):
    page = client.get(reverse("visits:campaign_calendar"))

    assert page.status_code == 302
    assert reverse("cadres:login") in page.url


@pytest.mark.parametrize(
    "who", ["yongchang_office", "hexibao_office", "cadre_user", "liaison", "leader"]
)
def test_a_reader_sees_the_year_and_no_form(client, request, who):
    page = signed_in(client, request.getfixturevalue(who)).get(
        reverse("visits:campaign_calendar") + "?year=2026&past=1"
    )

    html = page.content.decode()
    assert page.status_code == 200
    assert "10月6日 星期二" in html
    assert "国庆节" in html
    assert reverse("visits:six_rule") not in html


@pytest.mark.parametrize("who", ["civil", "auditor"])
def test_who_has_no_part_in_campaigns_is_refused(client, request, who):
    page = signed_in(client, request.getfixturevalue(who)).get(
        reverse("visits:campaign_calendar")
    )

    assert page.status_code == 403


@pytest.mark.parametrize("who", ["yongchang_office", "hexibao_office", "cadre_user"])
def test_only_the_city_and_the_administrator_set_rules(client, request, who):
    user = request.getfixturevalue(who)
    signed_in(client, user)

    answers = [
        post(client, "six_rule", RULE),
        post(client, "day_override_set", DAY),
        post(client, "day_override_clear", {}, day="2026-10-10"),
        client.get(reverse("visits:visit_standards")),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    with pytest.raises((Refused, PermissionDenied)):
        campaigns.set_day(day=date(2026, 10, 10), working=True, words="", by=user)
    assert not SixSetting.objects.exists()
    assert not DayOverride.objects.exists()


@pytest.mark.parametrize("who", ["city_office", "admin"])
def test_the_city_and_the_administrator_set_rules(client, request, who):
    signed_in(client, request.getfixturevalue(who))

    answer = post(client, "six_rule", RULE)

    assert answer.status_code == 302
    setting = SixSetting.objects.get()
    assert (setting.area_id, setting.rule, setting.grace_days) == (CITY, "NEXT", 3)
    assert Event.objects.get().kind == "campaign.six_rule_set"


def test_a_day_gone_by_says_how_many_were_seen(
    client, city_office, pairing, cadre_user
):
    year = timezone.localdate().year - 1
    visit = seen_for(None, pairing, cadre_user)
    HomeVisit.objects.filter(pk=visit.pk).update(day=date(year, 3, 16))

    html = (
        signed_in(client, city_office)
        .get(reverse("visits:campaign_calendar"), {"year": year})
        .content.decode()
    )

    rows = f"{reverse('visits:visit_list')}?since={year}-03-16&amp;until={year}-03-16"
    assert f'当天看望 <a href="{rows}">1 人</a>' in html
    # Nobody is nothing to look at.
    assert "当天看望 0 人" in html
    assert ">0 人</a>" not in html


# The rules and what they move


def test_the_calendar_says_what_is_kept_and_why(client, city_office):
    SixSetting.objects.create(area_id=CITY, rule=SixRule.NEXT)

    html = (
        signed_in(client, city_office)
        .get(reverse("visits:campaign_calendar") + "?year=2027&past=1")
        .content.decode()
    )

    assert effective_day(date(2027, 3, 6), SixRule.NEXT) == date(2027, 3, 8)
    assert "3月8日 星期一" in html
    assert "6日是星期六,改到这天" in html


def test_a_planned_six_day_moves_as_soon_as_the_rule_is_changed(city_office):
    today = timezone.localdate()
    arrange(today)

    campaigns.set_six_rule(
        area=city_office.area, rule=SixRule.NEXT, grace_days=0, by=city_office
    )

    planned = Campaign.objects.filter(starts_on__gt=today)
    assert planned
    for campaign in planned:
        kept = effective_day(campaign.nominal_on, SixRule.NEXT)
        assert (campaign.starts_on, campaign.ends_on) == (kept, kept)


def test_a_skipped_six_day_is_taken_away_unless_a_visit_was_told(
    city_office, pairing, cadre_user
):
    today = timezone.localdate()
    arrange(today)
    first, second, *_ = Campaign.objects.filter(starts_on__gt=today).order_by(
        "starts_on"
    )
    seen_for(first, pairing, cadre_user)
    SixSetting.objects.create(area_id=CITY, rule=SixRule.SKIP)

    for campaign in (first, second):
        campaigns.set_day(
            day=campaign.nominal_on, working=False, words="", by=city_office
        )

    assert Campaign.objects.filter(pk=first.pk).exists()
    assert not Campaign.objects.filter(pk=second.pk).exists()


def test_a_day_set_by_hand_can_be_cleared_again(client, city_office):
    signed_in(client, city_office)
    post(client, "day_override_set", DAY)
    assert DayOverride.objects.get().working is True
    page = client.get(reverse("visits:campaign_calendar") + "?year=2026&past=1")
    assert "国庆节调休" in page.content.decode()

    answer = post(client, "day_override_clear", {}, day="2026-10-10")

    assert answer.status_code == 302
    assert not DayOverride.objects.exists()
    kinds = Event.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["campaign.day_set", "campaign.day_cleared"]


@pytest.mark.parametrize("day", ["2026-13-40", "2026-10-11"])
def test_a_day_that_was_not_set_is_not_found(client, city_office, day):
    signed_in(client, city_office)

    answer = client.post(f"/visits/campaigns/days/{day}/clear/")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("name", "values", "kept"),
    [
        ("six_rule", {**RULE, "grace_days": "99"}, 'value="99"'),
        ("six_rule", {**RULE, "rule": "MAYBE"}, "选择一个有效的选项"),
        ("day_override_set", {**DAY, "day": "十月十日"}, 'value="国庆节调休"'),
        ("day_override_set", {**DAY, "working": ""}, 'value="国庆节调休"'),
    ],
)
def test_a_form_with_bad_input_keeps_every_word(
    client, city_office, name, values, kept
):
    answer = post(signed_in(client, city_office), name, values)

    assert answer.status_code == 422
    assert kept in answer.content.decode()
    assert not Event.objects.exists()


@pytest.mark.parametrize("year", ["", "abc", "0", "99999", "²"])
def test_rubbish_for_a_year_is_this_year(client, city_office, year):
    page = signed_in(client, city_office).get(
        reverse("visits:campaign_calendar"), {"year": year}
    )

    assert page.status_code == 200
    assert f"<b>{timezone.localdate().year}年</b>" in page.content.decode()


# How often people are to be seen


def standard(**values: str) -> dict[str, str]:
    year = str(timezone.localdate().year)
    asked = {
        "category": "CHILD",
        "year": year,
        "visits": "6",
        "contacts": "12",
        "days_between": "20",
        **values,
    }
    return {f"CHILD-{name}": asked[name] for name in asked}


def test_a_new_standard_reckons_the_next_day_of_its_category(
    client, city_office, pairing, cadre
):
    today = timezone.localdate()
    grown_up = cast.make_pairing(cast.make_recipient("王大山"), cadre)
    Pairing.objects.update(last_contact_on=today)

    answer = post(signed_in(client, city_office), "visit_standards", standard())

    assert answer.status_code == 302
    pairing.refresh_from_db()
    grown_up.refresh_from_db()
    assert pairing.next_due_on == today + timedelta(days=20)
    assert grown_up.next_due_on == cast.TODAY
    event = Event.objects.get()
    assert (event.kind, event.details["pairings"]) == ("campaign.standard_set", 1)


def test_a_contact_before_the_pairing_was_somebody_elses(city_office, pairing):
    today = timezone.localdate()
    Pairing.objects.update(
        started_on=today - timedelta(days=3), last_contact_on=today - timedelta(days=40)
    )

    set_child_standard(city_office, days=20, year=(today - timedelta(days=3)).year)

    pairing.refresh_from_db()
    assert pairing.next_due_on == today + timedelta(days=17)


def test_a_successor_inherits_the_waiting_but_has_a_week(
    city_office, pairing, other_cadre
):
    today = timezone.localdate()
    Pairing.objects.update(status="ended", ended_on=today, end_reason="transfer")
    Pairing.objects.update(last_contact_on=today - timedelta(days=60))
    successor = cast.make_pairing(
        pairing.recipient, other_cadre, previous=pairing, started_on=today
    )

    set_child_standard(city_office, days=31, year=today.year)

    successor.refresh_from_db()
    assert successor.next_due_on == today + timedelta(days=7)


def test_who_is_taken_up_again_has_a_week_under_a_new_standard_too(
    city_office, pairing
):
    today = timezone.localdate()
    Pairing.objects.update(last_contact_on=today - timedelta(days=60), resumed_on=today)

    set_child_standard(city_office, days=31, year=(today - timedelta(days=60)).year)

    pairing.refresh_from_db()
    assert pairing.next_due_on == today + timedelta(days=7)


def test_contacts_of_another_year_are_not_judged_anew(city_office, pairing):
    year = timezone.localdate().year
    Pairing.objects.update(last_contact_on=date(year - 1, 12, 1))

    moved = set_child_standard(city_office, days=20, year=year)

    assert moved == 0
    assert VisitStandard.objects.get().days_between == 20


@pytest.mark.parametrize(
    "values",
    [
        {"days_between": "0"},
        {"visits": "很多"},
        {"visits": "9", "contacts": "4"},
        {"year": "2020"},
    ],
)
def test_a_standard_with_bad_input_keeps_every_word(client, city_office, values):
    answer = post(signed_in(client, city_office), "visit_standards", standard(**values))

    html = answer.content.decode()
    assert answer.status_code == 422
    assert all(f'value="{value}"' in html for value in values.values())
    assert not VisitStandard.objects.exists()


def test_a_standard_sent_without_its_category_keeps_every_word(client, city_office):
    asked = standard(visits="很多")
    del asked["CHILD-category"]

    answer = post(signed_in(client, city_office), "visit_standards", asked)

    assert answer.status_code == 422
    assert 'value="很多"' in answer.content.decode()


# Campaigns


def test_an_office_opens_and_closes_what_is_its_own(client, city_office, festival):
    signed_in(client, city_office)
    page = client.get(reverse("visits:campaign_detail", args=[festival.pk]))
    assert "谈一次心" in page.content.decode()
    assert "看这些走访记录" not in page.content.decode()

    post(client, "campaign_open", {}, pk=festival.pk)
    festival.refresh_from_db()
    assert festival.status == CampaignStatus.OPEN

    post(client, "campaign_close", {}, pk=festival.pk)
    festival.refresh_from_db()
    assert festival.status == CampaignStatus.CLOSED
    kinds = Event.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["campaign.opened", "campaign.closed"]


def test_a_county_cannot_open_the_citys(client, yongchang_office, festival):
    signed_in(client, yongchang_office)
    page = client.get(reverse("visits:campaign_detail", args=[festival.pk]))
    assert reverse("visits:campaign_open", args=[festival.pk]) not in (
        page.content.decode()
    )

    answer = post(client, "campaign_open", {}, pk=festival.pk)

    assert answer.status_code == 409
    festival.refresh_from_db()
    assert festival.status == CampaignStatus.PLANNED


def test_a_campaign_is_opened_once(client, city_office, festival):
    signed_in(client, city_office)
    post(client, "campaign_open", {}, pk=festival.pk)

    answer = post(client, "campaign_open", {}, pk=festival.pk)

    assert answer.status_code == 409
    assert Event.objects.count() == 1


def test_progress_counts_people_within_reach_once(
    client, city_office, jinchuan_office, festival, pairing, cadre, cadre_user
):
    cast.make_pairing(cast.make_recipient("王大山"), cadre)
    seen_for(festival, pairing, cadre_user)
    address = reverse("visits:campaign_detail", args=[festival.pk])

    city = signed_in(client, city_office).get(address).content.decode()
    neighbour = signed_in(client, jinchuan_office).get(address).content.decode()

    assert "已看望 <b>1</b> 人,管辖范围内在结对 2 人" in city
    assert "已看望 <b>0</b> 人,管辖范围内在结对 0 人" in neighbour
    rows = reverse("visits:visit_list") + f"?campaign={festival.pk}"
    assert rows in city
    listed = signed_in(client, city_office).get(rows).content.decode()
    assert pairing.recipient.name in listed


def test_a_leader_reads_no_small_group(client, leader, festival, pairing, cadre_user):
    seen_for(festival, pairing, cadre_user)

    html = (
        signed_in(client, leader)
        .get(reverse("visits:campaign_detail", args=[festival.pk]))
        .content.decode()
    )

    assert "已看望 <b>&lt;5</b> 人" in html
    assert pairing.recipient.name not in html


def test_a_year_of_campaigns_asks_no_more_than_a_few_questions(
    client, city_office, festival, django_assert_max_num_queries
):
    for number in range(6):
        Campaign.objects.create(
            name=f"专题{number}",
            kind=CampaignKind.THEME,
            area_id=CITY,
            nominal_on=festival.nominal_on,
            starts_on=festival.starts_on,
            ends_on=festival.ends_on,
        )
    signed_in(client, city_office)

    with django_assert_max_num_queries(24):
        client.get(reverse("visits:campaign_calendar"))


def arrange(today: date) -> None:
    arrange_sixes(today=today, city=take_turn())


def set_child_standard(by: User, *, days: int, year: int) -> int:
    return campaigns.set_standard(
        category="CHILD", year=year, visits=6, contacts=12, days_between=days, by=by
    )
