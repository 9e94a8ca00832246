"""The ledgers offices file (domain/reports.md 5.2): their columns and their rows.

Rows are plain tuples streamed by a server-side cursor, so that memory stays flat
whatever their number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from common.excel import Column
from reports import pairing_ledger, recipient_ledger, visit_ledger
from reports.scope import Scope

Rows = Callable[[Scope], Iterator[tuple[Any, ...]]]
People = Callable[[Scope], "QuerySet[Any, Any]"]


@dataclass(frozen=True)
class Ledger:
    """One ledger: its code, its name, what its figures count, and where rows are."""

    code: str
    name: str
    counts: str
    columns: Callable[[Scope], list[Column[Any]]]
    rows: Rows
    number: Callable[[Scope], int]
    # Whose rows they are, for those who are asked later where a person's facts went.
    people: People
    has_period: bool = False


LEDGERS = {
    ledger.code: ledger
    for ledger in (
        Ledger(
            "recipients",
            "关爱对象基本信息台账",
            "在册(含暂停)对象每人一行,按现居住地;已退出的不列。",
            recipient_ledger.columns,
            recipient_ledger.rows,
            recipient_ledger.number,
            lambda scope: recipient_ledger.people(scope).values_list("pk", flat=True),
        ),
        Ledger(
            "pairings",
            "结对帮扶花名册",
            "结对中的关系每对一行;本年走访指入户、医院和机构探视,联系含各种方式。",
            pairing_ledger.columns,
            pairing_ledger.rows,
            pairing_ledger.number,
            lambda scope: pairing_ledger.pairings(scope).values_list(
                "recipient_id", flat=True
            ),
        ),
        Ledger(
            "visits",
            "入户走访记录台账",
            "按走访日期统计,每人每次一行;撤销的不列;资金为元。",
            visit_ledger.columns,
            visit_ledger.rows,
            visit_ledger.number,
            lambda scope: visit_ledger.visits(scope).values_list(
                "recipient_id", flat=True
            ),
            has_period=True,
        ),
    )
}
