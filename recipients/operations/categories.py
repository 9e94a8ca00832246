"""The category somebody is counted in, changed from a day on."""

from datetime import date

from django.db import transaction

from audit import trail
from audit.sentences import register
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients.counted import check_order, count_from
from recipients.enums import Category, RecipientStatus, TaskKind
from recipients.models import Recipient
from recipients.operations.people import check_version, locked
from recipients.operations.tasks import answer_task
from recipients.reach import is_within

register({"recipient.category_changed": "变更了对象类别"})


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def change_category(
    *,
    recipient: Recipient,
    category: Category,
    on: date,
    words: str,
    kind: str = "",
    version: int | None = None,
    by: User,
) -> Recipient:
    """Count the person in another category from this day on.

    Figures of days before stay; pairings and everything else go on. The next contact
    is due by the new category's standard once the next visit is told.
    """
    person = locked(recipient)
    check_version(person, version)
    if not is_within(person.area_id, by):
        raise Refused("只能办理管辖范围内的对象。")
    if person.status == RecipientStatus.LEFT:
        raise Refused(f"{person}已退出,不能变更类别。")
    if category == person.category:
        raise Refused(f"{person}现在就是“{person.get_category_display()}”。")
    if category == Category.CHILD and not person.is_minor(on):
        raise Refused("已满 18 周岁,不能改为孤残儿童。")
    if not words.strip():
        raise Refused("请写明变更的原因。")
    check_order(person, on)
    count_from(on)
    before, person.category = person.category, category
    person.kind = kind
    person.also = [one for one in person.also if one != category]
    person.version += 1
    person.save(update_fields=["category", "kind", "also", "version", "updated_at"])
    for kind in (TaskKind.ADULT, TaskKind.GRADE):
        answer_task(person, kind, f"改为{Category(category).label}", whose=by)
    trail.record(
        "recipient.category_changed",
        subject=person,
        by=by,
        reason=words.strip()[:200],
        on=str(on),
        category=[before, str(category)],
    )
    return person
