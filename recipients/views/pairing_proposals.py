"""Pages on which a pairing or a hand-over is proposed, or handed over at once."""

import uuid
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from cadres.http import Request, requires
from cadres.models import Cadre
from cadres.permissions import Permission
from common.asking import tried
from common.refusals import Refused
from common.toasts import toast
from recipients.enums import PairingKind, PairingStatus
from recipients.forms.pairings import CodeForm, HandoverForm, ProposeForm
from recipients.models import Pairing, Recipient, RecipientQuerySet
from recipients.operations import pairing_handovers, pairings
from recipients.pairing_choices import choices, typed
from recipients.pairing_rules import STANDING, decides, households_of
from recipients.pairing_suggestions import family_of
from recipients.queries import named_with_code
from recipients.views.pairings import form_page, shown_name, within_reach

READ = ["GET", "HEAD", "POST"]
# As many as one page of the list.
MOST = 50


@require_http_methods(READ)
@requires(Permission.PROPOSE_PAIRING)
def pairing_propose(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Propose a cadre for one person and, on offer, the others of the household."""
    rows = Recipient.objects.visible_to(request.user).select_related("area")
    recipient = get_object_or_404(rows, pk=pk)
    members = rows.on_file().filter(household=recipient.household_id)
    return _proposing(request, recipient, members, picked=[recipient])


@require_http_methods(READ)
@requires(Permission.PROPOSE_PAIRING)
def pairing_propose_chosen(request: Request) -> HttpResponse:
    """Propose one cadre for all who were ticked in the list and have none."""
    rows = Recipient.objects.visible_to(request.user).select_related("area")
    codes = request.GET.getlist("chosen")[:MOST]
    members = rows.on_file().filter(code__in=codes)
    found = list(members.filter(paired=False).order_by("area_id", "code"))
    if not found:
        toast(request, "所选的人里没有待结对的。", refused=True)
        return redirect("recipients:recipient_list")
    return _proposing(request, found[0], members, picked=found)


def _proposing(
    request: Request,
    recipient: Recipient,
    members: RecipientQuerySet,
    *,
    picked: list[Recipient],
) -> HttpResponse:
    kind = {"kind": request.GET.get("kind", PairingKind.CADRE)}
    asked = {"initial": kind} | typed(request)
    form = ProposeForm(members=members, user=request.user, **asked)
    if request.method == "POST" and form.is_valid():
        made: list[Pairing] = []
        if tried(form, lambda: made.extend(_propose(form, request))):
            toast(request, f"已提出 {len(made)} 件,等待县区关爱办审核。")
            return redirect("recipients:pairing_detail", pk=made[0].pk)
    keys = request.POST.getlist("recipients") or [str(one.pk) for one in picked]
    context = {
        "recipient": recipient,
        "members": members.order_by("area_id", "birth_on", "id"),
        "picked": keys,
        "many": len(picked) > 1,
        "form": form,
        **choices(request, family_of(recipient), _kind(request)),
    }
    return form_page(request, "recipients/pairing_propose.html", context)


def _propose(form: ProposeForm, request: Request) -> list[Pairing]:
    """Propose home by home; one that is refused leaves the others proposed."""
    given = {**form.cleaned_data}
    people = sorted(given.pop("recipients"), key=_home)
    made: list[Pairing] = []
    refused: list[Refused] = []
    for _, home in groupby(people, key=_home):
        try:
            made += pairings.propose(recipients=list(home), by=request.user, **given)
        except Refused as refusal:
            refused.append(refusal)
    if not made:
        raise refused[0]
    if refused:
        words = f"有 {len(refused)} 户没有提出:{refused[0]}"
        toast(request, words, refused=True)
    return made


def _home(person: Recipient) -> uuid.UUID:
    return person.household_id


def _kind(request: Request) -> str:
    kind = request.POST.get("kind") or request.GET.get("kind") or ""
    return kind if kind in PairingKind.values else PairingKind.CADRE


@require_http_methods(READ)
@requires(Permission.PROPOSE_PAIRING)
def pairing_propose_by_code(request: Request) -> HttpResponse:
    """Propose for a person one cannot see: the code and the name must both be right.

    What comes back tells nothing that was not typed.
    """
    code = request.GET.get("code", "")[:20]
    asked = {"initial": {"code": code}} | typed(request)
    form = CodeForm(user=request.user, **asked)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        person = named_with_code(given.pop("code"), given.pop("name"))
        if person is None:
            form.add_error("code", "没有找到编号与姓名都相符的在册对象,请核对名单。")
        elif tried(
            form,
            lambda: pairings.propose(recipients=[person], by=request.user, **given),
        ):
            toast(request, "已提出,等待县区关爱办审核。")
            return redirect("recipients:pairing_board")
    context = {"form": form, **choices(request, None, PairingKind.CADRE)}
    return form_page(request, "recipients/pairing_propose_by_code.html", context)


@require_http_methods(READ)
@requires(Permission.PROPOSE_PAIRING)
def pairing_handover(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Hand over at once (county and city) or propose it (townships and units)."""
    pairing = within_reach(request, pk)
    asked = {"initial": {"version": pairing.version}} | typed(request)
    form = HandoverForm(user=request.user, **asked)
    if request.method == "POST" and form.is_valid():
        made: list[Pairing] = []
        if tried(form, lambda: made.append(_hand_over(request, pairing, form))):
            done = made[0].status == PairingStatus.ACTIVE
            toast(request, "已交接,当天生效。" if done else "交接已提出,等待审核。")
            return redirect("recipients:pairing_detail", pk=made[0].pk)
    context = {
        "pairing": pairing,
        "form": form,
        "decides": decides(request.user),
        "shown_name": shown_name(request, pairing),
        **choices(
            request,
            family_of(pairing.recipient),
            pairing.kind,
            without=[pairing.cadre_id],
        ),
    }
    return form_page(request, "recipients/pairing_handover.html", context)


def _hand_over(request: Request, pairing: Pairing, form: HandoverForm) -> Pairing:
    given = form.cleaned_data
    if decides(request.user):
        return pairing_handovers.hand_over(pairing=pairing, by=request.user, **given)
    return pairing_handovers.propose_handover(
        pairing=pairing,
        cadre=given["cadre"],
        words=given["words"],
        version=given["version"],
        by=request.user,
    )


@require_http_methods(READ)
@requires(Permission.REVIEW_PAIRING)
def pairing_handover_all(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Hand all of one cadre's pairings to another, all or nothing."""
    cadre = get_object_or_404(
        Cadre.objects.visible_to(request.user).select_related("organisation"), pk=pk
    )
    rows = Pairing.objects.visible_to(request.user).filter(
        cadre=cadre, status__in=STANDING
    )
    standing = list(rows.select_related("recipient__area").order_by("recipient__area"))
    form = HandoverForm(user=request.user, **typed(request))
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data}
        given.pop("version")
        given["to"] = given.pop("cadre")
        if tried(
            form,
            lambda: pairing_handovers.hand_over_all(
                cadre=cadre, by=request.user, **given
            ),
        ):
            toast(request, f"已把 {len(standing)} 件结对一并交接。")
            return redirect("recipients:pairing_board")
    family = family_of(standing[0].recipient) if standing else None
    context = {
        "cadre": cadre,
        "standing": standing,
        "households": len(households_of(cadre)),
        "form": form,
        "decides": decides(request.user),
        **choices(request, family, PairingKind.CADRE, without=[cadre.pk]),
    }
    return form_page(request, "recipients/pairing_handover_all.html", context)
