"""Coming in: who may try, who did, and who is let try again."""

from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.db import connection, transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.enums import Role
from cadres.models import AddressTally, SecondFactor, User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from common.rows import uuid7
from jobs.operations import notify

register(
    {
        "user.signed_in": "登录了系统",
        "user.unlocked": "解除了登录锁定",
        "address.slowed": "发现一个来源地址多次输错密码,已放慢",
    }
)
SLOW_AFTER = 50
WINDOW = timedelta(hours=1)
PAUSE = timedelta(seconds=10)
COUNT = """
    INSERT INTO cadres_addresstally AS tally (id, address, failures, since)
    VALUES (%(id)s, %(address)s, 1, %(now)s)
    ON CONFLICT (address) DO UPDATE SET
        failures = CASE WHEN tally.since <= %(old)s THEN 1 ELSE tally.failures + 1 END,
        since = CASE WHEN tally.since <= %(old)s THEN %(now)s ELSE tally.since END
    RETURNING failures
"""
SPENT = "这个一次性密码已经用过或超过 24 小时,请联系管理员重置。"


@permits(Permission.SIGNED_IN)
@transaction.atomic
def sign_in(*, user: User, by: User) -> User:
    """Note that the account comes in; a one-time password is spent with it.

    Raises Refused when somebody else spent it a moment before.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    now = timezone.now()
    if user.one_time_password_is_spent(now):
        raise Refused(SPENT)
    if user.must_change_password:
        user.password_ends_at = now
        user.save(update_fields=["password_ends_at"])
    trail.record("user.signed_in", subject=user, by=by)
    return user


@transaction.atomic
def may_try(*, address: str) -> bool:
    """Say whether this address may try a password now.

    After 50 wrong ones within an hour, whatever the names, it may every ten seconds:
    of any number of tries at once one is let through.
    """
    now = timezone.now()
    tally = AddressTally.objects.filter(
        address=address, failures__gte=SLOW_AFTER, since__gt=now - WINDOW
    )
    row = tally.select_for_update().first()
    if row is None:
        return True
    if row.next_at is not None and now < row.next_at:
        return False
    row.next_at = now + PAUSE
    row.save(update_fields=["next_at"])
    return True


@transaction.atomic
def note_wrong_try(*, address: str) -> None:
    """Count a wrong password from this address; the fiftieth is told to the office."""
    now = timezone.now()
    values: dict[str, Any] = {
        "id": uuid7(),
        "address": address,
        "now": now,
        "old": now - WINDOW,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        (failures,) = cursor.fetchone()
    if failures == SLOW_AFTER:
        _alert(AddressTally.objects.get(address=address))


@transaction.atomic
def forget_old_tries(*, before: datetime) -> int:
    """Remove what was counted more than a day ago; return how many rows."""
    old = before - timedelta(days=1)
    tallies, _ = AddressTally.objects.filter(since__lt=old).delete()
    attempts, _ = AccessAttempt.objects.filter(attempt_time__lt=old).delete()
    return int(tallies) + int(attempts)


@permits(Permission.MANAGE_ACCOUNTS)
@transaction.atomic
def unlock(*, user: User, by: User) -> User:
    """Let an account that was locked after wrong tries be tried again at once."""
    if user.pk == by.pk:
        raise Refused("不能给自己解锁,请由另一位管理员办理。")
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    AccessAttempt.objects.filter(username=user.username).delete()
    SecondFactor.objects.filter(user=user).update(failures=0, locked_until=None)
    trail.record("user.unlocked", subject=user, by=by)
    return user


def _alert(tally: AddressTally) -> None:
    trail.record("address.slowed", subject=tally, by=None, failures=tally.failures)
    words = f"来源地址 {tally.address} 一小时内输错密码 {SLOW_AFTER} 次,已放慢。"
    watching = User.objects.filter(role__in=(Role.ADMIN, Role.AUDITOR), is_active=True)
    for user in watching:
        period = f"{tally.address} {tally.since:%Y%m%d%H%M}"[:40]
        notify(to=user, kind="address.slowed", period=period, words=words)
