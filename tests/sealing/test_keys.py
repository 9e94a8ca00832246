"""PR-02 to PR-05: keys are proved, changed while serving, and destroyed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from common import sealed_files
from common.encryption import blind_index, seal
from common.keyring import Keyring, KeysUnusable
from common.refusals import Refused
from recipients.models import Guardian, Recipient
from sealing import operations
from sealing.canary import prove
from sealing.models import SealingKey
from sealing.rows import count_by, renew, tables
from tests import cast


@pytest.fixture
def ring(settings, tmp_path, db) -> Keyring:
    """A key ring of this test's own; whoever is made afterwards stands on it."""
    settings.SECRETS = Keyring(tmp_path / "secrets" / "keys.json")
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.SECRETS


@pytest.fixture
def person(ring, areas) -> Recipient:
    made = cast.make_recipient("王大山", phone="19900000031", address="鸳鸯池村二社")
    Guardian.objects.create(
        recipient=made,
        name="王梅",
        phone="19900000032",
        phone_index=blind_index("19900000032"),
    )
    return made


def test_the_file_holds_no_key_in_the_open(ring):
    stored = json.loads(ring.path.read_text())
    words = ring.path.read_text()

    assert stored["field_keys"]["1"]["key"]
    for key in (*ring.ring().field_keys.values(), ring.ring().index_key):
        assert key.secret.hex() not in words
    assert ring.path.stat().st_mode & 0o077 == 0
    assert ring.path.with_name("root.key").stat().st_mode & 0o077 == 0


def test_another_root_secret_opens_nothing(ring, monkeypatch):
    monkeypatch.setenv("ROOT_SECRET", "另一个主密钥" * 8)

    with pytest.raises(KeysUnusable, match="主密钥不对"):
        Keyring(ring.path)


def test_a_lost_root_secret_is_not_made_anew(ring):
    ring.path.with_name("root.key").unlink()

    with pytest.raises(KeysUnusable, match="找不到主密钥"):
        Keyring(ring.path)


def test_a_file_of_the_first_format_is_wrapped_and_opens_what_it_sealed(tmp_path):
    path = tmp_path / "keys.json"
    path.write_text(
        json.dumps(
            {
                "session_key": "s" * 60,
                "field_keys": {"1": "A" * 43 + "="},
                "index_key": "B" * 43 + "=",
            }
        )
    )

    ring = Keyring(path).ring()

    assert "A" * 43 not in path.read_text()
    assert ring.session_key == "s" * 60
    assert ring.field_keys[1].secret == bytes(32)
    assert ring.index_key.secret == ring.content_key


def test_other_keys_than_the_databases_refuse_to_start(ring, settings, tmp_path):
    prove()
    settings.SECRETS = Keyring(tmp_path / "other" / "keys.json")

    with pytest.raises(KeysUnusable, match="密钥与数据库不符"):
        prove()


def test_a_missing_key_refuses_to_start(ring):
    prove()
    ring.make_key("field", "aes")
    ring.use_key("field", 2)
    ring.remove("field", 1)

    with pytest.raises(KeysUnusable, match="缺少加密密钥 1"):
        prove()


def test_the_program_ends_in_one_sentence_when_the_root_is_wrong(tmp_path):
    program = "import django; django.setup()"
    told = {
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "jinchang_care.settings",
        "PATH": os.environ["PATH"],
    }
    for root, code in (("对" * 40, 0), ("错" * 40, 1)):
        run = subprocess.run(
            [sys.executable, "-c", program],
            env=told | {"ROOT_SECRET": root},
            cwd=project.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == code

    assert run.stderr.count("\n") == 1
    assert "主密钥不对" in run.stderr


def test_changing_the_field_key_leaves_nothing_sealed_by_the_old(
    person, transactional_db
):
    call_command("rotate_keys", remove_old=True)

    found = Recipient.objects.get()
    assert found.resident_id == person.resident_id
    assert found.address == "鸳鸯池村二社"
    assert count_by(1) == 0
    assert [key.number for key in SealingKey.objects.active()] == [2, 1]
    assert Event.objects.filter(kind="sealing.key_removed").exists()


@pytest.mark.parametrize("algorithm", ["aes", "sm4"])
def test_fields_and_indexes_change_their_algorithm(
    person, ring, algorithm, transactional_db
):
    before = bytes(Recipient.objects.get().resident_id_index)

    call_command("rotate_keys", algorithm="sm4", index=True, remove_old=True)
    call_command("rotate_keys", algorithm=algorithm, index=True, remove_old=True)

    after = Recipient.objects.get()
    assert after.resident_id == person.resident_id
    assert bytes(after.resident_id_index) != before
    assert bytes(after.resident_id_index) == blind_index(person.resident_id)
    assert bytes(Guardian.objects.get().phone_index) == blind_index("19900000032")
    assert set(ring.look_again().field_keys) == {3}
    assert set(ring.ring().index_keys) == {3}
    assert ring.ring().field_keys[3].algorithm == algorithm


def test_a_change_that_was_killed_goes_on_where_it_was(
    ring, areas, transactional_db, monkeypatch
):
    people = [cast.make_recipient("王大山") for _ in range(5)]
    prove()
    operations.begin_field_key(algorithm="aes", by=None)
    monkeypatch.setattr("sealing.rows.BATCH", 2)
    table = next(one for one in tables() if one.model is Recipient)

    next(renew(table, indexes=False))

    assert count_by(1) == 3
    call_command("rotate_keys", resume=True)
    assert count_by(1) == 0
    assert {one.resident_id for one in Recipient.objects.all()} == {
        one.resident_id for one in people
    }


def test_rows_that_somebody_holds_are_passed_over(person, ring, transactional_db):
    prove()
    operations.begin_field_key(algorithm="aes", by=None)
    table = next(one for one in tables() if one.model is Recipient)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN; SELECT id FROM recipients_recipient FOR UPDATE")

        done = list(renew(table, indexes=False))
        cursor.execute("ROLLBACK")
    other.close()

    assert [one.rows for one in done] == [0]
    assert sum(one.rows for one in renew(table, indexes=False)) == 1


def test_the_index_key_gives_way_to_whoever_is_writing(person, ring, transactional_db):
    prove()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN; SELECT id FROM recipients_recipient FOR UPDATE")

        with pytest.raises(Refused, match="正有人在写"):
            operations.change_index_key(algorithm="aes", by=None)
        cursor.execute("ROLLBACK")
    other.close()

    assert ring.look_again().active_index_key == 1
    assert operations.change_index_key(algorithm="aes", by=None).number == 2


def test_a_key_that_is_needed_cannot_be_destroyed(person, ring, transactional_db):
    prove()
    operations.begin_field_key(algorithm="aes", by=None)
    old = SealingKey.objects.get(purpose="field", number=1)

    with pytest.raises(Refused, match="还有 2 行由加密密钥 1加密"):
        operations.remove_key(key=old, by=None)


def test_a_key_is_not_destroyed_while_an_older_transaction_runs(
    ring, areas, transactional_db
):
    prove()
    operations.begin_field_key(algorithm="aes", by=None)
    old = SealingKey.objects.get(purpose="field", number=1)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN; SELECT 1")
        with pytest.raises(Refused, match="没有结束"):
            operations.remove_key(key=old, by=None)
        cursor.execute("ROLLBACK")
    other.close()


def test_a_kill_between_database_and_file_is_made_good_at_the_next_start(
    person, ring, django_capture_on_commit_callbacks
):
    prove()
    with django_capture_on_commit_callbacks(execute=False):
        operations.change_index_key(algorithm="aes", by=None)
    assert ring.ring().active_index_key == 1

    prove()

    assert ring.ring().active_index_key == 2
    assert Recipient.objects.get(resident_id_index=blind_index(person.resident_id))


def test_who_was_filed_after_such_a_kill_is_found_once_it_goes_on(
    ring, areas, django_capture_on_commit_callbacks
):
    prove()
    with django_capture_on_commit_callbacks(execute=False):
        operations.change_index_key(algorithm="aes", by=None)
    filed = cast.make_recipient("王大山")

    call_command("rotate_keys", resume=True)

    assert ring.ring().active_index_key == 2
    assert Recipient.objects.get(resident_id_index=blind_index(filed.resident_id))


def test_a_key_whose_end_was_cut_off_is_gone_from_the_file_at_the_next_start(
    ring, transactional_db
):
    call_command("rotate_keys")
    old = SealingKey.objects.filter(purpose="field", number=1)
    # As it stands when the kill comes after the commit and before the file is written.
    old.update(removed_at=timezone.now())
    assert set(ring.ring().field_keys) == {1, 2}

    prove()

    assert set(ring.look_again().field_keys) == {2}


def test_every_index_column_is_made_of_a_sealed_field():
    indexed = {table.model._meta.label: set(table.indexed) for table in tables()}

    assert indexed["recipients.Recipient"] == {"resident_id_index", "phone_index"}
    assert indexed["rosters.RosterRow"] == {"resident_id_index"}
    assert indexed["cadres.Cadre"] == {"resident_id_index", "phone_index"}


def test_a_value_that_does_not_open_is_said_to_be_so_and_told(
    client, child, yongchang_office
):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE recipients_recipient SET phone = set_byte(phone, 20,"
            " get_byte(phone, 20) # 1), address = resident_id"
        )
    client.force_login(yongchang_office)

    page = client.get(reverse("recipients:recipient_detail", args=[child.pk]))
    again = client.get(reverse("recipients:recipient_detail", args=[child.pk]))

    assert page.status_code == again.status_code == 200
    assert page.content.decode().count("无法读取") >= 2
    told = Event.objects.filter(kind="sealed.unreadable")
    assert {event.details["place"].split(":")[0] for event in told} == {
        "recipients.Recipient.phone",
        "recipients.Recipient.address",
    }
    assert told.count() == 2


def test_saving_a_person_keeps_the_bytes_that_do_not_open(child):
    broken = seal("19900000031", bound_to="elsewhere")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE recipients_recipient SET phone = %s", [broken])
    person = Recipient.objects.get()
    assert person.phone == "无法读取"

    person.save()

    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM recipients_recipient")
        assert bytes(cursor.fetchone()[0]) == broken


def test_the_words_for_unreadable_cannot_be_saved_as_a_value(child):
    child.address = "无法读取"

    with pytest.raises(Refused, match="家庭住址"):
        child.save()


def test_an_active_key_is_the_only_one_of_its_purpose(ring):
    prove()
    with pytest.raises(Exception, match="sealing_key_one_active"):
        SealingKey.objects.create(
            purpose="field", number=9, algorithm="aes", canary=b"x"
        )


def test_a_key_cannot_be_removed_before_it_is_retired(ring):
    prove()
    with pytest.raises(Exception, match="retired_before"):
        SealingKey.objects.update(removed_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_sealed_files_are_read_after_the_old_key_is_gone(ring, settings):
    path = settings.MEDIA_ROOT / "imports" / "a1"
    with sealed_files.written(path) as file:
        file.write("王大山".encode())

    call_command("rotate_keys", "--remove-old", "--algorithm", "sm4")

    assert list(ring.ring().field_keys) == [2]
    assert sealed_files.key_number(path) == 2
    with sealed_files.opened(path) as text:
        assert text.read().decode() == "王大山"


def test_a_key_that_a_file_needs_is_not_removed(ring, settings):
    with sealed_files.written(settings.MEDIA_ROOT / "a1") as file:
        file.write(b"x")
    operations.begin_field_key(algorithm="aes", by=None)
    old = SealingKey.objects.get(number=1, purpose="field")

    assert "1 个文件" in operations.still_need(old)


def test_the_folder_of_keys_is_not_served_nor_backed_up_with_the_files(ring):
    media = Path(project.MEDIA_ROOT).resolve()

    assert media not in Path(project.DATA_DIR / "secrets").resolve().parents
