"""AZ-09: nobody decides what they asked for, nor does a second account of theirs."""

import pytest

from common.refusals import Refused
from tests.house import world as worlds
from tests.house.catalogue import SAMPLES, operations

# Each operation that takes a second person, and where the first one stands.
DECIDED = {
    "recipients.pairings.approve": ("pairing", "proposed_by"),
    "recipients.acting.agree_acting": ("acting", "proposed_by"),
    "recipients.merges.approve_merge": ("merge", "proposed_by"),
    "recipients.merges.return_merge": ("merge", "proposed_by"),
    "recipients.glass.review_glass": ("look", "user"),
    "recipients.recommendations.include_recommendation": (
        "recommendation",
        "raised_by",
    ),
    "recipients.recommendations.tie_recommendation": ("recommendation", "checked_by"),
    "reports.approvals.approve_export": ("request", "asked_by"),
    "reports.approvals.decline_export": ("request", "asked_by"),
}


@pytest.mark.parametrize("name", DECIDED)
def test_a_second_account_of_the_same_person_does_not_decide(db, name: str):
    world = worlds.build()
    call = SAMPLES[name](world)
    subject, first = DECIDED[name]
    if getattr(call[subject], first) is None:
        setattr(call[subject], first, world.users["liaison"])
        call[subject].save(update_fields=[first])
    call["by"].name = getattr(call[subject], first).name
    call["by"].save(update_fields=["name"])

    with pytest.raises(Refused, match="同名账号"):
        operations()[name](**call)
