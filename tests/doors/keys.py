"""What people carry: a telephone with codes, and codes in a drawer."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from cadres.models import BackupCode, SecondFactor, User
from cadres.operations.second_factors import totp_of

DRAWER = "3-abcd-efgh"


def give_factor(user: User) -> SecondFactor:
    """Return the second factor that the account now has, with one backup code."""
    factor = SecondFactor(
        user=user, secret="31323334353637383930" * 2, confirmed_at=timezone.now()
    )
    factor.save(force_insert=True)
    BackupCode.objects.create(factor=factor, place=3, digest=make_password("abcdefgh"))
    return factor


def code_of(factor: SecondFactor, *, drift: int = 0, at: datetime | None = None) -> str:
    """Return what the telephone shows now, or ``drift`` half minutes from now."""
    arithmetic = totp_of(factor, at or timezone.now())
    arithmetic.drift = drift
    return f"{arithmetic.token():06}"
