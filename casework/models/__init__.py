"""Needs, and their referral to departments."""

from casework.models.need import CLOSED, Need, NeedQuerySet
from casework.models.referral import Referral, ReferralQuerySet

__all__ = ["CLOSED", "Need", "NeedQuerySet", "Referral", "ReferralQuerySet"]
