"""Naming who may write down a cadre's visits, and ending it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.models import Cadre, CadreAssistant, User
from cadres.permissions import Permission, permits
from cadres.reach import keeps
from common.refusals import Refused

register(
    {
        "assistant.named": "指定了代录人",
        "assistant.ended": "结束了代录",
    }
)


@permits(Permission.ISSUE_ACCOUNTS)
@transaction.atomic
def name_assistant(
    *, cadre: Cadre, assistant: Cadre, until_on: date | None = None, by: User
) -> CadreAssistant:
    """Let a colleague of the same unit write down the cadre's visits from today on.

    Raises Refused while another does, and for who has no account to do it with.
    """
    row, today = _locked(cadre, by), timezone.localdate()
    if assistant.pk == row.pk:
        raise Refused("代录人应是另一名干部。")
    if assistant.organisation_id != row.organisation_id:
        raise Refused("代录人应与走访人在同一单位。")
    if not (row.active and assistant.active and assistant.user_id):
        raise Refused("走访人和代录人都应在岗,代录人要有账号。")
    if until_on is not None and until_on <= today:
        raise Refused("不再代录的日期应在今天以后。")
    if row.assistants.in_force(today).exists():
        raise Refused(f"{row}已有代录人,请先结束。")
    named = CadreAssistant.objects.create(
        cadre=row, assistant=assistant, from_on=today, until_on=until_on, named_by=by
    )
    trail.record("assistant.named", subject=row, by=by, named=assistant.trail_words)
    return named


@permits(Permission.ISSUE_ACCOUNTS)
@transaction.atomic
def end_assistant(*, cadre: Cadre, by: User) -> Cadre:
    """Let nobody else write down the cadre's visits from this moment on."""
    row, today = _locked(cadre, by), timezone.localdate()
    if not row.assistants.in_force(today).update(until_on=today):
        raise Refused(f"{row}现在没有代录人。")
    trail.record("assistant.ended", subject=row, by=by)
    return row


def _locked(cadre: Cadre, by: User) -> Cadre:
    rows = Cadre.objects.select_related("organisation__area")
    row = rows.select_for_update(of=("self",)).get(pk=cadre.pk)
    if not keeps(by, row.organisation):
        raise Refused(f"{row.organisation}的干部不归本账号管理。")
    return row
