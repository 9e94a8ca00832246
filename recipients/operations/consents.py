"""Noting on the file what a person or a guardian agreed to, and took back."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients.enums import ConsentScope
from recipients.models import Consent, Recipient

register(
    {
        "consent.given": "登记了同意书",
        "consent.withdrawn": "登记了撤回同意",
    }
)


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def give_consent(
    *, recipient: Recipient, scope: ConsentScope, given_by: str, on: date, by: User
) -> Consent:
    """Note a consent given on paper.

    Raises Refused for a day to come, and while one is in force.
    """
    recipient = Recipient.objects.select_for_update(of=("self",)).get(pk=recipient.pk)
    if on > timezone.localdate():
        raise Refused("同意日期不能晚于今天。")
    if recipient.consents.in_force().filter(scope=scope).exists():
        raise Refused("这一项已经登记过,不用再登记。")
    consent = Consent.objects.create(
        recipient=recipient, scope=scope, given_by=given_by, given_on=on, noted_by=by
    )
    trail.record("consent.given", subject=recipient, by=by, scope=scope)
    return consent


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def withdraw_consent(*, consent: Consent, by: User) -> Consent:
    """Note that the consent was taken back today."""
    consent = (
        Consent.objects.select_for_update(of=("self",))
        .select_related("recipient")
        .get(pk=consent.pk)
    )
    if consent.withdrawn_on is not None:
        raise Refused("这份同意书已经撤回。")
    consent.withdrawn_on = timezone.localdate()
    consent.save(update_fields=["withdrawn_on"])
    trail.record(
        "consent.withdrawn", subject=consent.recipient, by=by, scope=consent.scope
    )
    return consent
