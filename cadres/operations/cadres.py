"""Cadres: taken on, kept up to date, leaving their post and coming back."""

from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.enums import CadreKind, LeaveKind, LeavingReason, Sex
from cadres.models import Cadre, CadreLeave, Organisation, User
from cadres.models.cadre import DEFAULT_CAPACITY
from cadres.permissions import Permission, permits
from cadres.reach import keeps
from common import resident_id
from common.encryption import blind_index
from common.masks import mask_phone
from common.pinyin import pinyin_of
from common.refusals import Refused, Stale
from common.search_text import grams

register(
    {
        "cadre.created": "新增了干部",
        "cadre.changed": "修改了干部",
        "cadre.left": "办理了干部离岗",
        "cadre.returned": "恢复了干部在岗",
        "cadre.leaving": "登记了干部将离岗",
        "cadre.stays": "确认了干部结对不变",
        "cadre.away": "登记了干部请假或外派",
    }
)
# Pairings live in an app above this one: these are the states that hold a cadre.
HOLDING = ("active", "paused", "proposed")
WORDS = {
    "name": "姓名",
    "organisation": "单位",
    "kind": "身份",
    "post": "职务",
    "phone": "联系电话",
    "capacity": "可结对户数",
}


@dataclass(frozen=True, kw_only=True)
class CadreFacts:
    """All that a form asks about a cadre."""

    name: str
    organisation: Organisation
    kind: str = CadreKind.CADRE
    sex: str = Sex.UNKNOWN
    post: str = ""
    resident_id: str = ""
    phone: str = ""
    skills: list[str] = field(default_factory=list)
    capacity: int = DEFAULT_CAPACITY


@permits(Permission.EDIT_CADRES)
@transaction.atomic
def create_cadre(*, facts: CadreFacts, by: User) -> Cadre:
    """Take a cadre on.

    Raises Refused beyond the account's units, and for a second file of one person.
    """
    _check_keeps(facts.organisation, by)
    cadre = Cadre(**_stored(facts))
    _check_free(cadre)
    _save(cadre, force_insert=True)
    trail.record("cadre.created", subject=cadre, by=by)
    return cadre


@permits(Permission.EDIT_CADRES)
@transaction.atomic
def change_cadre(
    *, cadre: Cadre, facts: CadreFacts, version: int | None = None, by: User
) -> Cadre:
    """Bring a cadre's file up to date; into a unit the account does not keep, not."""
    row = _locked(cadre)
    _check_keeps(row.organisation, by)
    _check_keeps(facts.organisation, by)
    if version is not None and version != row.version:
        raise Stale("您打开以后,有人改过这位干部的资料。", _differences(facts, row))
    values = _stored(facts)
    before = copy(row)
    if row.organisation_id != facts.organisation.pk:
        # Another unit: whether the pairings stay is for the office to say.
        row.moved_on = timezone.localdate()
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    _check_free(row)
    _save(row, update_fields=[*values, "moved_on", "version"])
    trail.record(
        "cadre.changed",
        subject=row,
        by=by,
        fields=trail.changes(before, row, CadreFacts.__dataclass_fields__),
    )
    return row


@permits(Permission.EDIT_CADRES)
@transaction.atomic
def leave_post(*, cadre: Cadre, on: date, by: User) -> Cadre:
    """Let the cadre leave; refused while families are still paired with them.

    The account of the cadre ends the same day, so that nobody signs in with it.
    """
    row = _locked(cadre)
    _check_keeps(row.organisation, by)
    if not row.active:
        raise Refused(f"{row}已经离岗。")
    if on > timezone.localdate():
        raise Refused("离岗日期不能晚于今天。")
    held = row.pairings.filter(status__in=HOLDING).count()
    if held:
        raise Refused(f"{row}还有 {held} 件结对(含暂停、待审核),请先交接,再办离岗。")
    close_post(row, on)
    trail.record("cadre.left", subject=row, by=by, on=str(on))
    return row


@permits(Permission.EDIT_CADRES)
@transaction.atomic
def announce_leaving(
    *, cadre: Cadre, on: date, reason: LeavingReason, by: User
) -> Cadre:
    """Say that the cadre will leave: until then the pairings are to be handed over."""
    row = _locked(cadre)
    _check_keeps(row.organisation, by)
    if not row.active:
        raise Refused(f"{row}已经离岗。")
    row.leaving_on, row.leaving_reason = on, reason
    row.version += 1
    row.save(update_fields=["leaving_on", "leaving_reason", "version"])
    trail.record("cadre.leaving", subject=row, by=by, reason=reason.label, on=str(on))
    return row


@permits(Permission.EDIT_CADRES)
@transaction.atomic
def confirm_stays(*, cadre: Cadre, by: User) -> Cadre:
    """Say that the cadre goes on as before: neither unit nor leaving changes it."""
    row = _locked(cadre)
    _check_keeps(row.organisation, by)
    if row.moved_on is None and row.leaving_on is None:
        raise Refused(f"{row}没有待确认的变动。")
    row.moved_on = row.leaving_on = None
    row.leaving_reason = ""
    row.version += 1
    row.save(update_fields=["moved_on", "leaving_on", "leaving_reason", "version"])
    trail.record("cadre.stays", subject=row, by=by)
    return row


@permits(Permission.EDIT_CADRES)
@transaction.atomic
def take_leave(
    *, cadre: Cadre, kind: LeaveKind, from_on: date, until_on: date, by: User
) -> CadreLeave:
    """Put down a time away; one of 60 days or more has the pairings looked at."""
    row = _locked(cadre)
    _check_keeps(row.organisation, by)
    if until_on < from_on:
        raise Refused("止日不能早于起日。")
    if row.leaves.filter(from_on__lte=until_on, until_on__gte=from_on).exists():
        raise Refused("这段时间已登记过。")
    leave = CadreLeave.objects.create(
        cadre=row, kind=kind, from_on=from_on, until_on=until_on
    )
    trail.record(
        "cadre.away",
        subject=row,
        by=by,
        reason=str(LeaveKind(kind).label),
        days=[str(from_on), str(until_on)],
    )
    return leave


def close_post(row: Cadre, on: date) -> None:
    """Take the locked cadre and the account out of office; the caller records it."""
    row.active, row.left_on = False, on
    row.leaving_on = row.moved_on = None
    row.leaving_reason = ""
    row.version += 1
    row.save(
        update_fields=[
            *("active", "left_on", "leaving_on", "leaving_reason", "moved_on"),
            "version",
        ]
    )
    if row.user_id:
        User.objects.filter(pk=row.user_id).update(is_active=False)


@permits(Permission.EDIT_CADRES)
@transaction.atomic
def return_to_post(*, cadre: Cadre, by: User) -> Cadre:
    """Take the cadre on again; an account is enabled by itself, if it shall be."""
    row = _locked(cadre)
    _check_keeps(row.organisation, by)
    if row.active:
        raise Refused(f"{row}现在就在岗。")
    if not row.organisation.active:
        raise Refused(f"{row.organisation}已停用,请先调整单位。")
    row.active, row.left_on = True, None
    row.version += 1
    row.save(update_fields=["active", "left_on", "version"])
    trail.record("cadre.returned", subject=row, by=by)
    return row


def _locked(cadre: Cadre) -> Cadre:
    rows = Cadre.objects.select_related("organisation__area")
    return rows.select_for_update(of=("self",)).get(pk=cadre.pk)


def _check_keeps(organisation: Organisation, by: User) -> None:
    if not keeps(by, organisation):
        raise Refused(f"{organisation}的干部不归本账号管理。")


def _stored(facts: CadreFacts) -> dict[str, Any]:
    """Return the facts as they stand on a cadre's row; raises IdError."""
    full, initials = pinyin_of(facts.name)
    number, sex = facts.resident_id, facts.sex
    if number:
        read = resident_id.check(number, today=timezone.localdate())
        number, sex = read.number, read.sex
    return {
        "name": facts.name,
        "organisation": facts.organisation,
        "kind": facts.kind,
        "sex": sex,
        "post": facts.post,
        "resident_id": number,
        "resident_id_index": blind_index(number) if number else None,
        "phone": facts.phone,
        "phone_index": blind_index(facts.phone) if facts.phone else None,
        "skills": facts.skills,
        "capacity": facts.capacity,
        "pinyin": full,
        "initials": initials,
        "grams": grams(facts.name),
    }


def _check_free(cadre: Cadre) -> None:
    others = Cadre.objects.exclude(pk=cadre.pk)
    if cadre.resident_id_index and (
        others.filter(resident_id_index=cadre.resident_id_index).exists()
    ):
        raise Refused("这个身份证号已有一位干部,请先查找。")
    if cadre.phone_index and (
        others.active()
        .filter(
            phone_index=cadre.phone_index,
            name=cadre.name,
            organisation=cadre.organisation,
        )
        .exists()
    ):
        raise Refused(f"{cadre.organisation}已有{cadre}(同一电话),不用再加。")


def _save(cadre: Cadre, **options: Any) -> None:
    """Save; two desks may take on one person in the same moment."""
    try:
        with transaction.atomic():
            cadre.save(**options)
    except IntegrityError as clash:
        if "resident_id_index" not in str(clash):
            raise
        raise Refused("这个身份证号已有一位干部,请先查找。") from clash


def _differences(facts: CadreFacts, now: Cadre) -> list[tuple[str, str, str]]:
    told = [(name, getattr(facts, name), getattr(now, name)) for name in WORDS]
    return [
        (WORDS[name], _shown(name, yours), _shown(name, theirs))
        for name, yours, theirs in told
        if yours != theirs
    ]


def _shown(name: str, value: Any) -> str:
    if name == "phone":
        return mask_phone(value)
    return CadreKind(value).label if name == "kind" else str(value)
