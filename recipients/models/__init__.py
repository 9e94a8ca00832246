"""People, their households and guardians, and who cares for them."""

from recipients.models.acting import ActingCarer, ActingCarerQuerySet
from recipients.models.consent import Consent
from recipients.models.glass import GlassLook
from recipients.models.history import (
    CountedPeriod,
    DisabilityPeriod,
    FieldSource,
    FormerMark,
)
from recipients.models.household import Guardian, Household, HouseholdMember
from recipients.models.merging import FileMerge, LikelyPair
from recipients.models.pairing import Pairing, PairingQuerySet
from recipients.models.recipient import Recipient, RecipientQuerySet
from recipients.models.recommendation import Recommendation, RecommendationQuerySet
from recipients.models.relative import CadreRelative, CadreRelativeQuerySet
from recipients.models.saved import SavedFilter
from recipients.models.standard import VisitStandard
from recipients.models.task import LifeTask, Transfer

__all__ = [
    "ActingCarer",
    "ActingCarerQuerySet",
    "CadreRelative",
    "CadreRelativeQuerySet",
    "Consent",
    "CountedPeriod",
    "DisabilityPeriod",
    "FieldSource",
    "FileMerge",
    "FormerMark",
    "GlassLook",
    "Guardian",
    "Household",
    "HouseholdMember",
    "LifeTask",
    "LikelyPair",
    "Pairing",
    "PairingQuerySet",
    "Recipient",
    "RecipientQuerySet",
    "Recommendation",
    "RecommendationQuerySet",
    "SavedFilter",
    "Transfer",
    "VisitStandard",
]
