"""AV-08: a full or broken disk leaves no half file, and pages say what it is."""

import errno
import os
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cadres.models import Cadre, User
from common.durable import kept
from intake.models import ImportBatch
from jobs.models import Job, JobState
from jobs.operations import TRY_AGAIN_AFTER
from jobs.tasks import do_job
from reports.operations import exports
from reports.scope import Scope
from tests import cast
from tests.visits.telling import posted
from tests.visits.test_photos import jpeg
from visits.models import HomeVisit, VisitPhoto

WORDS = {errno.ENOSPC: "磁盘满了", errno.EIO: "磁盘写不进去", errno.EROFS: "写不进去"}


@pytest.fixture(params=WORDS)
def ill(request, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings) -> str:
    """The words for a disk that takes bytes, and then does not keep them."""
    settings.MEDIA_ROOT = tmp_path / "files"

    def fsync(file: int) -> None:
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(os, "fsync", fsync)
    return WORDS[request.param]


def files_left() -> list[Path]:
    return [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]


def test_what_was_not_kept_whole_is_not_there(ill, tmp_path: Path):
    place = tmp_path / "folder" / "file"
    with pytest.raises(OSError, match="Errno"), kept(place) as file:
        file.write(b"half")

    assert list(place.parent.iterdir()) == []


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"before")

    with pytest.raises(FileExistsError), kept(tmp_path / "file") as file:
        file.write(b"after")

    assert (tmp_path / "file").read_bytes() == b"before"


def test_the_visit_stands_and_its_photo_is_said_not_to_be_kept(
    ill, client: Client, cadre: Cadre, cadre_user: User, areas
):
    person = cast.make_recipient("王大山")
    sent = posted(cast.make_pairing(person, cadre))
    client.force_login(cadre_user)

    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True):
        page = client.post(
            reverse("visits:visit_new", args=[person.pk]),
            {**sent, "photos": SimpleUploadedFile("照片.jpg", jpeg())},
            follow=True,
        ).content.decode()

    assert "走访已保存,照片没有保存" in page
    assert ill in page
    assert HomeVisit.objects.count() == 1
    assert not VisitPhoto.objects.exists()
    assert files_left() == []


def test_an_upload_is_refused_with_what_is_the_matter(
    ill, client: Client, city_office: User
):
    client.force_login(city_office)
    client.raise_request_exception = False
    sent = SimpleUploadedFile("名册.csv", "姓名,身份证号\n张三,1\n".encode())

    answer = client.post(reverse("intake:upload"), {"kind": "recipients", "file": sent})

    assert answer.status_code == 503
    assert ill in answer.content.decode()
    assert answer["Retry-After"] == "60"
    assert not ImportBatch.objects.exists()
    assert files_left() == []


@pytest.mark.django_db(transaction=True)
def test_an_export_waits_for_the_disk_and_is_then_made(
    ill, monkeypatch: pytest.MonkeyPatch, city_office: User
):
    job = exports.ask_to_export(
        ledger="recipients",
        scope=Scope(user=city_office),
        reason="报市局台账",
        by=city_office,
    )

    do_job(str(job.pk))
    job.refresh_from_db()
    waiting, left = job.state, files_left()
    monkeypatch.undo()
    Job.objects.update(due_at=job.due_at - 2 * TRY_AGAIN_AFTER)
    do_job(str(job.pk))
    job.refresh_from_db()

    assert (waiting, left) == (JobState.WAITING, [])
    assert job.state == JobState.DONE
    assert Event.objects.filter(kind="export.made").count() == 1
