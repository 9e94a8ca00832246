"""Pages on which likely duplicates are looked through and files are made one."""

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.asking import status_of, tried
from common.htmx import render_page
from common.keyset import capped_counts, keyset_page
from common.toasts import toast
from recipients.enums import MergeStatus
from recipients.forms.merges import MaybeWhyForm, MergeForm, WhyForm
from recipients.merging import plan
from recipients.merging.choices import differing
from recipients.models import FileMerge, LikelyPair, Recipient
from recipients.operations import duplicates, merges
from recipients.pairing_rules import decides
from recipients.screens import merge_rows, pair_rows
from recipients.views.people import person_within_reach

PAGE_SIZE = 20
EDITS = Permission.EDIT_RECIPIENTS
LISTS = (("", "疑似重复"), ("proposed", "待审核的合并"), ("merged", "已合并"))


@require_safe
@requires(EDITS)
def duplicate_list(request: Request) -> HttpResponse:
    """Show likely duplicates, or the merges proposed and done."""
    user, shown = request.user, request.GET.get("list", "")
    made = FileMerge.objects.visible_to(user)
    found = {
        "": LikelyPair.objects.visible_to(user).open().with_merge(),
        "proposed": made.proposed(),
        "merged": made.merged(),
    }
    shown = shown if shown in found else ""
    order = ("-proposed_at", "-id") if shown else ("-score", "id")
    page = keyset_page(
        found[shown], order=order, cursor=request.GET.get("after"), size=PAGE_SIZE
    )
    # A pair whose merge waits for a colleague is decided, as far as one can.
    undecided = {"": LikelyPair.objects.visible_to(user).undecided()}
    counts = capped_counts(found | undecided)
    people = Recipient.objects.visible_to(user).select_related("area")
    context = {
        "page": page,
        "rows": merge_rows(page.rows, people, LikelyPair.objects.visible_to(user))
        if shown
        else pair_rows(page.rows, people),
        "shown": shown,
        "chips": [
            {
                "url": f"?list={value}",
                "label": label,
                "count": counts[value],
                "on": value == shown,
            }
            for value, label in LISTS
        ],
    }
    return render_page(
        request,
        "recipients/duplicate_list.html",
        part="recipients/_duplicate_table.html",
        context=context,
    )


@require_POST
@requires(EDITS)
def duplicate_dismiss(request: Request, pk: UUID) -> HttpResponse:
    """Say that the two are different people."""
    pair = get_object_or_404(LikelyPair.objects.visible_to(request.user), pk=pk)
    form = MaybeWhyForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    duplicates.dismiss(pair=pair, words=words, by=request.user)
    toast(request, "已记下:不是同一人,以后不再提示。")
    return redirect("recipients:duplicate_list")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDITS)
def merge_propose(request: Request, pk: UUID, other: UUID) -> HttpResponse:
    """Preview what the one file would take from the other, and propose it."""
    kept, gone = person_within_reach(request, pk), person_within_reach(request, other)
    form = MergeForm(request.POST or None, differing=differing(kept, gone))
    made: list[FileMerge] = []
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, lambda: made.append(_propose(request, kept, gone, form)))
    ):
        toast(request, "已提出合并,由另一位同事审核。")
        return redirect("recipients:merge_detail", made[0].pk)
    context = {
        "kept": kept,
        "gone": gone,
        "form": form,
        "steps": _told(kept, gone),
    }
    status = status_of(form)
    return render(request, "recipients/merge_propose.html", context, status=status)


def _propose(
    request: Request, kept: Recipient, gone: Recipient, form: MergeForm
) -> FileMerge:
    return merges.propose_merge(
        kept=kept,
        gone=gone,
        choices=form.choices(),
        words=form.cleaned_data["words"],
        by=request.user,
    )


@require_safe
@requires(EDITS)
def merge_detail(request: Request, pk: UUID) -> HttpResponse:
    return _detail(request, _within_reach(request, pk))


@require_POST
@requires(EDITS)
def merge_approve(request: Request, pk: UUID) -> HttpResponse:
    merge = _within_reach(request, pk)
    form = MaybeWhyForm(request.POST)
    if form.is_valid() and tried(
        form,
        lambda: merges.approve_merge(
            merge=merge, words=form.cleaned_data["words"], by=request.user
        ),
    ):
        undo = reverse("recipients:merge_undo", args=[merge.pk])
        toast(request, f"已合并为 {merge.kept_code};7 天内可以撤销。", undo_url=undo)
        return redirect("recipients:recipient_detail", merge.kept_key)
    return _detail(request, merge, form, status=422)


@require_POST
@requires(EDITS)
def merge_return(request: Request, pk: UUID) -> HttpResponse:
    merge = _within_reach(request, pk)
    form = WhyForm(request.POST)
    if form.is_valid() and tried(
        form,
        lambda: merges.return_merge(
            merge=merge, words=form.cleaned_data["words"], by=request.user
        ),
    ):
        toast(request, "已退回,两份档案都没有变动。")
        return redirect("recipients:duplicate_list")
    return _detail(request, merge, form, status=422)


@require_POST
@requires(EDITS)
def merge_undo(request: Request, pk: UUID) -> HttpResponse:
    merge = _within_reach(request, pk)
    merges.undo_merge(merge=merge, by=request.user)
    toast(request, "已撤销合并,两份档案恢复原样;这件合并又回到待审核。")
    return redirect("recipients:merge_detail", pk)


def _within_reach(request: Request, pk: UUID) -> FileMerge:
    rows = FileMerge.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("proposed_by", "reviewed_by"), pk=pk)


def _detail(
    request: Request, merge: FileMerge, form: Form | None = None, *, status: int = 200
) -> HttpResponse:
    people = Recipient.objects.visible_to(request.user).select_related(
        "area__parent", "household"
    )
    found = people.in_bulk([merge.kept_key, merge.gone_key])
    kept, gone = found.get(merge.kept_key), found.get(merge.gone_key)
    both = kept is not None and gone is not None
    since = merge.reviewed_at or timezone.now()
    context: dict[str, Any] = {
        "merge": merge,
        "kept": kept,
        "gone": gone,
        "form": form,
        "differing": differing(kept, gone, merge.choices) if kept and gone else [],
        "steps": _told(kept, gone) if kept and gone else [],
        "reviews": both
        and merge.status == MergeStatus.PROPOSED
        and decides(request.user)
        and not request.user.is_same_person(merge.proposed_by),
        "own": request.user.is_same_person(merge.proposed_by),
        "undoes": merge.status == MergeStatus.MERGED
        and decides(request.user)
        and timezone.now() - since <= merges.UNDO_FOR,
    }
    return render(request, "recipients/merge_detail.html", context, status=status)


def _told(kept: Recipient, gone: Recipient) -> list[plan.Step]:
    """Return the tables of which something comes over or gives way."""
    found = plan.steps(kept.pk, gone.pk)
    return [one for one in found if one.number or one.closed or one.put_away]
