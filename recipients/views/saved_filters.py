"""The filters that an account has kept under a name: open, keep, delete."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.asking import tried
from common.htmx import render_page
from common.toasts import toast
from recipients.filters import RecipientFilterForm
from recipients.forms.saved import SaveFilterForm
from recipients.models import SavedFilter
from recipients.operations import saved_filters


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SEE_RECIPIENTS)
def saved_filter_list(request: Request) -> HttpResponse:
    """Show the account's own filters, and keep those of the list it came from."""
    if request.method != "POST":
        return _page(request, SaveFilterForm(), request.GET)
    form = SaveFilterForm(request.POST)
    query = QueryDict(request.POST.get("query", "")[:2_000])
    filters = _filters(request, query)
    if (number := filters.whole_number) is not None:
        form.add_error(None, f"{number}不能存进筛选,请去掉再存。")
    if form.is_valid() and tried(
        form,
        lambda: saved_filters.save_filter(
            name=form.cleaned_data["name"], query=filters.kept(), by=request.user
        ),
    ):
        toast(request, f"已存为“{form.cleaned_data['name']}”。")
        return redirect(f"{reverse('recipients:recipient_list')}?{filters.kept()}")
    return _page(request, form, query, status=422)


@require_POST
@requires(Permission.SEE_RECIPIENTS)
def saved_filter_delete(request: Request, pk: UUID) -> HttpResponse:
    saved = get_object_or_404(SavedFilter.objects.visible_to(request.user), pk=pk)
    saved_filters.delete_filter(saved=saved, by=request.user)
    toast(request, f"已删除“{saved.name}”。")
    return redirect("recipients:recipient_list")


def _filters(request: Request, query: QueryDict) -> RecipientFilterForm:
    today = timezone.localdate()
    return RecipientFilterForm(query, user=request.user, today=today)


def _page(
    request: Request, form: SaveFilterForm, query: QueryDict, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "query": _filters(request, query).kept(),
        "saved": SavedFilter.objects.visible_to(request.user),
    }
    return render_page(
        request,
        "recipients/saved_filter_list.html",
        part="recipients/_saved_filters.html",
        context=context,
        status=status,
    )
