"""Where one can go: the side bar and the phone's five tabs, by role, from one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cadres.enums import Role
from cadres.models import User
from cadres.permissions import Permission
from cadres.session_store import idle_for
from common.templatetags.ui import page_address
from jinchang_care.first_steps import FIRST_STEPS
from jobs.models import Notice
from recipients.models import Pairing

BADGE_LIMIT = 99


@dataclass(frozen=True)
class Entry:
    """One line of the side bar."""

    label: str
    icon: str
    name: str
    permission: Permission
    group: str = ""
    badge: str = ""
    roles: frozenset[str] = frozenset(Role)


@dataclass(frozen=True)
class Link:
    """An entry as it stands on one page."""

    label: str
    icon: str
    url: str
    group: str
    badge: str
    current: bool


CADRES = frozenset({Role.CADRE})
LEADERS = frozenset({Role.LEADER})
OTHERS = frozenset(Role) - CADRES
ORGANISED = "组织与活动"
SETTLED = "报表与设置"

HOME = Entry("首页", "house", "visits:cadre_home", Permission.LOG_VISIT, roles=CADRES)

SIDE = (
    HOME,
    Entry(
        "总览", "speedometer2", "reports:home", Permission.SEE_DASHBOARD, roles=LEADERS
    ),
    Entry(
        "工作台",
        "speedometer2",
        "reports:home",
        Permission.SEE_DASHBOARD,
        roles=OTHERS - LEADERS,
    ),
    Entry(
        "我的对象",
        "people",
        "visits:my_recipients",
        Permission.LOG_VISIT,
        roles=CADRES,
    ),
    Entry(
        "关爱对象",
        "people",
        "recipients:recipient_list",
        Permission.SEE_RECIPIENTS,
        roles=OTHERS,
    ),
    Entry(
        "结对关系",
        "diagram-3",
        "recipients:pairing_board",
        Permission.SEE_PAIRINGS,
        badge="pairings",
    ),
    Entry("待办", "list-check", "visits:todo", Permission.LOG_VISIT, roles=CADRES),
    Entry(
        "我的走访",
        "journal-check",
        "visits:my_visits",
        Permission.LOG_VISIT,
        roles=CADRES,
    ),
    Entry(
        "走访记录",
        "journal-check",
        "visits:visit_list",
        Permission.SEE_VISITS,
        roles=OTHERS,
    ),
    Entry(
        "政策核对",
        "clipboard2-check",
        "visits:policy_list",
        Permission.SEE_VISITS,
        roles=OTHERS,
    ),
    Entry(
        "问题需求", "exclamation-diamond", "casework:need_list", Permission.SEE_NEEDS
    ),
    Entry(
        "推荐纳入",
        "person-plus",
        "recipients:recommendation_list",
        Permission.SIGNED_IN,
    ),
    Entry("部门转办", "send", "casework:referral_list", Permission.SEE_REFERRALS),
    Entry(
        "主题活动(逢6上街)",
        "calendar-event",
        "visits:campaign_calendar",
        Permission.SEE_CAMPAIGNS,
        ORGANISED,
    ),
    Entry(
        "帮扶单位",
        "buildings",
        "cadres:organisation_list",
        Permission.SEE_ORGANISATIONS,
        ORGANISED,
    ),
    Entry(
        "结对干部",
        "person-badge",
        "cadres:cadre_list",
        Permission.SEE_ORGANISATIONS,
        ORGANISED,
    ),
    Entry("数据导入", "upload", "intake:batch_list", Permission.IMPORT, "数据"),
    Entry("部门名单", "card-list", "rosters:roster_list", Permission.RECONCILE, "数据"),
    Entry(
        "数据比对",
        "arrow-left-right",
        "rosters:difference_list",
        Permission.RECONCILE,
        "数据",
    ),
    Entry(
        "报表中心",
        "file-earmark-spreadsheet",
        "reports:export_list",
        Permission.EXPORT,
        SETTLED,
    ),
    Entry(
        "后台任务", "hourglass-split", "reports:job_list", Permission.EXPORT, SETTLED
    ),
    Entry(
        "紧急查看复核",
        "shield-exclamation",
        "recipients:glass_list",
        Permission.REVIEW_GLASS,
        SETTLED,
    ),
    Entry(
        "到期档案", "archive", "recipients:retention_list", Permission.ERASE, SETTLED
    ),
    Entry("操作留痕", "shield-check", "reports:trail", Permission.SEE_TRAIL, SETTLED),
    Entry(
        "留痕校验", "link-45deg", "reports:trail_chain", Permission.SEE_CHAIN, SETTLED
    ),
    Entry("时钟任务", "clock-history", "reports:clock", Permission.SEE_CLOCK, SETTLED),
    Entry(
        "系统状态", "clipboard2-pulse", "reports:health", Permission.SEE_HEALTH, SETTLED
    ),
    Entry("账号", "gear", "cadres:user_list", Permission.MANAGE_ACCOUNTS, SETTLED),
    Entry("帮助", "question-circle", "reports:help", Permission.SEE_DASHBOARD, SETTLED),
)
CADRE_TABS = (
    HOME,
    Entry("对象", "people", "visits:my_recipients", Permission.LOG_VISIT),
    Entry("记走访", "plus-lg", "visits:visit_choose", Permission.LOG_VISIT, "plus"),
    Entry("待办", "bell", "visits:todo", Permission.LOG_VISIT),
    Entry("我的", "person", "cadres:profile", Permission.SIGNED_IN),
)
OFFICE_TABS = (
    *SIDE[1:3],
    Entry("对象", "people", "recipients:recipient_list", Permission.SEE_RECIPIENTS),
    Entry("结对", "diagram-3", "recipients:pairing_board", Permission.SEE_PAIRINGS),
    Entry("走访", "journal-check", "visits:visit_list", Permission.SEE_VISITS),
    Entry("转办", "send", "casework:referral_list", Permission.WORK_REFERRALS),
)
BADGES: dict[str, Callable[[User], int]] = {
    "pairings": lambda user: _count(Pairing.objects.visible_to(user).proposed()),
    "notices": lambda user: _count(Notice.objects.visible_to(user).unread()),
}
DEMO_ACCOUNTS = (
    ("city", "市关爱办"),
    ("yongchang", "永昌县关爱办"),
    ("jinchuan", "金川区关爱办"),
    ("hexibao", "河西堡镇"),
    ("unit", "帮扶单位联络员"),
    ("cadre", "结对干部(手机)"),
    ("mother", "爱心妈妈"),
    ("civil", "民政部门"),
    ("dpf", "残联"),
    ("leader", "领导"),
    ("admin", "管理员"),
    ("auditor", "审计"),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give templates the ways on; nothing is asked of the database until shown."""
    return {
        "demo": settings.DEMO,
        "demo_accounts": DEMO_ACCOUNTS if settings.DEMO else (),
        "office_phone": settings.CARE_OFFICE_PHONE,
        "idle_seconds": SimpleLazyObject(lambda: _idle_seconds(request)),
        "side_links": SimpleLazyObject(lambda: _links(request, SIDE, counted=True)),
        "phone_tabs": SimpleLazyObject(lambda: _links(request, _tabs(request))),
        "tab_more": SimpleLazyObject(lambda: _wants_more(request)),
        "first_steps": SimpleLazyObject(lambda: _first_steps(request)),
        "unread": SimpleLazyObject(lambda: _unread(request)),
    }


def _who(request: HttpRequest) -> User | None:
    """Return whose page it is; nobody's when the request was refused at the door."""
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None


def _role(request: HttpRequest) -> str:
    user = _who(request)
    return user.role if user is not None else ""


def _first_steps(request: HttpRequest) -> tuple[Any, ...]:
    return tuple(FIRST_STEPS.get(_role(request), ()))


def _idle_seconds(request: HttpRequest) -> int:
    """Return after how long without a deed this account is signed out."""
    return int(idle_for(_role(request)).total_seconds())


def _tabs(request: HttpRequest) -> tuple[Entry, ...]:
    return CADRE_TABS if _role(request) == Role.CADRE else OFFICE_TABS


def _wants_more(request: HttpRequest) -> bool:
    """Say whether the fifth tab is 更多; a cadre has 我的 there, which signs out."""
    return _tabs(request) is OFFICE_TABS or not page_address("cadres:profile")


def _unread(request: HttpRequest) -> str:
    user = _who(request)
    return _badge("notices", user) if user is not None else ""


def _links(
    request: HttpRequest, entries: tuple[Entry, ...], *, counted: bool = False
) -> list[Link]:
    """Return the entries this account may use and whose page exists."""
    user = _who(request)
    if user is None:
        return []
    allowed = [
        entry
        for entry in entries
        if user.role in entry.roles and user.has_permission(entry.permission)
    ]
    found = [(entry, page_address(entry.name)) for entry in allowed]
    here = _nearest(request.path, [url for _, url in found])
    return [
        Link(
            label=entry.label,
            icon=entry.icon,
            url=url,
            group=entry.group,
            badge=_badge(entry.badge, user) if counted else "",
            current=url == here,
        )
        for entry, url in found
        if url
    ]


def _nearest(path: str, urls: list[str]) -> str:
    """Return the entry under which this page lies: the longest that begins it."""
    above = [url for url in urls if url and (path == url or path.startswith(url))]
    # "/" begins every path, but only the front page lies under it.
    above = [url for url in above if url != "/" or path == "/"]
    return max(above, key=len, default="")


def _badge(key: str, user: User) -> str:
    count = BADGES[key](user) if key else 0
    return f"{BADGE_LIMIT}+" if count > BADGE_LIMIT else str(count or "")


def _count(rows: Any) -> int:
    """Count no further than a badge can show."""
    return int(rows[: BADGE_LIMIT + 1].count())
