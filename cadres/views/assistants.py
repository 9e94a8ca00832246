"""Pages on which an office names who writes down a cadre's visits."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from cadres.forms.cadres import AssistantForm
from cadres.http import Request, requires
from cadres.operations import assistants
from cadres.permissions import Permission
from cadres.views.cadres import asked, cadre_within_reach
from common.toasts import toast


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ISSUE_ACCOUNTS)
def cadre_assistant(request: Request, pk: UUID) -> HttpResponse:
    """Name a colleague who may write visits down."""
    cadre = cadre_within_reach(request, pk)
    form = AssistantForm(request.POST or None, cadre=cadre)
    page = {
        "heading": f"指定{cadre}的代录人",
        "explanation": (
            "代录人可以替走访人记走访,记录上两个名字都写明;"
            "只看到记走访要用的内容,看不到档案。"
        ),
    }
    deed = assistants.name_assistant
    return asked(request, cadre, form, page, deed, done="已指定代录人。")


@require_POST
@requires(Permission.ISSUE_ACCOUNTS)
def cadre_assistant_end(request: Request, pk: UUID) -> HttpResponse:
    cadre = cadre_within_reach(request, pk)
    assistants.end_assistant(cadre=cadre, by=request.user)
    toast(request, "已结束代录。")
    return redirect("cadres:cadre_detail", pk)
