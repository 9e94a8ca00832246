"""PR-03 and PR-04: what is sealed opens in one place only, and is found by index."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import connection

from common.encryption import Unreadable, blind_index, seal, unseal
from recipients.models import Recipient
from tests import cast


def test_the_same_words_sealed_twice_differ_and_both_open():
    first, second = seal("高血压", bound_to="a"), seal("高血压", bound_to="a")

    assert first != second
    assert unseal(first, bound_to="a") == unseal(second, bound_to="a") == "高血压"


def test_a_value_moved_to_another_place_does_not_open():
    sealed = seal("高血压", bound_to="recipients.Recipient.health:1")

    with pytest.raises(Unreadable):
        unseal(sealed, bound_to="recipients.Recipient.health:2")


@pytest.mark.parametrize("position", [0, 1, 2, 5, 20, -1])
def test_a_flipped_bit_is_found(position: int):
    sealed = bytearray(seal("高血压", bound_to="a"))
    sealed[position] ^= 1

    with pytest.raises(Unreadable):
        unseal(bytes(sealed), bound_to="a")


def test_the_database_holds_no_private_words(child: Recipient):
    child.health, child.address = "脑瘫", "鸳鸯池村二社"
    child.save()

    with connection.cursor() as cursor:
        cursor.execute("SELECT r::text FROM recipients_recipient r")
        stored = cursor.fetchone()[0]

    for private in ("脑瘫", "二社", child.resident_id, "19900000031"):
        assert private not in stored
        assert private.encode().hex() not in stored
    assert Recipient.objects.get().health == "脑瘫"


def test_a_ciphertext_copied_to_another_row_does_not_open(child, stranger_child):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE recipients_recipient SET resident_id = (SELECT resident_id"
            " FROM recipients_recipient WHERE id = %s) WHERE id = %s",
            [child.pk, stranger_child.pk],
        )

    stolen = Recipient.objects.get(pk=stranger_child.pk)

    assert stolen.resident_id == "无法读取"


def test_many_rows_cannot_be_written_without_their_keys(child: Recipient):
    with pytest.raises(FieldError, match="sealed"):
        Recipient.objects.update(health="感冒")


def test_a_sealed_field_cannot_be_searched(child: Recipient):
    with pytest.raises(FieldError, match="searched"):
        Recipient.objects.filter(health="感冒").exists()


def test_an_id_is_found_by_its_index_and_by_nothing_less(child: Recipient):
    found = Recipient.objects.filter(resident_id_index=blind_index(child.resident_id))

    assert found.get() == child
    assert blind_index(child.resident_id) != blind_index(child.resident_id[:17])


def test_two_deployments_index_the_same_id_differently(tmp_path):
    program = (
        "import django; from django.conf import settings; django.setup();"
        "from common.encryption import blind_index; print(blind_index('x').hex())"
    )
    seen = set()
    for place in ("one", "two"):
        run = subprocess.run(
            [sys.executable, "-c", program],
            env={
                "DATA_DIR": str(tmp_path / place),
                "DJANGO_SETTINGS_MODULE": "jinchang_care.settings",
                "PATH": "",
            },
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
        seen.add(run.stdout.strip())
        keys = tmp_path / place / "secrets" / "keys.json"
        assert keys.stat().st_mode & 0o777 == 0o600

    assert len(seen) == 2
    assert all(len(index) == 32 for index in seen)


def test_a_visit_to_a_person_costs_only_what_is_shown(
    child: Recipient, django_assert_num_queries
):
    cast.make_recipient("张三")
    with django_assert_num_queries(1):
        people = list(Recipient.objects.all())

    assert isinstance(people[0].__dict__["health"], str)
    assert not isinstance(people[0].__dict__["resident_id"], str)
