"""Seals private values so that a stolen disk, dump or backup tells nothing.

A sealed value is ``version ‖ key number ‖ algorithm ‖ nonce (12) ‖ AEAD text``, by
AES-256-GCM or SM4-GCM, and is bound to its model, field and row: moved elsewhere it
does not open.
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as national_hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from common.keyring import Key
from common.sealed_chunks import Aead

VERSION = 1
NUMBERS = {"aes": 1, "sm4": 2}
NONCE_BYTES = 12
HEAD_BYTES = 3
REST_AT = HEAD_BYTES + NONCE_BYTES
TAG_BYTES = 16
SM4_KEY_BYTES = 16
INDEX_BYTES = 16
UNREADABLE = "无法读取"


class Unreadable(Exception):
    """The sealed value was altered, moved, or its key is not here."""


class UnreadableText(str):
    """What is shown for a value that does not open; it keeps the bytes."""

    sealed: bytes

    @classmethod
    def of(cls, sealed: bytes) -> "UnreadableText":
        """Return the words to show in place of these bytes."""
        words = cls(UNREADABLE)
        words.sealed = sealed
        return words


class _Sm4Gcm:
    """SM4 in GCM, with the same two methods as the library's AESGCM."""

    def __init__(self, key: bytes) -> None:
        self._sm4 = algorithms.SM4(key[:SM4_KEY_BYTES])

    def encrypt(self, nonce: bytes, data: bytes, ad: bytes) -> bytes:
        work = Cipher(self._sm4, modes.GCM(nonce)).encryptor()
        work.authenticate_additional_data(ad)
        return work.update(data) + work.finalize() + work.tag

    def decrypt(self, nonce: bytes, data: bytes, ad: bytes) -> bytes:
        if len(data) < TAG_BYTES:
            raise InvalidTag
        tag = data[-TAG_BYTES:]
        work = Cipher(self._sm4, modes.GCM(nonce, tag)).decryptor()
        work.authenticate_additional_data(ad)
        return work.update(data[:-TAG_BYTES]) + work.finalize()


def seal(text: str, *, bound_to: str) -> bytes:
    """Encrypt the text with today's key, bound to model.field:row."""
    ring = settings.SECRETS.ring()
    return seal_bytes(text.encode(), ring.field_keys[ring.active_field_key], bound_to)


def seal_bytes(plain: bytes, key: Key, bound_to: str) -> bytes:
    """Encrypt with this very key."""
    nonce = os.urandom(NONCE_BYTES)
    head = bytes((VERSION, key.number, NUMBERS[key.algorithm]))
    return head + nonce + _cipher(key).encrypt(nonce, plain, bound_to.encode())


def unseal(sealed: bytes, *, bound_to: str) -> str:
    """Decrypt what ``seal`` made for the same place; raises Unreadable."""
    return unseal_bytes(sealed, bound_to).decode()


def unseal_bytes(sealed: bytes, bound_to: str) -> bytes:
    """Decrypt what ``seal_bytes`` made for the same place; raises Unreadable."""
    if len(sealed) < REST_AT + TAG_BYTES:
        raise Unreadable("cut short")
    version, number, algorithm = sealed[:HEAD_BYTES]
    ring = settings.SECRETS.ring()
    # Another process may have begun a key since we looked.
    key = ring.field_keys.get(number) or settings.SECRETS.look_again().field_keys.get(
        number
    )
    if key is None or (version, algorithm) != (VERSION, NUMBERS[key.algorithm]):
        raise Unreadable("unknown format, or the key is missing")
    nonce, rest = sealed[HEAD_BYTES:REST_AT], sealed[REST_AT:]
    try:
        return _cipher(key).decrypt(nonce, rest, bound_to.encode())
    except InvalidTag:
        # Neither the value nor its place may reach a log.
        raise Unreadable("altered or moved") from None


def blind_index(value: str, key: Key | None = None) -> bytes:
    """Return 16 bytes by which equal values are found, and nothing else is."""
    key = key or settings.SECRETS.ring().index_key
    return _keyed_digest(value.encode(), key)[:INDEX_BYTES]


def content_mark(text: str) -> str:
    """Return what tells the same content again; its key is never changed."""
    key = settings.SECRETS.ring().content_key
    return hmac.new(key, text.encode(), hashlib.sha256).digest()[:INDEX_BYTES].hex()


def _keyed_digest(value: bytes, key: Key) -> bytes:
    if key.algorithm == "sm4":
        work = national_hmac.HMAC(key.secret, hashes.SM3())
        work.update(value)
        return work.finalize()
    return hmac.new(key.secret, value, hashlib.sha256).digest()


@lru_cache(maxsize=256)
def _cipher(key: Key) -> Aead:
    return cipher_of(key.algorithm, key.secret)


def cipher_of(algorithm: str, secret: bytes) -> Aead:
    """Return the cipher of this name that works with this secret."""
    return _Sm4Gcm(secret) if algorithm == "sm4" else AESGCM(secret)
