"""PR-09 and AZ-09: many full numbers leave only when a second person agrees."""

import datetime
import io
from pathlib import Path

import openpyxl
import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from common.refusals import Refused
from common.sealed_files import opened_in_memory
from jobs.models import Job, JobState, Notice
from jobs.tasks import do_job
from reports.models import ExportRequest
from reports.operations import exports
from reports.operations.approvals import approve_export, ask_for_approval
from reports.scope import Scope
from reports.tasks import purge_exports
from tests import cast
from tests.at_once import all_at_once

pytestmark = pytest.mark.django_db
ASKED = {"ledger": "recipients", "full_ids": "on", "reason": "报市局台账"}


@pytest.fixture
def crowd(areas):
    """One person more than may leave in full on one's own word."""
    return [cast.make_recipient("王大山") for _ in range(51)]


@pytest.fixture
def asked(crowd, yongchang_office) -> ExportRequest:
    scope = Scope(user=yongchang_office, full_ids=True)
    return ask_for_approval(
        ledger="recipients", scope=scope, reason="报市局台账", by=yongchang_office
    )


def test_fifty_full_numbers_leave_at_once_and_one_more_asks(
    client: Client, crowd, yongchang_office
):
    client.force_login(yongchang_office)
    address = reverse("reports:export_list")

    many = client.post(address, ASKED)
    crowd[0].delete()
    few = client.post(address, ASKED)

    assert many.status_code == 302
    assert many.url == reverse("reports:export_requests")
    assert ExportRequest.objects.get().rows == 51
    assert few.status_code == 200
    assert few.headers["Content-Disposition"].startswith("attachment")
    b"".join(few)


def test_neither_operation_nor_command_goes_round_the_second_person(
    crowd, yongchang_office, tmp_path
):
    scope = Scope(user=yongchang_office, full_ids=True)
    told = {"ledger": "recipients", "scope": scope, "reason": "报市局台账"}

    for deed in (exports.export, exports.ask_to_export):
        more = {"out": tmp_path / "x.xlsx"} if deed is exports.export else {}
        with pytest.raises(Refused, match="另一人批准"):
            deed(**told, **more, by=yongchang_office)
    with pytest.raises(CommandError, match="另一人批准"):
        call_command(
            "export",
            "recipients",
            out=tmp_path / "y.xlsx",
            by="yongchang",
            reason="报市局台账",
            full_ids=True,
        )
    assert list(tmp_path.iterdir()) == []


def test_nobody_approves_their_own(asked, yongchang_office, areas):
    second = cast.office("yongchang2", "620321000000", name=yongchang_office.name)

    with pytest.raises(Refused, match="不能批准自己"):
        approve_export(request=asked, by=yongchang_office)
    with pytest.raises(Refused, match="同名账号"):
        approve_export(request=asked, by=second)


def test_a_township_and_the_neighbour_do_not_decide(
    client, asked, hexibao_office, jinchuan_office
):
    with pytest.raises(Refused, match="县区以上"):
        approve_export(request=asked, by=hexibao_office)
    client.force_login(jinchuan_office)
    address = reverse("reports:export_approve", args=[asked.pk])
    assert client.post(address).status_code == 404


def test_an_approved_file_is_for_who_asked_and_says_all_about_itself(
    client, city_office, asked, yongchang_office, crowd
):
    told = Notice.objects.filter(kind="export.approval_asked")
    assert [notice.to for notice in told] == [city_office]
    client.force_login(city_office)
    client.post(reverse("reports:export_approve", args=[asked.pk]))
    asked.refresh_from_db()

    do_job(str(asked.job_id))

    job = asked.job
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert client.get(reverse("reports:job_file", args=[job.pk])).status_code == 404
    with opened_in_memory(Path(settings.MEDIA_ROOT) / job.result_file) as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
    notes = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    event = Event.objects.get(kind="export.made")
    assert notes["批准人"] == "张主任(city)"
    assert notes["导出人"] == "王科长(yongchang)"
    assert notes["导出编号"] == event.details["serial"]
    assert notes["导出时间"]
    assert event.details["serial"] in book.properties.description
    assert book.properties.creator == "王科长(yongchang)"
    assert event.details["serial"] in str(book.worksheets[0]["A2"].value)
    numbers = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert crowd[0].resident_id in numbers


def test_the_file_is_gone_after_seven_days(
    client, asked, city_office, yongchang_office
):
    approve_export(request=asked, by=city_office)
    asked.refresh_from_db()
    do_job(str(asked.job_id))
    asked.job.refresh_from_db()
    file = Path(settings.MEDIA_ROOT) / asked.job.result_file
    assert file.exists()

    later = timezone.now() + datetime.timedelta(days=7, seconds=1)
    with time_machine.travel(later, tick=False):
        purge_exports(later)
        client.force_login(yongchang_office)
        gone = client.get(reverse("reports:job_file", args=[asked.job_id]))

    assert not file.exists()
    assert gone.status_code == 404


def test_a_decision_is_made_once(client, asked, city_office):
    client.force_login(city_office)
    client.post(
        reverse("reports:export_decline", args=[asked.pk]), {"words": "请用掩码"}
    )

    again = client.post(reverse("reports:export_approve", args=[asked.pk]))

    assert again.status_code == 409
    asked.refresh_from_db()
    assert (asked.status, asked.words, asked.job) == ("declined", "请用掩码", None)


@pytest.mark.parametrize("words", ["", "不\x00行", "长" * 201])
def test_a_no_without_a_reason_that_can_be_kept_is_asked_again(
    client, asked, city_office, words: str
):
    client.force_login(city_office)

    page = client.post(
        reverse("reports:export_decline", args=[asked.pk]), {"words": words}
    )

    assert page.status_code == 422
    assert "has-error" in page.content.decode()
    asked.refresh_from_db()
    assert asked.status == "asked"


@pytest.mark.django_db(transaction=True)
def test_of_many_decisions_at_once_one_counts(asked, city_office):
    approvals = [lambda: approve_export(request=asked, by=city_office)] * 20

    assert all_at_once(approvals) == {"done": 1, "refused": 19}

    assert Event.objects.filter(kind="export.approved").count() == 1
    assert Job.objects.filter(kind="reports.export").count() == 1


def test_a_job_that_says_it_was_approved_is_not_believed(
    crowd, yongchang_office, asked
):
    from django.db import transaction

    from jobs.operations import owe

    with transaction.atomic():
        job = owe(
            "reports.export",
            title="导出",
            by=yongchang_office,
            ledger="recipients",
            reason="报市局",
            full_ids=True,
            approval=str(asked.pk),
        )

    do_job(str(job.pk))

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "没有得到批准" in job.outcome


def test_ones_own_approval_cannot_be_written(asked, yongchang_office):
    with pytest.raises(IntegrityError, match="export_is_not_approved"):
        ExportRequest.objects.update(
            status="approved", decided_by=yongchang_office, decided_at=timezone.now()
        )


def test_the_page_shows_what_waits_for_whom(
    client, asked, city_office, yongchang_office
):
    pages = {}
    for user in (city_office, yongchang_office):
        client.force_login(user)
        pages[user] = client.get(reverse("reports:export_requests")).content.decode()

    approve = reverse("reports:export_approve", args=[asked.pk])
    assert approve in pages[city_office]
    assert approve not in pages[yongchang_office]
    assert "等待另一人批准" in pages[yongchang_office]
