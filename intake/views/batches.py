"""One batch: preview, correct, confirm, progress, finished, undo, its files."""

from pathlib import Path
from typing import IO

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.downloads import download
from common.htmx import render_page, wants_part
from common.keyset import keyset_page
from common.toasts import toast
from common.unnamed import place_of, unnamed_file
from intake import operations, originals, queries, reading, storing, tables
from intake.enums import BatchStatus, Outcome, Question
from intake.forms import AnswerForm
from intake.models import ImportBatch, ImportRow
from intake.operations.confirming import CONFIRM_JOB
from intake.registry import importer_for
from jobs.models import Job

POLLING_ENDS = 286
CELL = "cell-"
STEPS = ("上传", "核对", "导入", "完成")


@require_safe
@requires(Permission.IMPORT)
def batch_detail(request: Request, pk: object) -> HttpResponse:
    batch = _batch(request, pk)
    return _page(request, batch)


@require_safe
@requires(Permission.IMPORT)
def batch_progress(request: Request, pk: object) -> HttpResponse:
    batch = _batch(request, pk)
    job = batch.job
    at_work = batch.is_at_work
    if not wants_part(request):
        return redirect("intake:batch_detail", pk=batch.pk)
    context = {"batch": batch, "job": job, "at_work": at_work}
    status = 200 if at_work else POLLING_ENDS
    response = render(request, "intake/_batch_progress.html", context, status=status)
    if not at_work:
        response.headers["HX-Redirect"] = reverse(
            "intake:batch_detail", args=[batch.pk]
        )
    return response


@require_POST
@requires(Permission.IMPORT)
def row_correct(request: Request, pk: object, row_pk: object) -> HttpResponse:
    batch = _batch(request, pk)
    row = get_object_or_404(batch.rows, pk=row_pk)
    cells = {
        name.removeprefix(CELL): str(value)
        for name, value in request.POST.items()
        if name.startswith(CELL) and name.removeprefix(CELL) in _columns(batch, row)
    }
    row = operations.correct_row(row=row, cells=cells, by=request.user)
    wrong = row.outcome == Outcome.WRONG
    if wrong:
        words = f"{row}仍有错误,请看格子下的说明。"
    else:
        words = f"{row}已核对:{row.get_outcome_display()}。"
    toast(request, words, refused=wrong)
    if wants_part(request):
        return _page(request, _batch(request, pk), spoken=True)
    return redirect("intake:batch_detail", pk=batch.pk)


@require_POST
@requires(Permission.IMPORT)
def batch_answer(request: Request, pk: object) -> HttpResponse:
    batch = _batch(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, batch, status=422)
    said = form.cleaned_data
    row = get_object_or_404(batch.rows, pk=said["row"]) if said["row"] else None
    question = Question(said["question"])
    operations.answer(
        batch=batch, question=question, agreed=said["agreed"], row=row, by=request.user
    )
    asking = queries.ASKING[question]
    about = str(row) if row else "待定的行"
    toast(request, f"{about}:{asking.yes if said['agreed'] else asking.no}。")
    if wants_part(request):
        return _page(request, _batch(request, pk), spoken=True)
    return redirect(f"{reverse('intake:batch_detail', args=[pk])}?show=asked")


@require_POST
@requires(Permission.IMPORT)
def batch_confirm(request: Request, pk: object) -> HttpResponse:
    batch = _batch(request, pk)
    version = request.POST.get("version", "")
    batch = operations.ask_to_confirm(
        batch=batch,
        version=int(version) if version.isdecimal() and len(version) < 10 else None,
        by=request.user,
    )
    if batch.status == BatchStatus.CONFIRMED:
        toast(request, "已导入,可在 30 天内整批撤销。")
    return redirect("intake:batch_detail", pk=batch.pk)


@require_POST
@requires(Permission.IMPORT)
def batch_undo(request: Request, pk: object) -> HttpResponse:
    batch = _batch(request, pk)
    try:
        operations.undo_batch(batch=batch, by=request.user)
    except operations.InTheWay as refusal:
        page = importer_for(batch.kind).page
        context = {"batch": batch, "refusal": refusal, "page": page}
        return render(request, "intake/batch_undo.html", context, status=409)
    toast(request, "已整批撤销,数据回到导入之前。")
    return redirect("intake:batch_detail", pk=batch.pk)


@require_safe
@requires(Permission.IMPORT)
def batch_file(request: Request, pk: object) -> FileResponse:
    batch = _batch(request, pk)
    return download(_original(batch), batch.file_name)


@require_safe
@requires(Permission.IMPORT)
def batch_errors(request: Request, pk: object) -> FileResponse:
    batch = _batch(request, pk)
    _original(batch)
    drafts, _ = storing.load(batch)
    columns = tables.chosen_in(tables.tables_of(batch))

    def mark(out: IO[bytes]) -> None:
        told = (batch.file_name, batch.kind, drafts, place_of(out), columns)
        with originals.opened(batch.stored_as) as path:
            reading.error_workbook(path, *told)

    marked = unnamed_file(mark)
    name = f"{Path(batch.file_name).stem}-错误表.xlsx"
    return FileResponse(marked, as_attachment=True, filename=name)


def _batch(request: Request, pk: object) -> ImportBatch:
    batches = ImportBatch.objects.visible_to(request.user).select_related("by", "area")
    return get_object_or_404(batches, pk=pk)


def _original(batch: ImportBatch) -> Path:
    path = originals.path_of(batch.stored_as) if batch.stored_as else None
    if path is None or not path.is_file():
        raise Http404
    return path


def _columns(batch: ImportBatch, row: ImportRow) -> set[str]:
    """Return the columns that may be typed anew: shown ones, and those in the file.

    Not what the sheet or its title tells: no cell of the row says it.
    """
    shown = {column.name for column in importer_for(batch.kind).columns}
    known = {name for name, _ in reading.fields_of(batch.kind)}
    return shown | (known & set(storing.open_row(row).cells))


def _page(
    request: Request, batch: ImportBatch, *, spoken: bool = False, status: int = 200
) -> HttpResponse:
    at_work, job = batch.is_at_work, batch.job
    shown = queries.filter_of(batch, request.GET.get("show"))
    page = keyset_page(
        queries.rows_of(batch, shown),
        order=("position",),
        cursor=request.GET.get("after"),
        size=queries.PAGE_ROWS,
    )
    context = {
        "batch": batch,
        "at_work": at_work,
        "job": job,
        "imports": job is not None and job.kind == CONFIRM_JOB,
        "tables": tables.tables_of(batch),
        "shown": shown,
        "chips": queries.chips_of(batch, shown),
        "page": page,
        "columns": importer_for(batch.kind).columns,
        "rows": queries.preview(batch, page.rows, request.user),
        "said": queries.said(batch),
        "questions": queries.asked_in(batch),
        "ticked": tables.unanswered_ticks(batch),
        "step": _step(batch, job if at_work else None),
        "steps": STEPS,
        "has_file": bool(batch.stored_as),
        "spoken": spoken,
    }
    return render_page(
        request,
        "intake/batch_detail.html",
        part="intake/_batch.html",
        context=context,
        status=status,
    )


def _step(batch: ImportBatch, job: Job | None) -> int:
    """Return how far along the four steps the batch is, from 1.

    ``job`` is what the worker has in hand of it.
    """
    if batch.status == BatchStatus.CHECKED:
        return 3 if job and job.kind == CONFIRM_JOB else 2
    return 4 if batch.done_at else 1
