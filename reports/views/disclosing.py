"""The one document of all that is held on a person, for the person's own request."""

from functools import partial
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cadres.http import Request, requires
from cadres.permissions import Permission
from cadres.proof import proven
from common.asking import accepted, status_of
from common.unnamed import unnamed_file
from recipients.models import Recipient
from reports.forms import DisclosureForm
from reports.operations.disclosing import disclose
from reports.person_document import Line, write_document

NO_STORE = "no-store, max-age=0"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_RECIPIENTS)
@proven
def person_disclose(request: Request, pk: UUID) -> HttpResponseBase:
    """Ask for the reason; then show the document, or send it as a workbook."""
    person = get_object_or_404(Recipient.objects.visible_to(request.user), pk=pk)
    form = DisclosureForm(request.POST or None)
    deed = partial(_disclosed, person, request)
    lines = accepted(request, form, deed)
    if lines is not None and form.cleaned_data["made_as"] == "xlsx":
        return _file(request, person, lines, form.cleaned_data["reason"])
    context = {"person": person, "form": form, "lines": lines}
    return _page(request, context, status=status_of(form))


def _disclosed(
    person: Recipient, request: Request, *, reason: str, **_: object
) -> list[Line]:
    return disclose(recipient=person, reason=reason, by=request.user)


def _file(
    request: Request, person: Recipient, lines: list[Line], reason: str
) -> FileResponse:
    file = unnamed_file(
        lambda out: write_document(lines, out, reason=reason, by=request.user)
    )
    name = f"查阅复制件_{person.code}_{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name)


def _page(request: Request, context: dict[str, object], *, status: int) -> HttpResponse:
    page = render(request, "reports/person_disclose.html", context, status=status)
    page.headers["Cache-Control"] = NO_STORE
    return page
