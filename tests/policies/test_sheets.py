"""Policy sheets: one stands at a time, and nothing is half checked."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from common.refusals import Refused
from policies.models import PolicyCheck, PolicySheet
from policies.operations import Finding, withdraw_sheet, write_sheet
from policies.queries import (
    checks_by_policy,
    latest_sheet,
    policies_in_order,
    unclaimed_by_recipient,
)
from tests.visits.telling import ALL_ENJOYED

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 20)


@pytest.fixture
def write(child, cadre_user):
    def write(day=DAY, **findings):
        return write_sheet(
            recipient=child,
            findings={**ALL_ENJOYED, **findings},
            on=day,
            checked_by=cadre_user,
        )

    return write


def test_a_sheet_has_seven_checks_with_their_words(write, child):
    write(medical=Finding("unclaimed", "没人接送"))

    checks = checks_by_policy(latest_sheet(child))
    assert len(checks) == 7
    assert checks["medical"].words == "没人接送"
    assert unclaimed_by_recipient([child.pk]) == {child.pk: ["医疗康复"]}


def test_a_state_nobody_knows_is_refused(write):
    with pytest.raises(ValueError, match="perhaps"):
        write(medical=Finding("perhaps"))


def test_a_missing_policy_is_refused(child, cadre_user):
    with pytest.raises(Refused, match="七项"):
        write_sheet(recipient=child, findings={}, on=DAY, checked_by=cadre_user)


def test_the_newest_by_day_stands_and_the_one_before_returns(write, child):
    first, older = write(), write(DAY - datetime.timedelta(days=30))
    newest = write(DAY + datetime.timedelta(days=1))
    assert latest_sheet(child) == newest

    withdraw_sheet(sheet=newest)
    assert latest_sheet(child) == first
    older.refresh_from_db()
    withdraw_sheet(sheet=older)
    assert latest_sheet(child) == first


def test_two_latest_sheets_are_impossible(write, child):
    write()

    with pytest.raises(IntegrityError, match="sheet_one_latest"), transaction.atomic():
        PolicySheet.objects.create(recipient=child, checked_on=DAY, latest=True)


def test_a_policy_is_checked_once_a_sheet_and_only_as_known(write):
    sheet = write()

    with pytest.raises(IntegrityError, match="check_one_per"), transaction.atomic():
        PolicyCheck.objects.create(sheet=sheet, policy="medical", state="enjoyed")
    with pytest.raises(IntegrityError, match="state_known"), transaction.atomic():
        sheet.checks.update(state="perhaps")


@pytest.mark.parametrize(
    ("category", "grade", "first"),
    [
        ("CHILD", "", "education"),
        ("CHILD", "2", "disability"),
        ("DISABLED", "1", "disability"),
        ("DESTITUTE", "", "subsistence"),
    ],
)
def test_what_makes_sense_for_the_person_comes_first(child, category, grade, first):
    child.category, child.disability_grade = category, grade

    order = policies_in_order(child)

    assert order[0] == first
    assert len(order) == len(set(order)) == 7
