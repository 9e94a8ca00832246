"""Search, trail, clock, notices and jobs: within reach, in few words."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import trail
from cadres.models import Area, User
from jobs import operations
from jobs.models import ClockRun, Job, Notice
from jobs.registry import SWEEPS, Sweep
from jobs.tasks import do_job


@pytest.fixture
def counting_sweep():
    SWEEPS["test_sweep"] = Sweep("test_sweep", "数数", lambda now: now.day)
    yield
    del SWEEPS["test_sweep"]


@pytest.mark.parametrize("typed", ["李小伟", "小伟", "lxw", "lixiaowei"])
def test_a_person_is_found_by_name_and_sound(
    client: Client, child, stranger_child, yongchang_office: User, typed: str
):
    client.force_login(yongchang_office)

    html = client.get(reverse("reports:search"), {"q": typed}).content.decode()

    assert reverse("recipients:recipient_detail", args=[child.pk]) in html
    assert stranger_child.name not in html


def test_a_whole_id_finds_its_person_and_a_part_is_refused(
    client: Client, child, yongchang_office: User
):
    client.force_login(yongchang_office)
    address = reverse("reports:search")

    whole = client.get(address, {"q": child.resident_id}).content.decode()
    part = client.get(address, {"q": child.resident_id[:12]}).content.decode()

    assert child.name in whole
    assert child.name not in part


def test_a_township_and_a_village_lead_to_their_people(
    client: Client, child, yongchang_office: User
):
    child.village = "河沿子村"
    child.save()
    village = Area.objects.create(
        pk="620321101201", name="河沿子村", level="village", parent_id=child.area_id
    )
    client.force_login(yongchang_office)
    address = reverse("reports:search")

    for typed in (village.name, str(child.area), child.area.initials.lower()):
        groups = client.get(address, {"q": typed}).context["groups"]
        row = next(g for g in groups if g["label"] == "乡镇和村社")["rows"][0]
        people = client.get(row["url"]).context["people"]
        assert [one.pk for one in people] == [child.pk], typed


def test_the_trail_leads_on_to_what_was_done_and_an_auditor_reads_only(
    client: Client, child, yongchang_office: User, auditor: User
):
    with transaction.atomic():
        trail.record("person.seen", subject=child, by=yongchang_office)
    page = reverse("recipients:recipient_detail", args=[child.pk])

    client.force_login(yongchang_office)
    assert f'href="{page}"' in client.get(reverse("reports:trail")).content.decode()

    client.force_login(auditor)
    assert page not in client.get(reverse("reports:trail")).content.decode()


def test_the_neighbour_finds_nobody_of_ours(client: Client, child, jinchuan_office):
    client.force_login(jinchuan_office)

    html = client.get(reverse("reports:search"), {"q": child.name}).content.decode()

    assert reverse("recipients:recipient_detail", args=[child.pk]) not in html


def test_the_trail_shows_an_office_its_own_reach_and_the_auditor_all(
    client: Client, child, stranger_child, yongchang_office, auditor
):
    for person in (child, stranger_child):
        trail.record("person.seen", subject=person, by=yongchang_office)
    address = reverse("reports:trail")

    client.force_login(yongchang_office)
    own = client.get(address).content.decode()
    client.force_login(auditor)
    whole = client.get(address).content.decode()

    assert child.code in own
    assert stranger_child.code not in own
    assert stranger_child.code in whole
    assert "查看了档案" in whole
    assert child.name not in whole


@pytest.mark.parametrize("query", [{"kind": "nonsense"}, {"since": "2026-13-45"}])
def test_rubbish_in_the_trails_filter_finds_nothing(client, auditor, query):
    client.force_login(auditor)

    assert client.get(reverse("reports:trail"), query).status_code == 200


def test_the_clock_page_tells_last_and_next_run(client: Client, admin, counting_sweep):
    operations.run_sweep(name="test_sweep", now=timezone.now())
    client.force_login(admin)

    html = client.get(reverse("reports:clock")).content.decode()

    assert "数数" in html
    assert "现在运行" in html


def test_the_clock_page_leaves_out_runs_that_found_nothing_to_do(client: Client, admin):
    now = timezone.now()
    for name, rows, error in (
        ("keep_figures", 0, ""),
        ("purge_photos", 3, ""),
        ("backup", 0, "OSError"),
    ):
        ClockRun.objects.create(
            name=name, planned_at=now, finished_at=now, rows_done=rows, error=error
        )
    client.force_login(admin)

    recent = client.get(reverse("reports:clock")).context["recent"]

    assert {run.title for run in recent} == {"清理没有登记的照片文件", "每日备份"}


def test_only_the_administrator_runs_the_clock_by_hand(
    client: Client, admin, yongchang_office, counting_sweep
):
    address = reverse("reports:clock_run", args=["test_sweep"])
    client.force_login(yongchang_office)
    assert client.post(address).status_code == 403
    client.force_login(admin)

    client.post(address)
    do_job(str(Job.objects.get().pk))

    assert ClockRun.objects.get().rows_done == timezone.now().day


def test_the_command_runs_a_sweep_as_of_a_moment(db, counting_sweep, capsys):
    call_command("run_clock", "test_sweep", at="2026-11-25T07:30")

    assert "数数:处理 25 行。" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "at", "words"),
    [("nothing", None, "没有叫"), ("purge_exports", "昨天", "看不懂")],
)
def test_a_wrong_call_of_the_clock_says_what_is_right(db, name, at, words):
    with pytest.raises(CommandError, match=words):
        call_command("run_clock", name, at=at)


def test_the_bell_is_ones_own_and_can_be_silenced(client: Client, admin, leader):
    for user in (admin, leader):
        operations.notify(to=user, kind="test", period="1", words=f"给{user.name}的话")
    client.force_login(admin)

    html = client.get(reverse("reports:notice_list")).content.decode()
    client.post(reverse("reports:notices_read"))

    assert "给管理员的话" in html
    assert "给领导的话" not in html
    assert Notice.objects.unread().get().to == leader


def test_a_job_is_its_owners(client: Client, admin, auditor):
    with transaction.atomic():
        job = operations.owe("test.none", title="导出", by=admin)
    address = reverse("reports:job_detail", args=[job.pk])
    client.force_login(auditor)
    assert client.get(address).status_code == 404
    client.force_login(admin)

    assert client.get(address).status_code == 200
    assert client.get(address, headers={"hx-request": "true"}).status_code == 200
    operations.finish(job=job, outcome="好了")
    assert client.get(address, headers={"hx-request": "true"}).status_code == 286


@pytest.mark.parametrize("who", ["cadre_user", "city_office", "admin", "leader"])
def test_everybody_has_help(client: Client, who: str, request):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("reports:help")).status_code == 200
