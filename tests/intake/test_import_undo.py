"""Taking a batch back: the database is as it was, but for the trail."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from cadres.models import Cadre, Organisation, User
from common.refusals import Refused
from intake.dependence import relations
from intake.enums import BatchStatus
from intake.models import ImportBatch
from intake.operations import InTheWay, undo_batch
from recipients.models import Guardian, Household, Pairing, Recipient
from tests import cast
from tests.intake import play
from visits.models import Campaign, Deed, HomeVisit

PEOPLE = (Recipient, Guardian, Household)
ALL = (*PEOPLE, Cadre, Organisation, Pairing, HomeVisit, Deed, Campaign)


@pytest.mark.parametrize("number", ["05", "06"])
def test_undoing_a_batch_leaves_the_registry_as_it_was(
    number: str, registry: User, rosters_folder: Path
):
    before = play.facts(*ALL)
    play.run(rosters_folder, number)
    assert play.facts(*ALL) != before

    undo_batch(batch=ImportBatch.objects.latest("done_at"), by=registry)

    assert play.facts(*ALL) == before
    assert Event.objects.latest("id").kind == "import.undone"


def test_undoing_visits_and_pairings_leaves_them_as_they_were(
    registry: User, rosters_folder: Path
):
    play.run(rosters_folder, "06")
    unpaired = play.facts(*ALL)
    play.run(rosters_folder, "07")
    paired = play.facts(*ALL)
    play.run(rosters_folder, "08")

    undo_batch(batch=ImportBatch.objects.get(kind="visits"), by=registry)
    assert play.facts(*ALL) == paired
    undo_batch(batch=ImportBatch.objects.get(kind="pairings"), by=registry)

    assert play.facts(*ALL) == unpaired


def test_a_batch_that_others_depend_on_stays_and_says_which_rows(
    client: Client, city_office: User, cadre: Cadre, rosters_folder: Path
):
    play.run(rosters_folder, "01")
    person = Recipient.objects.latest("code")
    cast.make_pairing(person, cadre)
    before = play.facts(*ALL)

    with pytest.raises(InTheWay) as refusal:
        undo_batch(batch=ImportBatch.objects.get(), by=city_office)

    (obstacle,) = refusal.value.obstacles
    assert obstacle.row.target_id == person.pk
    assert "结对" in obstacle.words
    assert play.facts(*ALL) == before
    client.force_login(city_office)
    page = client.post(reverse("intake:batch_undo", args=[obstacle.row.batch_id]))
    assert page.status_code == 409
    link = reverse("recipients:recipient_detail", args=[person.pk])
    assert f'href="{link}"' in page.content.decode()


def test_what_was_changed_later_keeps_its_later_value(
    registry: User, rosters_folder: Path
):
    play.run(rosters_folder, "05")
    batch = ImportBatch.objects.latest("done_at")
    row = batch.rows.filter(outcome="changed").first()
    person = Recipient.objects.get(pk=row.target_id)
    for name in ("address", "village", "disability_grade", "phone"):
        setattr(person, name, "1")
    person.phone_index = None
    person.save()

    undo_batch(batch=batch, by=registry)

    person = Recipient.objects.get(pk=person.pk)
    later = (person.address, person.village, person.disability_grade, person.phone)
    assert later == ("1", "1", "1", "1")


def test_after_thirty_days_a_batch_stays(city_office: User, rosters_folder: Path):
    play.run(rosters_folder, "01")
    batch = ImportBatch.objects.get()

    later = timezone.now() + timedelta(days=31)
    with time_machine.travel(later), pytest.raises(Refused, match="30 天"):
        undo_batch(batch=batch, by=city_office)

    batch.refresh_from_db()
    assert batch.status == BatchStatus.CONFIRMED


def test_a_batch_is_undone_once(city_office: User, rosters_folder: Path):
    play.run(rosters_folder, "01")
    batch = ImportBatch.objects.get()
    undo_batch(batch=batch, by=city_office)

    with pytest.raises(Refused):
        undo_batch(batch=batch, by=city_office)


def test_everything_that_points_at_a_person_is_asked_before_an_undo():
    asked = {related.related_model._meta.label for related in relations(Recipient)}
    pointing = {
        field.related_model._meta.label
        for field in Recipient._meta.get_fields(include_hidden=True)
        if field.auto_created and not field.concrete and field.is_relation
    }

    assert asked == pointing
