"""结对帮扶花名册: one row a pairing in force (domain/reports.md 5.2, no. 2)."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from cadres.enums import OrganisationLevel
from cadres.models import Cadre
from common.excel import Column
from recipients.enums import Category, PairingKind
from recipients.models import Pairing, PairingQuerySet
from reports.opening import opener, phone_words
from reports.recipient_ledger import area_names
from reports.scope import Scope
from visits.models import HomeVisit

CHUNK = 2_000
LEVEL = dict(OrganisationLevel.choices)
KIND = dict(PairingKind.choices)
CATEGORY = dict(Category.choices)
FIELDS = (
    "cadre__organisation__name",
    "cadre__organisation__level",
    "cadre_id",
    "cadre__name",
    "cadre__post",
    "cadre__phone",
    "kind",
    "recipient__name",
    "recipient__category",
    "recipient__area_id",
    "recipient__village",
    "started_on",
    "visits_this_year",
    "contacts_this_year",
    "last_visit_on",
    "next_due_on",
    "handover_words",
)
open_phone = opener(Cadre, "phone")


class Line(NamedTuple):
    """One pairing, as read; the names follow FIELDS."""

    unit: str
    level: str
    cadre_pk: object
    cadre: str
    post: str
    phone: Any
    kind: str
    name: str
    category: str
    area: str
    village: str
    started_on: Any
    visits: int
    contacts: int
    last_visit_on: Any
    next_due_on: Any
    note: str


def pairings(scope: Scope) -> PairingQuerySet:
    """Return the pairings in force within reach and area."""
    found = Pairing.objects.visible_to(scope.user).active()
    return found.within(scope.area) if scope.area else found


def number(scope: Scope) -> int:
    """Count the ledger's rows."""
    return pairings(scope).count()


def rows(scope: Scope) -> Iterator[Line]:
    """Stream the pairings by unit, cadre and person."""
    year = timezone.localdate().replace(month=1, day=1)
    told = HomeVisit.objects.standing().filter(pairing=OuterRef("pk"), day__gte=year)
    found = (
        pairings(scope)
        .annotate(
            visits_this_year=_counted(told.in_person()),
            contacts_this_year=_counted(told),
        )
        .order_by("cadre__organisation__pinyin", "cadre__pinyin", "cadre_id", "id")
        .values_list(*FIELDS)
    )
    return (Line(*values) for values in found.iterator(chunk_size=CHUNK))


def columns(scope: Scope) -> list[Column[Line]]:
    """Return the columns; phones of cadres are masked unless in full."""
    _, townships = area_names()
    numbers = iter(range(1, 10**9))
    return [
        Column("序号", lambda line: next(numbers), width=6, kind="int"),
        Column("帮扶单位", lambda line: line.unit, width=22),
        Column("层级", lambda line: LEVEL[line.level], width=6),
        Column("干部姓名", lambda line: line.cadre, width=10),
        Column("职务", lambda line: line.post, width=12),
        Column(
            "电话",
            lambda line: phone_words(open_phone(line.phone, line.cadre_pk), scope),
            width=14,
        ),
        Column("结对方式", lambda line: KIND[line.kind], width=10),
        Column("对象姓名", lambda line: line.name, width=10),
        Column("类别", lambda line: CATEGORY[line.category], width=16),
        Column("乡镇", lambda line: townships[line.area[:9]], width=12),
        Column("村", lambda line: line.village, width=14),
        Column("结对时间", lambda line: line.started_on, width=12, kind="date"),
        Column("本年走访次数", lambda line: line.visits, width=9, kind="int"),
        Column("联系次数", lambda line: line.contacts, width=9, kind="int"),
        Column("最近走访", lambda line: line.last_visit_on, width=12, kind="date"),
        Column("下次应访", lambda line: line.next_due_on, width=12, kind="date"),
        Column("备注", lambda line: line.note, width=20),
    ]


def _counted(told: Any) -> Any:
    number = told.order_by().values("pairing").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)
