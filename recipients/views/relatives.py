"""Pages on which a cadre, or the office, declares the cadre's relatives."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.asking import accepted, status_of
from common.toasts import toast
from recipients.forms.relatives import RelativeForm
from recipients.models import CadreRelative
from recipients.models.relative import cadres_kept_by
from recipients.operations import relatives


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.DECLARE_RELATIVES)
def relatives_of_cadre(request: Request, pk: UUID) -> HttpResponse:
    """List the declared relatives, and take down another."""
    cadre = get_object_or_404(cadres_kept_by(request.user), pk=pk)
    form = RelativeForm(request.POST or None)
    deed = partial(relatives.declare_relative, cadre=cadre, by=request.user)
    if accepted(request, form, deed):
        toast(request, "已申报,结对时会回避。")
        return redirect("recipients:relatives_of_cadre", pk)
    rows = CadreRelative.objects.visible_to(request.user).standing()
    context = {
        "cadre": cadre,
        "form": form,
        "own": cadre.user_id == request.user.pk,
        "rows": rows.filter(cadre=cadre),
    }
    template = "recipients/relative_list.html"
    return render(request, template, context, status=status_of(form))


@require_POST
@requires(Permission.DECLARE_RELATIVES)
def relative_withdraw(request: Request, pk: UUID) -> HttpResponse:
    rows = CadreRelative.objects.visible_to(request.user).select_related("cadre")
    relative = get_object_or_404(rows, pk=pk)
    relatives.withdraw_relative(relative=relative, by=request.user)
    toast(request, "已撤回申报。")
    return redirect("recipients:relatives_of_cadre", relative.cadre_id)
