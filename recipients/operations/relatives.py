"""Declaring whom a cadre is related to, and withdrawing it."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.enums import Role
from cadres.models import Cadre, User
from cadres.offices import for_nearest, offices
from cadres.permissions import Permission, permits
from cadres.reach import keeps
from common import resident_id as numbers
from common.encryption import blind_index
from common.refusals import Refused
from common.resident_id import IdError
from jobs.operations import notify
from recipients.models import ActingCarer, CadreRelative, Pairing
from recipients.pairing_rules import declared

register(
    {
        "relative.declared": "申报了亲属关系",
        "relative.withdrawn": "撤回了申报的亲属关系",
    }
)


@permits(Permission.DECLARE_RELATIVES)
@transaction.atomic
def declare_relative(
    *, cadre: Cadre, relation: str, name: str, resident_id: str, by: User
) -> CadreRelative:
    """Note a relative: the cadre is paired with nobody of that person's household.

    Whether the person is on file is told to nobody by this; where the cadre cares for
    them already, the office hears of it. Raises Refused for another's cadre, for a
    number that is none or the cadre's own, and for one that was declared already.
    """
    cadre = _locked(cadre, by)
    try:
        number = numbers.check(resident_id, today=timezone.localdate()).number
    except IdError as wrong:
        raise Refused(str(wrong)) from wrong
    index = blind_index(number)
    if cadre.resident_id_index and bytes(cadre.resident_id_index) == index:
        raise Refused("这是干部本人的证号,请填亲属的。")
    if cadre.relatives.standing().filter(resident_id_index=index).exists():
        raise Refused("这名亲属已经申报过。")
    relative = CadreRelative.objects.create(
        cadre=cadre,
        relation=relation,
        name=name.strip(),
        resident_id=number,
        resident_id_index=index,
        declared_by=by,
    )
    trail.record("relative.declared", subject=relative, by=by, relation=relation)
    _tell_of_pairings(cadre)
    return relative


@permits(Permission.DECLARE_RELATIVES)
@transaction.atomic
def withdraw_relative(*, relative: CadreRelative, by: User) -> CadreRelative:
    """Let a declaration that was wrong no longer count; the row stays."""
    cadre = _locked(relative.cadre, by)
    row = CadreRelative.objects.select_for_update(of=("self",)).get(pk=relative.pk)
    if row.withdrawn_at is not None:
        raise Refused("这项申报已经撤回。")
    row.cadre, row.withdrawn_at = cadre, timezone.now()
    row.save(update_fields=["withdrawn_at"])
    trail.record("relative.withdrawn", subject=row, by=by)
    return row


def _locked(cadre: Cadre, by: User) -> Cadre:
    rows = Cadre.objects.select_related("organisation__area")
    row = rows.select_for_update(of=("self",), no_key=True).get(pk=cadre.pk)
    own = by.role == Role.CADRE and row.user_id == by.pk
    if not (own or (by.role == Role.CARE_OFFICE and keeps(by, row.organisation))):
        raise Refused("亲属关系由干部本人或所在地关爱办申报。")
    return row


def _tell_of_pairings(cadre: Cadre) -> None:
    """Tell the nearest office of a pairing that has become one with a relative."""
    today = timezone.localdate()
    acted = ActingCarer.objects.to_come(today).filter(cadre=cadre).order_by()
    rows = Pairing.objects.active().select_related("recipient")
    for pairing in [
        *rows.filter(cadre=cadre),
        *rows.filter(pk__in=acted.values("pairing")),
    ]:
        person = pairing.recipient
        if not declared(person.household_id, cadre):
            continue
        for office, _ in for_nearest({person.area_id: 1}, offices(today)):
            notify(
                to=office,
                kind="pairing.related",
                period=str(pairing.pk),
                words="一名结对或代管的干部申报了与这家的亲属关系,须回避,请换人。",
                url=reverse("recipients:pairing_detail", args=[pairing.pk]),
            )
