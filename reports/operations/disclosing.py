"""Telling a person what is held on them: with a reason, and in the trail."""

from django.db import transaction

from audit import trail
from audit.sentences import register
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients.models import Recipient
from recipients.reach import is_within
from reports.operations.exports import check_reason
from reports.person_document import Line, lines_about

register({"person.disclosed": "制作了个人信息查阅复制件"})


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def disclose(*, recipient: Recipient, reason: str, by: User) -> list[Line]:
    """Return all that is held on the person, once the event of it is left.

    Raises Refused without a reason, and for somebody out of reach.
    """
    check_reason(reason)
    if not is_within(recipient.area_id, by):
        raise Refused("该对象不在管辖范围内。")
    lines = lines_about(recipient)
    trail.record(
        "person.disclosed",
        subject=recipient,
        by=by,
        reason=reason.strip()[:200],
        rows=len(lines),
    )
    return lines
