"""Looks at a person: that the page was opened, and which value was seen in full."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.models import Event
from cadres.enums import Role
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from common.search_text import Kind
from jobs.operations import notify
from recipients.models import Recipient
from recipients.operations.people import first_guardian
from recipients.queries import ONE_LOOK, looked_lately

FIELDS = {
    "resident_id": "身份证号",
    "certificate": "残疾人证号",
    "phone": "联系电话",
    "address": "家庭住址",
    "hukou_address": "户籍地址",
    "guardian_phone": "监护人电话",
}
SEARCHED = {Kind.RESIDENT_ID: "身份证号", Kind.PHONE: "电话号码"}
REASONS = ("核对身份", "联系本人/监护人", "办理待遇", "应急", "其他")
OTHER = "其他"
SHORTEST_WORDS = 6
# More in an hour is told to those who watch.
MANY = 20
WATCHERS = (Role.AUDITOR, Role.ADMIN)


@permits(Permission.SEE_RECIPIENTS)
@transaction.atomic
def look(*, recipient: Recipient, by: User) -> bool:
    """Leave in the trail that the account opened the person's page.

    One event an account, person and hour is enough: a form sent back and forth is
    one look. Says whether an event was left.
    """
    if looked_lately(recipient, by):
        return False
    trail.record("person.seen", subject=recipient, by=by)
    return True


@permits(Permission.UNMASK)
@transaction.atomic
def unmask(
    *, recipient: Recipient, field: str, reason: str, words: str = "", by: User
) -> str:
    """Return one value of one person in full, and leave who saw it and why.

    The event holds the field's name, never the value. Raises Refused without a
    reason from the list; 其他 wants words.
    """
    if field not in FIELDS:
        raise Refused("没有这一项。")
    if reason not in REASONS:
        raise Refused("请选择查看的理由。")
    if reason == OTHER and len(words.strip()) < SHORTEST_WORDS:
        raise Refused(f"选“其他”时,请写明理由(至少 {SHORTEST_WORDS} 个字)。")
    told = f"{reason}:{words.strip()}" if words.strip() else reason
    often = _looks_this_hour(by) >= MANY
    trail.record(
        "person.unmasked",
        subject=recipient,
        by=by,
        reason=told[:200],
        field=field,
        field_words=FIELDS[field],
        often=often,
    )
    if often:
        _tell_of_many(by)
    return _value(recipient, field)


@permits(Permission.SIGNED_IN)
@transaction.atomic
def search_by_number(*, number: Kind, found: Sequence[Recipient], by: User) -> None:
    """Leave in the trail that somebody looked for a whole id or phone number.

    ``number`` says which of the two it was, never what it was.
    """
    trail.record(
        "person.searched",
        subject=found[0] if found else by,
        by=by,
        field_words=SEARCHED[number],
        found=len(found),
        people=[str(person.pk) for person in found],
    )


def _looks_this_hour(by: User) -> int:
    looks = Event.objects.by_account(by).filter(
        kind="person.unmasked", at__gte=timezone.now() - ONE_LOOK
    )
    return looks.count()


def _tell_of_many(by: User) -> None:
    """Ring once an hour with those who watch when one account looks at very many."""
    now = timezone.now()
    watchers = User.objects.filter(role__in=WATCHERS, is_active=True)
    for watcher in watchers.order_by("pk"):
        notify(
            to=watcher,
            kind="person.unmasked_often",
            period=f"{by.pk}:{now:%Y%m%d%H}",
            words=f"账号 {by.username} 一小时内查看完整信息超过 {MANY} 次,请核实。",
            url="/trail/",
        )


def _value(recipient: Recipient, field: str) -> str:
    if field == "guardian_phone":
        guardian = first_guardian(recipient)
        return str(guardian.phone) if guardian else ""
    return str(getattr(recipient, field))
