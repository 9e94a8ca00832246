"""PR-15: identity goes after ten years; sums, the trail and the second run stay."""

import datetime
import io
import json
import uuid

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.urls import reverse
from PIL import Image

from audit.models import Event
from casework.models import Need
from common.encryption import blind_index
from common.refusals import Refused
from common.sealed_fields import SealedTextField
from intake.models import ImportBatch, ImportRow
from jobs.models import Notice
from policies.models import PolicyCheck, PolicySheet
from recipients.models import Guardian, Household, Recipient
from recipients.operations.retention import erase, propose, replay
from rosters.models import Roster, RosterRow
from tests import cast
from visits import photo_files
from visits.models import HomeVisit, VisitDraft
from visits.operations.photos import add_photo

pytestmark = pytest.mark.django_db
NOW = datetime.datetime.fromisoformat("2026-11-23T10:00:00+08:00")
MARK = "标记"
PHONE, NUMBER = "19900000911", "620321196503129019"


@pytest.fixture(autouse=True)
def _now(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "ERASURE_LEDGER", tmp_path / "erasures.txt")
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def gone(cadre, cadre_user, yongchang_office) -> Recipient:
    """Someone who left eleven years ago, with a mark in every place that has words."""
    person = cast.make_recipient(
        f"王{MARK}",
        resident_id=NUMBER,
        phone=PHONE,
        address=MARK,
        health=MARK,
        note=MARK,
        certificate=f"{NUMBER}42",
        village=f"{MARK}村",
        household=Household.objects.create(area_id=cast.HEXIBAO),
        registered_on=datetime.date(2014, 1, 1),
        status="left",
        left_on=datetime.date(2015, 6, 1),
        left_reason="moved",
    )
    Guardian.objects.create(
        recipient=person, name=MARK, phone=PHONE, phone_index=blind_index(PHONE)
    )
    cast.make_pairing(
        person,
        cadre,
        status="ended",
        ended_on=datetime.date(2015, 6, 1),
        started_on=datetime.date(2014, 6, 1),
        end_reason="left",
        proposal_words=MARK,
        next_due_on=None,
    )
    sheet = PolicySheet.objects.create(
        recipient=person, checked_on=datetime.date(2015, 1, 1)
    )
    PolicyCheck.objects.create(
        sheet=sheet, policy="medical", state="enjoyed", words=MARK
    )
    visit = HomeVisit.objects.create(
        client_id=uuid.uuid4(),
        together=uuid.uuid4(),
        recipient=person,
        cadre=cadre,
        organisation=cadre.organisation,
        day=datetime.date(2015, 1, 1),
        words=MARK,
        companions=MARK,
        content_hash="0" * 64,
        entered_by=cadre_user,
    )
    visit.deeds.create(kind="money", amount=200, words=MARK)
    picture = io.BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "PNG")
    picture.seek(0)
    add_photo(visit=visit, file=picture, size=99, by=cadre_user)
    VisitDraft.objects.create(
        user=cadre_user, recipient=person, content=json.dumps({"words": [MARK]})
    )
    Need.objects.create(
        recipient=person,
        words=MARK,
        answer=MARK,
        status="confirmed",
        raised_on=datetime.date(2015, 1, 1),
        due_on=datetime.date(2015, 2, 1),
        closed_on=datetime.date(2015, 2, 1),
    )
    batch = ImportBatch.objects.create(
        kind="recipients",
        file_name="对象.csv",
        content_hash="0" * 64,
        by=yongchang_office,
        area=yongchang_office.area,
        status="confirmed",
        done_at=NOW,
    )
    for position, target in enumerate((person.pk, visit.pk)):
        ImportRow.objects.create(
            batch=batch,
            position=position,
            number=2,
            outcome="new",
            target_id=target,
            content=json.dumps({"cells": MARK}, ensure_ascii=False),
            before=json.dumps({"name": MARK}, ensure_ascii=False),
        )
    roster = Roster.objects.create(
        kind="dibao",
        month=datetime.date(2015, 1, 1),
        area=yongchang_office.area,
        file_name="低保.xlsx",
        content_hash="0" * 64,
        by=yongchang_office,
    )
    for position, linked in enumerate((person, None)):
        RosterRow.objects.create(
            roster=roster,
            number=position,
            position=position,
            name=MARK,
            resident_id_index=blind_index(NUMBER),
            content=json.dumps({"id": NUMBER, "name": MARK}, ensure_ascii=False),
            recipient=linked,
        )
    return person


def everything() -> str:
    """Return all that the database holds but the trail, sealed values opened."""
    told = []
    for model in apps.get_models():
        if model._meta.app_label in ("audit", "cadres", "sessions", "axes"):
            continue
        sealed = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, SealedTextField)
        ]
        for row in model._base_manager.all():
            told += [str(getattr(row, field.attname)) for field in sealed]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} t")
            told += [line for (line,) in cursor.fetchall()]
    return "\n".join(told)


def sums() -> dict[str, object]:
    people = Recipient.objects.values_list("category", "area_id", "status", "sex")
    return {
        "people": sorted(people),
        "visits": HomeVisit.objects.values_list("day", "way", "cadre").count(),
        "money": [str(v.deeds.get().amount) for v in HomeVisit.objects.all()],
        "needs": list(Need.objects.values_list("kind", "status", "closed_on")),
        "checks": list(PolicyCheck.objects.values_list("policy", "state")),
        "rosters": RosterRow.objects.count(),
        "imports": ImportRow.objects.count(),
    }


def test_identity_is_gone_from_every_table_and_the_sums_are_as_they_were(
    gone, yongchang_office, django_capture_on_commit_callbacks
):
    before, trail = sums(), list(Event.objects.order_by("id").values())
    index = blind_index(NUMBER).hex()
    assert MARK in everything()
    assert index in everything()

    with django_capture_on_commit_callbacks(execute=True):
        erase(recipient=gone, by=yongchang_office)

    left = everything()
    for private in (MARK, PHONE, NUMBER, index, blind_index(PHONE).hex()):
        assert private not in left
    assert not Guardian.objects.exists()
    assert not VisitDraft.objects.exists()
    assert list(photo_files.folder().iterdir()) == []
    assert sums() == before
    kept = list(Event.objects.order_by("id").values())
    assert kept[: len(trail)] == trail
    assert kept[-1]["kind"] == "person.erased"
    assert gone.code in kept[-1]["subject_words"]


def test_a_second_run_erases_nobody(gone, yongchang_office):
    erase(recipient=gone, by=yongchang_office)

    assert not Recipient.objects.to_erase(NOW.date()).exists()
    with pytest.raises(Refused, match="已经清除"):
        erase(recipient=gone, by=yongchang_office)


def test_a_restored_backup_has_it_erased_again(
    gone, yongchang_office, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        erase(recipient=gone, by=yongchang_office)
    line = settings.ERASURE_LEDGER.read_text()
    # As in last week's backup:
    Recipient.objects.update(erased_on=None, name=f"王{MARK}", pinyin="wang")
    settings.ERASURE_LEDGER.write_text(line + str(uuid.uuid4())[:20])

    first, second = replay(), replay()

    assert (first, second) == (1, 0)
    assert MARK not in everything()
    assert MARK not in line
    assert "再次清除 0 人" in str(call_command("replay_erasures"))


def test_the_clock_proposes_and_a_county_confirms_on_the_page(
    client, gone, yongchang_office, hexibao_office, jinchuan_office
):
    assert propose(today=NOW.date()) == 1
    assert propose(today=NOW.date()) == 0
    assert Notice.objects.get().to == yongchang_office
    address = reverse("recipients:retention_erase")

    client.force_login(jinchuan_office)
    client.post(address, {"code": gone.code})
    client.force_login(hexibao_office)
    refused = client.post(address, {"code": gone.code})
    assert refused.status_code == 409
    gone.refresh_from_db()
    assert gone.erased_on is None

    client.force_login(yongchang_office)
    assert gone.code in client.get("/retention/").content.decode()
    client.post(address, {"code": gone.code})
    gone.refresh_from_db()
    assert gone.name == "已清除"
    page = client.get(reverse("recipients:recipient_detail", args=[gone.pk]))
    assert "清除身份信息" in page.content.decode()


@pytest.mark.parametrize(
    ("left_on", "due"), [("2016-11-23", True), ("2016-11-24", False)]
)
def test_ten_years_to_the_day(gone, yongchang_office, left_on, due):
    Recipient.objects.update(left_on=left_on)

    assert Recipient.objects.to_erase(NOW.date()).exists() is due
    if not due:
        with pytest.raises(Refused):
            erase(recipient=gone, by=yongchang_office)


def test_the_years_can_be_set(gone, settings):
    settings.RETENTION_YEARS = 12

    assert not Recipient.objects.to_erase(NOW.date()).exists()


def test_an_erased_person_cannot_come_back_by_another_way(gone, yongchang_office):
    erase(recipient=gone, by=yongchang_office)

    with pytest.raises(IntegrityError, match="recipient_erased"):
        Recipient.objects.update(status="on_file", left_on=None, left_reason="")
