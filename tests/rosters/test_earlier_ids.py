"""A list that lags behind: ids since corrected or merged away, ids of 15 digits."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command

from cadres.models import User
from common.encryption import blind_index
from recipients.enums import FormerKind
from recipients.models import FormerMark, Recipient
from recipients.operations import people
from recipients.person_facts import PersonFacts
from rosters.enums import DifferenceKind, DifferenceStatus, RowOutcome
from rosters.models import Difference, Roster
from rosters.operations import reconcile
from tests import cast
from tests.intake.sheets import number, workbook
from tests.rosters.conftest import MONTH

OLD, NEW = number(serial=901), number(serial=902)
HEAD = ["姓名", "身份证号", "乡镇"]


@pytest.fixture
def person() -> Recipient:
    return cast.make_recipient("李大山", resident_id=OLD, dibao=True)


def correct(person: Recipient, by: User) -> None:
    """Give the person the id that the police has corrected."""
    facts = PersonFacts.of(person, people.first_guardian(person))
    people.change_person(recipient=person, facts=replace(facts, resident_id=NEW), by=by)


def compare(folder: Path, *rows: tuple[str, str], kind: str = "dibao") -> Roster:
    township = Recipient.objects.first().area.name
    table = [HEAD, *([*row, township] for row in rows)]
    path = workbook(folder / f"{kind}.xlsx", {"名单": table})
    call_command("import_roster", kind, path, month="2026-11", by="city")
    reconcile.reconcile(month=MONTH, by=User.objects.get(username="city"))
    return Roster.objects.in_force().get(kind=kind)


def outcomes(roster: Roster) -> list[str]:
    return list(roster.rows.order_by("position").values_list("outcome", flat=True))


def test_a_corrected_id_still_means_the_person(
    city_office: User, person: Recipient, tmp_path: Path
):
    correct(person, city_office)

    roster = compare(tmp_path, ("李大山", OLD))

    assert outcomes(roster) == [RowOutcome.AGREES]
    assert roster.rows.get().recipient == person
    assert not Difference.objects.filter(roster=roster).exists()


def test_by_both_ids_somebody_stands_in_the_list_twice(
    city_office: User, person: Recipient, tmp_path: Path
):
    correct(person, city_office)

    roster = compare(tmp_path, ("李大山", OLD), ("李大山", NEW))

    assert outcomes(roster) == [RowOutcome.AGREES, RowOutcome.REPEATED]


def test_an_id_of_two_people_before_means_neither(
    city_office: User, person: Recipient, tmp_path: Path
):
    correct(person, city_office)
    other = cast.make_recipient("王五", resident_id=number(serial=903))
    FormerMark.objects.create(
        recipient=other,
        kind=FormerKind.RESIDENT_ID,
        text=OLD,
        index=blind_index(OLD),
        until_on=datetime.date(2026, 1, 1),
    )

    roster = compare(tmp_path, ("李大山", OLD))

    assert outcomes(roster) == [RowOutcome.NOT_IN_REGISTRY]


def test_whose_id_it_is_now_goes_before_whose_it_was(
    city_office: User, person: Recipient, tmp_path: Path
):
    correct(person, city_office)
    owner = cast.make_recipient("赵六", resident_id=OLD, dibao=True)

    roster = compare(tmp_path, ("赵六", OLD), ("李大山", NEW))

    assert outcomes(roster) == [RowOutcome.AGREES, RowOutcome.AGREES]
    assert roster.rows.get(position=1).recipient == owner


def test_the_dead_are_found_by_an_earlier_id(
    city_office: User, person: Recipient, tmp_path: Path
):
    correct(person, city_office)

    roster = compare(tmp_path, ("李大山", OLD), kind="deaths")

    assert outcomes(roster) == [RowOutcome.SUSPECTED_DEATH]


def test_an_id_of_15_digits_is_that_of_18(
    city_office: User, person: Recipient, tmp_path: Path
):
    roster = compare(tmp_path, ("李大山", OLD[:6] + OLD[8:17]))

    assert outcomes(roster) == [RowOutcome.AGREES]


def test_differences_of_before_the_correction_go_by_themselves(
    city_office: User, person: Recipient, tmp_path: Path
):
    roster = compare(tmp_path, ("李大山", NEW))
    first = set(Difference.objects.open().values_list("kind", flat=True))

    correct(person, city_office)
    reconcile.reconcile(month=MONTH, by=city_office)

    of_roster = Difference.objects.filter(roster=roster)
    assert {DifferenceKind.NOT_IN_REGISTRY, DifferenceKind.NOT_IN_ROSTER} <= first
    assert {one.status for one in of_roster} == {DifferenceStatus.GONE}
