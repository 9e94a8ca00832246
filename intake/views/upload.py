"""Bringing a file in: the list of batches, the upload, the empty templates."""

from io import BytesIO

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.asking import accepted
from common.keyset import keyset_page
from intake import originals, reading
from intake.enums import BatchKind
from intake.forms import UploadForm
from intake.models import ImportBatch
from intake.operations import receive

BATCHES = 30


@require_safe
@requires(Permission.IMPORT)
def batch_list(request: Request) -> HttpResponse:
    batches = ImportBatch.objects.visible_to(request.user).select_related("by", "area")
    page = keyset_page(
        batches,
        order=("-created_at", "-id"),
        cursor=request.GET.get("after"),
        size=BATCHES,
    )
    return render(request, "intake/batch_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.IMPORT)
def upload(request: Request) -> HttpResponse:
    asked = request.GET.get("kind")
    initial = {"kind": asked} if asked in BatchKind.values else {}
    if request.method == "GET":
        return _form(request, UploadForm(initial=initial))
    form = UploadForm(request.POST, request.FILES)

    def deed(kind: str, file: "UploadedFile[bytes]") -> ImportBatch:
        return receive(
            kind=BatchKind(kind),
            file_name=str(file.name),
            chunks=file.chunks(),
            by=request.user,
        )

    if batch := accepted(request, form, deed, field="file"):
        return redirect("intake:batch_detail", pk=batch.pk)
    return _form(request, form, status=422)


@require_safe
@requires(Permission.IMPORT)
def template(request: Request, kind: str) -> HttpResponse:
    if kind not in BatchKind.values:
        raise Http404
    name = f"{BatchKind(kind).label}导入模板.xlsx"
    workbook = BytesIO(reading.template_workbook(kind))
    return FileResponse(workbook, as_attachment=True, filename=name)  # type: ignore[return-value]


def _form(request: Request, form: UploadForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "kinds": BatchKind, "limit": originals.limit()}
    return render(request, "intake/upload.html", context, status=status)
