"""Lets people be taken out of the registry again after lists were compared with it."""

from django.db.models import Q

from intake.dependence import Computed, register_computed
from recipients.models import Recipient
from rosters.enums import DifferenceStatus
from rosters.models import Difference, RosterRow
from rosters.unmatching import unmatch

register_computed(
    Computed(
        about=Recipient,
        decided={
            Difference: Q(status=DifferenceStatus.CLOSED),
            # A row that means somebody is matched anew by every comparison.
            RosterRow: None,
        },
        let_go=unmatch,
    )
)
