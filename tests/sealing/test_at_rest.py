"""PR-01, PR-10, PR-12: what is written of a person lies open nowhere but on pages."""

import base64
import csv
import io
import json
import logging
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from intake.models import ImportBatch
from jinchang_care import local
from jinchang_care.services.places import Places
from jobs import operations, tasks
from jobs.models import Job
from jobs.registry import JOB_HANDS
from recipients.models import Recipient
from tests import cast
from tests.visits.telling import posted

pytestmark = pytest.mark.django_db(transaction=True)
# An invented person; of all that is told, the name alone is not sealed.
NAME = "阮锬镕记"
TOLD = {
    "resident_id": cast.resident_id(),
    "phone": "19900007301",
    "guardian_phone": "19900007302",
    "guardian_name": "阮记号",
    "address": "记号巷甲九十九号",
    "health": "记号病,须静养",
    "note": "记号之备注",
}
ABOUT = {
    "name": NAME,
    "id_state": "present",
    "category": "DESTITUTE",
    "area": cast.HEXIBAO,
    "village": "鸳鸯池村",
    "guardian_relation": "祖母",
}
VISIT = {"words": "记号探望所见", "need_words": "记号难处", "need_kind": "housing"}
# Another, who comes in a file of the office's; and a row that is wrong.
LISTED = {
    "身份证号": cast.resident_id(),
    "联系电话": "19900007303",
    "住址": "记册巷乙八十八号",
    "备注": "记册之备注",
}
WRONG = {"身份证号": "62032119650312901", "联系电话": "19900007304"}
SEALED = [*TOLD.values(), VISIT["words"], VISIT["need_words"]]
SEALED += [*LISTED.values(), *WRONG.values()]


@pytest.fixture
def log() -> Iterator[Callable[[], str]]:
    """Return a reader of what our own log has got, written as it is written live."""
    told = dict(django_settings.LOGGING["formatters"]["line"])
    formatter, lines = told.pop("()")(**told), []
    handler = logging.Handler(logging.INFO)
    handler.emit = lambda record: lines.append(formatter.format(record))
    logging.getLogger().addHandler(handler)
    yield lambda: "\n".join(lines)
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def told_and_done(
    cadre, cadre_user, yongchang_office, settings, tmp_path, log, monkeypatch
):
    """A person put on file, visited, looked for, unmasked and refused, by the web.

    Then a roster is imported, and all of it leaves in full, at once and by the worker.
    """
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "files" / "passing"))
    Path(tempfile.gettempdir()).mkdir(parents=True)
    desk, phone = Client(raise_request_exception=False), Client()
    desk.force_login(yongchang_office)
    phone.force_login(cadre_user)
    create = reverse("recipients:recipient_create")
    assert desk.post(create, ABOUT | TOLD).status_code == 302
    assert desk.post(create, ABOUT | TOLD | {"area": ""}).status_code == 422
    person = Recipient.objects.get()
    pairing = cast.make_pairing(person, cadre)
    visit = reverse("visits:visit_new", args=[person.pk])
    assert phone.post(visit, posted(pairing, **VISIT)).status_code == 302
    for number in (TOLD["resident_id"], TOLD["phone"]):
        assert desk.get(reverse("reports:search"), {"q": number}).status_code == 200
    unmask = reverse("recipients:recipient_unmask", args=[person.pk])
    asked = {"field": "phone", "reason": "应急"}
    assert desk.post(unmask, asked).status_code == 200
    assert desk.get(f"/{TOLD['phone']}/").status_code == 404
    _bring_in_a_roster(desk)
    _take_out_a_ledger(desk, settings)
    return person


def _bring_in_a_roster(desk: Client) -> None:
    place = {"对象类别": "特困家庭", "乡镇": "河西堡镇", "村社区": "鸳鸯池村"}
    rows = [{"姓名": "阮名册", **place, **told} for told in (LISTED, WRONG)]
    words = io.StringIO()
    table = csv.DictWriter(words, ["姓名", *place, *LISTED])
    table.writeheader()
    table.writerows(rows)
    file = SimpleUploadedFile("名册.csv", words.getvalue().encode())
    desk.post(reverse("intake:upload"), {"kind": "recipients", "file": file})
    batch = ImportBatch.objects.get()
    assert (batch.tally("new"), batch.tally("wrong")) == (1, 1)
    preview = reverse("intake:batch_detail", args=[batch.pk])
    assert desk.get(preview).status_code == 200
    desk.post(reverse("intake:batch_confirm", args=[batch.pk]))
    assert Recipient.objects.count() == 2


def _take_out_a_ledger(desk: Client, settings: Any) -> None:
    asked = {"ledger": "recipients", "full_ids": "on", "reason": "报市局台账"}
    at_once = desk.post(reverse("reports:export_list"), asked)
    assert _holds_inside(b"".join(at_once), LISTED["身份证号"])
    settings.EXPORT_IN_WORKER_ABOVE = 0
    desk.post(reverse("reports:export_list"), asked)
    job = Job.objects.get()
    tasks.do_job(str(job.pk))
    kept = desk.get(reverse("reports:job_file", args=[job.pk]))
    assert _holds_inside(b"".join(kept.streaming_content), TOLD["resident_id"])


@pytest.fixture
def job(yongchang_office):
    with transaction.atomic():
        return operations.owe("reports.export", title=NAME, by=yongchang_office)


def test_it_is_in_none_of_the_servers_files(told_and_done):
    files = _files_of_the_database() | _tree(django_settings.MEDIA_ROOT)

    found = [
        (place, mark)
        for place, kept in files.items()
        for mark in SEALED
        if _holds(kept, mark)
    ]

    assert found == []
    assert any(_holds(kept, NAME) for kept in files.values()), "looked elsewhere"


def test_the_broker_holds_ids_only(told_and_done, queue, job):
    tasks.relay()

    kept = _everything_at_the_broker()
    assert _holds(kept, str(job.pk))
    assert [mark for mark in (NAME, *SEALED) if _holds(kept, mark)] == []


def test_the_log_tells_of_faults_and_refusals_without_a_value(
    told_and_done, yongchang_office, job, log, monkeypatch
):
    monkeypatch.setitem(JOB_HANDS, "reports.export", _fail_with_all_of_it)
    desk = Client(raise_request_exception=False)
    desk.force_login(yongchang_office)

    tasks.do_job.apply([str(job.pk)])
    with connection.execute_wrapper(_fail_with_all_of_it):
        answer = desk.get(reverse("recipients:recipient_list"))

    told = log()
    assert answer.status_code == 500
    assert all(name in told for name in ("celery.app.trace", "django.request"))
    for place in (told, answer.content.decode()):
        assert [mark for mark in (NAME, *SEALED) if mark in place] == []


def _fail_with_all_of_it(*_: object) -> None:
    raise ValueError(f"{NAME} {SEALED}")


def _files_of_the_database() -> dict[str, bytes]:
    """Return this database's files, written out, and all that was logged since."""
    places = Places.of(django_settings.DATA_DIR)
    address = local.database_url(django_settings.DATA_DIR, role="postgres")
    if not places.cluster.exists():
        pytest.skip("the server is somebody else's, and so are its files")
    with closing(psycopg2.connect(address)) as line, line.cursor() as cursor:
        line.autocommit = True
        cursor.execute("CHECKPOINT")
        name = connection.settings_dict["NAME"]
        cursor.execute("SELECT oid FROM pg_database WHERE datname = %s", [name])
        (oid,) = cursor.fetchone()
        cursor.execute("SELECT pg_walfile_name(pg_current_wal_lsn())")
        (newest,) = cursor.fetchone()
    wal = places.cluster / "pg_wal"
    recent = sorted(file for file in wal.glob("0*") if file.name <= newest)[-2:]
    return (
        _tree(places.cluster / "base" / str(oid))
        | _tree(places.log)
        | _tree(places.valkey)
        | {str(file): file.read_bytes() for file in recent}
    )


def _tree(folder: Path) -> dict[str, bytes]:
    """Return all the files, and what is packed into those that are workbooks."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {str(file): _unpacked(file.read_bytes()) for file in files}


def _unpacked(kept: bytes) -> bytes:
    if not zipfile.is_zipfile(io.BytesIO(kept)):
        return kept
    with zipfile.ZipFile(io.BytesIO(kept)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


def _holds_inside(workbook: bytes, mark: str) -> bool:
    return _holds(_unpacked(workbook), mark)


def _everything_at_the_broker() -> bytes:
    with current_app.connection_or_acquire() as line:
        client = line.default_channel.client
        read = {
            b"list": lambda key: client.lrange(key, 0, -1),
            b"set": client.smembers,
            b"hash": client.hgetall,
            b"string": client.get,
            b"zset": lambda key: client.zrange(key, 0, -1),
        }
        kept = [(key, read[client.type(key)](key)) for key in client.scan_iter()]
    return repr(kept).encode()


def _holds(kept: bytes, mark: str) -> bool:
    return any(shape in kept for shape in _shapes(mark))


def _shapes(mark: str) -> Iterator[bytes]:
    """Yield the mark as it may lie in a file: plain, wide, in hex, and in base64."""
    plain = mark.encode()
    yield from (plain, mark.encode("utf-16-le"), mark.encode("utf-16-be"))
    yield from (plain.hex().encode(), json.dumps(mark)[1:-1].encode())
    for before in range(3):
        # Base64 has three ways to write the middle of a text.
        written = base64.b64encode(b"-" * before + plain).rstrip(b"=")
        yield written[(before * 8 + 5) // 6 : -1]
