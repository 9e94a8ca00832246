"""Ledgers leave with a reason, within reach, masked, and as Excel keeps them."""

import datetime
import io
import uuid
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from cadres.models import User
from common.refusals import Refused
from jobs.models import Job, JobState
from jobs.tasks import do_job
from policies.models import PolicyCheck, PolicySheet
from recipients.models import Guardian
from reports.filter_words import filter_words
from reports.operations import exports
from reports.scope import Scope
from tests import cast
from visits.models import Deed, HomeVisit

TODAY = timezone.localdate()


@pytest.fixture
def visit(pairing) -> HomeVisit:
    sheet = PolicySheet.objects.create(recipient=pairing.recipient, checked_on=TODAY)
    for policy, state in (("subsistence", "unclaimed"), ("pension", "enjoyed")):
        PolicyCheck.objects.create(sheet=sheet, policy=policy, state=state)
    visit = HomeVisit.objects.create(
        client_id=uuid.uuid4(),
        together=uuid.uuid4(),
        recipient=pairing.recipient,
        cadre=pairing.cadre,
        pairing=pairing,
        organisation=pairing.cadre.organisation,
        day=TODAY,
        words="=身体平稳,电话 19900000031",
        sheet=sheet,
        content_hash="0" * 64,
    )
    Deed.objects.create(visit=visit, kind="policy", quantity=3)
    Deed.objects.create(visit=visit, kind="money", amount=Decimal("200.10"))
    Deed.objects.create(visit=visit, kind="money", amount=Decimal("0.20"))
    Deed.objects.create(visit=visit, kind="goods", amount=Decimal("99.90"))
    return visit


def export(client: Client, **asked: str) -> openpyxl.Workbook:
    response = client.post(
        reverse("reports:export_list"), {"reason": "报市局台账", **asked}
    )
    assert response.status_code == 200, response.content.decode()[:2000]
    return openpyxl.load_workbook(io.BytesIO(b"".join(response)))


def lines(book: openpyxl.Workbook) -> list[dict]:
    rows = list(book["台账"].iter_rows(values_only=True))
    heads = rows[2]
    return [
        dict(zip(heads, row, strict=True))
        for row in rows[3:]
        if isinstance(row[0], int | float)
    ]


def test_the_ledger_of_people_holds_the_reach_and_no_more(
    client: Client, child, stranger_child, pairing, yongchang_office: User
):
    Guardian.objects.create(recipient=child, name="王梅", relation="母亲")
    client.force_login(yongchang_office)

    (line,) = lines(export(client, ledger="recipients"))

    assert line["姓名"] == child.name
    assert line["县区"] == "永昌县"
    assert line["乡镇"] == "河西堡镇"
    assert line["监护人"] == "王梅"
    assert line["结对干部"] == "赵军"
    assert (
        line["身份证号"] == f"{child.resident_id[:6]}********{child.resident_id[-4:]}"
    )
    assert line["电话"] == "199****0031"
    assert line["建档日期"] == datetime.datetime(2025, 1, 1)  # noqa: DTZ001


def test_full_numbers_leave_only_when_asked_for_and_it_is_recorded(
    client: Client, child, yongchang_office: User
):
    client.force_login(yongchang_office)

    (line,) = lines(export(client, ledger="recipients", full_ids="on"))

    assert line["身份证号"] == child.resident_id
    event = Event.objects.get(kind="export.made")
    told = {"ledger": "recipients", "rows": 1, "full_ids": True}
    assert told.items() <= event.details.items()
    assert event.reason == "报市局台账"


def test_the_second_sheet_says_who_when_and_why(
    client: Client, child, yongchang_office: User
):
    client.force_login(yongchang_office)

    notes = dict(
        row[:2]
        for row in export(client, ledger="recipients")["说明"].iter_rows(
            values_only=True
        )
    )

    assert notes["导出人"] == "王科长(yongchang)"
    assert notes["用途"] == "报市局台账"
    assert notes["证件号码"] == "掩码"


def test_an_export_without_a_reason_is_refused_and_keeps_the_form(
    client: Client, child, yongchang_office: User
):
    client.force_login(yongchang_office)

    response = client.post(
        reverse("reports:export_list"), {"ledger": "visits", "reason": "无"}
    )

    assert response.status_code == 422
    assert "用途" in response.content.decode()
    assert not Event.objects.filter(kind="export.made").exists()


def test_the_filters_of_the_list_narrow_the_export(
    client: Client, child, yongchang_office: User
):
    cast.make_recipient("王大山", category="DISABLED")
    client.force_login(yongchang_office)

    book = export(client, ledger="recipients", query="category=CHILD")

    assert [line["姓名"] for line in lines(book)] == [child.name]
    notes = {row[0].value: row[1].value for row in book["说明"].iter_rows()}
    assert notes["筛选条件"] == "类别 孤残儿童"


@pytest.mark.parametrize(
    ("ledger", "query", "words"),
    [
        ("recipients", "", ""),
        ("recipients", "area=620321101000&dibao=1", "区划 河西堡镇;享受低保"),
        ("recipients", "q=lxw&due=late", "查找 lxw;应访 超期未访"),
        ("visits", "way=visiting&late=0", "方式 上门(入户、探视);补录 不含补录"),
        ("visits", "since=2026-11-01", "从 2026-11-01"),
        ("visits", "since=never", ""),
        ("pairings", "queue=all", ""),
    ],
)
def test_a_file_says_by_what_it_was_narrowed(
    child, yongchang_office: User, ledger: str, query: str, words: str
):
    scope = Scope(user=yongchang_office, query=query)

    assert filter_words(ledger, scope) == words


def test_a_whole_number_is_not_told_in_a_files_notes(child, yongchang_office: User):
    scope = Scope(user=yongchang_office, query=f"q={child.resident_id}")

    assert filter_words("recipients", scope) == "查找 按完整证号"


def test_the_pairings_ledger_counts_visits_and_contacts_apart(
    client: Client, visit: HomeVisit, yongchang_office: User
):
    visit.pk, visit.client_id, visit.way = uuid.uuid4(), uuid.uuid4(), "PHONE"
    visit.sheet = None
    visit.save(force_insert=True)
    client.force_login(yongchang_office)

    (line,) = lines(export(client, ledger="pairings"))

    assert (line["本年走访次数"], line["联系次数"]) == (1, 2)


def test_the_visits_ledger_has_exact_sums_and_words_that_stay_words(
    client: Client, visit: HomeVisit, yongchang_office: User
):
    client.force_login(yongchang_office)

    book = export(client, ledger="visits", since=TODAY.isoformat())

    (line,) = lines(book)
    assert line["资金(元)"] == 200.3
    assert line["物资折合(元)"] == 99.9
    assert line["协调对接政策事项(件)"] == 3
    assert line["政策核对结果"] == "应享未享:最低生活保障"
    assert line["走访情况"] == "=身体平稳,电话 199****0031"
    assert all(
        cell.data_type != "f" for row in book["台账"].iter_rows() for cell in row
    )


def test_days_outside_the_period_are_left_out(
    client: Client, visit: HomeVisit, yongchang_office: User
):
    client.force_login(yongchang_office)
    yesterday = (TODAY - datetime.timedelta(days=1)).isoformat()

    assert lines(export(client, ledger="visits", until=yesterday)) == []


def test_a_large_ledger_is_built_by_a_worker_for_its_owner_only(
    client: Client, child, yongchang_office: User, jinchuan_office: User, settings
):
    settings.EXPORT_IN_WORKER_ABOVE = 0
    client.force_login(yongchang_office)
    client.post(
        reverse("reports:export_list"),
        {"ledger": "recipients", "reason": "报市局台账"},
    )
    job = Job.objects.get()

    do_job(str(job.pk))

    job.refresh_from_db()
    assert job.state == JobState.DONE
    address = reverse("reports:job_file", args=[job.pk])
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get(address).streaming_content))
    )
    assert len(lines(book)) == 1
    client.force_login(jinchuan_office)
    assert client.get(address).status_code == 404


def test_a_worker_does_not_export_for_an_account_that_was_closed(
    child, yongchang_office: User
):
    job = exports.ask_to_export(
        ledger="recipients",
        scope=Scope(user=yongchang_office),
        reason="报市局台账",
        by=yongchang_office,
    )
    User.objects.filter(pk=yongchang_office.pk).update(is_active=False)

    do_job(str(job.pk))

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "停用" in job.outcome


def test_the_command_writes_the_same_file(child, city_office: User, tmp_path):
    out = tmp_path / "people.xlsx"

    call_command("export", "recipients", out=str(out), by="city", reason="报市局台账")

    assert len(lines(openpyxl.load_workbook(out))) == 1
    assert Event.objects.filter(kind="export.made").count() == 1


def test_the_command_refuses_an_account_that_may_not_export(cadre_user: User, tmp_path):
    with pytest.raises(CommandError, match="不能导出"):
        call_command(
            "export",
            "recipients",
            out=str(tmp_path / "x.xlsx"),
            by="cadre",
            reason="报市局台账",
        )


def test_the_operation_itself_refuses_without_a_reason(city_office: User):
    with pytest.raises(Refused, match="用途"):
        exports.export(
            ledger="recipients",
            scope=Scope(user=city_office),
            reason=" ",
            out=BytesIO(),
            by=city_office,
        )
