"""入户走访记录台账: one row a person and visit (domain/reports.md 5.2, no. 4)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    CharField,
    DecimalField,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone

from common.excel import Column
from common.masks import mask_text
from policies.enums import CheckState, Policy
from policies.models import PolicyCheck
from recipients.enums import Category
from reports.opening import opener
from reports.recipient_ledger import area_names
from reports.scope import Scope
from visits.enums import DeedKind, Occasion, Outcome, Way
from visits.filters import VisitFilterForm
from visits.models import Deed, HomeVisit, HomeVisitQuerySet

CHUNK = 2_000
WAY = dict(Way.choices)
OUTCOME = dict(Outcome.choices)
OCCASION = dict(Occasion.choices)
CATEGORY = dict(Category.choices)
POLICY = dict(Policy.choices)
FIELDS = (
    "id",
    "day",
    "way",
    "outcome",
    "cadre__name",
    "organisation__name",
    "recipient__name",
    "recipient__category",
    "recipient__area_id",
    "recipient__village",
    "occasion",
    "campaign__name",
    "words",
    "unclaimed",
    "policy",
    "solved",
    "deed",
    "money",
    "goods",
    "companions",
    "entered_at",
    "late_entry",
)
open_words = opener(HomeVisit, "words")


class Line(NamedTuple):
    """One visit, as read; the names follow FIELDS."""

    pk: object
    day: Any
    way: str
    outcome: str
    cadre: str
    unit: str
    name: str
    category: str
    area: str
    village: str
    occasion: str
    campaign: str
    words: Any
    unclaimed: str | None
    policy: int
    solved: int
    deed: int
    money: Decimal
    goods: Decimal
    companions: str
    entered_at: Any
    late_entry: bool


def visits(scope: Scope) -> HomeVisitQuerySet:
    """Return the standing visits within reach, area and days."""
    found = HomeVisit.objects.visible_to(scope.user).standing()
    if scope.query:
        form = VisitFilterForm(QueryDict(scope.query), user=scope.user)
        found = form.narrow(found) if form.is_valid() else found.none()
    if scope.area:
        low, high = scope.area.prefix, str(int(scope.area.prefix) + 1)
        found = found.filter(recipient__area_id__gte=low, recipient__area_id__lt=high)
    if scope.since:
        found = found.filter(day__gte=scope.since)
    if scope.until:
        found = found.filter(day__lte=scope.until)
    return found


def number(scope: Scope) -> int:
    """Count the ledger's rows."""
    return visits(scope).count()


def rows(scope: Scope) -> Iterator[Line]:
    """Stream the visits by day, then township."""
    found = (
        visits(scope)
        .annotate(
            unclaimed=_unclaimed(),
            policy=_sum(DeedKind.POLICY),
            solved=_sum(DeedKind.SOLVED),
            deed=_sum(DeedKind.DEED),
            money=_amount(DeedKind.MONEY),
            goods=_amount(DeedKind.GOODS),
        )
        .order_by("day", "recipient__area_id", "id")
        .values_list(*FIELDS)
    )
    return (Line(*values) for values in found.iterator(chunk_size=CHUNK))


def columns(scope: Scope) -> list[Column[Line]]:
    """Return the columns; money is in yuan, exact to the fen."""
    _, townships = area_names()
    numbers = iter(range(1, 10**9))
    return [
        Column("序号", lambda line: next(numbers), width=6, kind="int"),
        Column("日期", lambda line: line.day, width=12, kind="date"),
        Column("方式", lambda line: WAY[line.way], width=9),
        Column("走访结果", lambda line: OUTCOME[line.outcome], width=9),
        Column("干部", lambda line: line.cadre, width=10),
        Column("单位", lambda line: line.unit, width=22),
        Column("对象", lambda line: line.name, width=10),
        Column("类别", lambda line: CATEGORY[line.category], width=16),
        Column("乡镇", lambda line: townships[line.area[:9]], width=12),
        Column("村", lambda line: line.village, width=14),
        Column("情形", lambda line: OCCASION[line.occasion], width=14),
        Column("主题活动", lambda line: line.campaign or "", width=16),
        Column("走访情况", _words, width=40),
        Column("政策核对结果", _policy_words, width=20),
        Column(
            "协调对接政策事项(件)",
            lambda line: line.policy,
            width=10,
            kind="int",
            total=True,
        ),
        Column(
            "解决困难(个)", lambda line: line.solved, width=10, kind="int", total=True
        ),
        Column(
            "帮办实事(件)", lambda line: line.deed, width=10, kind="int", total=True
        ),
        Column("资金(元)", lambda line: line.money, width=12, kind="money", total=True),
        Column(
            "物资折合(元)", lambda line: line.goods, width=12, kind="money", total=True
        ),
        Column("随同人员", lambda line: line.companions, width=12),
        Column(
            "录入时间",
            lambda line: timezone.localtime(line.entered_at),
            width=17,
            kind="datetime",
        ),
        Column("是否补录", lambda line: "是" if line.late_entry else "否", width=8),
    ]


def _words(line: Line) -> str:
    return mask_text(open_words(line.words, line.pk))


def _policy_words(line: Line) -> str:
    if line.unclaimed is None:
        return ""
    names = [POLICY[value] for value in line.unclaimed.split(",") if value]
    return "应享未享:" + "、".join(names) if names else "已核对"


def _unclaimed() -> Any:
    """The unclaimed policies of the visit's sheet; NULL where none was filled in."""
    found = (
        PolicyCheck.objects.filter(sheet=OuterRef("sheet"))
        .order_by()
        .values("sheet")
        .annotate(
            found=Coalesce(
                StringAgg(
                    "policy",
                    delimiter=",",
                    filter=Q(state=CheckState.UNCLAIMED),
                    order_by=F("id"),
                ),
                Value(""),
                output_field=CharField(),
            )
        )
        .values("found")
    )
    return Subquery(found, output_field=CharField())


def _deeds(kind: DeedKind) -> Any:
    return Deed.objects.filter(visit=OuterRef("pk"), kind=kind).order_by()


def _sum(kind: DeedKind) -> Any:
    total = _deeds(kind).values("visit").annotate(n=Sum("quantity")).values("n")
    return Coalesce(Subquery(total), 0)


def _amount(kind: DeedKind) -> Any:
    total = _deeds(kind).values("visit").annotate(n=Sum("amount")).values("n")
    zero = Value(Decimal(0), output_field=DecimalField(max_digits=14, decimal_places=2))
    return Coalesce(Subquery(total), zero)
