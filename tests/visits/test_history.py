"""A person's timeline: everything once, newest first, however it is paged."""

import datetime
import uuid

import pytest

from casework.models import Need
from recipients.enums import PairingStatus
from tests import cast
from visits import history
from visits.models import HomeVisit


@pytest.fixture
def visits(pairing, cadre, cadre_user):
    """Fifty visits, some on the same day, two to each of several days."""
    return [
        HomeVisit.objects.create(
            client_id=uuid.uuid4(),
            together=uuid.uuid4(),
            recipient=pairing.recipient,
            cadre=cadre,
            pairing=pairing,
            organisation=cadre.organisation,
            day=datetime.date(2026, 1, 1) + datetime.timedelta(days=number // 3 * 4),
            words=f"第{number}次",
            content_hash="0" * 64,
            entered_by=cadre_user,
        )
        for number in range(50)
    ]


@pytest.fixture
def need(child):
    return Need.objects.create(
        recipient=child,
        words="想办残疾证",
        status="confirmed",
        answer="已办好",
        raised_on=datetime.date(2026, 1, 5),
        due_on=datetime.date(2026, 1, 20),
        closed_on=datetime.date(2026, 2, 3),
    )


def told(child, user, *, only_visits=False):
    """Return the happenings page by page, as somebody turns the pages."""
    cursor, pages = None, []
    while cursor != "":
        page, items = history.history_page(
            child, user, cursor=cursor, only_visits=only_visits
        )
        pages.append(items)
        cursor = page.next
    return pages


def test_everything_is_told_once_and_in_order(child, visits, need, yongchang_office):
    pages = told(child, yongchang_office)

    assert len(pages) == 3
    lines = [one for page in pages for one in page]
    assert [one.day for one in lines] == sorted(
        (one.day for one in lines), reverse=True
    )
    titles = [one.title for one in lines]
    assert titles.count("入户") == 50
    for title in ("建档", "干部结对开始", "提出其他需求"):
        assert titles.count(title) == 1
    closed = next(one for one in lines if one.day == need.closed_on and one.kind)
    assert closed.words == "已办好"


def test_only_visits_leaves_the_rest_out(child, visits, need, yongchang_office):
    lines = [
        one for page in told(child, yongchang_office, only_visits=True) for one in page
    ]

    assert {one.title for one in lines} == {"入户"}


def test_a_cadre_is_not_told_of_other_carers(child, pairing, cadre_user, other_cadre):
    cast.make_pairing(
        child,
        other_cadre,
        kind="mother",
        status=PairingStatus.ENDED,
        ended_on=datetime.date(2026, 3, 1),
        end_reason="moved",
        next_due_on=None,
    )

    lines = [one for page in told(child, cadre_user) for one in page]

    assert not any("马兰" in one.words for one in lines)
    assert any("赵军" in one.words for one in lines)


def test_the_page_keeps_what_was_chosen(client, child, visits, yongchang_office):
    client.force_login(yongchang_office)

    answer = client.get(f"/visits/of/{child.pk}/?only=visits")

    assert "only=visits" in answer.content.decode()
    assert "建档" not in answer.content.decode()
