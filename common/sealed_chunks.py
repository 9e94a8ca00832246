"""Text sealed in chunks of 1 MB, whatever its length, and opened again one by one.

Each chunk is bound to its file, its place and to whether it is the last: nothing can be
flipped, cut, swapped or put into another file. The key must be one file's own, because
a chunk's place is its nonce.
"""

import io
from collections.abc import Generator
from types import TracebackType
from typing import IO, Protocol, Self

from cryptography.exceptions import InvalidTag

CHUNK = 1024 * 1024
TAG = 16


class Damaged(Exception):
    """The sealed file was altered, cut or moved, or is none at all."""


class Aead(Protocol):
    """A cipher that proves what it opens."""

    def encrypt(self, nonce: bytes, data: bytes, ad: bytes, /) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, ad: bytes, /) -> bytes: ...


class ChunkWriter(io.RawIOBase):
    """Takes bytes and writes them sealed; without its end mark the file is void.

    As a context manager it sets the end mark only when the block went well.
    """

    def __init__(
        self, out: IO[bytes], *, cipher: Aead, head: bytes, name: bytes
    ) -> None:
        super().__init__()
        self.taken = 0
        self._out, self._cipher = out, cipher
        self._head, self._name = head, name
        self._rest, self._counter = bytearray(), 0

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


def opened_chunks(
    source: IO[bytes], *, cipher: Aead, head: bytes, name: bytes
) -> Generator[bytes]:
    """Yield the text from where the source stands, each chunk proven, or Damaged."""
    counter, sealed = 0, source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        bound_to = _bound_to(head, name, counter, last=not following)
        try:
            yield cipher.decrypt(_nonce(counter), sealed, bound_to)
        except (InvalidTag, ValueError):
            raise Damaged(name.decode()) from None
        if not following:
            return
        counter, sealed = counter + 1, following


class ChunkReader(io.RawIOBase):
    """What ``opened_chunks`` yields, as a file to read from.

    A source that is given is closed with it.
    """

    def __init__(
        self, chunks: Generator[bytes], source: IO[bytes] | None = None
    ) -> None:
        super().__init__()
        self._chunks, self._source, self._rest = chunks, source, b""

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

    def close(self) -> None:
        self._chunks.close()
        if self._source is not None:
            self._source.close()
        super().close()


def length_of(sealed: int) -> int:
    """Return how long the text is whose chunks take so many bytes."""
    return sealed - -(-sealed // (CHUNK + TAG)) * TAG


def _nonce(counter: int) -> bytes:
    return counter.to_bytes(12)


def _bound_to(head: bytes, name: bytes, counter: int, *, last: bool) -> bytes:
    return head + counter.to_bytes(8) + bytes([last]) + name
