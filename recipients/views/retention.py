"""The files whose time is over, and the confirmation that removes their identity."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.keyset import capped_count, keyset_page
from common.toasts import toast
from recipients.models import Recipient
from recipients.operations.retention import erase

PAGE_SIZE = 50


@require_safe
@requires(Permission.ERASE)
def retention_list(request: Request) -> HttpResponse:
    """List who left so long ago that identity need not be kept."""
    due = Recipient.objects.visible_to(request.user).to_erase(timezone.localdate())
    page = keyset_page(
        due.select_related("area"),
        order=("left_on", "id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    context = {
        "page": page,
        "count": capped_count(due),
        "years": settings.RETENTION_YEARS,
    }
    return render(request, "recipients/retention_list.html", context)


@require_POST
@requires(Permission.ERASE)
def retention_erase(request: Request) -> HttpResponse:
    """Remove the identity of those that were picked, each a deed of its own."""
    due = Recipient.objects.visible_to(request.user).to_erase(timezone.localdate())
    picked = due.filter(code__in=request.POST.getlist("code")[:PAGE_SIZE])
    people = list(picked)
    for person in people:
        erase(recipient=person, by=request.user)
    toast(request, f"已清除 {len(people)} 份档案的身份信息,统计数不变。")
    return redirect("recipients:retention_list")
