"""The page of asked-for exports: one's own, and those one may decide."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.toasts import toast
from recipients.forms.merges import WhyForm
from reports.ledgers import LEDGERS
from reports.models import ExportRequest
from reports.operations import approvals

SHOWN = 50


@require_safe
@requires(Permission.EXPORT)
def export_requests(request: Request) -> HttpResponse:
    """List what was asked for, what waits for oneself on top."""
    return _listed(request)


def _listed(
    request: Request, refused: tuple[UUID, WhyForm] | None = None
) -> HttpResponse:
    asked = ExportRequest.objects.visible_to(request.user).select_related(
        "area", "asked_by", "decided_by", "job"
    )
    rows = list(asked[:SHOWN])
    for row in rows:
        row.name = LEDGERS[row.ledger].name  # type: ignore[attr-defined]
        row.mine = row.asked_by_id == request.user.pk  # type: ignore[attr-defined]
        row.decidable = (  # type: ignore[attr-defined]
            row.status == "asked" and approvals.may_decide(row, request.user)
        )
        if refused and refused[0] == row.pk:
            row.form = refused[1]  # type: ignore[attr-defined]
    rows.sort(key=lambda row: not row.decidable)  # type: ignore[attr-defined]
    status = 422 if refused else 200
    return render(
        request, "reports/export_requests.html", {"rows": rows}, status=status
    )


@require_POST
@requires(Permission.EXPORT)
def export_approve(request: Request, pk: UUID) -> HttpResponse:
    asked = get_object_or_404(ExportRequest.objects.visible_to(request.user), pk=pk)
    approvals.approve_export(request=asked, by=request.user)
    toast(request, "已批准,文件在后台生成,只有申请人可以下载。")
    return redirect("reports:export_requests")


@require_POST
@requires(Permission.EXPORT)
def export_decline(request: Request, pk: UUID) -> HttpResponse:
    asked = get_object_or_404(ExportRequest.objects.visible_to(request.user), pk=pk)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _listed(request, (asked.pk, form))
    approvals.decline_export(
        request=asked, words=form.cleaned_data["words"], by=request.user
    )
    toast(request, "没有批准,已告知申请人。")
    return redirect("reports:export_requests")
