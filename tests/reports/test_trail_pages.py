"""The trail's pages: who saw a person, what was taken out, and who asked."""

import io
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from audit import seals, trail
from audit.models import Check, Content, Event
from jobs.models import Notice
from jobs.operations import run_sweep
from recipients.operations import looks
from reports.operations import chain, exports
from reports.scope import Scope
from tests.audit.chaining import record_events, run, unguarded


@pytest.fixture
def busy(client: Client, child, stranger_child, pairing, yongchang_office, cadre_user):
    """A person at whom some have looked, and a neighbour's, at whom others have."""
    looks.look(recipient=child, by=cadre_user)
    looks.unmask(recipient=child, field="phone", reason="应急", by=yongchang_office)
    trail.record("pairing.paused", subject=pairing, by=yongchang_office)
    looks.look(recipient=stranger_child, by=yongchang_office)
    return child


def test_the_auditor_finds_by_whole_number_who_saw_a_person(
    client: Client, busy, auditor
):
    client.force_login(auditor)

    found = client.post(
        reverse("reports:trail_find_person"), {"person": busy.resident_id}
    )
    html = client.get(found.url).content.decode()

    assert busy.resident_id not in found.url
    assert busy.code in html
    assert busy.name not in html
    for words in ("查看了档案", "查看了完整信息", "暂停", "应急", "电话"):
        assert words in html
    assert Event.objects.filter(kind="trail.looked_up").count() == 1


def test_nobody_elses_events_are_among_a_persons(
    client: Client, busy, stranger_child, auditor
):
    client.force_login(auditor)

    html = client.get(reverse("reports:trail_person", args=[busy.pk])).content.decode()

    assert stranger_child.code not in html


def test_a_number_of_nobody_is_told_in_words(client: Client, busy, auditor):
    client.force_login(auditor)

    answer = client.post(reverse("reports:trail_find_person"), {"person": "T-999999"})

    assert answer.status_code == 422
    assert "没有这个编号" in answer.content.decode()


def test_a_file_that_held_a_person_is_among_their_events(
    client: Client, child, stranger_child, yongchang_office, auditor, tmp_path
):
    exports.export(
        ledger="recipients",
        scope=Scope(user=yongchang_office, area=yongchang_office.area),
        reason="报民政局月报",
        out=BytesIO(),
        by=yongchang_office,
    )
    client.force_login(auditor)

    pages = {
        person: client.get(
            reverse("reports:trail_person", args=[person.pk])
        ).content.decode()
        for person in (child, stranger_child)
    }

    assert Content.objects.get().people == [child.pk]
    assert "报民政局月报" in pages[child]
    assert "报民政局月报" not in pages[stranger_child]


def test_a_refused_try_is_found_with_the_person_it_was_about(
    client: Client, child, jinchuan_office, auditor
):
    client.force_login(jinchuan_office)
    client.get(reverse("recipients:recipient_detail", args=[child.pk]))
    client.force_login(auditor)

    html = client.get(reverse("reports:trail_person", args=[child.pk])).content.decode()

    assert "范围以外" in html
    assert jinchuan_office.name in html


@pytest.mark.parametrize("who", ["yongchang", "王科长"])
def test_the_trail_is_narrowed_to_an_account(client: Client, busy, auditor, who: str):
    client.force_login(auditor)

    html = client.get(reverse("reports:trail"), {"who": who}).content.decode()

    assert "王科长" in html
    assert "赵军" not in html


def test_the_auditor_takes_the_trail_out_with_a_reason(client: Client, busy, auditor):
    client.force_login(auditor)
    address = reverse("reports:trail_export")

    refused = client.post(address, {"reason": "x"})
    taken = client.post(address, {"reason": "年度审计抽查", "kind": "person.unmasked"})

    assert refused.status_code == 422
    book = openpyxl.load_workbook(io.BytesIO(taken.getvalue()))
    cells = [cell.value for row in book.active.iter_rows() for cell in row]
    assert "查看了完整信息" in cells
    assert "查看了档案" not in cells
    event = Event.objects.get(kind="trail.exported")
    assert (event.reason, event.details["rows"]) == ("年度审计抽查", 1)


def test_before_and_after_are_shown_with_private_values_masked(
    client: Client, child, yongchang_office, auditor
):
    changes = {"phone": ["***", "***"], "category": ["CHILD", "DISABLED"]}
    trail.record(
        "recipient.changed", subject=child, by=yongchang_office, fields=changes
    )
    client.force_login(auditor)

    html = client.get(reverse("reports:trail")).content.decode()

    assert "*** → ***" in html
    assert "孤残儿童 → 困难重度残疾人" in html


def test_codes_are_told_in_words(client: Client, auditor, admin):
    before = {"role": "leader", "area": None, "until": ""}
    trail.record("user.role_changed", subject=auditor, by=admin, before=before)
    trail.record(
        "export.made", subject=admin, by=admin, ledger="visits", full_ids=False
    )
    client.force_login(auditor)

    html = client.get(reverse("reports:trail")).content.decode()

    assert "之前 角色 领导" in html
    assert "台账 走访" in html
    assert "完整号码 否" not in html


@pytest.mark.django_db(transaction=True)
def test_the_daily_walk_is_kept_and_its_head_printed(client: Client, auditor, settings):
    record_events(3)

    done = chain.check()

    assert (done.good, done.events) == (True, 3)
    (file,) = settings.CHAIN_DIR.glob("*.txt")
    assert f"第 3 条 {done.head}" in file.read_text()
    client.force_login(auditor)
    html = client.get(reverse("reports:trail_chain")).content.decode()
    assert "留痕完好,共 3 条" in html
    assert done.head in html


@pytest.mark.django_db(transaction=True)
def test_a_head_that_was_kept_is_compared_on_the_page(client: Client, auditor):
    record_events(3)
    client.force_login(auditor)
    address = reverse("reports:trail_chain")
    seals.seal()
    kept = client.get(address).context["line"]
    record_events(2)
    seals.seal()
    end = seals.last_end()

    def told(line: str) -> str:
        return client.post(address, {"kept": line}).content.decode()

    assert "一致:到第 3 条为止" in told(kept)
    assert "不一致:到第 3 条为止" in told(kept[:-4] + "0000")
    cut = f"第 {end.pos + 9} 条 {end.h.hex()}"
    assert f"系统里只有 {end.pos} 条" in told(f"{kept}\n{cut}")
    assert "末尾的留痕被删去过" in told(cut.replace("第 ", f"第 {'9' * 20}"))
    assert "没有认出链头" in told("第 3 条")
    assert "manage.py" not in told(kept)


@pytest.mark.django_db(transaction=True)
def test_those_who_watch_hear_of_a_broken_chain(auditor, admin, yongchang_office):
    record_events(3)

    with unguarded():
        run("UPDATE audit_event SET reason = 'x'")
        run_sweep(name="check_trail", now=Event.objects.latest("id").at)
        told = {notice.to: notice.words for notice in Notice.objects.all()}
        good = Check.objects.get().good

    assert not good
    assert set(told) == {auditor, admin}
    assert all("第 1 条" in words for words in told.values())


@pytest.mark.django_db(transaction=True)
def test_a_list_that_was_taken_out_cannot_be_changed_afterwards(
    child, yongchang_office, tmp_path
):
    exports.export(
        ledger="recipients",
        scope=Scope(user=yongchang_office, area=yongchang_office.area),
        reason="报民政局月报",
        out=BytesIO(),
        by=yongchang_office,
    )
    whole = chain.check()

    with unguarded():
        run("UPDATE audit_content SET people = '{}'")
        robbed = chain.check()

    assert whole.good
    assert "导出名单" in robbed.words
