"""PR-04, PR-06: a number that is typed into a search box stands in no address.

That no form of any page puts into the address what is typed is seen where all pages are
walked (test_pages_shown.py).
"""

from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.urls import reverse

from common.hidden_numbers import DIGITS, GONE, hidden, shown
from tests import cast


@pytest.mark.parametrize("name", ["resident_id", "phone"])
def test_a_search_by_number_leads_to_an_address_without_it(
    name: str, client, city_office, areas
):
    person = cast.make_recipient("李小伟", phone="19900000031")
    number = getattr(person, name)
    client.force_login(city_office)
    to = reverse("recipients:recipient_list")

    sent = client.post(reverse("reports:find"), {"to": to, "q": number, "area": ""})

    assert sent.status_code == 302
    assert urlsplit(sent.url).path == to
    assert number not in sent.url
    page = client.get(sent.url)
    assert [one.pk for one in page.context["page"].rows] == [person.pk]
    for link in ("after", "page"):
        assert f"q={number}&amp;{link}" not in page.content.decode()


def test_names_and_codes_stay_words_so_that_a_result_can_be_kept(client, city_office):
    client.force_login(city_office)
    to = reverse("reports:search")

    for typed in ("李小伟", "lxw", "JC-YC-2024-00012", "三社 12 号"):
        sent = client.post(reverse("reports:find"), {"to": to, "q": typed})
        assert parse_qs(urlsplit(sent.url).query)["q"] == [typed]


@pytest.mark.parametrize("to", ["", "https://example.org/", "//example.org", "/no/"])
def test_a_search_leads_to_pages_of_our_own_only(to: str, client, city_office):
    client.force_login(city_office)

    sent = client.post(reverse("reports:find"), {"to": to, "q": "李"})

    assert sent.status_code == 404


def test_what_is_typed_wrong_can_be_corrected_and_is_hidden_too(
    client, city_office, areas
):
    wrong = cast.make_recipient("王大山").resident_id[:17]
    client.force_login(city_office)

    sent = client.post(
        reverse("reports:find"), {"to": reverse("reports:search"), "q": wrong}
    )

    assert wrong not in sent.url
    assert f'value="{wrong}"' in client.get(sent.url).content.decode()


def test_a_hidden_number_is_another_each_time_and_lasts_a_day(db):
    number = "9" * DIGITS
    with time_machine.travel("2026-11-25 09:00+08:00", tick=False) as clock:
        token = hidden(number)
        assert token != hidden(number)
        assert shown(token) == number
        clock.shift(24 * 60 * 60)
        assert shown(token) == GONE
    assert shown(f"{token}x") == shown("~") == GONE
