"""What the columns of a file were taken as, and the form that says otherwise."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.toasts import toast
from intake.enums import BatchStatus
from intake.forms import ColumnsForm
from intake.models import ImportBatch
from intake.operations import choose_columns
from intake.tables import tables_of


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.IMPORT)
def batch_columns(request: Request, pk: object) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = ColumnsForm(posted, tables=tables_of(batch), batch_kind=batch.kind)
    if posted is None:
        return _page(request, batch, form)
    if not form.is_valid():
        return _page(request, batch, form, status=422)
    batch = choose_columns(batch=batch, fields=form.chosen(), by=request.user)
    if not batch.is_at_work:
        toast(request, f"已按新的列对应重新核对 {batch.rows_read} 行。")
    return redirect("intake:batch_detail", pk=batch.pk)


def _page(
    request: Request, batch: ImportBatch, form: ColumnsForm, *, status: int = 200
) -> HttpResponse:
    is_open = batch.status == BatchStatus.CHECKED and not batch.is_at_work
    context = {"batch": batch, "form": form, "is_open": is_open}
    return render(request, "intake/batch_columns.html", context, status=status)
