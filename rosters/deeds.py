"""Which deeds fit a difference, and doing them with the operations of the registry."""

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from cadres.models import User
from common.refusals import Refused
from common.resident_id import IdError
from recipients.enums import Category, LeaveReason, RecipientStatus
from recipients.models import Recipient
from recipients.operations import people, standing
from recipients.person_facts import PersonFacts
from rosters import self_check
from rosters.content import content_of
from rosters.enums import ClosingDeed, DifferenceKind, RosterKind
from rosters.models import Difference
from rosters.operations import settling

Kind = DifferenceKind
FIRST = {
    Kind.NOT_IN_REGISTRY: ClosingDeed.ENROLLED,
    Kind.NOT_IN_ROSTER: ClosingDeed.CORRECTED,
    Kind.DIFFERS: ClosingDeed.CORRECTED,
    Kind.SUSPECTED_DEATH: ClosingDeed.LEFT,
    Kind.CERTIFICATE_EXPIRED: ClosingDeed.CORRECTED,
    Kind.SAME_PHONE: ClosingDeed.CORRECTED,
    Kind.MISSING_FIELDS: ClosingDeed.CORRECTED,
}
# No list says what is right: it is put right in the file, by hand.
BY_HAND = (Kind.CERTIFICATE_EXPIRED, Kind.SAME_PHONE, Kind.MISSING_FIELDS)
ADVICE = {
    Kind.NOT_IN_REGISTRY: "系统里没有。核实后补录;不属于关爱范围的,写明原因。",
    Kind.NOT_IN_ROSTER: "系统里有、本月名单没有。向部门核实后更正,或写明原因。",
    Kind.DIFFERS: "两边写的不一样。核实后按名单更正;系统正确的,写明原因。",
    Kind.SUSPECTED_DEATH: "请先向家属核实。确已去世的办理退出;不属实的,写明原因。",
    Kind.INVALID: "名单这一行的姓名或身份证号有误,请部门更正后重新报送。",
    Kind.REPEATED: "同一身份证号在名单里出现过,请部门核对是否重复发放。",
    Kind.UNPAIRED: "还没有结对干部,请到结对关系里提出结对。",
    Kind.CERTIFICATE_EXPIRED: "残疾人证已过期,请提醒本人到残联换证,再更新有效期。",
    Kind.TURNED_18: "已满18周岁。请确认继续关爱、转为其他类别,还是退出。",
    Kind.NO_CONTACT: "超过走访标准的天数没有联系,请提醒结对干部。",
    Kind.SAME_PHONE: "与另一家庭的联系电话相同,请核对是否填错。",
    Kind.MISSING_FIELDS: "档案缺少必要的资料,请补齐。",
    Kind.ON_BOTH_LISTS: (
        "本月转为特困的,低保当月止、特困次月起,同在两份名单不是差错:写明原因即可;"
        "低保已停的,更正档案。"
    ),
}
# What the list of a kind says of everybody on it.
KIND_SAYS: dict[str, Callable[[PersonFacts], dict[str, Any]]] = {
    RosterKind.DIBAO: lambda facts: {"dibao": True},
    RosterKind.TEKUN: lambda facts: {"also": _with_destitute(facts)},
    RosterKind.DISABILITY: lambda facts: {},
}
NEW_CATEGORY = {
    RosterKind.DIBAO: Category.DESTITUTE,
    RosterKind.TEKUN: Category.DESTITUTE,
    RosterKind.DISABILITY: Category.DISABLED,
}


def fitting(difference: Difference) -> list[ClosingDeed]:
    """Return the deeds that can be done about a difference, the usual one first."""
    person = difference.recipient
    can = {
        ClosingDeed.ENROLLED: difference.kind == Kind.NOT_IN_REGISTRY,
        ClosingDeed.CORRECTED: person is not None and _says(difference),
        ClosingDeed.LEFT: person is not None and person.status != RecipientStatus.LEFT,
        ClosingDeed.NOTHING: True,
    }
    usual = FIRST.get(DifferenceKind(difference.kind), ClosingDeed.NOTHING)
    return sorted((deed for deed in can if can[deed]), key=lambda one: one != usual)


def _says(difference: Difference) -> bool:
    """Say whether it can be told what should stand in the file."""
    if difference.row is None:
        return difference.fields == ["dibao"] or difference.kind in BY_HAND
    return difference.roster is not None and difference.roster.kind in KIND_SAYS


def advice(difference: Difference) -> str:
    """Say in a sentence what to look into."""
    return ADVICE[DifferenceKind(difference.kind)]


def is_to_mend(difference: Difference) -> bool:
    """Say whether the fault that the registry found in itself still stands."""
    person = difference.recipient_id
    return (
        person is not None
        and difference.kind in BY_HAND
        and self_check.still_finds(
            kind=difference.kind, person=person, today=timezone.localdate()
        )
    )


def settle_with(
    *,
    difference: Difference,
    deed: str,
    words: str = "",
    left_on: date | None = None,
    by: User,
) -> Difference:
    """Close the difference by doing what was chosen, in one transaction.

    Raises Refused where the deed does not fit, in a sentence that says what does.
    """
    does: dict[str, Callable[[Difference], Any] | None] = {
        ClosingDeed.ENROLLED: lambda found: _enrol(found, by),
        ClosingDeed.CORRECTED: lambda found: _correct(found, by),
        ClosingDeed.LEFT: lambda found: _leave(found, left_on, by),
        ClosingDeed.NOTHING: None,
    }
    return settling.settle(
        difference=difference,
        deed=ClosingDeed(deed),
        words=words,
        do=does[deed],
        by=by,
    )


def _enrol(difference: Difference, by: User) -> None:
    if difference.row is None or difference.kind != Kind.NOT_IN_REGISTRY:
        raise Refused("只有“名单有系统无”可以补录,请选别的处理方式。")
    values = content_of(difference.row)
    if difference.row.area is None:
        raise Refused("名单这一行没有乡镇街道,请到关爱对象里手工新增。")
    facts = PersonFacts(
        name=difference.row.name,
        category=NEW_CATEGORY[_roster_kind(difference)],
        area=difference.row.area,
        resident_id=str(values.get("id") or ""),
    )
    try:
        person = people.register_person(facts=_told(facts, difference), by=by)
    except IdError as wrong:
        raise Refused(wrong.words) from None
    difference.recipient = person
    difference.save(update_fields=["recipient"])


def _correct(difference: Difference, by: User) -> None:
    """Write into the file what the list says, or see that it was put right by hand."""
    person = difference.recipient
    if person is None:
        raise Refused("系统里没有这个人,请选“补录”或“无需处理”。")
    if is_to_mend(difference):
        raise Refused("档案里还没有改好。请关爱办先修改档案,再选“更正”。")
    if difference.kind in BY_HAND:
        return
    if difference.row is None:
        _correct_absence(difference, person, by)
        return
    facts = _told(_facts(person), difference)
    people.change_person(recipient=person, facts=facts, by=by)


def _correct_absence(difference: Difference, person: Recipient, by: User) -> None:
    """Take the word of the list that the person is no longer on it, for 低保 only."""
    if difference.fields != ["dibao"]:
        raise Refused("请先在档案里改好,再选“无需处理”并写明改了什么。")
    facts = dataclasses.replace(_facts(person), dibao=False)
    people.change_person(recipient=person, facts=facts, by=by)


def _leave(difference: Difference, left_on: date | None, by: User) -> None:
    person = difference.recipient
    if person is None:
        raise Refused("系统里没有这个人,不用办理退出。")
    died = difference.kind == Kind.SUSPECTED_DEATH
    standing.leave(
        recipient=person,
        reason=LeaveReason.DIED if died else LeaveReason.NO_LONGER,
        on=left_on or timezone.localdate(),
        by=by,
    )


def _told(facts: PersonFacts, difference: Difference) -> PersonFacts:
    """Return the facts with what the row of the list says of the person."""
    row = difference.row
    if row is None:
        return facts
    told: dict[str, Any] = {"name": row.name}
    if row.area is not None:
        told["area"] = row.area
    if row.disability_kind:
        told["disability_kind"] = row.disability_kind
    if row.disability_grade:
        told["disability_grade"] = row.disability_grade
    return dataclasses.replace(
        facts, **told, **KIND_SAYS[_roster_kind(difference)](facts)
    )


def _facts(person: Recipient) -> PersonFacts:
    return PersonFacts.of(person, people.first_guardian(person))


def _roster_kind(difference: Difference) -> RosterKind:
    if difference.roster is None or difference.roster.kind not in KIND_SAYS:
        raise Refused("这类差异不能这样处理,请选别的处理方式。")
    return RosterKind(difference.roster.kind)


def _with_destitute(facts: PersonFacts) -> list[str]:
    if facts.category == Category.DESTITUTE or Category.DESTITUTE in facts.also:
        return facts.also
    return [*facts.also, Category.DESTITUTE]
