"""What the pages say about a person and a pairing, in words made on the server."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cadres.enums import Role
from cadres.models import User
from cadres.permissions import Permission
from common.masks import mask_address, mask_cert, mask_id, mask_phone
from recipients.enums import RecipientStatus, TaskKind
from recipients.models import (
    DisabilityPeriod,
    Guardian,
    LifeTask,
    Pairing,
    Recipient,
)
from recipients.operations.tasks import DEEDS


@dataclass(frozen=True)
class State:
    """A state as the page shows it: its kind (ok, due, late, ask, n) and its words."""

    kind: str
    words: str


@dataclass(frozen=True)
class Fact:
    """One value of a person's head: masked, and whether it can be seen in full."""

    field: str
    label: str
    masked: str


def state_of(person: Recipient, carer: Pairing | None, today: date) -> State:
    """Return where a person stands: the file first, then the pairing, then the day."""
    if person.status != RecipientStatus.ON_FILE:
        return State("n", str(person.get_status_display()))
    if carer is None:
        return State("late", "待结对") if not person.paired else State("ok", "已结对")
    return due_state(carer, today)


def due_state(pairing: Pairing, today: date) -> State:
    """Say whether the family waits, is due this week, or has been seen this month.

    Every page that shows how a pairing stands asks here.
    """
    due = pairing.next_due_on
    if due is not None and due < today:
        return State("late", f"超期 {(today - due).days} 天")
    if due is not None and due <= today + rest_of_week(today):
        return State("due", "今天到期" if due == today else "本周到期")
    if _in_month(pairing.last_visit_on, today):
        return State("ok", "本月已走访")
    if _in_month(pairing.last_contact_on, today):
        return State("ok", "本月已联系")
    return State("n", "未定" if due is None else "未到期")


def rest_of_week(today: date) -> timedelta:
    """Return how long it is until Sunday, the week's last day."""
    return timedelta(days=6 - today.weekday())


def _in_month(day: date | None, today: date) -> bool:
    return day is not None and (day.year, day.month) == (today.year, today.month)


def private_facts(person: Recipient, guardian: Guardian | None) -> list[Fact]:
    """Return the masked values of the head; those that are empty are left out."""
    strict = person.is_young(timezone.localdate())
    told = [
        Fact("resident_id", "身份证", mask_id(person.resident_id, strict=strict)),
        Fact("certificate", "残疾人证", mask_cert(person.certificate, strict=strict)),
        Fact("phone", "电话", mask_phone(person.phone)),
        Fact("address", "住址", mask_address(person.address)),
    ]
    if person.hukou_address not in (person.village, person.address):
        words = mask_address(person.hukou_address)
        told.append(Fact("hukou_address", "户籍地址", words))
    if guardian is not None:
        told.append(Fact("guardian_phone", "监护人电话", mask_phone(guardian.phone)))
    return [fact for fact in told if fact.masked]


def masked(person: Recipient, guardian: Guardian | None, field: str) -> str:
    """Return one value masked, as the head shows it."""
    facts = {fact.field: fact.masked for fact in private_facts(person, guardian)}
    return facts.get(field, "")


def disability_words(one: Recipient | DisabilityPeriod) -> str:
    """Return 肢体残疾二级 for a kind and a grade."""
    kind = one.get_disability_kind_display() if one.disability_kind else ""
    return f"{kind}{one.get_disability_grade_display()}".removesuffix("残疾")


def past_disabilities(person: Recipient) -> str:
    """Return 2026年11月27日前肢体残疾二级 for each of the past, the latest first."""
    return ";".join(
        f"{one.until_on:%Y年%-m月%-d日}前{disability_words(one)}"
        for one in person.disabilities.all()
    )


def kind_words(person: Recipient) -> str:
    """Return the finer kind; a roster's own word when it has no code."""
    return str(person.get_kind_display()) if person.kind else ""


def telling_of(person: Recipient, carer: Pairing | None, user: User) -> str:
    """Return where this account tells of a visit to the person, or nothing."""
    if carer is None or person.status != RecipientStatus.ON_FILE:
        return ""
    if not user.has_permission(Permission.LOG_VISIT):
        return ""
    if user.role == Role.CADRE:
        return reverse("visits:visit_new", args=[person.pk])
    return reverse("visits:visit_late", args=[carer.pk])


def decorate(people: list[Any], today: date, user: User) -> list[Any]:
    """Give each person of a page what both its row and its card show."""
    for person in people:
        person.page = reverse("recipients:recipient_detail", args=[person.pk])
        carer = person.carers[0] if person.carers else None
        person.carer = carer
        person.state = state_of(person, carer, today)
        person.age = person.age_on(today)
        person.tell = telling_of(person, carer, user)
        person.disability = disability_words(person)
    return people


def pair_rows(pairs: Iterable[Any], people: Any) -> list[dict[str, Any]]:
    """Return each pair with its two people; one out of sight leaves no row."""
    pairs = list(pairs)
    keys = {key for pair in pairs for key in (pair.first_key, pair.second_key)}
    found = people.in_bulk(keys)
    rows = []
    for pair in pairs:
        both = [found.get(pair.first_key), found.get(pair.second_key)]
        if None in both:
            continue
        # The older file is the one that stays.
        kept, gone = sorted(both, key=lambda one: (one.registered_on, one.code))
        rows.append({"pair": pair, "kept": kept, "gone": gone})
    return rows


def merge_rows(merges: Iterable[Any], people: Any, pairs: Any) -> list[dict[str, Any]]:
    """Return each merge with whom it is about, and what was found alike in them.

    Of a merge that is done only the kept file is left, and no doubt.
    """
    merges = list(merges)
    found = people.in_bulk({key for one in merges for key in one.both})
    doubts = pairs.filter(first_key__in=found, second_key__in=found)
    alike = {frozenset((one.first_key, one.second_key)): one.reasons for one in doubts}
    return [
        {
            "merge": one,
            "people": [found[key] for key in one.both if key in found],
            "alike": alike.get(frozenset(one.both), []),
        }
        for one in merges
    ]


# Where the deed that answers a task is done: (address, words).
TASK_DEEDS: dict[str, tuple[tuple[str, str], ...]] = {
    TaskKind.ADULT: (
        ("recipients:recipient_category", "变更类别"),
        ("recipients:recipient_leave", "办理退出"),
    ),
    TaskKind.HEAD: (("recipients:recipient_members", "定新户主"),),
    TaskKind.GUARDIAN: (("recipients:recipient_guardian", "变更监护人"),),
    TaskKind.DE_FACTO: (("recipients:recipient_category", "变更类别"),),
    TaskKind.FADING: (("recipients:recipient_leave", "办理退出"),),
    TaskKind.REFUSING: (("recipients:recipient_leave", "本人要求退出"),),
    TaskKind.NOT_MET: (("recipients:recipient_pause", "办理暂停"),),
    TaskKind.UNREACHABLE: (("recipients:recipient_pause", "按失联暂停"),),
    TaskKind.GRADE: (
        ("recipients:recipient_category", "变更类别"),
        ("recipients:recipient_fade", "开始渐退"),
    ),
}


def task_row(task: LifeTask, today: date) -> dict[str, Any]:
    """Return a task with how late it is and where it can be answered."""
    days = (task.due_on - today).days
    if days < 0:
        state = State("late", f"过了 {-days} 天")
    else:
        state = State("due", "今天" if days == 0 else f"还有 {days} 天")
    deeds = [
        (reverse(address, args=[task.recipient_id]), words)
        for address, words in TASK_DEEDS.get(task.kind, ())
    ]
    if task.kind == TaskKind.MOVED:
        carer = task.recipient.pairings.filter(status="active").order_by("kind").first()
        if carer is not None:
            url = reverse("recipients:pairing_handover", args=[carer.pk])
            deeds.append((url, "换结对干部"))
    return {
        "task": task,
        "state": state,
        "deeds": deeds,
        "keep": DEEDS[TaskKind(task.kind)],
    }
