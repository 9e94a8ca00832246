"""The pages of people: who sees what, what is masked, what a bad form keeps."""

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from recipients.enums import RecipientStatus
from recipients.models import Recipient
from tests import cast

pytestmark = pytest.mark.django_db
LIST = "recipients:recipient_list"
TOLD = {
    "name": "王秀花",
    "resident_id": "620321196503129019",
    "id_state": "present",
    "category": "DESTITUTE",
    "area": cast.HEXIBAO,
    "village": "鸳鸯池村",
    "phone": "199 0000 1234",
}


@pytest.fixture
def desk(client: Client, yongchang_office) -> Client:
    client.force_login(yongchang_office)
    return client


def test_the_list_shows_who_is_within_reach_and_nobody_else(
    desk, child, stranger_child
):
    page = desk.get(reverse(LIST)).content.decode()

    assert "李小伟" in page
    assert "陈静" not in page


def test_a_page_shows_masks_and_leaves_a_look_in_the_trail(desk, child, pairing):
    page = desk.get(reverse("recipients:recipient_detail", args=[child.pk]))

    words = page.content.decode()
    assert page.status_code == 200
    assert child.resident_id not in words
    assert "199****0031" in words
    assert Event.objects.filter(kind="person.seen").count() == 1


def test_a_file_is_opened(desk):
    answer = desk.post(reverse("recipients:recipient_create"), TOLD)

    assert answer.status_code == 302, answer.context["form"].errors
    person = Recipient.objects.get()
    assert person.code == "YC-HXB-0001"
    assert (person.sex, str(person.birth_on)) == ("1", "1965-03-12")
    assert (person.pinyin, person.initials) == ("wangxiuhua", "wxh")
    assert person.phone == "19900001234"


def test_a_file_is_changed_and_left(desk, child):
    edit = reverse("recipients:recipient_edit", args=[child.pk])
    form = desk.get(edit).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    answer = desk.post(edit, {**sent, "village": "西寨村"})
    assert answer.status_code == 302, answer.context["form"].errors

    left = desk.post(
        reverse("recipients:recipient_leave", args=[child.pk]),
        {"reason": "moved", "on": "2026-11-01"},
    )

    assert left.status_code == 302, left.context["form"].errors
    child.refresh_from_db()
    assert (child.village, child.status) == ("西寨村", RecipientStatus.LEFT)
