"""One month of an empty city, from the first roster to the ledgers that leave it."""

import datetime
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from cadres.models import User
from casework.models import Need
from common.invented import Inventor, Person
from policies.models import PolicySheet
from recipients.models import Pairing, Recipient
from tests.browser import steps, tables
from tests.browser.conftest import DESKTOP, PHONE, Screen
from visits.calendar import next_six_day
from visits.models import HomeVisit

pytestmark = pytest.mark.browser
UNIT = "永昌县教育局"
VILLAGE = "鸳鸯池村"
OWN_PASSWORD = "看望孩子每月一次2026"
CADRE = "赵军"


class Papers:
    """The files on the office's desk: four children, two cadres, three pairings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.today = timezone.localdate()
        self.inventor = Inventor(6, today=self.today)
        self.children = [
            self.inventor.person(ages=(6, 14), phone=False)._replace(name=name)
            for name in ("李小伟", "王小花", "陈乐乐", "马晓东")
        ]
        self.cadres = [
            self.inventor.person(ages=(30, 50))._replace(name=name)
            for name in (CADRE, "周敏")
        ]

    def of_children(self) -> Path:
        rows = [
            tables.child_row(
                child, self.inventor.person(ages=(60, 70)), "河西堡镇", VILLAGE
            )
            for child in self.children
        ]
        return self._book("孤残儿童花名册", tables.CHILDREN, rows)

    def of_cadres(self) -> Path:
        rows = [
            [UNIT, one.name, "男", "科员", one.phone, one.resident_id, "教育", 5, None]
            for one in self.cadres
        ]
        return self._book("干部名册", tables.CADRES, rows)

    def of_pairings(self) -> Path:
        """All but the last child have been in the first cadre's care for long."""
        long_ago = self.today - datetime.timedelta(days=200)
        cadre = self.cadres[0]
        rows = [
            [
                *(cadre.name, UNIT, "科员", cadre.phone, child.name, "孤残儿童"),
                *(child.resident_id, "河西堡镇", "干部结对", long_ago.isoformat()),
            ]
            for child in self.children[:3]
        ]
        return self._book("结对花名册", tables.PAIRINGS, rows)

    def of_dibao(self) -> Path:
        """The list knows two of the four children, and one whom the city does not."""
        stranger = self.inventor.person(ages=(6, 14))
        rows = [
            [one.name, "男", one.resident_id, "永昌县河西堡镇", 510, "2025-01-08"]
            for one in [*self.children[:2], stranger]
        ]
        return self._book("低保在享名单", tables.DIBAO, rows)

    def _book(self, title: str, heads: Any, rows: list[list[Any]]) -> Path:
        path = self.folder / f"{title}.xlsx"
        return tables.book(path, title, f"{self.today:%Y年%m月%d日}", heads, rows)


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    return Papers(tmp_path)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_month_of_an_empty_city(
    screens: Any,
    viewport: dict[str, int],
    papers: Papers,
    yongchang_office: User,
    hexibao_office: User,
    admin: User,
    tmp_path: Path,
):
    county, township, desk = (screens(viewport) for _ in range(3))
    phone: Screen = screens(PHONE)
    first, second, third, fourth = papers.children
    county.sign_in("yongchang")
    township.sign_in("hexibao")

    # The rosters that lie in the offices come in.
    assert steps.brings_in(county, "关爱对象", papers.of_children()) == new(4)
    assert steps.brings_in(county, "单位与干部", papers.of_cadres()) == new(2)
    assert steps.brings_in(county, "结对关系", papers.of_pairings()) == new(3)
    assert Recipient.objects.unpaired().get().name == fourth.name

    # The township finds a cadre for the fourth child; the county agrees.
    steps.proposes(township, fourth.name, CADRE)
    assert Pairing.objects.active().count() == 3
    steps.approves(county, fourth.name)
    assert Pairing.objects.active().count() == 4

    # The cadre gets an account, and tells of the first visit all there is to tell.
    once = steps.opens_account_for(county, CADRE, "zhaojun")
    steps.signs_in_first(phone, "zhaojun", once, OWN_PASSWORD)
    tells_everything(phone, first)
    assert HomeVisit.objects.get().recipient.name == first.name
    assert Need.objects.get().words == "想转到县城特教班"

    # When nothing has changed, four taps are enough.
    thumb = steps.Thumb(phone)
    thumb.begins_visit(second.name)
    thumb.says("身体平稳")
    thumb.sends()
    phone.page.get_by_text("走访已记下。").wait_for()
    assert thumb.taps == 4
    assert HomeVisit.objects.count() == 2

    # Who was not seen for long is overdue; who was seen is not.
    overdue = steps.sees_overdue(county)
    assert third.name in overdue
    assert first.name not in overdue

    # The clock comes to the next 逢6 day, and later past the standard.
    rings_on_the_next_six(papers.today)
    assert "逢6上街" in steps.reads_bell(phone)
    later = timezone.now() + datetime.timedelta(days=120)
    clock("due_and_overdue", later)
    township.open("reports:home")
    assert "有 4 对结对超期未联系" in steps.reads_bell(township)

    # The department's list comes in; what differs is settled.
    tallies = steps.brings_list(
        county, "低保", f"{papers.today:%Y-%m}", papers.of_dibao()
    )
    assert tallies["一致"] == 2
    assert tallies["名单有系统无"] == 1
    assert tallies["系统有名单无"] == 2
    steps.settles(county, third.name, "更正", "本月起不再享受,已与民政核实")

    # What leaves the city says what was done.
    desk.sign_in("admin")
    leaves_as_it_was_done(desk, papers, tmp_path)


def new(count: int) -> dict[str, int]:
    return {**dict.fromkeys(steps.OUTCOMES, 0), "新增": count}


def tells_everything(phone: Screen, child: Person) -> None:
    thumb = steps.Thumb(phone)
    thumb.begins_visit(child.name)
    phone.page.get_by_label("情况记录").fill("孩子精神好,能自己坐稳")
    for policy in POLICIES:
        thumb.checks(policy, "已享")
    thumb.checks("教育救助", "应享未享", "学籍还没有转来")
    thumb.unfolds("帮扶事项")
    phone.page.get_by_label("协调对接政策").fill("1")
    phone.page.get_by_label("资助资金(元)").fill("200.10")
    thumb.unfolds("发现问题或需求")
    phone.page.get_by_label("是什么困难").fill("想转到县城特教班")
    phone.page.get_by_label("类别").select_option(label="教育")
    thumb.sends()
    phone.page.get_by_text("走访已记下。").wait_for()
    states = PolicySheet.objects.get().checks.values_list("state", flat=True)
    assert sorted(states) == ["enjoyed"] * 6 + ["unclaimed"]


POLICIES = (
    *("最低生活保障", "基本养老保险", "住房保障", "残疾人两项补贴"),
    *("教育救助", "医疗康复", "就业扶持"),
)


def rings_on_the_next_six(today: datetime.date) -> None:
    """Run the clock as of the morning of the next 逢6 day."""
    six = next_six_day(today + datetime.timedelta(days=1))
    assert six is not None
    morning = datetime.datetime.combine(six.day, datetime.time(7, 30))
    clock("six_reminders", morning)


def clock(sweep: str, moment: datetime.datetime) -> None:
    call_command("run_clock", sweep, at=moment.isoformat(), stdout=io.StringIO())


def leaves_as_it_was_done(desk: Screen, papers: Papers, folder: Path) -> None:
    first, second, third, _ = papers.children
    people = {
        row["姓名"]: row
        for row in steps.takes_out(desk, "关爱对象基本信息台账", folder)
    }
    assert sorted(people) == sorted(child.name for child in papers.children)
    assert people[first.name]["结对干部"] == CADRE
    assert people[first.name]["低保"] == "是"
    assert people[third.name]["低保"] == "否"
    masked = people[first.name]["身份证号"]
    assert masked != first.resident_id
    assert masked[-4:] == first.resident_id[-4:]

    pairings = {
        row["对象姓名"]: row for row in steps.takes_out(desk, "结对帮扶花名册", folder)
    }
    assert {row["干部姓名"] for row in pairings.values()} == {CADRE}
    made = {name: row["本年走访次数"] for name, row in pairings.items()}
    wanted = dict.fromkeys([first.name, second.name], 1)
    assert made == {**dict.fromkeys(people, 0), **wanted}

    visits = {
        row["对象"]: row for row in steps.takes_out(desk, "入户走访记录台账", folder)
    }
    assert set(visits) == {first.name, second.name}
    told = visits[first.name]
    assert told["走访情况"] == "孩子精神好,能自己坐稳"
    assert "教育救助" in told["政策核对结果"]
    assert float(told["资金(元)"]) == 200.10
    assert visits[second.name]["走访情况"] == "身体平稳"
