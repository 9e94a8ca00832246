"""Saying once more who one is, before what is sensitive."""

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.models import SecondFactor, Session, User
from cadres.operations.second_factors import spend_code
from cadres.permissions import Permission, permits

register({"user.proved": "再次验证了身份", "user.proof_failed": "再次验证身份时输错"})


@permits(Permission.SIGNED_IN)
@transaction.atomic
def prove(*, session: Session, answer: str, by: User) -> bool:
    """Say whether password or code is the person's own; if so, note when.

    An unlocked screen is not a person: what is sensitive wants a proof that is not
    older than a quarter of an hour.
    """
    right = check_password(answer, by.password) or _is_code(answer, by)
    if right:
        Session.objects.filter(pk=session.pk).update(proved_at=timezone.now())
        trail.record("user.proved", subject=by, by=by)
    else:
        trail.record("user.proof_failed", subject=by, by=by)
    return right


def _is_code(answer: str, user: User) -> bool:
    now = timezone.now()
    rows = SecondFactor.objects.select_for_update()
    factor = rows.filter(user=user, confirmed_at__isnull=False).first()
    if factor is None or (factor.locked_until and now < factor.locked_until):
        return False
    if not spend_code(factor, answer, now):
        return False
    factor.save(update_fields=["last_step"])
    return True
