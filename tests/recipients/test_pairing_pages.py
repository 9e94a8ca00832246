"""The pages about pairings: stranger, reader, writer; queries; words."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cadres.enums import Role
from cadres.models import Cadre, User
from recipients.enums import PairingStatus
from recipients.models import Pairing, Recipient
from tests import cast

PROPOSED = {
    "status": PairingStatus.PROPOSED,
    "started_on": None,
    "next_due_on": None,
}
# name, method, what is posted, who may (by name of the fixture) and who may not
ABOUT_ONE = [
    ("pairing_detail", "get"),
    ("pairing_review", "get"),
    ("pairing_approve", "post"),
    ("pairing_return", "post"),
    ("pairing_rechoose", "post"),
    ("pairing_pause", "post"),
    ("pairing_resume", "post"),
    ("pairing_end", "post"),
    ("pairing_extend", "post"),
    ("pairing_handover", "get"),
    ("pairing_handover", "post"),
]
OFFICE_ONLY = {
    "pairing_review",
    "pairing_approve",
    "pairing_return",
    "pairing_rechoose",
    "pairing_pause",
    "pairing_resume",
    "pairing_end",
    "pairing_extend",
}


def today() -> datetime.date:
    return timezone.localdate()


def url(name: str, row=None, query: str = "") -> str:
    return reverse(f"recipients:{name}", args=[row.pk] if row else []) + query


@pytest.fixture
def proposal(child: Recipient, cadre: Cadre, hexibao_office: User) -> Pairing:
    return cast.make_pairing(child, cadre, proposed_by=hexibao_office, **PROPOSED)


@pytest.fixture
def as_county(client: Client, yongchang_office: User) -> Client:
    client.force_login(yongchang_office)
    return client


def test_propose_board_approve_is_a_thread(
    client: Client,
    child: Recipient,
    cadre: Cadre,
    hexibao_office: User,
    yongchang_office: User,
):
    client.force_login(hexibao_office)
    assert "李小伟" in client.get(url("pairing_propose", child)).text
    answer = client.post(
        url("pairing_propose", child),
        {"recipients": [child.pk], "cadre": cadre.pk, "kind": "cadre"},
    )
    made = Pairing.objects.get()
    assert answer.url == url("pairing_detail", made)

    client.force_login(yongchang_office)
    assert "李小伟" in client.get(url("pairing_board")).text
    assert "为什么是这位" in client.get(url("pairing_review", made)).text
    answer = client.post(
        url("pairing_approve", made), {"on": made.proposed_on, "version": made.version}
    )

    made.refresh_from_db()
    assert made.status == PairingStatus.ACTIVE
    assert child not in Recipient.objects.unpaired()
    board = client.get(answer.url)
    assert "撤销" in board.text
    client.post(url("pairing_undo", query=f"?pairing={made.pk}"))
    assert child in Recipient.objects.unpaired()


# --- who may -------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "method"), ABOUT_ONE)
def test_a_stranger_signs_in_first(
    client: Client, proposal: Pairing, name: str, method: str
):
    answer = getattr(client, method)(url(name, proposal))

    assert answer.status_code == 302
    assert "login" in answer.url


@pytest.mark.parametrize(("name", "method"), ABOUT_ONE)
def test_the_neighbour_finds_nothing(
    client: Client, proposal: Pairing, jinchuan_office: User, name: str, method: str
):
    client.force_login(jinchuan_office)

    assert getattr(client, method)(url(name, proposal)).status_code == 404


@pytest.mark.parametrize(("name", "method"), ABOUT_ONE)
@pytest.mark.parametrize("who", ["cadre_user", "leader", "auditor", "civil"])
def test_other_roles_are_refused(
    request, client: Client, proposal: Pairing, who: str, name: str, method: str
):
    client.force_login(request.getfixturevalue(who))

    assert getattr(client, method)(url(name, proposal)).status_code == 403


@pytest.mark.parametrize(("name", "method"), ABOUT_ONE)
def test_a_liaison_looks_and_proposes_but_does_not_decide(
    client: Client, pairing: Pairing, liaison: User, name: str, method: str
):
    client.force_login(liaison)

    status = getattr(client, method)(url(name, pairing)).status_code

    expected = 403 if name in OFFICE_ONLY else 200 if method == "get" else 422
    assert status == expected


@pytest.mark.parametrize(("name", "method"), ABOUT_ONE)
def test_nobody_finds_what_is_not_there(
    as_county: Client, areas: None, name: str, method: str
):
    address = reverse(f"recipients:{name}", args=[uuid.uuid4()])

    assert getattr(as_county, method)(address).status_code == 404


@pytest.mark.parametrize("who", ["hexibao_office", "liaison", "city_office", "admin"])
def test_the_board_opens_for_those_who_may_look(
    request, client: Client, proposal: Pairing, pairing_queue: str, who: str
):
    client.force_login(request.getfixturevalue(who))

    answer = client.get(url("pairing_board", query=f"?queue={pairing_queue}"))

    assert answer.status_code == 200


@pytest.fixture(
    params=["review", "unpaired", "overload", "expiring", "returned", "all", "rubbish"]
)
def pairing_queue(request) -> str:
    return request.param


@pytest.mark.parametrize(
    "query", ["?after=%00", "?after=zzz", "?open=x", "?queue=%F0%9F&after=eyJ"]
)
def test_rubbish_in_the_address_is_no_error(
    as_county: Client, proposal: Pairing, query: str
):
    assert as_county.get(url("pairing_board", query=query)).status_code == 200


def test_a_township_sees_the_decision_but_no_button(
    client: Client, proposal: Pairing, areas: None
):
    client.force_login(cast.office("hexibao2", cast.HEXIBAO))

    page = client.get(url("pairing_review", proposal))

    assert "由县区或市关爱办审核" in page.text
    assert url("pairing_return", proposal) not in page.text
    answer = client.post(url("pairing_approve", proposal), {"on": today()})
    assert answer.status_code == 422
    assert "县区或市" in answer.text


# --- deciding ------------------------------------------------------------------------


def test_a_refusal_keeps_every_word(as_county: Client, proposal: Pairing, cadre: Cadre):
    for number in range(3):
        cast.make_pairing(cast.make_recipient(f"某{number}"), cadre)

    answer = as_county.post(
        url("pairing_approve", proposal), {"on": today(), "words": "一句意见"}
    )

    assert answer.status_code == 422
    assert "超过上限" in answer.text
    assert "一句意见" in answer.text
    answer = as_county.post(
        url("pairing_approve", proposal),
        {"on": today(), "over_capacity_words": "同村,顺路"},
    )
    assert answer.status_code == 302


def test_returning_without_a_reason_is_asked_again(
    as_county: Client, proposal: Pairing
):
    assert as_county.post(url("pairing_return", proposal), {}).status_code == 422

    answer = as_county.post(url("pairing_return", proposal), {"words": "太远"})

    proposal.refresh_from_db()
    assert answer.status_code == 302
    assert proposal.status == PairingStatus.REJECTED


def test_a_stale_form_is_a_conflict(as_county: Client, proposal: Pairing):
    answer = as_county.post(
        url("pairing_approve", proposal), {"on": today(), "version": 9}
    )

    assert answer.status_code == 409


def test_a_household_is_approved_by_one_button(
    as_county: Client, proposal: Pairing, cadre: Cadre, hexibao_office: User
):
    brother = cast.make_recipient("李小强", household=proposal.recipient.household)
    second = cast.make_pairing(brother, cadre, proposed_by=hexibao_office, **PROPOSED)
    assert "通过,2 人一并结对" in as_county.get(url("pairing_review", proposal)).text

    as_county.post(
        url("pairing_approve", proposal), {"on": today(), "together": [second.pk]}
    )

    assert Pairing.objects.active().count() == 2


def test_a_stranger_cannot_be_slipped_into_a_household(
    as_county: Client, proposal: Pairing, other_cadre: Cadre
):
    foreign = cast.make_pairing(
        cast.make_recipient("陈静", area=cast.SHUANGWAN), other_cadre, **PROPOSED
    )

    answer = as_county.post(
        url("pairing_approve", proposal), {"on": today(), "together": [foreign.pk]}
    )

    assert answer.status_code == 422
    assert "陈静" not in answer.text
    assert not Pairing.objects.active().exists()


def test_the_selected_are_approved_each_by_itself(
    as_county: Client, proposal: Pairing, other_cadre: Cadre, yongchang_office: User
):
    own = cast.make_pairing(
        cast.make_recipient("王大山"),
        other_cadre,
        proposed_by=yongchang_office,
        **PROPOSED,
    )

    answer = as_county.post(
        url("pairing_approve_selected"),
        {"pairing": [proposal.pk, own.pk]},
        follow=True,
    )

    assert list(Pairing.objects.active()) == [proposal]
    assert "已通过 1 件" in answer.text
    assert "同名账号" in answer.text


@pytest.mark.parametrize("key", ["foreign", "rubbish"])
def test_one_foreign_key_among_the_selected_takes_all_along(
    as_county: Client, proposal: Pairing, other_cadre: Cadre, key: str
):
    elsewhere = cast.make_recipient("陈静", area=cast.SHUANGWAN)
    foreign = cast.make_pairing(elsewhere, other_cadre, **PROPOSED)
    named = foreign.pk if key == "foreign" else key

    answer = as_county.post(
        url("pairing_approve_selected"), {"pairing": [proposal.pk, named]}
    )

    assert answer.status_code == 404
    assert not Pairing.objects.active().exists()


def test_another_is_chosen_from_the_page(
    as_county: Client, proposal: Pairing, other_cadre: Cadre
):
    as_county.post(url("pairing_rechoose", proposal), {"cadre": other_cadre.pk})

    assert Pairing.objects.proposed().get().cadre == other_cadre


# --- changing ------------------------------------------------------------------------


def test_a_pairing_is_paused_resumed_extended_and_ended(
    as_county: Client, pairing: Pairing
):
    far = today() + datetime.timedelta(days=90)
    steps = [
        ("pairing_pause", {"reason": "病假"}, "paused"),
        ("pairing_resume", {}, "active"),
        ("pairing_extend", {"until": far}, "active"),
        ("pairing_end", {"reason": "retired", "on": today()}, "ended"),
    ]
    for name, given, status in steps:
        assert as_county.post(url(name, pairing), given).status_code == 302
        pairing.refresh_from_db()
        assert pairing.status == status
    page = as_county.get(url("pairing_detail", pairing))
    assert "病假" in page.text
    assert "退休" in page.text


@pytest.mark.parametrize("name", ["pairing_pause", "pairing_end"])
def test_half_a_form_is_asked_again(as_county: Client, pairing: Pairing, name: str):
    answer = as_county.post(url(name, pairing), {"on": "明天"})

    pairing.refresh_from_db()
    assert answer.status_code == 422
    assert pairing.status == PairingStatus.ACTIVE


def test_the_county_hands_over_at_once_and_the_unit_proposes(
    client: Client, pairing: Pairing, unit, liaison: User, yongchang_office: User
):
    first, second = cast.make_cadre("何霞", unit), cast.make_cadre("魏东", unit)
    client.force_login(yongchang_office)
    client.post(
        url("pairing_handover", pairing), {"cadre": first.pk, "words": "药在灶房"}
    )
    made = Pairing.objects.active().get()
    assert (made.cadre, made.previous) == (first, pairing)

    client.force_login(liaison)
    client.post(url("pairing_handover", made), {"cadre": second.pk, "words": "调离"})
    assert Pairing.objects.proposed().get().previous == made
    assert Pairing.objects.active().get() == made


def test_all_of_a_cadre_is_handed_over_on_one_page(
    as_county: Client, pairing: Pairing, cadre: Cadre, other_cadre: Cadre
):
    cast.make_pairing(cast.make_recipient("王大山"), cadre)
    assert "2 人全部交接" in as_county.get(url("pairing_handover_all", cadre)).text

    as_county.post(
        url("pairing_handover_all", cadre), {"cadre": other_cadre.pk, "words": "退休"}
    )

    assert Pairing.objects.active().filter(cadre=other_cadre).count() == 2


# --- the unit ------------------------------------------------------------------------


def test_a_unit_proposes_for_a_person_named_by_code_and_name(
    client: Client, child: Recipient, cadre: Cadre, liaison: User
):
    client.force_login(liaison)
    assert client.get(url("pairing_propose", child)).status_code == 404
    wrong = {"code": child.code, "name": "李大伟", "cadre": cadre.pk}

    answer = client.post(url("pairing_propose_by_code"), wrong)

    assert answer.status_code == 422
    assert "李小伟" not in answer.text
    client.post(url("pairing_propose_by_code"), {**wrong, "name": "李小伟"})
    assert Pairing.objects.proposed().get().recipient == child


def test_what_was_returned_can_be_proposed_again_in_two_taps(
    client: Client, proposal: Pairing, liaison: User
):
    Pairing.objects.filter(pk=proposal.pk).update(
        status=PairingStatus.REJECTED, reviewed_at=timezone.now(), review_words="换人"
    )
    client.force_login(liaison)
    again = reverse("recipients:pairing_propose_by_code")
    code = proposal.recipient.code

    page = client.get(reverse("recipients:pairing_detail", args=[proposal.pk]))
    form = client.get(again, {"code": code})

    assert f'href="{again}?code={code}"' in page.content.decode()
    assert f'value="{code}"' in form.content.decode()


def test_a_persons_page_leads_to_the_pairing_for_those_who_work_on_it(
    client: Client, pairing: Pairing, yongchang_office: User, cadre_user: User
):
    person = reverse("recipients:recipient_detail", args=[pairing.recipient_id])
    about = reverse("recipients:pairing_detail", args=[pairing.pk])

    client.force_login(yongchang_office)
    assert f'href="{about}"' in client.get(person).content.decode()

    client.force_login(cadre_user)
    assert about not in client.get(person).content.decode()


def test_a_cadres_families_can_be_handed_over_from_its_page(
    client: Client, pairing: Pairing, yongchang_office: User, liaison: User
):
    families = reverse("recipients:pairings_of_cadre", args=[pairing.cadre_id])
    all_of_them = reverse("recipients:pairing_handover_all", args=[pairing.cadre_id])

    client.force_login(yongchang_office)
    assert all_of_them in client.get(families).content.decode()

    client.force_login(liaison)
    assert all_of_them not in client.get(families).content.decode()


def test_a_unit_sees_a_masked_name_until_it_cares(
    client: Client, proposal: Pairing, liaison: User
):
    client.force_login(liaison)

    board = client.get(url("pairing_board"))

    assert "李*伟" not in board.text
    assert "李小伟" not in board.text
    assert "李**" in board.text
    assert "李小伟" not in client.get(url("pairing_detail", proposal)).text


def test_a_unit_is_offered_its_own_cadres(
    client: Client, pairing: Pairing, unit, other_cadre: Cadre, liaison: User
):
    cast.make_cadre("何霞", unit)
    client.force_login(liaison)

    page = client.get(url("pairing_handover", pairing))

    assert "何霞" in page.text
    assert other_cadre.name not in page.text
    answer = client.post(
        url("pairing_handover", pairing), {"cadre": other_cadre.pk, "words": "调离"}
    )
    assert answer.status_code == 422


# --- queries -------------------------------------------------------------------------


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("queue", ["review", "unpaired", "overload", "expiring", "all"])
def test_the_board_asks_as_much_of_many_as_of_few(
    as_county: Client, proposal: Pairing, unit, queue: str
):
    address = url("pairing_board", query=f"?queue={queue}")
    worked = cast.make_cadre("周民", unit, capacity=0)
    soon = {"until": today()}
    cast.make_pairing(cast.make_recipient("王大山"), worked, **soon)
    few = queries_of(as_county, address)

    for number in range(12):
        carer = cast.make_cadre(f"干部{number}", unit, capacity=0)
        cast.make_pairing(cast.make_recipient(f"某{number}"), carer, **soon)
        cast.make_pairing(cast.make_recipient(f"甲{number}"), carer, **PROPOSED)

    assert queries_of(as_county, address) == few
    assert few <= 12


@pytest.mark.parametrize(
    "name", ["pairing_review", "pairing_propose", "pairing_detail"]
)
def test_a_page_asks_no_more_than_twelve_times(
    as_county: Client, proposal: Pairing, unit, name: str
):
    for number in range(12):
        cast.make_cadre(f"干部{number}", unit)
    row = proposal.recipient if name == "pairing_propose" else proposal

    assert queries_of(as_county, url(name, row)) <= 12


def test_a_search_finds_cadres_by_name_pinyin_and_initials(
    as_county: Client, child: Recipient, other_cadre: Cadre
):
    for sought in ("马兰", "malan", "ML"):
        page = as_county.get(url("pairing_propose", child, query=f"?q={sought}"))
        assert other_cadre.organisation.name in page.text, sought
    assert (
        as_county.get(url("pairing_propose", child, query="?q=%00")).status_code == 200
    )


def test_a_role_that_only_looks_gets_no_buttons(
    client: Client, pairing: Pairing, admin: User
):
    assert admin.role == Role.ADMIN
    client.force_login(admin)

    page = client.get(url("pairing_detail", pairing))

    assert url("pairing_end", pairing) not in page.text
    assert url("pairing_handover", pairing) not in page.text
