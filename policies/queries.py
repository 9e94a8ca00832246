"""What a page asks about the seven policies."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from policies.enums import CheckState, Policy
from policies.models import PolicyCheck, PolicySheet
from recipients.enums import Category
from recipients.models import Recipient

# Which policies a cadre is asked about first; the others follow in their own order.
FIRST_FOR: dict[str, tuple[Policy, ...]] = {
    Category.CHILD: (Policy.EDUCATION, Policy.MEDICAL, Policy.SUBSISTENCE),
    Category.DISABLED: (Policy.DISABILITY, Policy.MEDICAL, Policy.SUBSISTENCE),
    Category.DESTITUTE: (Policy.SUBSISTENCE, Policy.PENSION, Policy.HOUSING),
}


def policies_in_order(recipient: Recipient) -> list[Policy]:
    """Return the seven, those that matter most to such a person first."""
    first = FIRST_FOR.get(recipient.category, ())
    if recipient.disability_grade and Policy.DISABILITY not in first:
        first = (Policy.DISABILITY, *first)
    return [*first, *(policy for policy in Policy if policy not in first)]


def latest_sheet(recipient: Recipient) -> PolicySheet | None:
    """Return the sheet that stands, with its checks at hand."""
    return (
        PolicySheet.objects.filter(recipient=recipient, latest=True)
        .select_related("by")
        .prefetch_related("checks")
        .first()
    )


def latest_sheets(recipients: Iterable[UUID]) -> dict[UUID, PolicySheet]:
    """Return {recipient: the sheet that stands}, with their checks at hand."""
    sheets = PolicySheet.objects.filter(recipient__in=list(recipients), latest=True)
    return {sheet.recipient_id: sheet for sheet in sheets.prefetch_related("checks")}


def checks_by_policy(sheet: PolicySheet | None) -> dict[str, PolicyCheck]:
    """Return {policy: check} of a sheet; nothing when there is none."""
    return {check.policy: check for check in sheet.checks.all()} if sheet else {}


def unclaimed_by_recipient(
    recipients: Iterable[UUID],
) -> dict[UUID, list[str]]:
    """Return {recipient: Chinese names of what stands as 应享未享}."""
    found: dict[UUID, list[str]] = defaultdict(list)
    checks = PolicyCheck.objects.filter(
        sheet__recipient__in=list(recipients),
        sheet__latest=True,
        state=CheckState.UNCLAIMED,
    ).values_list("sheet__recipient", "policy")
    for recipient, policy in checks:
        found[recipient].append(str(Policy(policy).label))
    return dict(found)
