"""The office's friendly word to a cadre about a family that waits."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from jobs.operations import notify
from recipients.acting_carers import with_acting
from recipients.enums import PairingStatus
from recipients.models import Pairing
from visits.enums import ReminderCause
from visits.models import Reminder


@permits(Permission.REMIND_CADRE)
@transaction.atomic
def remind_cadre(*, pairing: Pairing, by: User) -> Reminder:
    """Remind the cadre, or who acts for them, of a family that is due; once a day.

    Raises Refused when it was done today already, or nobody would read it.
    """
    pairing = (
        Pairing.objects.select_for_update(of=("self",), no_key=True)
        .select_related("recipient", "cadre__user")
        .get(pk=pairing.pk)
    )
    today = timezone.localdate()
    if pairing.status != PairingStatus.ACTIVE or pairing.next_due_on is None:
        raise Refused("这条结对现在不需要提醒。")
    acting = with_acting([pairing], today).get(pairing.pk)
    carer = acting.cadre if acting else pairing.cadre
    if carer.user is None:
        raise Refused("这名干部还没有账号,请打电话联系。")
    fresh = notify(
        to=carer.user,
        kind="visit.asked",
        period=f"{pairing.pk}:{today}",
        words="关爱办提醒:有一户已到走访时间,请安排联系。",
        url=reverse("visits:todo"),
    )
    if not fresh:
        raise Refused("今天已经提醒过了,明天可以再提醒。")
    reminder, _ = Reminder.objects.get_or_create(
        pairing=pairing,
        cause=ReminderCause.DUE,
        period=pairing.next_due_on,
        defaults={"words": "关爱办提醒走访", "sent_at": timezone.now()},
    )
    trail.record("visit.cadre_reminded", subject=pairing, by=by)
    return reminder
