"""Puts a ledger into its frame: title, second line, foot, and the 说明 sheet."""

from collections.abc import Callable
from typing import IO

from django.db import transaction
from django.utils import timezone

from common.excel import Frame, write_ledger
from common.read_ahead import read_ahead
from reports.filter_words import filter_words
from reports.ledgers import Ledger
from reports.scope import Scope


@transaction.atomic
def write(
    ledger: Ledger,
    scope: Scope,
    out: IO[bytes],
    *,
    reason: str,
    told: Callable[[int], None] = lambda done: None,
) -> int:
    """Write the ledger's rows within the scope; return how many there were.

    In one transaction, where rows stream: outside of one, the server would first put
    all of them aside.
    """
    frame = frame_of(ledger, scope, reason=reason, expected=ledger.number(scope))
    columns = ledger.columns(scope)
    rows = read_ahead(ledger.rows(scope))
    return write_ledger(out, rows, columns, frame, told=told)


def frame_of(ledger: Ledger, scope: Scope, *, reason: str, expected: int) -> Frame:
    """Return what stands around the rows, with who took them out and why."""
    now = timezone.localtime()
    period = _period(scope) if ledger.has_period else f"截至{now:%Y-%m-%d}"
    ids = "完整" if scope.full_ids else "掩码"
    asked = filter_words(ledger.code, scope)
    return Frame(
        title=f"金昌市{ledger.name}",
        second_line=(
            f"填报单位:{scope.area_name}  统计期间:{period}  "
            f"数据截止:{now:%Y-%m-%d %H:%M}  单位:人、元  "
            f"导出:{scope.user.username} {scope.serial}"
        ),
        foot=[
            "填表人:            审核人:            填报时间:",
            f"口径:{ledger.counts}",
        ],
        notes=[
            ("台账", ledger.name),
            ("口径", ledger.counts),
            ("范围", scope.area_name),
            ("统计期间", period),
            *([("筛选条件", asked)] if asked else []),
            ("证件号码", ids),
            ("导出人", f"{scope.user.name}({scope.user.username})"),
            ("导出时间", f"{now:%Y-%m-%d %H:%M:%S}"),
            ("导出编号", scope.serial),
            *([("批准人", scope.approved_by)] if scope.approved_by else []),
            ("用途", reason),
            ("提醒", "内含个人信息,仅限所述用途使用,用后及时删除。"),
        ],
        author=f"{scope.user.name}({scope.user.username})",
        expected=expected,
    )


def _period(scope: Scope) -> str:
    since = f"{scope.since:%Y-%m-%d}" if scope.since else "开始"
    until = f"{scope.until:%Y-%m-%d}" if scope.until else "今天"
    return f"{since} 至 {until}"
