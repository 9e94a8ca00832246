"""Breaking the glass, and the page on which urgent looks are reviewed."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.asking import accepted, status_of
from common.keyset import keyset_page
from common.toasts import toast
from recipients.enums import GlassVerdict
from recipients.forms.privacy import GlassForm, ReviewForm
from recipients.models import GlassLook, Recipient
from recipients.operations import glass
from recipients.queries import behind_glass

PAGE_SIZE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.BREAK_GLASS)
def glass_break(request: Request, pk: UUID) -> HttpResponse:
    """Ask why; then show the one person for two hours."""
    person = behind_glass(pk)
    if Recipient.objects.visible_to(request.user, glass=True).filter(pk=pk).exists():
        return redirect("recipients:recipient_detail", pk)
    form = GlassForm(request.POST or None)
    deed = partial(glass.break_glass, recipient=person, by=request.user)
    if accepted(request, form, deed) is not None:
        toast(request, "可以查看两小时;已告知对象所在地关爱办和审计。")
        return redirect("recipients:recipient_detail", pk)
    context = {"form": form, "person": person}
    template = "recipients/glass_break.html"
    return render(request, template, context, status=status_of(form))


@require_safe
@requires(Permission.REVIEW_GLASS)
def glass_list(request: Request) -> HttpResponse:
    """List the urgent looks at one's own people, those to be reviewed on top."""
    return _page(request, {})


@require_POST
@requires(Permission.REVIEW_GLASS)
def glass_review(request: Request, pk: UUID) -> HttpResponse:
    look = get_object_or_404(GlassLook.objects.visible_to(request.user), pk=pk)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, {"form": form, "asked": look.pk}, status=422)
    told = form.cleaned_data
    glass.review_glass(
        look=look,
        verdict=GlassVerdict(told["verdict"]),
        words=told["words"],
        by=request.user,
    )
    toast(request, "已复核。")
    return redirect("recipients:glass_list")


def _page(
    request: Request, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    looks = GlassLook.objects.visible_to(request.user).select_related(
        "recipient__area", "user__area", "user__organisation", "reviewed_by"
    )
    reviewed = looks.exclude(verdict=GlassVerdict.WAITING)
    page = keyset_page(
        reviewed,
        order=("-opened_at", "-id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    context = {
        "form": ReviewForm(),
        "waiting": looks.waiting()[:PAGE_SIZE],
        "page": page,
        **context,
    }
    return render(request, "recipients/glass_list.html", context, status=status)
