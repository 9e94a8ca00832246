"""The month's reconciliation: every row of every list in exactly one class."""

import io
import json
from collections import Counter
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from cadres.models import User
from common.encryption import blind_index
from common.refusals import Refused
from recipients.models import Pairing, Recipient
from rosters.enums import ClosingDeed, DifferenceKind, DifferenceStatus, RowOutcome
from rosters.management.commands.reconcile import LINE
from rosters.models import Difference, Roster, RosterRow
from rosters.operations import reconcile, settling
from rosters.self_check import check_registry
from tests import cast
from tests.rosters.conftest import LISTS, MONTH

LABELS = dict(RowOutcome.choices)


def said(**options) -> list[str]:
    out = io.StringIO()
    call_command("reconcile", stdout=out, **options)
    return out.getvalue().strip().splitlines()


def test_every_row_of_every_list_is_where_it_should_be(received: User, answers):
    lines = said(month="2026-11", by="city")

    for roster in Roster.objects.all():
        wanted = answers[LISTS[roster.kind]]
        tallies = wanted["tallies"]
        told = " · ".join(f"{name} {tallies[name]}" for _, name in LINE)
        head = f"{roster.get_kind_display()} 2026-11: 名单 {tallies['名单']}"
        assert f"{head} · {told}" in lines
        rows = {(row.sheet, row.number): row for row in roster.rows.all()}
        for row in wanted["rows"]:
            found = rows.pop((row["sheet"], row["row"]))
            assert LABELS[found.outcome] == row["outcome"], row
            if "fields" in row:
                assert found.differences.get().fields == row["fields"]
        assert rows == {}


def test_people_whom_a_list_leaves_out_are_named_one_by_one(received: User, answers):
    reconcile.reconcile(month=MONTH, by=received)

    for roster in Roster.objects.exclude(kind="deaths"):
        wanted = answers[LISTS[roster.kind]]["on_file_not_in_list"]
        missing = roster.differences.filter(kind=DifferenceKind.NOT_IN_ROSTER)
        assert {one.recipient.resident_id for one in missing} == set(wanted)


def test_comparing_again_finds_the_same(received: User):
    reconcile.reconcile(month=MONTH, by=received)
    first = _differences()

    reconcile.reconcile(month=MONTH, by=None)

    assert _differences() == first


def test_what_was_put_right_goes_by_itself(received: User):
    reconcile.reconcile(month=MONTH, by=received)
    differing = Difference.objects.filter(
        kind=DifferenceKind.DIFFERS, fields=["name"]
    ).first()
    Recipient.objects.filter(pk=differing.recipient_id).update(name=differing.row.name)

    reconcile.reconcile(month=MONTH, by=received)

    differing.refresh_from_db()
    assert differing.status == DifferenceStatus.GONE
    assert differing.row.outcome == RowOutcome.AGREES


def test_the_same_file_twice_is_refused_and_another_version_replaces(
    registry: User, rosters_folder: Path
):
    path = rosters_folder / LISTS["deaths"]
    call_command("import_roster", "deaths", path, month="2026-11", by="city")

    with pytest.raises(CommandError, match="已经导入过"):
        call_command("import_roster", "deaths", path, month="2026-11", by="city")
    assert Roster.objects.count() == 1
    other = rosters_folder / LISTS["tekun"]
    call_command("import_roster", "deaths", other, month="2026-11", by="city")
    assert Roster.objects.in_force().count() == 1
    assert Roster.objects.count() == 2


def test_what_was_open_of_a_replaced_list_is_gone_with_it(
    received: User, rosters_folder: Path, client: Client
):
    reconcile.reconcile(month=MONTH, by=received)
    old = Roster.objects.in_force().get(kind="deaths")
    settled, *waiting = old.differences.open()
    settled = settling.settle(
        difference=settled,
        deed=ClosingDeed.NOTHING,
        words="本人健在,名单有误",
        by=received,
    )

    path = rosters_folder / LISTS["tekun"]
    call_command("import_roster", "deaths", path, month="2026-11", by="city")

    assert waiting
    assert not old.differences.open().exists()
    received_now = Event.objects.filter(kind="roster.received").latest("id")
    assert received_now.details["withdrawn"] == len(waiting)
    assert old.differences.filter(status=DifferenceStatus.CLOSED).get() == settled
    with pytest.raises(Refused, match="已被新版替换"):
        settling.reopen(difference=settled, by=received)
    with pytest.raises(Refused, match="已被新版替换"):
        settling.settle(
            difference=waiting[0],
            deed=ClosingDeed.NOTHING,
            words="本人健在,名单有误",
            by=received,
        )
    client.force_login(received)
    for one in (settled, waiting[0]):
        page = client.get(reverse("rosters:difference_settle", args=[one.pk]))
        assert "名单已被新版替换" in page.content.decode()
        assert "恢复为待处理" not in page.content.decode()


def test_what_was_left_open_of_lists_replaced_long_ago_is_gone(received: User):
    step = import_module("rosters.migrations.0003_open_differences_go_with_their_list")
    reconcile.reconcile(month=MONTH, by=received)
    old = Roster.objects.get(kind="deaths")
    waiting = old.differences.open().count()
    others = Difference.objects.open().exclude(roster=old).count()
    old.replaced_at = timezone.now()
    old.save()

    with connection.cursor() as cursor:
        cursor.execute(step.GONE)

    assert waiting
    assert not old.differences.open().exists()
    assert Difference.objects.open().count() == others


def test_a_roster_holds_no_plain_number_of_anybody(received: User):
    row = RosterRow.objects.exclude(resident_id_index=None).first()

    stored = RosterRow.objects.filter(pk=row.pk).extra(
        select={"whole": "rosters_rosterrow::text"}
    )

    number = json.loads(row.content)["id"]
    assert number not in stored[0].whole
    assert bytes(row.resident_id_index) == blind_index(number)


def test_the_registry_shows_what_is_wrong_with_itself(yongchang_office: User):
    today = timezone.localdate()
    unpaired = cast.make_recipient("王大山", disability_kind="4", disability_grade="1")
    grown = cast.make_recipient(
        "李十八", category="CHILD", birth_on=today - timedelta(days=18 * 366)
    )
    expired = cast.make_recipient("张过期", certificate_until=today - timedelta(days=1))
    twins = [cast.make_recipient(name, phone="19900000077") for name in ("甲", "乙")]
    late = cast.make_recipient("赵逾期")
    cadre = cast.make_cadre("赵军", cast.make_organisation())
    cast.make_pairing(late, cadre, next_due_on=today - timedelta(days=1))

    found = reconcile.check_registry_itself(month=today, by=yongchang_office)

    def people(kind: DifferenceKind) -> set:
        found = Difference.objects.filter(kind=kind, status=DifferenceStatus.OPEN)
        return {difference.recipient for difference in found}

    assert unpaired in people(DifferenceKind.UNPAIRED)
    assert late not in people(DifferenceKind.UNPAIRED)
    assert people(DifferenceKind.TURNED_18) == {grown}
    assert people(DifferenceKind.CERTIFICATE_EXPIRED) == {expired}
    assert people(DifferenceKind.SAME_PHONE) == set(twins)
    assert people(DifferenceKind.NO_CONTACT) == {late}
    assert found[DifferenceKind.NO_CONTACT] == 1
    missing = Difference.objects.get(
        kind=DifferenceKind.MISSING_FIELDS, recipient=grown
    )
    assert set(missing.fields) == {"phone", "guardian"}


def test_the_registrys_check_may_run_twice_and_sees_what_was_mended(
    yongchang_office: User,
):
    today = timezone.localdate()
    person = cast.make_recipient("王大山")
    reconcile.check_registry_itself(month=today, by=None)
    reconcile.check_registry_itself(month=today, by=None)
    cast.make_pairing(person, cast.make_cadre("赵军", cast.make_organisation()))

    check_registry(month=today, today=today, now=timezone.now())

    difference = Difference.objects.get(kind=DifferenceKind.UNPAIRED)
    assert difference.status == DifferenceStatus.GONE
    Pairing.objects.update(status="paused")
    check_registry(month=today, today=today, now=timezone.now())
    difference.refresh_from_db()
    assert difference.status == DifferenceStatus.OPEN


def _differences() -> Counter:
    found = Difference.objects.exclude(status=DifferenceStatus.GONE)
    return Counter(
        {
            (row["roster"], row["kind"]): row["number"]
            for row in found.values("roster", "kind").annotate(number=Count("pk"))
        }
    )
