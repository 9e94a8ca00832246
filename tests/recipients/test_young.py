"""PR-17: children under 14 are masked further, and the guardian's consent is noted."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from audit.models import Event
from common.refusals import Refused
from recipients.enums import Category, ConsentScope
from recipients.models import Consent, Guardian
from recipients.operations.consents import give_consent, withdraw_consent
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def toddler(cadre):
    """A child of nine, cared for by a cadre of the unit."""
    child = cast.make_recipient(
        "欧阳小满",
        category=Category.CHILD,
        birth_on=datetime.date(2017, 3, 1),
        phone="19900000077",
        village="鸳鸯池村",
    )
    Guardian.objects.create(recipient=child, name="王梅花", phone="19900000078")
    cast.make_pairing(child, cadre)
    return child


PAGES = [
    ("recipients:recipient_list", False),
    ("recipients:recipient_detail", True),
    ("recipients:pairing_board", False),
    ("visits:visit_list", False),
    ("visits:overdue_list", False),
    ("visits:of_recipient", True),
    ("visits:policies_of_recipient", True),
    ("casework:need_list", False),
    ("casework:of_recipient", True),
    ("reports:home", False),
]


@pytest.mark.parametrize(("name", "of_person"), PAGES)
def test_a_unit_sees_no_young_childs_name_on_any_page(
    client: Client, liaison, toddler, name, of_person
):
    client.force_login(liaison)

    page = client.get(reverse(name, args=[toddler.pk] if of_person else []))

    assert page.status_code == 200
    text = page.content.decode()
    for private in ("小满", "王梅花", "2017年3月", "19900000078"):
        assert private not in text


def test_the_office_and_the_cadre_see_the_name(
    client, yongchang_office, cadre_user, toddler
):
    address = reverse("recipients:recipient_detail", args=[toddler.pk])
    for user in (yongchang_office, cadre_user):
        client.force_login(user)
        assert "欧阳小满" in client.get(address).content.decode()


def test_the_extra_mask_ends_on_the_fourteenth_birthday(liaison, toddler):
    with time_machine.travel("2031-02-28T12:00:00+08:00", tick=False):
        assert toddler.name_for(liaison) == "欧阳**"
    with time_machine.travel("2031-03-01T12:00:00+08:00", tick=False):
        assert toddler.name_for(liaison) == "欧阳小满"


def test_a_childs_id_wears_the_strict_mask(client, yongchang_office, toddler):
    client.force_login(yongchang_office)

    address = reverse("recipients:recipient_detail", args=[toddler.pk])
    page = client.get(address).content.decode()

    assert f"{toddler.resident_id[:3]}*************{toddler.resident_id[-2:]}" in page
    assert toddler.resident_id[:6] + "****" not in page


def test_a_guardians_consent_is_noted_and_taken_back(client, yongchang_office, toddler):
    client.force_login(yongchang_office)
    page = reverse("recipients:recipient_detail", args=[toddler.pk])
    assert "还没有登记监护人同意" in client.get(page).content.decode()

    client.post(
        reverse("recipients:consent_give", args=[toddler.pk]),
        {"scope": "photos", "given_by": "祖母", "on": "2026-11-01"},
    )

    assert "走访时拍照留存" in client.get(page).content.decode()
    consent = Consent.objects.in_force().get(recipient=toddler)
    client.post(
        reverse("recipients:consent_withdraw", args=[toddler.pk, consent.scope])
    )
    assert not Consent.objects.in_force().exists()
    kinds = Event.objects.about(toddler).values_list("kind", flat=True)
    assert {"consent.given", "consent.withdrawn"} <= set(kinds)


def test_a_consent_is_given_once_and_not_in_the_future(toddler, yongchang_office):
    told = {"recipient": toddler, "scope": ConsentScope.PHOTOS, "given_by": "祖母"}
    with time_machine.travel("2026-11-23T12:00:00+08:00", tick=False):
        with pytest.raises(Refused, match="不能晚于今天"):
            give_consent(**told, on=datetime.date(2026, 11, 24), by=yongchang_office)
        consent = give_consent(**told, on=cast.TODAY, by=yongchang_office)
        with pytest.raises(Refused, match="登记过"):
            give_consent(**told, on=cast.TODAY, by=yongchang_office)
        withdraw_consent(consent=consent, by=yongchang_office)
        with pytest.raises(Refused, match="已经撤回"):
            withdraw_consent(consent=consent, by=yongchang_office)


def test_two_consents_to_one_thing_cannot_be_written(toddler, yongchang_office):
    for_photos = {
        "recipient": toddler,
        "scope": "photos",
        "given_by": "祖母",
        "given_on": cast.TODAY,
        "noted_by": yongchang_office,
    }
    Consent.objects.create(**for_photos)

    with pytest.raises(IntegrityError, match="consent_one_in_force"):
        Consent.objects.create(**for_photos)


def test_an_offices_page_holds_no_whole_phone(client, yongchang_office, toddler):
    client.force_login(yongchang_office)

    page = client.get(reverse("recipients:recipient_detail", args=[toddler.pk]))

    assert "19900000077" not in page.content.decode()
