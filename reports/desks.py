"""What stands on the workbench of each role; every number leads to its rows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from cadres.enums import Role
from cadres.models import Area, Cadre, User
from cadres.permissions import Permission
from casework.enums import ReferralStatus
from casework.models import Referral
from common.greetings import greeting
from jobs.models import Job, Notice
from recipients.enums import Category, PairingKind
from recipients.models import Pairing
from recipients.pairing_rules import STANDING
from reports import indicators
from reports.area_figures import AreaFigures, figures_of
from reports.waiting import Task, lives
from visits import calendar
from visits.enums import VISITING, SixRule
from visits.models import DayOverride, SixSetting

ROOT = "620300000000"


SHORT_CATEGORIES = {
    Category.CHILD: "儿童",
    Category.DISABLED: "重残",
    Category.DESTITUTE: "特困",
}


@dataclass(frozen=True)
class Link:
    """One place worth going to, and what is there."""

    icon: str
    words: str
    note: str
    url: str


_LINKS = (
    (
        Permission.SEE_TRAIL,
        "shield-check",
        "操作留痕",
        "谁看过、改过、导出过什么",
        "reports:trail",
    ),
    (
        Permission.SEE_CHAIN,
        "link-45deg",
        "留痕校验",
        "留痕有没有被改过,存一份链头",
        "reports:trail_chain",
    ),
    (
        Permission.SEE_CLOCK,
        "clock-history",
        "时钟任务",
        "系统按时做的事,上次和下次",
        "reports:clock",
    ),
    (
        Permission.MANAGE_ACCOUNTS,
        "gear",
        "账号管理",
        "开设、停用、重置密码",
        "cadres:user_list",
    ),
    (
        Permission.EXPORT,
        "file-earmark-excel",
        "报表导出",
        "三种台账,写明用途",
        "reports:export_list",
    ),
)


def office(user: User, today: date) -> dict[str, Any]:
    """Return the workbench of a care office, for its own area."""
    area = area_of(user)
    figures = figures_of(area, today)
    unpaired = indicators.unpaired(area)
    proposals = indicators.proposals(area)
    overdue = indicators.overdue(area, today)
    board = reverse("recipients:pairing_board")
    policies = reverse("visits:policy_list")
    return {
        **heading(user, today),
        **pictures(figures, today),
        "policy_rates": [
            (label, share.percent or 0, f"{policies}?policy={value}")
            for value, label, share in figures.policies
        ],
        "policies_url": policies,
        "area": area,
        "people": figures.people,
        "people_url": reverse("recipients:recipient_list"),
        "coverage_note": f"{unpaired:,} 人待结对,{proposals:,} 对待审核",
        "unpaired_url": f"{board}?queue=unpaired",
        "visits_url": _visits_url(today),
        "overdue": overdue,
        "overdue_url": _overdue_url(),
        "tasks": [
            *_tasks(area, today, unpaired, proposals, overdue),
            *lives(user),
        ],
        "latest": indicators.latest_visits(area),
    }


def simple(user: User, today: date) -> dict[str, Any]:
    """Return the desk of a liaison, administrator, auditor or department."""
    return {
        **heading(user, today),
        "tasks": _SIMPLE[Role(user.role)](user, today),
        "figures": _FIGURES.get(Role(user.role), ""),
        "links": [
            Link(icon, words, note, reverse(name))
            for permission, icon, words, note, name in _LINKS
            if user.has_permission(permission)
        ],
        "notices": Notice.objects.visible_to(user).unread()[:5],
    }


def heading(user: User, today: date) -> dict[str, Any]:
    """Return the greeting, the day's words and the next 逢6 day."""
    setting = SixSetting.objects.filter(area=area_of(user)).first()
    overrides = dict(DayOverride.objects.values_list("day", "working"))
    rule = SixRule(setting.rule) if setting else SixRule.KEEP
    return {
        "hello": greeting(user.name, timezone.localtime()),
        "today": calendar.day_words(today),
        "six": calendar.next_six_day(today, rule, overrides),
    }


def pictures(figures: AreaFigures, today: date) -> dict[str, Any]:
    """Return the charts of an area: sums and shares, no names."""
    people, visited = figures.people, figures.visited
    coverage = people.coverage
    return {
        "counted_at": figures.counted_at,
        "people_note": " · ".join(
            f"{label}\N{NO-BREAK SPACE}{people.by_category[kind]:,}"
            for kind, label in SHORT_CATEGORIES.items()
        ),
        "coverage": f"{coverage:.1f}" if coverage is not None else "—",
        "visited": visited,
        "visited_unit": f"/ {visited.whole:,} 户",
        "map_values": {
            code: share.percent for code, share in figures.visited_by_township.items()
        },
        "map_told": {
            code: f"{share.done:,} / {share.whole:,} 户"
            for code, share in figures.visited_by_township.items()
        },
        "map_urls": {
            code: f"{_visits_url(today)}&area={code}"
            for code in figures.visited_by_township
        },
        "month_rows": [
            (
                f"{figure.month.month}月",
                figure.due,
                figure.done,
                _visits_url(figure.month),
            )
            for figure in figures.months
        ],
    }


def _liaison_tasks(user: User, today: date) -> list[Task]:
    pairings = Pairing.objects.visible_to(user)
    overdue = pairings.by_cadres().overdue(today).count()
    standing = pairings.filter(status__in=STANDING).count()
    cadres = Cadre.objects.visible_to(user).active().count()
    board = reverse("recipients:pairing_board")
    return [
        Task("people", "本单位结对干部", cadres, reverse("cadres:cadre_list")),
        Task("link-45deg", "本单位在结", standing, f"{board}?queue=all"),
        Task("hourglass-split", "已提出,等待审核", pairings.proposed().count(), board),
        Task("alarm", "超期未走访", overdue, _overdue_url()),
    ]


def _admin_tasks(user: User, today: date) -> list[Task]:
    area = area_of(user)
    jobs = Job.objects.visible_to(user).open().count()
    return [
        Task(
            "people",
            "在册关爱对象",
            indicators.people(area).persons,
            reverse("recipients:recipient_list"),
        ),
        Task(
            "journal-check",
            "本月走访记录",
            indicators.contacts(area, *indicators.month_range(today)),
            reverse("visits:visit_list") + _month_url(today),
        ),
        Task("hourglass-split", "我的后台任务", jobs, reverse("reports:job_list")),
        Task(
            "intersect",
            "待处理差异",
            indicators.differences_open(area),
            reverse("rosters:difference_list"),
        ),
    ]


def _department_tasks(user: User, today: date) -> list[Task]:
    referrals = Referral.objects.visible_to(user)
    address = reverse("casework:referral_list")
    return [
        Task(
            "inbox",
            "转办待受理",
            referrals.filter(status=ReferralStatus.SENT).count(),
            f"{address}?status=sent",
        ),
        Task(
            "hourglass-split",
            "办理中",
            referrals.filter(status=ReferralStatus.ACCEPTED).count(),
            f"{address}?status=accepted",
        ),
        Task(
            "alarm",
            "超期未办",
            referrals.overdue(today).count(),
            f"{address}?status=late",
        ),
    ]


def _no_tasks(user: User, today: date) -> list[Task]:
    return []


# These desks begin with figures; what waits is found among them.
_FIGURES = {Role.UNIT_LIAISON: "本单位情况", Role.ADMIN: "全市情况"}
_SIMPLE = {
    Role.UNIT_LIAISON: _liaison_tasks,
    Role.ADMIN: _admin_tasks,
    Role.AUDITOR: _no_tasks,
    Role.DEPARTMENT: _department_tasks,
}


def _tasks(
    area: Area, today: date, unpaired: int, proposals: int, overdue: int
) -> list[Task]:
    board = reverse("recipients:pairing_board")
    waiting = [
        Task("diagram-3", "结对待审核", proposals, f"{board}?queue=review"),
        Task("person-plus", "对象待结对", unpaired, f"{board}?queue=unpaired"),
        Task(
            "exclamation-diamond",
            "需求超过期限未办结",
            indicators.needs_overdue(area, today),
            reverse("casework:need_list") + "?late=1",
        ),
        Task(
            "send",
            "部门已答复,待办结",
            indicators.referrals_answered(area),
            reverse("casework:referral_list") + "?status=answered",
        ),
        Task(
            "alarm-fill",
            "转办部门超期",
            indicators.referrals_overdue(area, today),
            reverse("casework:referral_list") + "?status=late",
        ),
        Task("alarm", "超期未走访", overdue, _overdue_url()),
        Task(
            "intersect",
            "名单比对差异待处理",
            indicators.differences_open(area),
            reverse("rosters:difference_list"),
        ),
    ]
    return [task for task in waiting if task.count]


def _overdue_url() -> str:
    """Return the list of exactly those whom the figure counts: 干部结对."""
    return f"{reverse('visits:overdue_list')}?kind={PairingKind.CADRE.value}"


def _visits_url(today: date) -> str:
    """Return the month's visits of the ways that count as 走访."""
    return f"{reverse('visits:visit_list')}{_month_url(today)}&way={VISITING}"


def _month_url(today: date) -> str:
    first, last = indicators.month_range(today)
    return "?" + urlencode({"since": first.isoformat(), "until": last.isoformat()})


def area_of(user: User) -> Area:
    return user.area or Area.objects.get(pk=ROOT)
