"""What can be done to policy sheets; whoever calls leaves the event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cadres.models import User
from common.refusals import Refused
from policies.enums import CheckState, Policy
from policies.models import PolicyCheck, PolicySheet
from recipients.models import Recipient


@dataclass(frozen=True)
class Finding:
    """What one policy's check found, and a word about it."""

    state: str
    words: str = ""


Findings = Mapping[str, Finding]


def write_sheet(
    *, recipient: Recipient, findings: Findings, on: date, checked_by: User
) -> PolicySheet:
    """Write a check-up of all seven; the newest by its day is the latest.

    The caller holds the recipient's lock and leaves the event.
    """
    if set(findings) != set(Policy.values):
        raise Refused("七项政策要逐项核对,缺一不可。")
    latest = PolicySheet.objects.filter(recipient=recipient, latest=True)
    replaced = latest.filter(checked_on__lte=on).update(latest=False)
    is_newest = bool(replaced) or not latest.exists()
    sheet = PolicySheet.objects.create(
        recipient=recipient, checked_on=on, by=checked_by, latest=is_newest
    )
    PolicyCheck.objects.bulk_create(
        PolicyCheck(
            sheet=sheet,
            policy=policy,
            state=CheckState(findings[policy].state),
            words=findings[policy].words,
        )
        for policy in Policy.values
    )
    return sheet


def withdraw_sheet(*, sheet: PolicySheet) -> None:
    """Remove a sheet written by mistake; the one before it stands again.

    The caller holds the recipient's lock and leaves the event.
    """
    recipient_id, was_latest = sheet.recipient_id, sheet.latest
    sheet.delete()
    if not was_latest:
        return
    before = PolicySheet.objects.filter(recipient=recipient_id).first()
    if before is not None:
        before.latest = True
        before.save(update_fields=["latest"])
