"""Pages on which an office names who writes down a cadre's visits."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cadres.forms.cadres import AssistantForm
from cadres.http import Request, requires
from cadres.models import Cadre
from cadres.operations import assistants
from cadres.permissions import Permission
from common.asking import accepted, status_of
from common.toasts import toast


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ISSUE_ACCOUNTS)
def cadre_assistant(request: Request, pk: UUID) -> HttpResponse:
    """Name a colleague who may write visits down."""
    cadre = _within_reach(request, pk)
    form = AssistantForm(request.POST or None, cadre=cadre)
    deed = partial(assistants.name_assistant, cadre=cadre, by=request.user)
    if accepted(request, form, deed) is not None:
        toast(request, "已指定代录人。")
        return redirect("cadres:cadre_detail", pk)
    context = {
        "cadre": cadre,
        "form": form,
        "heading": f"指定{cadre}的代录人",
        "explanation": (
            "代录人可以替走访人记走访,记录上两个名字都写明;"
            "只看到记走访要用的内容,看不到档案。"
        ),
    }
    return render(request, "cadres/cadre_ask.html", context, status=status_of(form))


@require_POST
@requires(Permission.ISSUE_ACCOUNTS)
def cadre_assistant_end(request: Request, pk: UUID) -> HttpResponse:
    cadre = _within_reach(request, pk)
    assistants.end_assistant(cadre=cadre, by=request.user)
    toast(request, "已结束代录。")
    return redirect("cadres:cadre_detail", pk)


def _within_reach(request: Request, pk: UUID) -> Cadre:
    rows = Cadre.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("organisation__area", "user"), pk=pk)
