"""Seals files of any length so that only the holder of the backup key can open them.

A sealed file is a head and chunks of 1 MB. The head carries the file's own key, wrapped
for the public half of the backup key (X25519, HKDF, AES-256-GCM); whoever writes need
not be able to read. Each chunk is bound to the head, the file's name, its place and to
whether it is the last: nothing can be flipped, cut, swapped or put into another set.
"""

import hashlib
import io
from collections.abc import Iterator
from types import TracebackType
from typing import IO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"JCSEAL1\n"
CHUNK = 1024 * 1024
TAG = 16
MARK = 8
HEAD = len(MAGIC) + MARK + 32 + 32 + TAG
INFO = b"jinchang care: the key of one sealed file"
# A wrapping key is made for one file and used once, so its nonce may be fixed.
ONCE = bytes(12)


class Damaged(Exception):
    """The sealed file was altered, cut or moved, or is none at all."""


class WrongKey(Exception):
    """The file was sealed for another backup key."""


def mark_of(public: X25519PublicKey) -> bytes:
    """Return eight bytes by which a backup key is told from another."""
    return hashlib.sha256(public.public_bytes_raw()).digest()[:MARK]


class SealedWriter(io.RawIOBase):
    """Takes bytes and writes them sealed; without its end mark the file is void.

    As a context manager it sets the end mark only when the block went well.
    """

    def __init__(self, out: IO[bytes], *, name: str, public: X25519PublicKey) -> None:
        super().__init__()
        self.taken = 0
        self._out, self._name = out, name.encode()
        self._rest, self._counter = bytearray(), 0
        file_key = AESGCM.generate_key(256)
        self._head = _head(file_key, public, self._name)
        self._cipher = AESGCM(file_key)
        out.write(self._head)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]
        self._rest += data
        self.taken += len(data)
        # One byte stays behind, since the last chunk must know that it is the last.
        while len(self._rest) > CHUNK:
            self._seal(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Write what is left, with the end mark."""
        self._seal(bytes(self._rest), last=True)
        self._rest.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.finish()

    def _seal(self, text: bytes, *, last: bool) -> None:
        bound_to = _bound_to(self._head, self._name, self._counter, last=last)
        self._out.write(self._cipher.encrypt(_nonce(self._counter), text, bound_to))
        self._counter += 1


def opened(source: IO[bytes], *, name: str, key: X25519PrivateKey) -> Iterator[bytes]:
    """Yield the text chunk by chunk, each proven; raises Damaged or WrongKey."""
    cipher, head = _unwrap(source.read(HEAD), key, name.encode())
    counter, sealed = 0, source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        bound_to = _bound_to(head, name.encode(), counter, last=not following)
        try:
            yield cipher.decrypt(_nonce(counter), sealed, bound_to)
        except (InvalidTag, ValueError):
            raise Damaged(name) from None
        if not following:
            return
        counter, sealed = counter + 1, following


class SealedReader(io.RawIOBase):
    """What ``opened`` yields, as a file to read from."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks, self._rest = chunks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        while not self._rest:
            following = next(self._chunks, None)
            if following is None:
                return 0
            self._rest = following
        taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


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


def _nonce(counter: int) -> bytes:
    return counter.to_bytes(12)


def _bound_to(head: bytes, name: bytes, counter: int, *, last: bool) -> bytes:
    return head + counter.to_bytes(8) + bytes([last]) + name
