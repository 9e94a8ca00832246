"""What the columns of a file were taken as, and the form that says otherwise."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.refusals import Refused
from common.toasts import toast
from intake.enums import BatchStatus
from intake.forms import ColumnsForm, TicksForm
from intake.layouts import Blanks
from intake.models import ImportBatch
from intake.operations import choose_columns
from intake.tables import blanks_of, tables_of, ticked_in


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.IMPORT)
def batch_columns(request: Request, pk: object) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = ColumnsForm(
        posted,
        tables=tables_of(batch),
        batch_kind=batch.kind,
        ticked=ticked_in(batch),
        initial=asdict(blanks_of(batch)),
    )
    if posted is None:
        return _page(request, batch, form)
    if not form.is_valid():
        return _page(request, batch, form, status=422)
    return _chosen(request, batch, form.chosen(), form.blanks())


@require_POST
@requires(Permission.IMPORT)
def batch_ticks(request: Request, pk: object) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
    form = TicksForm(request.POST)
    if not form.is_valid():
        raise Refused("请选空白是否表示“否”。")
    blanks = replace(blanks_of(batch), say_no=form.cleaned_data["say_no"])
    return _chosen(request, batch, [t.fields for t in tables_of(batch)], blanks)


def _chosen(
    request: Request,
    batch: ImportBatch,
    fields: Sequence[Sequence[str]],
    blanks: Blanks,
) -> HttpResponse:
    batch = choose_columns(batch=batch, fields=fields, blanks=blanks, by=request.user)
    if not batch.is_at_work:
        toast(request, f"已按新的读法重新核对 {batch.rows_read} 行。")
    return redirect("intake:batch_detail", pk=batch.pk)


def _page(
    request: Request, batch: ImportBatch, form: ColumnsForm, *, status: int = 200
) -> HttpResponse:
    is_open = batch.status == BatchStatus.CHECKED and not batch.is_at_work
    context = {"batch": batch, "form": form, "is_open": is_open}
    return render(request, "intake/batch_columns.html", context, status=status)
