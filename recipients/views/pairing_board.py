"""The review board: queues on the left, the decision on the right."""

import uuid
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.asking import tried
from common.htmx import render_page
from common.keyset import capped_count, keyset_page
from common.refusals import Refused
from common.toasts import toast
from recipients.enums import PairingStatus
from recipients.forms.pairings import ApproveForm, RechooseForm, ReturnForm
from recipients.models import Pairing
from recipients.operations import pairing_changes, pairings
from recipients.pairing_queues import Queue, counts, queues
from recipients.pairing_rules import decides
from recipients.pairing_suggestions import family_of, fits
from recipients.views.pairings import shown_name, within_reach

PAGE_SIZE = 30
CHOICES = 2


@require_safe
@requires(Permission.SEE_PAIRINGS)
def pairing_board(request: Request) -> HttpResponse:
    found = queues(request.user)
    queue = found.get(request.GET.get("queue", ""), found["review"])
    page = keyset_page(
        queue.rows, order=queue.order, cursor=request.GET.get("after"), size=PAGE_SIZE
    )
    for row in page.rows:
        if isinstance(row, Pairing):
            row.shown = shown_name(request, row)  # type: ignore[attr-defined]
            row.waiting = (timezone.localdate() - row.proposed_on).days  # type: ignore[attr-defined]
    numbers = counts(found)
    total = numbers[queue.value]
    context = {
        "queue": queue,
        "page": page,
        "chips": _chips(found, queue, numbers),
        "total": capped_count(queue.rows) if total is None else total,
        "standing": numbers["all"],
        "decides": decides(request.user),
        "opened": _opened(request, queue, page.rows),
    }
    return render_page(
        request,
        "recipients/pairing_board.html",
        part="recipients/_pairing_list.html",
        context=context,
    )


def _chips(
    found: dict[str, Queue], queue: Queue, numbers: dict[str, int | None]
) -> list[dict[str, Any]]:
    return [
        {
            "url": f"?queue={one.value}",
            "label": one.label,
            "count": numbers[one.value],
            "on": one is queue,
        }
        for one in found.values()
    ]


def _opened(request: Request, queue: Queue, rows: list[Any]) -> Any:
    """Return the row whose decision stands on the right: the named or first one."""
    if queue.value != "review" or not decides(request.user):
        return None
    named = request.GET.get("open", "")
    return next(
        (row for row in rows if str(row.pk) == named), rows[0] if rows else None
    )


@require_safe
@requires(Permission.REVIEW_PAIRING)
def pairing_review(request: Request, pk: uuid.UUID) -> HttpResponse:
    pairing = within_reach(request, pk)
    if pairing.status != PairingStatus.PROPOSED:
        return redirect("recipients:pairing_detail", pk=pk)
    return _decision(
        request, pairing, ApproveForm(initial={"version": pairing.version})
    )


@require_POST
@requires(Permission.REVIEW_PAIRING)
def pairing_approve(request: Request, pk: uuid.UUID) -> HttpResponse:
    pairing = within_reach(request, pk)
    form = ApproveForm(request.POST, siblings=_siblings(request, pairing))
    if form.is_valid():
        given = form.cleaned_data
        together = [pairing, *given.pop("together")]
        version = given.pop("version")
        if tried(form, lambda: _approve(pairing, together, version, given, request)):
            number = len(together)
            words = f"已通过,{number} 人一并结对。" if number > 1 else "已通过结对。"
            # A hand-over cannot be taken back: the cadre before has gone.
            undo = "" if pairing.previous_id else _undo_url(together)
            toast(request, words, undo_url=undo)
            return redirect("recipients:pairing_board")
    return _decision(request, pairing, form, status=422)


def _approve(
    pairing: Pairing,
    together: list[Pairing],
    version: int | None,
    given: dict[str, Any],
    request: Request,
) -> None:
    if len(together) > 1:
        pairings.approve_together(pairings=together, by=request.user, **given)
    else:
        pairings.approve(pairing=pairing, version=version, by=request.user, **given)


@require_POST
@requires(Permission.REVIEW_PAIRING)
def pairing_return(request: Request, pk: uuid.UUID) -> HttpResponse:
    pairing = within_reach(request, pk)
    form = ReturnForm(request.POST)
    if form.is_valid() and tried(
        form,
        lambda: pairings.return_proposal(
            pairing=pairing, by=request.user, **form.cleaned_data
        ),
    ):
        toast(request, "已退回,提出人会收到通知和原因。")
        return redirect("recipients:pairing_board")
    return _decision(request, pairing, _bound(request, pairing, form), status=422)


def _bound(request: Request, pairing: Pairing, failed: Form) -> ApproveForm:
    """Return the form of the page with all that was typed, and what another found."""
    shown = ApproveForm(request.POST, siblings=_siblings(request, pairing))
    shown.errors.clear()
    shown.errors.update(failed.errors)
    return shown


@require_POST
@requires(Permission.REVIEW_PAIRING)
def pairing_rechoose(request: Request, pk: uuid.UUID) -> HttpResponse:
    pairing = within_reach(request, pk)
    form = RechooseForm(request.POST, user=request.user)
    made: list[Pairing] = []
    if form.is_valid() and tried(
        form,
        lambda: made.append(
            pairings.rechoose(pairing=pairing, by=request.user, **form.cleaned_data)
        ),
    ):
        toast(request, f"已改选{made[0].cadre},由另一位同事审核。")
        return redirect("recipients:pairing_board")
    return _decision(request, pairing, _bound(request, pairing, form), status=422)


@require_POST
@requires(Permission.REVIEW_PAIRING)
def pairing_approve_selected(request: Request) -> HttpResponse:
    """Approve each of the ticked proposals by itself; say which were not and why."""
    chosen = _named(request, request.POST)
    done, refused = [], []
    for pairing in chosen:
        try:
            pairings.approve(pairing=pairing, on=timezone.localdate(), by=request.user)
        except Refused as refusal:
            refused.append(f"{pairing.recipient}:{refusal}")
        else:
            done.append(pairing)
    undo = [one for one in done if one.previous_id is None]
    words = f"已通过 {len(done)} 件。" + (
        f"{len(refused)} 件没有通过:{';'.join(refused[:3])}" if refused else ""
    )
    toast(request, words, _undo_url(undo) if undo else None, refused=bool(refused))
    return redirect("recipients:pairing_board")


@require_POST
@requires(Permission.REVIEW_PAIRING)
def pairing_undo(request: Request) -> HttpResponse:
    """Take back the approvals named in the address: what 撤销 of a toast posts to."""
    chosen = _named(request, request.GET)
    refused = []
    for pairing in chosen:
        try:
            pairing_changes.undo_approval(pairing=pairing, by=request.user)
        except Refused as refusal:
            refused.append(str(refusal))
    words = f"已撤销 {len(chosen) - len(refused)} 件,回到待审核。"
    toast(request, "".join([words, *refused[:1]]), refused=bool(refused))
    return redirect("recipients:pairing_board")


def _siblings(request: Request, pairing: Pairing) -> Any:
    """Return the other proposals of the household for the same cadre."""
    return (
        Pairing.objects.visible_to(request.user)
        .proposed()
        .filter(
            recipient__household=pairing.recipient.household_id,
            cadre=pairing.cadre_id,
            kind=pairing.kind,
        )
        .exclude(pk=pairing.pk)
        .select_related("recipient")
    )


def _named(request: Request, query: QueryDict) -> list[Pairing]:
    """Return the pairings named; one that is not within reach takes all along."""
    keys = set()
    for text in query.getlist("pairing")[:PAGE_SIZE]:
        try:
            keys.add(uuid.UUID(text))
        except ValueError:
            raise Http404 from None
    rows = Pairing.objects.visible_to(request.user).filter(pk__in=keys)
    found = list(rows.select_related("recipient").order_by("proposed_on", "id"))
    if len(found) < len(keys):
        raise Http404
    return found


def _undo_url(done: list[Pairing]) -> str:
    query = QueryDict(mutable=True)
    query.setlist("pairing", [str(pairing.pk) for pairing in done])
    return f"{reverse('recipients:pairing_undo')}?{query.urlencode()}"


def _decision(
    request: Request, pairing: Pairing, form: ApproveForm, *, status: int = 200
) -> HttpResponse:
    family = family_of(pairing.recipient)
    chosen, *others = fits(
        family, kind=pairing.kind, also=[pairing.cadre_id], limit=CHOICES
    )
    siblings = list(_siblings(request, pairing))
    context = {
        "pairing": pairing,
        "form": form,
        "family": family,
        "fit": chosen,
        "others": [(one, one.behind(chosen)) for one in others],
        "siblings": siblings,
        "number": len(siblings) + 1,
        "decides": decides(request.user),
        "own": request.user.is_same_person(pairing.proposed_by),
        "age": pairing.recipient.age_on(timezone.localdate()),
    }
    return render_page(
        request,
        "recipients/pairing_review.html",
        part="recipients/_pairing_decision.html",
        context=context,
        status=status,
    )
