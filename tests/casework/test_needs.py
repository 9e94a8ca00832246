"""Needs: raised, worked, closed with somebody's word; and who may do what."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from audit.models import Event
from casework import operations
from casework.models import Need
from common.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True):
        yield


@pytest.fixture
def need(child, pairing, cadre_user) -> Need:
    return operations.raise_need(
        recipient=child, kind="housing", words="房顶漏雨", urgency="soon", by=cadre_user
    )


@pytest.fixture
def desk(client: Client, yongchang_office) -> Client:
    client.force_login(yongchang_office)
    return client


def test_the_list_shows_those_past_their_day_and_as_many_as_its_chips_say(
    desk, need, child, yongchang_office
):
    late = operations.raise_need(
        recipient=child, kind="other", words="早就说过", urgency="urgent",
        by=yongchang_office,
    )  # fmt: skip
    Need.objects.filter(pk=late.pk).update(
        raised_on=datetime.date(2025, 11, 1), due_on=datetime.date(2025, 11, 4)
    )
    address = reverse("casework:need_list")

    page = desk.get(address, {"late": "1"})

    assert [row.pk for row in page.context["page"].rows] == [late.pk]
    assert "2025年11月4日" in page.content.decode()
    for chip in page.context["chips"]:
        shown = desk.get(address + chip["url"])
        assert shown.context["count"] == chip["count"], chip["label"]


def test_a_solved_need_waits_for_a_word_and_is_not_late(desk, need, yongchang_office):
    office = yongchang_office
    operations.accept_need(need=need, by=office)
    operations.begin_need(need=need, by=office)
    operations.solve_need(need=need, words="屋顶修好了", by=office)
    Need.objects.filter(pk=need.pk).update(
        raised_on=datetime.date(2025, 11, 1), due_on=datetime.date(2025, 11, 4)
    )

    page = desk.get(reverse("casework:need_list")).content.decode()

    assert not Need.objects.late(datetime.date(2026, 11, 23)).exists()
    assert "房顶漏雨" in page
    assert "st-ok" in page
    assert "st-late" not in page


def test_whoever_opens_a_solved_need_reads_what_is_left_to_do(
    client: Client, need, yongchang_office, cadre_user
):
    office = yongchang_office
    for step in (operations.accept_need, operations.begin_need):
        step(need=need, by=office)
    operations.solve_need(need=need, words="屋顶修好了", by=office)
    address = reverse("casework:need_detail", args=[need.pk])

    client.force_login(office)
    assert "确实管用的点“确认办好”" in client.get(address).content.decode()
    client.force_login(cadre_user)
    assert "把结果告诉关爱办" in client.get(address).content.decode()

    operations.confirm_need(need=need, words="老人说不漏了", by=office)
    page = client.get(address).content.decode()
    assert "已确认办好" in page
    assert "把结果告诉关爱办" not in page


def test_needs_are_found_by_whose_they_are(desk, need, child):
    address = reverse("casework:need_list")

    assert desk.get(address, {"q": "lxw"}).context["count"] == 1
    assert desk.get(address, {"q": "王五"}).context["count"] == 0
    refused = desk.get(address, {"q": child.resident_id[:14]})
    assert (refused.status_code, refused.context["count"]) == (422, 0)


@pytest.mark.parametrize(
    ("urgency", "days"), [("normal", 15), ("soon", 7), ("urgent", 3)]
)
def test_a_need_is_due_by_its_urgency(child, cadre_user, urgency, days):
    need = operations.raise_need(
        recipient=child, kind="other", words="修房顶", urgency=urgency, by=cadre_user
    )

    assert need.due_on == datetime.date(2026, 11, 23) + datetime.timedelta(days=days)
    assert Event.objects.get().kind == "need.raised"


def test_a_need_goes_its_way_to_the_end(need, yongchang_office):
    office = yongchang_office
    operations.accept_need(need=need, by=office)
    operations.begin_need(need=need, by=office)
    operations.solve_need(need=need, words="已修好", by=office)
    operations.reopen_need(need=need, words="又漏了", by=office)
    operations.solve_need(need=need, words="重修了防水", by=office)
    closed = operations.confirm_need(need=need, words="家里说不漏了", by=office)

    assert closed.status == "confirmed"
    assert closed.closed_on == datetime.date(2026, 11, 23)
    for words in ("已修好", "又漏了", "重修了防水", "家里说不漏了"):
        assert words in Need.objects.get().answer
    assert Event.objects.count() == 7
    assert "漏" not in str(list(Event.objects.values_list("details", "reason")))


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (operations.begin_need, {}),
        (operations.solve_need, {"words": "修好"}),
        (operations.confirm_need, {"words": "好了"}),
        (operations.reopen_need, {"words": "没好"}),
    ],
)
def test_a_need_just_raised_skips_no_step(need, yongchang_office, move, words):
    with pytest.raises(Refused):
        move(need=need, by=yongchang_office, **words)

    need.refresh_from_db()
    assert need.status == "raised"
    assert Event.objects.count() == 1


def test_nothing_is_closed_without_words(need, yongchang_office):
    with pytest.raises(Refused, match="写明"):
        operations.decline_need(need=need, words="  ", by=yongchang_office)


def test_a_solved_need_is_not_begun_again_in_silence(need, yongchang_office):
    for move in (operations.accept_need, operations.begin_need):
        move(need=need, by=yongchang_office)
    operations.solve_need(need=need, words="修好", by=yongchang_office)

    with pytest.raises(Refused, match="重新办理"):
        operations.begin_need(need=need, by=yongchang_office)


def test_nobody_who_left_has_new_needs(child, cadre_user):
    child.status, child.left_reason = "left", "moved"
    child.left_on = datetime.date(2026, 11, 1)
    child.save()

    with pytest.raises(Refused, match="退出"):
        operations.raise_need(
            recipient=child, kind="other", words="修", urgency="soon", by=cadre_user
        )


def test_a_need_due_before_it_was_raised_is_refused(need):
    with pytest.raises(IntegrityError, match="need_is_due_after_it_is_raised"):
        Need.objects.filter(pk=need.pk).update(due_on=datetime.date(2026, 1, 1))


def test_the_words_are_sealed_at_rest(need):
    raw = Need.objects.extra(select={"raw": "words"}).get().raw

    assert "漏雨".encode() not in bytes(raw)


def test_the_office_sees_and_moves_a_need(desk, need):
    assert "房顶漏雨" in desk.get(reverse("casework:need_list")).content.decode()
    url = reverse("casework:need_detail", args=[need.pk])
    accept = reverse("casework:need_move", args=[need.pk, "accept"])
    assert accept in desk.get(url).content.decode()

    assert desk.post(accept).url == url

    need.refresh_from_db()
    assert need.status == "accepted"


def test_a_move_without_its_words_is_asked_again(desk, need):
    url = reverse("casework:need_move", args=[need.pk, "decline"])

    page = desk.post(url, {"words": " "})

    need.refresh_from_db()
    assert page.status_code == 422
    assert "请写明情况" in page.content.decode()
    assert need.status == "raised"


def test_an_unknown_move_does_not_exist(desk, need):
    url = reverse("casework:need_move", args=[need.pk, "forget"])

    assert desk.post(url).status_code == 404


def test_a_move_out_of_turn_is_a_conflict(desk, need):
    url = reverse("casework:need_move", args=[need.pk, "solve"])

    assert desk.post(url, {"words": "修好"}).status_code == 409


@pytest.mark.parametrize(
    ("query", "shown"),
    [({}, True), ({"status": "solved"}, False), ({"kind": "legal"}, False),
     ({"status": "all", "urgency": "soon"}, True)],
)  # fmt: skip
def test_the_list_is_narrowed(desk, need, query, shown):
    html = desk.get(reverse("casework:need_list"), query).content.decode()

    assert ("房顶漏雨" in html) is shown


def test_rubbish_in_a_filter_is_told(desk, need):
    page = desk.get(reverse("casework:need_list"), {"status": "\0"})

    assert page.status_code == 422


def test_the_neighbour_finds_nothing(client, need, jinchuan_office):
    client.force_login(jinchuan_office)

    listed = client.get(reverse("casework:need_list")).content.decode()
    assert "房顶漏雨" not in listed
    for name, key in (
        ("casework:need_detail", [need.pk]),
        ("casework:of_recipient", [need.recipient_id]),
        ("casework:need_raise", [need.recipient_id]),
    ):
        assert client.get(reverse(name, args=key)).status_code == 404
    url = reverse("casework:need_move", args=[need.pk, "accept"])
    assert client.post(url).status_code == 404


def test_a_cadre_raises_and_follows_but_does_not_move(client, need, child, cadre_user):
    client.force_login(cadre_user)

    raised = client.post(
        reverse("casework:need_raise", args=[child.pk]),
        {"words": "想转学", "kind": "education", "urgency": "urgent"},
    )
    bad = client.post(
        reverse("casework:need_raise", args=[child.pk]),
        {"words": "", "kind": "education", "urgency": "urgent"},
    )

    assert raised.status_code == 302
    assert bad.status_code == 422
    page = client.get(raised.url).content.decode()
    assert "想转学" in page
    assert "/accept/" not in page
    url = reverse("casework:need_move", args=[need.pk, "accept"])
    assert client.post(url).status_code == 403
    part = client.get(
        reverse("casework:of_recipient", args=[child.pk]),
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "房顶漏雨" in part
    assert '<span id="tab-needs" hx-swap-oob="true">2</span>' in part
    assert "<html" not in part


def test_the_list_asks_few_questions(
    desk, need, child, cadre_user, django_assert_max_num_queries
):
    for number in range(30):
        operations.raise_need(
            recipient=child, kind="other", words=f"{number}", urgency="soon",
            by=cadre_user,
        )  # fmt: skip

    with django_assert_max_num_queries(10):
        desk.get(reverse("casework:need_list"))
