"""Four eyes for full numbers: asking for an export, approving and declining it."""

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.enums import Role
from cadres.models import Area, User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from jobs import operations as jobs
from jobs.operations import notify
from reports.ledgers import LEDGERS
from reports.models import DECIDING, ExportRequest, ExportState
from reports.operations.exports import check_reason, told_of
from reports.scope import Scope

ROOT = "620300000000"
register(
    {
        "export.approval_asked": "申请导出完整号码",
        "export.approved": "批准了一次完整号码导出",
        "export.declined": "没有批准一次完整号码导出",
    }
)


@permits(Permission.EXPORT)
@transaction.atomic
def ask_for_approval(
    *, ledger: str, scope: Scope, reason: str, by: User
) -> ExportRequest:
    """Put an export with many full numbers before a second person."""
    check_reason(reason)
    area = scope.area or by.area or _root()
    request = ExportRequest.objects.create(
        ledger=ledger,
        options=told_of(scope),
        area=area,
        reason=reason[:200],
        rows=LEDGERS[ledger].number(scope),
        asked_by=by,
    )
    trail.record(
        "export.approval_asked",
        subject=request,
        by=by,
        reason=reason[:200],
        ledger=ledger,
        rows=request.rows,
    )
    for one in _deciders(request):
        notify(
            to=one,
            kind="export.approval_asked",
            period=str(request.pk),
            words=f"有一份{LEDGERS[ledger].name}要导出完整号码,等待批准。",
            url="/exports/requests/",
        )
    return request


@permits(Permission.EXPORT)
@transaction.atomic
def approve_export(*, request: ExportRequest, by: User) -> ExportRequest:
    """Let the file be made for who asked, by a worker; it is kept for a week.

    Raises Refused for one's own asking, and after it was decided.
    """
    request = _decide(request, ExportState.APPROVED, "", by)
    request.job = jobs.owe(
        "reports.export",
        title=f"导出{LEDGERS[request.ledger].name}(完整号码)",
        by=request.asked_by,
        ledger=request.ledger,
        reason=request.reason,
        approval=str(request.pk),
        **request.options,
    )
    request.save(update_fields=["status", "decided_by", "decided_at", "words", "job"])
    trail.record("export.approved", subject=request, by=by, rows=request.rows)
    return request


@permits(Permission.EXPORT)
@transaction.atomic
def decline_export(*, request: ExportRequest, words: str, by: User) -> ExportRequest:
    """Say no, and why."""
    if not words.strip():
        raise Refused("请写明不批准的原因。")
    request = _decide(request, ExportState.DECLINED, words.strip(), by)
    request.save(update_fields=["status", "decided_by", "decided_at", "words"])
    trail.record("export.declined", subject=request, by=by, reason=words.strip()[:200])
    notify(
        to=request.asked_by,
        kind="export.declined",
        period=str(request.pk),
        words=f"导出申请没有批准:{words.strip()}"[:300],
        url="/exports/requests/",
    )
    return request


def may_decide(request: ExportRequest, user: User) -> bool:
    """Say whether this account may be the second person."""
    return not user.is_same_person(request.asked_by) and (
        user.role == Role.ADMIN
        or bool(
            user.role == Role.CARE_OFFICE
            and user.area
            and user.area.level in DECIDING
            and request.area_id.startswith(user.area.prefix)
        )
    )


def approver_of(pk: str, asked_by: User) -> str:
    """Name who approved this account's asking; Refused when nobody did."""
    approved = ExportRequest.objects.filter(
        pk=pk, asked_by=asked_by, status=ExportState.APPROVED
    ).select_related("decided_by")
    request = approved.first()
    if request is None or request.decided_by is None:
        raise Refused("这次导出没有得到批准。")
    return f"{request.decided_by.name}({request.decided_by.username})"


def _decide(
    request: ExportRequest, target: ExportState, words: str, by: User
) -> ExportRequest:
    request = (
        ExportRequest.objects.select_for_update(of=("self",))
        .select_related("asked_by")
        .get(pk=request.pk)
    )
    if by.is_same_person(request.asked_by):
        raise Refused("不能批准自己(或同名账号)的申请,请由另一人批准。")
    if not may_decide(request, by):
        raise Refused("请由县区以上关爱办或管理员批准。")
    request.move_to(target)
    request.decided_by, request.decided_at = by, timezone.now()
    request.words = words[:200]
    return request


def _deciders(request: ExportRequest) -> list[User]:
    able = User.objects.filter(role__in=(Role.CARE_OFFICE, Role.ADMIN), is_active=True)
    return [one for one in able.select_related("area") if may_decide(request, one)]


def _root() -> Area:
    return Area.objects.get(pk=ROOT)
