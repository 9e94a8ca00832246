"""The frame of every page: ways on by role, faults, toasts, letters."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.template.loader import render_to_string
from django.test import RequestFactory

from cadres.models import User
from common.refusals import Refused, Stale
from common.toasts import toast
from jinchang_care import navigation

FAULTS = ["400", "403", "403_csrf", "404", "413", "429", "500", "503"]


def page_for(user, path: str = "/", name: str = "404.html", **context) -> str:
    request = RequestFactory().get(path)
    request.user = user
    request.htmx = False
    request._messages = []
    return render_to_string(name, context, request=request)


def labels(user: User, entries=navigation.SIDE) -> set[str]:
    request = RequestFactory().get("/")
    request.user = user
    return {link.label for link in navigation._links(request, entries)}


def test_a_cadre_is_shown_own_ways_only(cadre_user):
    seen = labels(cadre_user)

    assert "首页" in seen
    assert seen.isdisjoint(
        {"工作台", "关爱对象", "账号", "数据导入", "数据比对", "操作留痕"}
    )


def test_an_auditor_is_led_to_the_trail_and_not_to_people(auditor):
    seen = labels(auditor)

    assert "操作留痕" in seen
    assert seen.isdisjoint({"关爱对象", "结对关系", "走访记录", "数据导入"})


def test_every_way_shown_is_one_the_role_may_go(
    city_office, cadre_user, leader, admin, auditor, civil, liaison
):
    for user in (city_office, cadre_user, leader, admin, auditor, civil, liaison):
        shown = labels(user)
        for entry in navigation.SIDE:
            if entry.label in shown:
                assert user.has_permission(entry.permission)


def test_an_entry_without_a_page_is_left_out(city_office):
    missing = navigation.Entry("以后", "gear", "nowhere:yet", "see_recipients")

    assert labels(city_office, (*navigation.SIDE, missing)).isdisjoint({"以后"})


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/", "/"),
        ("/recipients/", "/recipients/"),
        ("/recipients/5/edit/", "/recipients/"),
        ("/elsewhere/", ""),
    ],
)
def test_the_entry_nearest_to_the_page_is_the_current_one(path, nearest):
    assert navigation._nearest(path, ["/", "/recipients/", ""]) == nearest


def test_a_badge_counts_no_further_than_it_shows(city_office, monkeypatch):
    monkeypatch.setitem(navigation.BADGES, "many", lambda user: 100)
    monkeypatch.setitem(navigation.BADGES, "none", lambda user: 0)

    assert navigation._badge("many", city_office) == "99+"
    assert navigation._badge("none", city_office) == ""


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_says_what_to_do_whom_to_ring_and_its_number(name):
    html = page_for(AnonymousUser(), name=f"{name}.html", number="AB12CD34")

    assert html.count("<h1") == 1
    assert 'lang="zh-CN"' in html
    assert "AB12CD34" in html
    assert 'href="tel:' in html


@pytest.mark.parametrize("name", ["400", "403_csrf", "413", "429", "500", "503"])
def test_a_fault_page_asks_the_database_for_nothing(
    name, django_assert_num_queries, city_office
):
    with django_assert_num_queries(0):
        page_for(city_office, name=f"{name}.html", number="1")


def test_someone_signed_in_keeps_the_menu_when_a_page_is_missing(city_office):
    html = page_for(city_office, number="1")

    assert "ax-side" in html
    assert html.count("<h1") == 1


def test_a_refusal_shows_what_changed_meanwhile(city_office):
    stale = Stale("刚被别人改过。", [("生效日期", "11月24日", "<b>11月25日</b>")])

    html = page_for(
        city_office,
        name="409.html",
        words=str(stale),
        changes=stale.changes,
        number="1",
    )

    assert "刚被别人改过。" in html
    assert "11月24日" in html
    assert "&lt;b&gt;11月25日" in html
    assert html.count("<h1") == 1


def test_a_refusal_for_htmx_is_a_part_and_no_page(city_office):
    request = RequestFactory().get("/")
    request.user, request.htmx = city_office, True
    context = {"words": str(Refused("不行。")), "number": "1"}

    html = render_to_string("409.html", context, request=request)

    assert "不行。" in html
    assert "<html" not in html


@pytest.mark.parametrize("size", ["std", "lg", "xl"])
def test_the_letters_are_as_large_as_the_account_wants(city_office, size):
    city_office.text_size = size

    assert f'data-size="{size}"' in page_for(city_office, number="1")


def test_the_page_is_marked_as_a_demonstration_only_in_one(city_office, settings):
    settings.DEMO = True
    assert "演示数据" in page_for(city_office, number="1")

    settings.DEMO = False
    assert "演示数据" not in page_for(city_office, number="1")


def test_the_login_page_lists_demo_accounts_only_in_a_demo(client, db, settings):
    settings.DEMO = True
    assert "jinchang-demo" in client.get("/login/").content.decode()

    settings.DEMO = False
    assert "jinchang-demo" not in client.get("/login/").content.decode()


def test_a_refusal_does_not_look_like_a_deed_that_was_done(rf, city_office):
    request = rf.get("/nowhere/")
    request._messages = CookieStorage(request)
    request.user, request.htmx = city_office, False
    toast(request, "已提醒")
    toast(request, "今天已经提醒过", refused=True)

    page = render_to_string("404.html", {"number": "1"}, request=request)

    done, refused = page.split('<div class="toast-line ')[1:]
    assert done.startswith('is-success" data-toast>')
    assert "check-circle-fill" in done
    assert refused.startswith('is-error" data-toast role="alert">')
    assert "exclamation-triangle-fill" in refused


def test_a_toast_offers_the_way_back(rf, city_office):
    request = rf.get("/")
    request._messages = CookieStorage(request)
    request.user, request.htmx = city_office, False
    toast(request, "已提交 <b>走访</b>", undo_url="/visits/1/take-back/")

    html = render_to_string("404.html", {"number": "1"}, request=request)

    assert "已提交 &lt;b&gt;走访" in html
    assert 'action="/visits/1/take-back/"' in html
    assert "撤销" in html
