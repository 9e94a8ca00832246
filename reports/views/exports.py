"""Taking ledgers out as Excel files."""

from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cadres.http import Request, requires
from cadres.permissions import Permission
from cadres.proof import proven
from common.asking import accepted
from common.toasts import toast
from common.unnamed import unnamed_file
from reports.filter_words import filter_words
from reports.forms import ExportForm
from reports.ledgers import LEDGERS
from reports.operations import exports
from reports.operations.approvals import ask_for_approval
from reports.scope import Scope


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EXPORT)
@proven
def export_list(request: Request) -> HttpResponseBase:
    if request.method != "POST":
        form = ExportForm(user=request.user, initial=ExportForm.from_list(request.GET))
        return _page(request, form)
    form = ExportForm(request.POST, user=request.user)

    def deed(**_: Any) -> HttpResponseBase:
        return _export(request, form)

    answer = accepted(request, form, deed, field="reason")
    return answer or _page(request, form, status=422)


def _export(request: Request, form: ExportForm) -> HttpResponseBase:
    ledger, scope, reason = form.asked(request.user)
    if exports.needs_second_person(ledger=ledger, scope=scope):
        ask_for_approval(ledger=ledger, scope=scope, reason=reason, by=request.user)
        toast(request, "完整号码超过 50 行,已提交申请,由另一人批准。")
        return redirect("reports:export_requests")
    number = LEDGERS[ledger].number(scope)
    if number > settings.EXPORT_IN_WORKER_ABOVE:
        job = exports.ask_to_export(
            ledger=ledger, scope=scope, reason=reason, by=request.user
        )
        return redirect("reports:job_detail", pk=job.pk)
    return _file(request, ledger, scope, reason)


def _file(request: Request, ledger: str, scope: Scope, reason: str) -> FileResponse:
    file = unnamed_file(
        lambda out: exports.export(
            ledger=ledger, scope=scope, reason=reason, out=out, by=request.user
        )
    )
    name = f"{LEDGERS[ledger].name}_{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name)


def _page(request: Request, form: ExportForm, *, status: int = 200) -> HttpResponse:
    scope = Scope(user=request.user, query=form["query"].value() or "")
    context = {
        "form": form,
        "ledgers": LEDGERS.values(),
        "filters": filter_words(form["ledger"].value() or "", scope),
    }
    return render(request, "reports/export_list.html", context, status=status)
