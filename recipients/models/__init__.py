"""People, their households and guardians, and who cares for them."""

from recipients.models.household import Guardian, Household
from recipients.models.pairing import Pairing, PairingQuerySet
from recipients.models.recipient import Recipient, RecipientQuerySet
from recipients.models.standard import VisitStandard

__all__ = [
    "Guardian",
    "Household",
    "Pairing",
    "PairingQuerySet",
    "Recipient",
    "RecipientQuerySet",
    "VisitStandard",
]
