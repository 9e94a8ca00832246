"""What waits in people's lives until an office has decided: raised, settled, moot."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients.disability import severe
from recipients.enums import Category, TaskKind, TaskState
from recipients.models import DisabilityPeriod, LifeTask, Recipient
from recipients.pairing_rules import lock_people
from recipients.reach import is_within

register({"task.settled": "办理了人生事项"})
# How long before a birthday to 18 the office is asked, and how long an answer holds.
BEFORE = timedelta(days=30)
# What may be decided of a task by itself; other deeds close it as they are done.
DEEDS = {
    TaskKind.ADULT: "在读等原因,仍按孤残儿童",
    TaskKind.HEAD: "不需要新户主",
    TaskKind.MOVED: "原结对干部继续",
    TaskKind.GUARDIAN: "已联系民政和村居委会",
    TaskKind.PAUSED: "已核实,继续暂停",
    TaskKind.MISSING: "已会同公安、村居委会查找",
    TaskKind.DE_FACTO: "已核对,不属于事实无人抚养",
    TaskKind.FADING: "又有困难,继续在册",
    TaskKind.REFUSING: "乡镇已上门,改为电话联系",
    TaskKind.NOT_MET: "乡镇已核实去向",
    TaskKind.UNREACHABLE: "知道去向,不按失联",
    TaskKind.GRADE: "已核对,仍按困难重度残疾人",
}
RAISE_ADULTS = """
    INSERT INTO recipients_lifetask
        (id, recipient_id, kind, state, due_on, raised_on, deed, words)
    SELECT gen_random_uuid(), r.id, 'adult', 'open',
           (r.birth_on + interval '18 years')::date, %(today)s, '', ''
    FROM recipients_recipient r
    WHERE r.category = 'CHILD' AND r.status IN ('on_file', 'paused')
      AND r.birth_on <= %(born)s
      AND NOT EXISTS (
          SELECT 1 FROM recipients_lifetask t
          WHERE t.recipient_id = r.id AND t.kind = 'adult'
            AND (t.state = 'open' OR t.done_at > %(answered)s))
    ON CONFLICT DO NOTHING
"""


@transaction.atomic
def raise_adults(*, now: datetime) -> int:
    """Ask the office about each child who is 18 or will be within 30 days.

    An answer holds a year: who stays in the category is asked about again.
    """
    today = timezone.localdate(now)
    born = _years_before(today + BEFORE, 18)
    with connection.cursor() as cursor:
        cursor.execute(
            RAISE_ADULTS,
            {"today": today, "born": born, "answered": now - timedelta(days=365)},
        )
        return int(cursor.rowcount)


@transaction.atomic
def raise_grades(*, now: datetime) -> int:
    """Ask the office about each 困难重度残疾人 whose grade is no longer a severe one.

    A lower grade ends nothing by itself (domain edge case 25). Who is severe again, or
    is no longer counted as such, is not asked about any more; what was answered holds
    until the grade changes again.
    """
    today = timezone.localdate(now)
    counted = Recipient.objects.not_left().filter(category=Category.DISABLED)
    lighter = counted.exclude(Q(disability_grade="") | severe())
    asked = LifeTask.objects.filter(kind=TaskKind.GRADE)
    no_more = asked.open().exclude(recipient__in=lighter)
    no_more.update(state=TaskState.MOOT, done_at=now)
    answered = asked.filter(recipient=OuterRef("recipient"))
    answered = answered.filter(raised_on__gte=OuterRef("until_on"))
    heavier = DisabilityPeriod.objects.filter(severe(), ~Exists(answered))
    people = lighter.filter(pk__in=heavier.values("recipient"))
    people = people.exclude(pk__in=asked.open().values("recipient")).only("pk")
    raised = LifeTask.objects.bulk_create(
        [
            LifeTask(
                recipient=person,
                kind=TaskKind.GRADE,
                due_on=today + BEFORE,
                raised_on=today,
            )
            for person in people
        ],
        ignore_conflicts=True,
    )
    return len(raised)


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def settle(*, task: LifeTask, words: str, by: User) -> LifeTask:
    """Decide that all stays as it is, with the reason; the task is done."""
    lock_people([task.recipient_id], [])
    rows = LifeTask.objects.select_related("recipient")
    task = rows.select_for_update(of=("self",)).get(pk=task.pk)
    if not is_within(task.recipient.area_id, by):
        raise Refused("这件事项不在管辖范围内。")
    if task.state != TaskState.OPEN:
        raise Refused("这件事项已经有人办理了。")
    if not words.strip():
        raise Refused("请写明原因。")
    _done(task, DEEDS[TaskKind(task.kind)], words.strip(), by)
    trail.record("task.settled", subject=task, by=by, reason=task.words, deed=task.deed)
    return task


def raise_task(person: Recipient, kind: TaskKind, *, due_on: date) -> list[UUID]:
    """Leave it to the office of wherever the person lives; once while it is open.

    Returns the key of the task, or none where it was open already.
    """
    task, new = LifeTask.objects.get_or_create(
        recipient=person,
        kind=kind,
        state=TaskState.OPEN,
        defaults={"due_on": due_on, "raised_on": timezone.localdate()},
    )
    return [task.pk] if new else []


def answer_task(person: Recipient, kind: TaskKind, deed: str, *, whose: User) -> None:
    """Close the open task of this kind: another deed has answered it."""
    for task in person.tasks.filter(kind=kind, state=TaskState.OPEN):
        _done(task, deed, "", whose)


def moot(person: Recipient, *kinds: TaskKind) -> list[UUID]:
    """Let go of open tasks of these kinds: nothing is to be decided any more.

    Returns the keys of those let go of.
    """
    tasks = person.tasks.filter(kind__in=kinds, state=TaskState.OPEN)
    keys = [key for (key,) in tasks.values_list("pk")]
    LifeTask.objects.filter(pk__in=keys).update(
        state=TaskState.MOOT, done_at=timezone.now()
    )
    return keys


def _done(task: LifeTask, deed: str, words: str, by: User) -> None:
    task.move_to(TaskState.DONE)
    task.deed, task.words = deed, words
    task.done_by, task.done_at = by, timezone.now()
    task.save()


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
