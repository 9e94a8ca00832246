"""Differences: each closed with its deed, in the office's own reach."""

import json
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from cadres.models import User
from common.encryption import blind_index
from common.refusals import Refused
from recipients.models import Recipient
from rosters import deeds
from rosters.enums import (
    ClosingDeed,
    DifferenceKind,
    DifferenceStatus,
    RosterStatus,
)
from rosters.forms import SettleForm
from rosters.models import Difference, Roster, RosterRow
from rosters.operations import reconcile, settling
from tests import cast

MONTH = timezone.localdate().replace(day=1)


def make_roster(kind: str, by: User, *rows: dict) -> Roster:
    roster = Roster.objects.create(
        kind=kind,
        month=MONTH,
        area_id="620300000000",
        file_name="名单.xlsx",
        content_hash=uuid.uuid4().hex,
        by=by,
        rows_read=len(rows),
    )
    for number, row in enumerate(rows, start=4):
        RosterRow.objects.create(
            roster=roster,
            number=number,
            position=number,
            resident_id_index=blind_index(row["id"]),
            content=json.dumps({"id": row.pop("id")}),
            **row,
        )
    return reconcile.compare_roster(roster=roster, by=by)


@pytest.fixture
def dead(child: Recipient, yongchang_office: User) -> Difference:
    make_roster(
        "deaths", yongchang_office, {"name": child.name, "id": child.resident_id}
    )
    return Difference.objects.get()


def test_a_death_that_is_confirmed_closes_file_pairing_and_list(
    dead: Difference, pairing, yongchang_office: User
):
    deeds.settle_with(
        difference=dead,
        deed=ClosingDeed.LEFT,
        left_on=timezone.localdate(),
        by=yongchang_office,
    )

    dead.refresh_from_db()
    pairing.refresh_from_db()
    assert dead.status == DifferenceStatus.CLOSED
    assert dead.recipient.status == "left"
    assert dead.recipient.left_reason == "died"
    assert pairing.status == "ended"
    assert dead.roster.status == RosterStatus.WORKED
    assert Event.objects.filter(kind="difference.settled").count() == 1


def test_a_file_that_lacks_something_is_one_tap_away(
    client, child, yongchang_office, admin
):
    lacking = Difference.objects.create(
        kind=DifferenceKind.MISSING_FIELDS,
        month=timezone.localdate().replace(day=1),
        recipient=child,
        area=child.area,
        fields=["phone"],
    )
    settle = reverse("rosters:difference_settle", args=[lacking.pk])
    edit = f"{reverse('recipients:recipient_edit', args=[child.pk])}?next={settle}"
    pages = (
        reverse("rosters:difference_list"),
        settle,
    )

    for page in pages:
        client.force_login(yongchang_office)
        assert f'href="{edit}"' in client.get(page).content.decode()
        # The administrator writes no files.
        client.force_login(admin)
        assert f'href="{edit}"' not in client.get(page).content.decode()


def test_somebody_on_the_list_only_is_enrolled(yongchang_office: User):
    number = cast.resident_id()
    make_roster(
        "disability",
        yongchang_office,
        {
            "name": "马秀花",
            "id": number,
            "area_id": cast.HEXIBAO,
            "disability_kind": "4",
            "disability_grade": "1",
        },
    )

    deeds.settle_with(
        difference=Difference.objects.get(),
        deed=ClosingDeed.ENROLLED,
        by=yongchang_office,
    )

    person = Recipient.objects.get(resident_id_index=blind_index(number))
    assert (person.name, person.category) == ("马秀花", "DISABLED")
    assert person.disability_kind == "4"


def test_a_file_is_corrected_by_what_the_list_says(
    child: Recipient, yongchang_office: User
):
    make_roster(
        "dibao",
        yongchang_office,
        {"name": "李晓伟", "id": child.resident_id, "area_id": child.area_id},
    )

    deeds.settle_with(
        difference=Difference.objects.get(),
        deed=ClosingDeed.CORRECTED,
        by=yongchang_office,
    )

    child.refresh_from_db()
    assert (child.name, child.dibao) == ("李晓伟", True)


def test_leaving_things_as_they_are_needs_a_reason(dead, yongchang_office: User):
    with pytest.raises(Refused, match="为什么"):
        settling.settle(
            difference=dead, deed=ClosingDeed.NOTHING, words="无", by=yongchang_office
        )

    dead.refresh_from_db()
    assert dead.status == DifferenceStatus.OPEN


def test_the_reason_cannot_be_left_out_below_the_operation(dead, yongchang_office):
    with (
        pytest.raises(IntegrityError, match="left_alone_has_a_reason"),
        transaction.atomic(),
    ):
        Difference.objects.update(
            status="closed",
            deed="nothing",
            closed_by=yongchang_office,
            closed_at=timezone.now(),
        )


def test_a_deed_that_is_refused_leaves_the_difference_open(dead, yongchang_office):
    with pytest.raises(Refused, match="补录"):
        deeds.settle_with(
            difference=dead, deed=ClosingDeed.ENROLLED, by=yongchang_office
        )

    dead.refresh_from_db()
    assert dead.status == DifferenceStatus.OPEN


def test_a_closed_difference_can_be_opened_again(dead, yongchang_office: User):
    settling.settle(
        difference=dead,
        deed=ClosingDeed.NOTHING,
        words="家属证实健在",
        by=yongchang_office,
    )

    settling.reopen(difference=dead, by=yongchang_office)

    dead.refresh_from_db()
    assert (dead.status, dead.deed) == (DifferenceStatus.OPEN, "")
    assert dead.roster.status == RosterStatus.COMPARED


def test_the_neighbour_neither_sees_nor_settles(
    client: Client, dead: Difference, jinchuan_office: User
):
    client.force_login(jinchuan_office)
    address = reverse("rosters:difference_settle", args=[dead.pk])

    assert client.get(address).status_code == 404
    assert client.post(address, {"deed": "nothing"}).status_code == 404
    assert (
        dead.recipient.name
        not in client.get(reverse("rosters:difference_list")).content.decode()
    )


def test_the_page_keeps_every_word_of_a_form_that_fails(
    client: Client, dead: Difference, yongchang_office: User
):
    client.force_login(yongchang_office)
    address = reverse("rosters:difference_settle", args=[dead.pk])

    response = client.post(
        address, {"deed": "enrolled", "words": "这句话不能丢", "left_on": ""}
    )

    assert response.status_code == 422
    assert "这句话不能丢" in response.content.decode()
    assert "这条差异不能这样处理" in response.content.decode()


@pytest.mark.parametrize("day", ["2099-01-01", "明天"])
def test_a_day_of_leaving_is_asked_of_nothing_else(dead: Difference, day: str):
    fitting = deeds.fitting(dead)
    told = {"words": "邻居说人还在,不属实", "left_on": day}

    nothing = SettleForm({"deed": "nothing", **told}, deeds=fitting)
    left = SettleForm({"deed": "left", **told}, deeds=fitting)

    assert nothing.is_valid()
    assert nothing.cleaned_data["left_on"] is None
    assert list(left.errors) == ["left_on"]


@pytest.fixture
def expired(child: Recipient) -> Difference:
    Recipient.objects.filter(pk=child.pk).update(certificate_until="2024-01-01")
    return Difference.objects.create(
        kind=DifferenceKind.CERTIFICATE_EXPIRED,
        month=MONTH,
        recipient=child,
        area=child.area,
        fields=["certificate_until"],
    )


def test_what_the_registry_finds_in_itself_is_put_right_in_the_file(
    client: Client, expired: Difference, yongchang_office: User
):
    settle = reverse("rosters:difference_settle", args=[expired.pk])
    edit = reverse("recipients:recipient_edit", args=[expired.recipient_id])
    client.force_login(yongchang_office)

    first = client.get(settle).content.decode()
    to_the_file = client.post(settle, {"deed": "corrected"})
    form = client.get(to_the_file["Location"]).context["form"]
    told = {one.html_name: one.value() for one in form if one.value() is not None}
    saved = client.post(
        to_the_file["Location"], told | {"certificate_until": "2099-01-01"}
    )
    page = client.get(saved["Location"]).content.decode()
    client.post(settle, {"deed": "corrected"})

    # There is no list beside which the file would stand.
    assert '<th scope="col">名单</th>' not in first
    assert to_the_file["Location"] == f"{edit}?next={settle}"
    assert saved["Location"] == settle
    assert "档案里已经改好" in page
    expired.refresh_from_db()
    assert (expired.status, expired.deed) == ("closed", "corrected")


def test_a_fault_that_still_stands_is_no_correction(
    client: Client, expired: Difference, yongchang_office: User, admin: User
):
    with pytest.raises(Refused, match="还没有改好"):
        deeds.settle_with(difference=expired, deed="corrected", by=yongchang_office)

    # The administrator writes no files, and is told who does.
    client.force_login(admin)
    settle = reverse("rosters:difference_settle", args=[expired.pk])
    answer = client.post(settle, {"deed": "corrected"})

    assert answer.status_code == 422
    assert "请关爱办先修改档案" in answer.content.decode()
    expired.refresh_from_db()
    assert expired.status == DifferenceStatus.OPEN


def test_the_form_of_a_file_leads_nowhere_else(client, child, yongchang_office):
    client.force_login(yongchang_office)
    edit = reverse("recipients:recipient_edit", args=[child.pk])

    page = client.get(f"{edit}?next=//evil.example/").content.decode()

    assert "evil.example" not in page


def test_only_deeds_that_can_be_done_are_offered_the_usual_one_first(
    client: Client, dead: Difference, child: Recipient, yongchang_office: User
):
    unknown = {"name": "马秀花", "id": cast.resident_id(), "area_id": child.area_id}
    make_roster("dibao", yongchang_office, unknown)
    lacking = Difference.objects.create(
        kind=DifferenceKind.MISSING_FIELDS,
        month=MONTH,
        recipient=child,
        area=child.area,
    )
    found = {
        "dead": dead,
        "unknown": Difference.objects.get(kind=DifferenceKind.NOT_IN_REGISTRY),
        "lacking": lacking,
    }

    fitting = {name: deeds.fitting(one) for name, one in found.items()}

    assert fitting == {
        "dead": [ClosingDeed.LEFT, ClosingDeed.NOTHING],
        "unknown": [ClosingDeed.ENROLLED, ClosingDeed.NOTHING],
        "lacking": [ClosingDeed.CORRECTED, ClosingDeed.LEFT, ClosingDeed.NOTHING],
    }
    client.force_login(yongchang_office)
    page = client.get(
        reverse("rosters:difference_settle", args=[found["unknown"].pk])
    ).content.decode()
    assert "补录" in page
    assert "退出日期" not in page


def test_the_page_settles_and_the_list_shows_it(
    client: Client, dead: Difference, yongchang_office: User
):
    client.force_login(yongchang_office)

    response = client.post(
        reverse("rosters:difference_settle", args=[dead.pk]),
        {"deed": "left", "words": "", "left_on": timezone.localdate().isoformat()},
        follow=True,
    )

    assert response.status_code == 200
    dead.refresh_from_db()
    assert dead.status == DifferenceStatus.CLOSED
    page = client.get(reverse("rosters:difference_list"), {"status": "closed"})
    assert "退出" in page.content.decode()
    # Both the list gone back to and the list of what is done count their own rows.
    assert response.redirect_chain[0][0].endswith("?kind=suspected_death")
    assert [chip["count"] for chip in response.context["kinds"]] == [0]
    assert [chip["count"] for chip in page.context["kinds"]] == [1]


def test_the_suspected_dead_come_first_and_are_asked_for(
    client: Client, dead: Difference, yongchang_office: User
):
    client.force_login(yongchang_office)
    listed = reverse("rosters:difference_list")

    page = client.get(listed)

    assert next(iter(DifferenceKind)) == DifferenceKind.SUSPECTED_DEATH
    assert page.context["kinds"][0]["value"] == DifferenceKind.SUSPECTED_DEATH
    assert "有 1 人疑似死亡,请先核实" in page.content.decode()
    chosen = client.get(listed, {"kind": "suspected_death"})
    assert "请先核实" not in chosen.content.decode()


def test_where_nobody_is_suspected_dead_nothing_is_asked(
    client: Client, child: Recipient, yongchang_office: User
):
    client.force_login(yongchang_office)

    page = client.get(reverse("rosters:difference_list"))

    assert "请先核实" not in page.content.decode()
