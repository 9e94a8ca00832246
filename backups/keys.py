"""Where this deployment keeps its backup key."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from django.conf import settings

from common import key_pair


def public_key() -> X25519PublicKey:
    """Return the half that seals; the pair is made the first time it is asked for."""
    return key_pair.public_key(_folder())


def private_key(file: Path | None = None) -> X25519PrivateKey:
    """Return the half that opens; refuses where it is not on this machine."""
    return key_pair.private_key(_folder(), file=file)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "secrets"
