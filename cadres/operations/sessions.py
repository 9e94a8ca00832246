"""Ending sessions: one's own, one by one or all, or an account's by the office."""

from django.db import transaction

from audit import trail
from audit.sentences import register
from cadres.models import Session, User
from cadres.permissions import Permission, permits
from common.refusals import Refused

register(
    {
        "session.ended": "退出了一处登录",
        "session.others_ended": "退出了其他登录",
        "session.all_ended": "结束了账号的全部登录",
    }
)


@permits(Permission.SIGNED_IN)
@transaction.atomic
def end_session(*, session: Session, by: User) -> None:
    """End one sign-in; its next request finds nobody signed in."""
    row = Session.objects.select_for_update().filter(pk=session.pk).first()
    if row is None or row.user_id != by.pk:
        raise Refused("这处登录已经结束。")
    trail.record("session.ended", subject=row, by=by)
    row.delete()


@permits(Permission.SIGNED_IN)
@transaction.atomic
def end_others(*, keep: Session, by: User) -> int:
    """End every session of this person but the one in hand; return how many."""
    number = drop_others(by, keep)
    trail.record("session.others_ended", subject=by, by=by, number=number)
    return number


@permits(Permission.MANAGE_ACCOUNTS)
@transaction.atomic
def end_all(*, user: User, by: User) -> int:
    """End every session of an account, as when a telephone was stolen."""
    number = drop_others(user, None)
    trail.record("session.all_ended", subject=user, by=by, number=number)
    return number


def drop_others(user: User, keep: Session | None) -> int:
    """Remove the account's sessions but this one; part of a larger deed."""
    rows = Session.objects.of(user)
    if keep is not None:
        rows = rows.exclude(pk=keep.pk)
    return rows.delete()[0]
