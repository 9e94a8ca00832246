"""Pages on which somebody moves, changes category, and what waits is decided."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cadres.http import Request, requires
from cadres.models import Area
from cadres.permissions import Permission
from common.asking import status_of, tried
from common.htmx import render_page
from common.keyset import capped_counts, keyset_page
from common.toasts import toast
from recipients.enums import TaskKind
from recipients.forms.lives import CategoryForm, MoveForm
from recipients.forms.merges import MaybeWhyForm, WhyForm
from recipients.models import LifeTask, Recipient, Transfer
from recipients.operations import categories, moves, tasks
from recipients.pairing_rules import decides
from recipients.reach import is_within
from recipients.screens import task_row
from recipients.views.people import person_within_reach

EDITS = Permission.EDIT_RECIPIENTS
READ = ["GET", "HEAD", "POST"]
PAGE_SIZE = 30


@require_http_methods(READ)
@requires(EDITS)
def recipient_move(request: Request, pk: UUID) -> HttpResponse:
    """Move within reach at once; beyond it, ask the other county."""
    person = person_within_reach(request, pk)
    form = MoveForm(request.POST or None, user=request.user, today=timezone.localdate())
    done: list[str] = []
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, lambda: done.append(_move(request, person, form)))
    ):
        toast(request, done[0])
        return redirect("recipients:recipient_detail", pk)
    family = Recipient.objects.visible_to(request.user).not_left()
    context = {
        "person": person,
        "form": form,
        "others": list(
            family.filter(household=person.household_id).exclude(pk=person.pk)
        ),
        "villages": Area.objects.villages_of(form["area"].value()),
    }
    status = status_of(form)
    return render(request, "recipients/recipient_move.html", context, status=status)


def _move(request: Request, person: Recipient, form: MoveForm) -> str:
    told: dict[str, Any] = {**form.cleaned_data}
    told.pop("version")
    together = told.pop("together")
    if not is_within(told["area"].code, request.user):
        told.pop("address")
        moves.propose_transfer(recipient=person, by=request.user, **told)
        return "已提出转接,等待迁入地接收;接收以前仍由本地负责。"
    people = [person]
    if together:
        family = Recipient.objects.visible_to(request.user).not_left()
        people = list(family.filter(household=person.household_id))
    moves.move(recipients=people, by=request.user, **told)
    return f"已办理迁移,{len(people)} 人;以前的统计不变。"


@require_http_methods(READ)
@requires(EDITS)
def recipient_category(request: Request, pk: UUID) -> HttpResponse:
    person = person_within_reach(request, pk)
    initial = {
        "category": person.category,
        "on": timezone.localdate(),
        "version": person.version,
    }
    form = CategoryForm(request.POST or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(
            form,
            lambda: categories.change_category(
                recipient=person, by=request.user, **form.cleaned_data
            ),
        )
    ):
        toast(request, "已变更类别,以前的统计不变。")
        return redirect("recipients:recipient_detail", pk)
    context = {
        "person": person,
        "form": form,
        "heading": f"{person}变更类别",
        "button": "变更",
        "explanation": f"现在是“{person.get_category_display()}”。结对、走访等都不变。",
    }
    status = status_of(form)
    return render(request, "recipients/recipient_ask.html", context, status=status)


@require_safe
@requires(EDITS)
def task_list(request: Request) -> HttpResponse:
    """Show what in people's lives waits for the office, the most urgent first."""
    today = timezone.localdate()
    seen = LifeTask.objects.visible_to(request.user).waiting(today)
    kinds = {"": seen, **{str(kind): seen.filter(kind=kind) for kind in TaskKind}}
    shown = request.GET.get("kind", "")
    shown = shown if shown in kinds else ""
    page = keyset_page(
        kinds[shown].select_related("recipient__area"),
        order=("due_on", "id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    counts = capped_counts(kinds)
    labels = {"": "全部", **{str(kind): kind.label for kind in TaskKind}}
    context = {
        "page": page,
        "rows": [task_row(task, today) for task in page.rows],
        "chips": [
            {
                "url": f"?kind={kind}",
                "label": labels[kind],
                "count": counts[kind],
                "on": kind == shown,
            }
            for kind in kinds
        ],
    }
    return render_page(
        request,
        "recipients/task_list.html",
        part="recipients/_task_table.html",
        context=context,
    )


@require_http_methods(READ)
@requires(EDITS)
def task_settle(request: Request, pk: UUID) -> HttpResponse:
    """Decide that all stays as it is; other deeds have their own pages."""
    rows = LifeTask.objects.visible_to(request.user)
    task = get_object_or_404(rows.select_related("recipient__area"), pk=pk)
    form = WhyForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(
            form,
            lambda: tasks.settle(
                task=task, words=form.cleaned_data["words"], by=request.user
            ),
        )
    ):
        toast(request, "已办理。")
        return redirect("recipients:task_list")
    context = {
        "person": task.recipient,
        "form": form,
        "heading": f"{task.recipient}:{task}",
        "button": tasks.DEEDS[TaskKind(task.kind)],
        "explanation": "写明原因,这件事项就办结了。",
    }
    status = status_of(form)
    return render(request, "recipients/recipient_ask.html", context, status=status)


@require_safe
@requires(EDITS)
def transfer_list(request: Request) -> HttpResponse:
    """Show moves between counties that wait for an answer, out of and into reach."""
    seen = Transfer.objects.visible_to(request.user)
    page = keyset_page(
        seen.select_related(
            "recipient", "from_area__parent", "to_area__parent", "proposed_by"
        ),
        order=("-proposed_at", "-id"),
        cursor=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    for transfer in page.rows:
        transfer.inward = is_within(transfer.to_area_id, request.user)  # type: ignore[attr-defined]
    context = {"page": page, "rows": page.rows, "decides": decides(request.user)}
    return render_page(
        request,
        "recipients/transfer_list.html",
        part="recipients/_transfer_table.html",
        context=context,
    )


@require_POST
@requires(EDITS)
def transfer_accept(request: Request, pk: UUID) -> HttpResponse:
    transfer = get_object_or_404(Transfer.objects.visible_to(request.user), pk=pk)
    moves.accept_transfer(transfer=transfer, by=request.user)
    toast(request, "已接收,档案和历史一并转来;请看结对是否要调整。")
    return redirect("recipients:transfer_list")


@require_POST
@requires(EDITS)
def transfer_return(request: Request, pk: UUID) -> HttpResponse:
    transfer = get_object_or_404(Transfer.objects.visible_to(request.user), pk=pk)
    form = MaybeWhyForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    moves.return_transfer(transfer=transfer, words=words, by=request.user)
    toast(request, "已退回迁出地。")
    return redirect("recipients:transfer_list")
