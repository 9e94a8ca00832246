"""Icons, states, days, money, chips, toasts: the small words of every page."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.messages.storage.base import Message
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from common.templatetags import ui
from common.toasts import UNDO, undo_url_of


def shown(words: str, **context) -> str:
    return Template(words).render(Context(context))


def test_a_status_is_a_drawing_a_word_and_a_colour():
    html = shown('{% status "late" "超期 3 天" %}')

    assert "st-late" in html
    assert "#exclamation-circle-fill" in html
    assert "超期 3 天" in html


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 8, 10), "8月10日"),
        (date(2025, 8, 10), "2025年8月10日"),
        (datetime(2026, 12, 31, 17, tzinfo=UTC), "2027年1月1日"),
        (None, ""),
    ],
)
def test_a_day_says_its_year_only_when_it_is_another(day, words, time_machine):
    time_machine.move_to("2026-11-26T10:00:00+08:00")

    assert ui.day_words(day) == words


def test_a_status_escapes_its_words():
    assert "<script" not in shown('{% status "ok" given %}', given="<script>")


def test_an_icon_without_a_label_is_hidden_from_readers():
    assert 'aria-hidden="true"' in shown('{% icon "bell" %}')
    assert 'aria-label="消息"' in shown('{% icon "bell" "消息" %}')


@pytest.mark.parametrize(
    ("value", "maximum", "share"),
    [(79, 100, 79), (5, 0, 0), (9, 3, 100), (-1, 5, 0), (0, 0, 0)],
)
def test_a_bar_stays_within_its_frame(value, maximum, share):
    assert ui.share_of(value, maximum) == share


def test_a_bar_changes_colour_only_under_the_given_mark():
    assert "bar-done" in shown('{% bar 79 100 "走访" %}')
    assert "bar-low" in shown('{% bar 79 100 "走访" low=80 %}')
    assert "bar-done" in shown('{% bar 80 100 "走访" low=80 %}')


def test_days_are_said_as_people_say_them():
    monday = date(2026, 11, 23)

    assert ui.weekday(monday) == "星期一"
    assert ui.lunar(monday) == "农历十月十五"
    assert ui.weekday(None) == ui.lunar(None) == ui.ago(None) == ""


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 23), "今天"),
        (date(2026, 11, 22), "昨天"),
        (date(2026, 11, 24), "明天"),
        (date(2026, 11, 2), "21 天前"),
        (date(2026, 11, 26), "3 天后"),
    ],
)
def test_how_long_ago(day, words, time_machine):
    time_machine.move_to("2026-11-23 10:00+08:00")

    assert ui.ago(day) == words


def test_money_and_counts():
    assert ui.money(Decimal("1234.5")) == "1,234.50 元"
    assert ui.money(None) == ""
    assert ui.figure(1_521) == "1,521"
    assert ui.figure("<5") == "<5"
    assert ui.capped(10_000) == "10,000"
    assert ui.capped(10_001) == "10,000+"


def test_a_chip_sets_its_filter_and_goes_back_to_the_first_page():
    request = RequestFactory().get("/", {"q": "王", "kind": "a", "after": "xyz"})
    choices = [
        {"value": "a", "label": "孤儿", "count": 3},
        {"value": "b", "label": "重残", "count": 10_001},
    ]
    page = Template('{% chips choices "kind" everything="全部" %}')

    html = page.render(RequestContext(request, {"choices": choices}))

    assert 'href="?q=%E7%8E%8B&amp;kind=b"' in html
    assert 'href="?q=%E7%8E%8B"' in html
    assert "after" not in html
    assert html.count('aria-current="true"') == 1
    assert "10,000+" in html


def test_the_pager_keeps_the_filters():
    request = RequestFactory().get("/", {"kind": "a", "after": "old"})
    page = Template('{% keyset page target="#rows" %}')

    html = page.render(
        RequestContext(request, {"page": {"next": "new", "previous": ""}})
    )

    assert 'href="?kind=a&amp;after=new"' in html
    assert 'hx-target="#rows"' in html
    assert 'aria-disabled="true"' in html


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/visits/1/take-back/", "/visits/1/take-back/"),
        ("//evil.example/", ""),
        ("/\\evil.example/", ""),
        ("https://evil.example/", ""),
        ("", ""),
    ],
)
def test_undo_posts_nowhere_but_here(address, kept):
    message = Message(25, "已提交", extra_tags=f"{UNDO}{address}")

    assert undo_url_of(message) == kept


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://evil.example/x?y=1", "/x?y=1"),
        ("http://testserver//evil.example/", "/evil.example/"),
        ("javascript:alert(1)", "/"),
        (None, "/"),
    ],
)
def test_a_way_back_never_leaves_the_site(address, path):
    assert ui.own_path(address) == path


def test_a_page_that_does_not_exist_yet_has_no_address():
    assert ui.page_address("nowhere:at_all") == ""
    assert ui.page_address("cadres:login") == "/login/"
