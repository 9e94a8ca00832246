"""AV-12: a backup under load comes back equal, and a bad one never comes back."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit.models import Event
from backups import making, sets, tables
from backups.erasures import BESIDE
from backups.keys import private_key
from backups.models import BackupRecord
from backups.server import Server
from cadres.models import Organisation
from common.sealed_chunks import CHUNK, TAG
from common.sealed_stream import HEAD
from recipients.models import Recipient
from tests import cast

PARTS = ["manifest", "database.dump", "files.tar"]
# 32 bytes in base64, which is how every key of ours is written down.
KEY = re.compile(r"[A-Za-z0-9+/]{43}=")
LIVE = django_settings.DATA_DIR
TAKEN_ASIDE = "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY 1"


def back_up(shelf: Path) -> Path:
    before = set(sets.names_in(shelf))
    call_command("backup", to=shelf, stdout=StringIO())
    (made,) = set(sets.names_in(shelf)) - before
    return shelf / made


def bring_back(source: Path, target: str, **options) -> str:
    said = StringIO()
    call_command(
        "restore", source, into=target, stdout=said, stderr=StringIO(), **options
    )
    return said.getvalue()


def ask(name: str, question: str) -> list[tuple]:
    with Server.called(name).connected() as line, line.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def databases(name: str) -> list[str]:
    with Server.ours().beside() as line, line.cursor() as cursor:
        cursor.execute(TAKEN_ASIDE, [f"{name}%"])
        return [row[0] for row in cursor.fetchall()]


def test_what_comes_back_is_what_was_there(registry, shelf, target, tmp_path, media):
    with Server.ours().connected() as line:
        before = tables.states(line), tables.head_of_trail(line)
    place = back_up(shelf)

    said = bring_back(place, target, files=tmp_path / "back")

    backup = sets.open_set(place, key=private_key())
    assert (backup.manifest.tables, backup.manifest.trail_head) == before
    assert backup.manifest.tables["recipients_recipient"].rows == 3
    assert "与备份时一致" in said
    assert ask(target, "SELECT count(*) FROM recipients_recipient") == [(3,)]
    for file in ("imports/a1", "exports/b2.xlsx"):
        assert (tmp_path / "back" / file).read_bytes() == (media / file).read_bytes()


def test_sealed_words_open_in_the_restored_database(registry, shelf, target):
    bring_back(back_up(shelf), target)
    sealed = "SELECT id, phone FROM recipients_recipient ORDER BY id LIMIT 1"

    ((key, phone),) = ask(target, sealed)

    field = Recipient._meta.get_field("phone")
    assert field.opened(phone, pk=key) == "19900000031"


def test_the_restored_database_says_that_it_was_restored(registry, shelf, target):
    admin = cast.make_user("backup_admin", "admin")
    place = back_up(shelf)

    bring_back(place, target, by=admin.username)

    made = BackupRecord.objects.get()
    assert (made.set_name, made.good, made.files) == (place.name, True, 2)
    assert Event.objects.filter(kind="backup.made").count() == 1
    told = "SELECT kind, by FROM audit_event ORDER BY id DESC LIMIT 1"
    assert ask(target, told) == [("backup.restored", str(admin.pk))]


def test_a_set_shows_no_name_to_whom_has_not_the_key(registry, shelf):
    place = back_up(shelf)

    text = b"".join(file.read_bytes() for file in place.iterdir())

    for words in ("李小伟", "19900000031", "鸳鸯池村", "recipients_recipient"):
        assert words.encode() not in text
    assert (place / "manifest.sealed").stat().st_mode & 0o777 == 0o600


def test_no_key_lies_in_the_set(registry, shelf, keys):
    django_settings.MEDIA_ROOT.joinpath("imports/a1").write_bytes(b"x")
    place = back_up(shelf)
    backup = sets.open_set(place, key=private_key())
    ring = django_settings.SECRETS.ring()
    secrets = [ring.index_key.secret, private_key().private_bytes_raw()]
    secrets += [key.secret for key in ring.field_keys.values()]

    assert len(secrets) >= 3
    assert not any("secret" in name for name in backup.manifest.files)
    for part in PARTS:
        with backup.opened(part) as text:
            content = text.read()
        assert not any(secret in content for secret in secrets)


def test_every_write_acknowledged_before_is_in_it(registry, shelf, target):
    stop, done = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            cast.make_organisation(f"单位{len(done)}")
            done.append(time.monotonic())
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    while len(done) < 20:
        time.sleep(0.01)
    acknowledged = len(done)

    place = back_up(shelf)
    stop.set()
    writer.join()
    bring_back(place, target)

    ((found,),) = ask(target, "SELECT count(*) FROM cadres_organisation")
    assert len(done) > acknowledged, "nothing was written meanwhile"
    assert acknowledged <= found <= Organisation.objects.count()


def test_a_set_that_was_touched_is_refused(registry, shelf, target):
    place = back_up(shelf)
    for part in PARTS:
        file = place / f"{part}.sealed"
        good = file.read_bytes()
        for sabotage in SABOTAGES:
            sabotage(file, good)

            with pytest.raises(CommandError, match=r"已损坏|不完整"):
                bring_back(place, target)

            file.write_bytes(good)
    assert databases(target) == []

    bring_back(place, target)
    assert databases(target) == [target]


def _flip(file: Path, good: bytes) -> None:
    middle = len(good) // 2
    file.write_bytes(good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :])


SABOTAGES = (
    _flip,
    lambda file, good: file.write_bytes(good[:-7]),
    # Exactly one chunk less, where nothing but the end mark can tell.
    lambda file, good: file.write_bytes(good[: HEAD + _whole_chunks(good)]),
    lambda file, good: file.write_bytes(good + bytes(20)),
    lambda file, good: file.write_bytes(b""),
    lambda file, good: file.unlink(),
)


def _whole_chunks(good: bytes) -> int:
    """Return how many bytes the chunks before the last one have."""
    return (len(good) - HEAD - 1) // (CHUNK + TAG) * (CHUNK + TAG)


def test_every_flipped_byte_of_the_manifest_is_found(registry, shelf):
    place = back_up(shelf)
    file = place / "manifest.sealed"
    good = file.read_bytes()

    for position in range(0, len(good), max(1, len(good) // 60)):
        file.write_bytes(
            good[:position] + bytes([good[position] ^ 0x40]) + good[position + 1 :]
        )
        with pytest.raises(making.Refused):
            sets.open_set(place, key=private_key())

    file.write_bytes(good)
    assert sets.open_set(place, key=private_key()).manifest.name == place.name


def test_a_part_of_another_set_is_refused(registry, shelf, target):
    first, second = back_up(shelf), back_up(shelf)
    for part in PARTS:
        file = second / f"{part}.sealed"
        good = file.read_bytes()
        shutil.copy(first / file.name, file)

        with pytest.raises(CommandError, match="已损坏"):
            bring_back(second, target)

        file.write_bytes(good)
    assert databases(target) == []


def test_a_set_under_another_name_is_refused(registry, shelf, target):
    place = back_up(shelf)
    place = place.rename(place.with_name("jinchang-20301231-000000-00000000"))

    with pytest.raises(CommandError, match="已损坏"):
        bring_back(place, target)


def test_another_backup_key_does_not_open_it(registry, shelf, target, keys):
    place = back_up(shelf)
    for file in ("backup.key", "backup.pub"):
        (keys / file).unlink()
    back_up(shelf)  # makes a new pair

    with pytest.raises(CommandError, match="不是用这把备份密钥"):
        bring_back(place, target)


def test_without_the_private_key_one_can_back_up_and_not_open(
    registry, shelf, target, keys
):
    back_up(shelf)
    elsewhere = (keys / "backup.key").rename(keys.parent / "on a stick")
    place = back_up(shelf)

    with pytest.raises(CommandError, match="没有备份私钥"):
        bring_back(place, target)
    bring_back(place, target, key=elsewhere)

    assert ask(target, "SELECT count(*) FROM recipients_recipient") == [(3,)]


def test_a_set_made_with_other_field_keys_is_refused(
    registry, shelf, target, monkeypatch
):
    place = back_up(shelf)
    monkeypatch.setattr("backups.manifest.unseal", _unreadable)

    with pytest.raises(CommandError, match="字段密钥"):
        bring_back(place, target)


def _unreadable(*_: object, **__: object) -> str:
    from common.encryption import Unreadable

    raise Unreadable


def test_a_database_with_rows_is_left_alone_unless_told(registry, shelf, target):
    place = back_up(shelf)
    bring_back(place, target)
    cast.make_recipient("王秀花")
    newer = back_up(shelf)

    with pytest.raises(CommandError, match="已有数据"):
        bring_back(newer, target)
    untouched = ask(target, "SELECT count(*) FROM recipients_recipient")
    said = bring_back(newer, target, overwrite=True)

    old = next(name for name in databases(target) if name != target)
    assert untouched == ask(old, "SELECT count(*) FROM recipients_recipient") == [(3,)]
    assert ask(target, "SELECT count(*) FROM recipients_recipient") == [(4,)]
    assert old in said


def test_a_database_in_use_is_not_replaced(registry, shelf, target):
    place = back_up(shelf)
    bring_back(place, target)

    with (
        Server.called(target).connected(),
        pytest.raises(CommandError, match="正在使用"),
    ):
        bring_back(place, target, overwrite=True)


def test_of_two_at_once_one_is_refused_and_one_is_made(registry, shelf):
    with making._alone_in(shelf), pytest.raises(CommandError, match="另一个备份"):
        back_up(shelf)

    assert back_up(shelf).is_dir()
    assert len(sets.names_in(shelf)) == 1


def test_a_killed_backup_leaves_the_last_good_one_and_no_half(registry, shelf, target):
    good = back_up(shelf)
    before = {file.name: file.read_bytes() for file in good.iterdir()}
    ours = Server.ours()
    program = (
        "import django; django.setup();"
        "from pathlib import Path; from backups import files, making;"
        "import time, sys;"
        "files.pack = lambda *_: (print('there', flush=True), time.sleep(60));"
        f"making.make(Path({str(shelf)!r}))"
    )
    way = f"postgres://{ours.way['user']}@/{ours.name}?host={ours.way['host']}"
    child = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=django_settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": way,
            "DJANGO_SETTINGS_MODULE": "jinchang_care.settings",
        },
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"there\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    half = list(shelf.glob(".draft-*"))

    bring_back(shelf, target)
    after = {file.name: file.read_bytes() for file in good.iterdir()}
    back_up(shelf)

    assert len(half) == 1
    assert after == before
    assert list(shelf.glob(".draft-*")) == []
    assert len(sets.names_in(shelf)) == 2


def test_a_full_medium_is_told_and_the_last_good_one_stays(registry, shelf):
    good = back_up(shelf)
    small = shelf.parent / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small disk here")
    try:
        with pytest.raises(CommandError, match="磁盘已满"):
            back_up(small)
        left = [path.name for path in small.iterdir()]
    finally:
        subprocess.run(["umount", str(small)], check=True)

    assert left == [".lock"]
    assert sets.names_in(shelf) == [good.name]
    failed = BackupRecord.objects.filter(good=False).get()
    assert "磁盘已满" in failed.words


def test_the_oldest_go_and_the_number_asked_for_stays(registry, shelf):
    names = [back_up(shelf).name for _ in range(3)]

    gone = making.keep_newest(shelf, number=2)

    assert gone == 1
    assert sets.names_in(shelf) == sorted(names)[1:]


def test_a_server_newer_than_our_programs_is_refused(registry, shelf, monkeypatch):
    monkeypatch.setattr("backups.server.server_version", lambda line: 99)

    with pytest.raises(CommandError, match="PostgreSQL 99 的客户端"):
        back_up(shelf)


def test_open_sessions_do_not_come_back(registry, shelf, target, client):
    client.force_login(cast.office("backup_yongchang", "620321000000"))

    bring_back(back_up(shelf), target)

    assert ask(target, "SELECT count(*) FROM cadres_session") == [(0,)]


def test_only_an_administrator_gives_a_backup_their_name(registry, shelf):
    with transaction.atomic():
        office = cast.office("backup_office", "620321000000")

    with pytest.raises(CommandError, match="不能备份"):
        call_command("backup", to=shelf, by=office.username)


def test_who_was_erased_since_the_backup_does_not_come_back(
    registry, shelf, target, settings
):
    old = back_up(shelf)
    gone = registry[0].pk
    settings.ERASURE_LEDGER.write_text(f"{gone} 2026-11-20\n")

    said = bring_back(old, target)

    assert "再次清除了 1 人" in said
    told = "SELECT id, name FROM recipients_recipient WHERE erased_on IS NOT NULL"
    assert ask(target, told) == [(gone, "已清除")]
    last = "SELECT kind FROM audit_event ORDER BY id DESC LIMIT 1"
    assert ask(target, last) == [("person.erased",)]


def test_a_new_machine_learns_of_later_erasures_from_beside_the_backups(
    registry, shelf, target, settings
):
    old = back_up(shelf)
    settings.ERASURE_LEDGER.write_text(f"{registry[1].pk} 2026-11-20\n")
    back_up(shelf)
    settings.ERASURE_LEDGER.unlink()

    said = bring_back(old, target)

    assert "再次清除了 1 人" in said
    assert settings.ERASURE_LEDGER.read_text() == f"{registry[1].pk} 2026-11-20\n"
    assert str(registry[1].pk).encode() not in (shelf / BESIDE).read_bytes()


def test_a_list_of_erasures_that_was_touched_stops_the_return(
    registry, shelf, target, settings
):
    settings.ERASURE_LEDGER.write_text(f"{registry[1].pk} 2026-11-20\n")
    place = back_up(shelf)
    _flip(shelf / BESIDE, (shelf / BESIDE).read_bytes())

    with pytest.raises(CommandError, match="不知道备份之后清除过谁"):
        bring_back(place, target)

    assert databases(target) == []
