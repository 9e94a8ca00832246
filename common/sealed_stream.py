"""Seals files of any length so that only the holder of the backup key can open them.

A sealed file is a head and chunks that are bound to it. The head carries the file's own
key, wrapped for the public half of the backup key (X25519, HKDF, AES-256-GCM); whoever
writes need not be able to read.
"""

import hashlib
from collections.abc import Generator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from common.sealed_chunks import TAG, ChunkWriter, Damaged, opened_chunks

MAGIC = b"JCSEAL1\n"
MARK = 8
HEAD = len(MAGIC) + MARK + 32 + 32 + TAG
INFO = b"jinchang care: the key of one sealed file"
# A wrapping key is made for one file and used once, so its nonce may be fixed.
ONCE = bytes(12)


class WrongKey(Exception):
    """The file was sealed for another backup key."""


def mark_of(public: X25519PublicKey) -> bytes:
    """Return eight bytes by which a backup key is told from another."""
    return hashlib.sha256(public.public_bytes_raw()).digest()[:MARK]


class SealedWriter(ChunkWriter):
    """Takes bytes and writes them sealed for whoever holds the private half."""

    def __init__(self, out: IO[bytes], *, name: str, public: X25519PublicKey) -> None:
        file_key = AESGCM.generate_key(256)
        head = _head(file_key, public, name.encode())
        out.write(head)
        super().__init__(out, cipher=AESGCM(file_key), head=head, name=name.encode())


def opened(source: IO[bytes], *, name: str, key: X25519PrivateKey) -> Generator[bytes]:
    """Yield the text chunk by chunk, each proven; raises Damaged or WrongKey."""
    cipher, head = _unwrap(source.read(HEAD), key, name.encode())
    yield from opened_chunks(source, cipher=cipher, head=head, name=name.encode())


def _head(file_key: bytes, public: X25519PublicKey, name: bytes) -> bytes:
    passing = X25519PrivateKey.generate()
    shown = passing.public_key().public_bytes_raw()
    start = MAGIC + mark_of(public) + shown
    wrapping = _wrapping_key(passing.exchange(public), shown, public)
    return start + AESGCM(wrapping).encrypt(ONCE, file_key, start + name)


def _unwrap(head: bytes, key: X25519PrivateKey, name: bytes) -> tuple[AESGCM, bytes]:
    if len(head) != HEAD or not head.startswith(MAGIC):
        raise Damaged(name.decode())
    public = key.public_key()
    start, wrapped = head[: -(32 + TAG)], head[-(32 + TAG) :]
    if start[len(MAGIC) : len(MAGIC) + MARK] != mark_of(public):
        raise WrongKey(name.decode())
    shown = start[-32:]
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(shown))
        wrapping = _wrapping_key(shared, shown, public)
        file_key = AESGCM(wrapping).decrypt(ONCE, wrapped, start + name)
    except (InvalidTag, ValueError):
        raise Damaged(name.decode()) from None
    return AESGCM(file_key), head


def _wrapping_key(shared: bytes, shown: bytes, public: X25519PublicKey) -> bytes:
    salt = shown + public.public_bytes_raw()
    return HKDF(hashes.SHA256(), length=32, salt=salt, info=INFO).derive(shared)
