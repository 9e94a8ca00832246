"""Organisations: put on the list, kept up to date, taken out of use."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.models import Organisation, User
from cadres.permissions import Permission, permits
from cadres.reach import keeps
from common.pinyin import pinyin_of
from common.refusals import Refused
from common.search_text import grams

register(
    {
        "organisation.created": "新增了单位",
        "organisation.changed": "修改了单位",
        "organisation.ended": "办理了单位撤并",
    }
)
FIELDS = ("name", "kind", "level", "parent", "area", "leads", "active")


@permits(Permission.EDIT_ORGANISATIONS)
@transaction.atomic
def create_organisation(*, facts: dict[str, Any], by: User) -> Organisation:
    """Put an organisation on the list; ``facts`` are its FIELDS.

    Raises Refused for a name that is there already and beyond the account's area.
    """
    organisation = Organisation(**facts)
    _check(organisation, by)
    _name(organisation)
    organisation.save(force_insert=True)
    trail.record("organisation.created", subject=organisation, by=by)
    return organisation


@permits(Permission.EDIT_ORGANISATIONS)
@transaction.atomic
def change_organisation(
    *, organisation: Organisation, facts: dict[str, Any], by: User
) -> Organisation:
    """Bring an organisation up to date; one that has cadres on duty stays in use."""
    row = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    _check(row, by)
    before = Organisation.objects.get(pk=row.pk)
    for name, value in facts.items():
        setattr(row, name, value)
    _check(row, by)
    if not row.active and row.cadres.filter(active=True).exists():
        raise Refused("这个单位还有在岗干部,请先办理离岗或调整单位,再停用。")
    if row.active:
        row.ended_on = row.replaced_by = None
    _name(row)
    row.save(
        update_fields=[
            *(*FIELDS, "pinyin", "initials", "grams"),
            *("ended_on", "replaced_by"),
        ]
    )
    trail.record(
        "organisation.changed",
        subject=row,
        by=by,
        changes=trail.changes(before, row, FIELDS),
    )
    return row


@permits(Permission.EDIT_ORGANISATIONS)
@transaction.atomic
def end_organisation(
    *, organisation: Organisation, into: Organisation | None, on: date, by: User
) -> Organisation:
    """Dissolve a unit, or let another take its place and its cadres from this day.

    What was done under the old name stays under it. The cadres' pairings go on; each
    waits on the board until the office has said whether it stays or is handed over.
    """
    rows = Organisation.objects.select_for_update(of=("self",)).order_by("pk")
    keys = [organisation.pk, *([into.pk] if into else [])]
    found = {row.pk: row for row in rows.filter(pk__in=keys)}
    row = found[organisation.pk]
    if not keeps(by, row):
        raise Refused("这个单位不在本账号管辖范围,请联系所在地关爱办或市关爱办。")
    if not row.active:
        raise Refused(f"{row}已停用。")
    if on > timezone.localdate():
        raise Refused("撤并日期不能晚于今天。")
    if into is not None:
        _check_successor(row, found[into.pk])
        cadres = list(
            row.cadres.active().select_for_update(of=("self",)).order_by("pk")
        )
        row.cadres.filter(pk__in=[one.pk for one in cadres]).update(
            organisation=into, moved_on=on, version=F("version") + 1
        )
        User.objects.filter(organisation=row).update(organisation=into)
    row.active, row.ended_on, row.replaced_by = False, on, into
    row.save(update_fields=["active", "ended_on", "replaced_by"])
    trail.record(
        "organisation.ended",
        subject=row,
        by=by,
        on=str(on),
        into=into.name if into else "",
    )
    return row


def _check_successor(row: Organisation, into: Organisation) -> None:
    if into.pk == row.pk:
        raise Refused("不能并入自己。")
    if not into.active:
        raise Refused(f"{into}已停用,不能并入。")


def _check(organisation: Organisation, by: User) -> None:
    if not keeps(by, organisation):
        raise Refused("这个单位不在本账号管辖范围,请联系所在地关爱办或市关爱办。")
    if organisation.parent_id and organisation.parent_id == organisation.pk:
        raise Refused("主管单位不能是自己。")
    same = Organisation.objects.filter(name=organisation.name)
    if same.exclude(pk=organisation.pk).exists():
        raise Refused(f"已有“{organisation.name}”,不用再加。")


def _name(organisation: Organisation) -> None:
    """Find it by its name and its other names."""
    full, initials = pinyin_of(organisation.name)
    names = [organisation.name, *organisation.aliases]
    organisation.pinyin, organisation.initials = full, initials[:60]
    organisation.grams = list(
        dict.fromkeys(piece for name in names for piece in grams(name))
    )
