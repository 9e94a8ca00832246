"""The greeting: by the hour, and one for the office and the phone."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from common.greetings import greeting

EIGHT_AND_TEN = (
    ("2026-11-23T00:30:00+00:00", "早上好"),
    ("2026-11-23T02:30:00+00:00", "上午好"),
)


@pytest.mark.parametrize(
    ("hour", "words"),
    [(0, "早上好"), (9, "上午好"), (11, "中午好"), (13, "下午好"), (23, "晚上好")],
)
def test_each_hour_has_its_greeting(hour, words):
    now = datetime.datetime(2026, 11, 23, hour, tzinfo=datetime.UTC)

    assert greeting("赵军", now) == f"赵军,{words}"


@pytest.mark.django_db
@pytest.mark.parametrize(("moment", "words"), EIGHT_AND_TEN)
def test_the_office_and_the_cadre_are_greeted_alike(
    client, city_office, cadre, cadre_user, moment, words
):
    pages = []
    with time_machine.travel(moment, tick=False):
        for user, name in (
            (city_office, "reports:home"),
            (cadre_user, "visits:cadre_home"),
        ):
            client.force_login(user)
            pages.append(client.get(reverse(name)).content.decode())

    assert all(words in page for page in pages)
