"""Seals private values so that a stolen disk, dump or backup tells nothing.

A sealed value is ``version ‖ key id ‖ algorithm ‖ nonce (12) ‖ AES-256-GCM text``,
and is bound to its model, field and row: moved elsewhere it does not open.
"""

import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = 1
AES_256_GCM = 1
NONCE_BYTES = 12
HEAD_BYTES = 3
INDEX_BYTES = 16


class Unreadable(Exception):
    """The sealed value was altered, moved, or its key is not here."""


def seal(text: str, *, bound_to: str) -> bytes:
    """Encrypt the text with today's key, bound to model.field:row."""
    key_id = settings.SECRETS.active_field_key
    nonce = os.urandom(NONCE_BYTES)
    head = bytes((VERSION, key_id, AES_256_GCM))
    return head + nonce + _cipher(key_id).encrypt(nonce, text.encode(), _ad(bound_to))


def unseal(sealed: bytes, *, bound_to: str) -> str:
    """Decrypt what ``seal`` made for the same place; raises Unreadable."""
    version, key_id, algorithm = sealed[:HEAD_BYTES]
    if (version, algorithm) != (VERSION, AES_256_GCM):
        raise Unreadable("unknown format")
    nonce = sealed[HEAD_BYTES : HEAD_BYTES + NONCE_BYTES]
    try:
        text = _cipher(key_id).decrypt(
            nonce, sealed[HEAD_BYTES + NONCE_BYTES :], _ad(bound_to)
        )
    except (InvalidTag, KeyError):
        # Neither the value nor its place may reach a log.
        raise Unreadable("altered, moved, or the key is missing") from None
    return text.decode()


def blind_index(value: str) -> bytes:
    """Return 16 bytes by which equal values are found, and nothing else is."""
    digest = hmac.new(settings.SECRETS.index_key, value.encode(), hashlib.sha256)
    return digest.digest()[:INDEX_BYTES]


@cache
def _cipher(key_id: int) -> AESGCM:
    return AESGCM(settings.SECRETS.field_keys[key_id])


def _ad(bound_to: str) -> bytes:
    return bound_to.encode()
