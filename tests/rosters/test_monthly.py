"""As a month begins the clock checks the registry and tells the offices."""

import threading
from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from audit.models import Event
from cadres.models import User
from jobs.models import Notice
from jobs.operations import run_sweep
from rosters.models import Difference
from tests import cast

FIRST = datetime.fromisoformat("2026-12-01T02:00:00+08:00")
MISSING = "本月还缺部门名单:低保、特困供养、残联持证、死亡。"


@pytest.fixture
def unpaired(areas: None) -> None:
    """One person in each county whom nobody cares for; neither file is complete."""
    cast.make_recipient("王大山", phone="19900000011", birth_on=date(1980, 1, 1))
    cast.make_recipient("陈静", area=cast.SHUANGWAN, phone="19900000012")


def words(user: User) -> list[str]:
    return list(Notice.objects.filter(to=user).values_list("words", flat=True))


def test_every_office_hears_of_its_own_area(
    unpaired, city_office, yongchang_office, jinchuan_office
):
    rows = run_sweep(name="monthly_reconciliation", now=FIRST)

    own = Difference.objects.filter(month=date(2026, 12, 1), roster=None)
    city = own.count()
    yongchang = own.filter(area__code__startswith="620321").count()
    assert city > yongchang > 0
    assert rows == city + 3
    assert words(city_office) == [
        f"12月自查:管辖范围内有 {city} 处需要看一看。{MISSING}"
    ]
    assert words(yongchang_office) == [
        f"12月自查:管辖范围内有 {yongchang} 处需要看一看。{MISSING}"
    ]


def test_the_notice_leads_to_as_many_rows_as_it_says(
    unpaired, yongchang_office, client
):
    run_sweep(name="monthly_reconciliation", now=FIRST)

    notice = Notice.objects.get(to=yongchang_office)
    client.force_login(yongchang_office)
    page = client.get(notice.url)
    own = Difference.objects.visible_to(yongchang_office).open()
    assert page.status_code == 200
    assert f"有 {own.count()} 处" in notice.words


def test_run_twice_and_late_it_says_it_once(unpaired, city_office):
    run_sweep(name="monthly_reconciliation", now=FIRST)
    before = set(Difference.objects.values_list("pk", flat=True))

    run_sweep(name="monthly_reconciliation", now=FIRST)
    run_sweep(name="monthly_reconciliation", now=FIRST.replace(day=3))

    assert set(Difference.objects.values_list("pk", flat=True)) == before
    assert len(words(city_office)) == 1


@pytest.mark.django_db(transaction=True)
def test_run_many_times_at_once_it_says_it_once(unpaired, city_office):
    faults: list[Exception] = []

    def run() -> None:
        try:
            run_sweep(name="monthly_reconciliation", now=FIRST)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(words(city_office)) == 1
    kinds = Difference.objects.values_list("kind", "recipient")
    assert len(set(kinds)) == len(kinds)


def test_it_is_recorded_as_the_clocks_own_deed(unpaired, city_office):
    run_sweep(name="monthly_reconciliation", now=FIRST)

    event = Event.objects.get()
    assert (event.kind, event.by, event.by_name) == ("registry.checked", "", "时钟")


def test_a_list_that_is_there_is_compared_and_not_missed(registry, rosters_folder):
    call_command(
        "import_roster",
        "dibao",
        rosters_folder / "09_低保在享名单.xlsx",
        month="2026-11",
        by=registry.username,
    )

    run_sweep(
        name="monthly_reconciliation",
        now=timezone.make_aware(datetime.fromisoformat("2026-11-01T02:00")),
    )

    (told,) = words(registry)
    assert told.endswith("本月还缺部门名单:特困供养、残联持证、死亡。")
    compared = Event.objects.filter(kind="roster.compared", by="")
    assert compared.count() == 1
