"""AV-14: the clock makes backups, tries them, and says when it cannot."""

import shutil
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from backups import queries, sets
from backups.models import BackupRecord, RecordKind
from backups.server import Server
from cadres.models import User
from jobs.models import ClockRun, Notice
from jobs.operations import run_sweep
from tests import cast
from tests.audit.chaining import record_events


@pytest.fixture
def admin(registry) -> User:
    return cast.make_user("clock_admin", "admin")


def sweep(name: str) -> int:
    return run_sweep(name=name, now=timezone.now())


def old(kind: RecordKind, days: float, **facts) -> BackupRecord:
    when = timezone.now() - timedelta(days=days)
    return BackupRecord.objects.create(
        kind=kind, started_at=when, finished_at=when, **{"good": True, **facts}
    )


def test_the_nights_backup_is_made_once_however_often_it_is_asked_for(admin, shelf):
    first, second = sweep("backup"), sweep("backup")

    assert first > 0
    assert second == 0
    assert len(sets.names_in(shelf)) == 1
    assert BackupRecord.objects.of(RecordKind.MADE).count() == 1


def test_no_more_are_kept_than_asked_for(admin, shelf, settings):
    settings.BACKUP_KEEP = 2
    for _ in range(4):
        sweep("backup")
        earlier = timezone.now() - timedelta(hours=2)
        BackupRecord.objects.update(started_at=earlier, finished_at=earlier)

    assert len(sets.names_in(shelf)) == 2


def test_the_weekly_trial_brings_the_newest_back_and_leaves_nothing(admin, shelf):
    sweep("backup")

    rows = sweep("backup_check")

    record = BackupRecord.objects.of(RecordKind.CHECKED).get()
    assert (record.good, record.rows) == (True, rows)
    assert rows > 0
    assert "一致" in record.words
    with Server.ours().beside() as line, line.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname LIKE '%selfcheck'")
        assert cursor.fetchall() == []


def test_the_weekly_trial_walks_the_trail_of_the_copy(admin, shelf):
    record_events(3)
    with transaction.atomic(), connection.cursor() as cursor:
        guard = "ALTER TABLE audit_event {} TRIGGER event_is_never_changed"
        cursor.execute(guard.format("DISABLE"))
        cursor.execute("UPDATE audit_event SET reason = '改过' WHERE reason = '第1次'")
        cursor.execute(guard.format("ENABLE ALWAYS"))
    sweep("backup")

    sweep("backup_check")

    record = BackupRecord.objects.of(RecordKind.CHECKED).get()
    assert not record.good
    assert "内容被改动" in record.words


@pytest.mark.parametrize("harm", ["flip", "gone", "no_key"])
def test_a_trial_that_fails_is_written_down_and_told(admin, shelf, keys, harm):
    sweep("backup")
    place = shelf / sets.names_in(shelf)[0]
    match harm:
        case "flip":
            file = place / "database.dump.sealed"
            content = bytearray(file.read_bytes())
            content[-1] ^= 1
            file.write_bytes(content)
        case "gone":
            shutil.rmtree(place)
        case "no_key":
            (keys / "backup.key").unlink()

    sweep("backup_check")

    record = BackupRecord.objects.of(RecordKind.CHECKED).get()
    assert not record.good
    notice = Notice.objects.get(to=admin, kind="backup.checked")
    assert notice.words == f"恢复自查没有成功:{record.words}"


def test_a_backup_that_fails_shows_on_the_clock_and_rings_a_bell(
    admin, shelf, settings
):
    shelf.mkdir()
    settings.BACKUP_DIR = shelf / "a file"
    settings.BACKUP_DIR.write_text("in the way")

    with pytest.raises(Exception, match="不能写入"):
        sweep("backup")

    assert ClockRun.objects.get().error
    assert Notice.objects.filter(to=admin, kind="backup.made").exists()


@pytest.mark.parametrize(
    ("made", "checked", "kinds"),
    [
        (0.5, 7.9, set()),
        (1.2, 7.9, {"made_old"}),
        (0.5, 8.1, {"checked_old"}),
        (9.0, 9.0, {"made_old", "checked_old"}),
    ],
)
def test_what_is_too_old_is_a_problem(admin, made, checked, kinds):
    old(RecordKind.MADE, made)
    old(RecordKind.CHECKED, checked)

    found = queries.state(timezone.now())

    assert {problem.kind for problem in found.problems} == kinds
    assert found.is_well == (not kinds)


def test_a_young_system_is_given_time(admin):
    now = timezone.now()

    assert queries.state(now).is_well
    later = queries.state(now + timedelta(days=9))
    assert {problem.kind for problem in later.problems} == {"made_old", "checked_old"}


def test_administrators_are_told_once_a_day(admin):
    old(RecordKind.MADE, 0.1)
    old(RecordKind.CHECKED, 9)

    first, second = sweep("backup_watch"), sweep("backup_watch")

    assert (first, second) == (1, 0)
    assert Notice.objects.get(to=admin).words == "超过 8 天没有成功的恢复自查。"


def test_the_clocks_page_shows_how_the_copies_are(admin, client, shelf):
    sweep("backup")
    sweep("backup_check")
    old(RecordKind.MADE, 0, good=False, words="磁盘已满")
    client.force_login(admin)

    html = client.get(reverse("reports:clock")).content.decode()

    assert "最近一次备份没有成功:磁盘已满" in html
    assert "全部文件一致,留痕逐条校验完好" in html
