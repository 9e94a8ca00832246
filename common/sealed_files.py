"""Files that lie sealed by the keys of this place: what was brought in, what goes out.

Each file has a key of its own, wrapped in its head by today's field key and bound to
the file's name. When keys are changed only the head is written anew, never the file.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from django.conf import settings

from common.durable import kept
from common.encryption import (
    HEAD_BYTES,
    NONCE_BYTES,
    NUMBERS,
    TAG_BYTES,
    Unreadable,
    cipher_of,
    seal_bytes,
    unseal_bytes,
)
from common.keyring import KEY_BYTES
from common.sealed_chunks import (
    Aead,
    ChunkReader,
    ChunkWriter,
    Damaged,
    length_of,
    opened_chunks,
)
from common.unnamed import place_of

MAGIC = b"JCFILE1\n"
# The byte after it tells the cipher of the chunks, which a change of keys leaves.
START = len(MAGIC) + 1
HEAD = START + HEAD_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES
ALGORITHMS = {number: name for name, number in NUMBERS.items()}


@contextmanager
def written(path: Path) -> Iterator[ChunkWriter]:
    """Give a new file to write to, readable by its owner only; whole or not at all."""
    with kept(path) as file, _writer(file, path.name) as writer:
        yield writer


def keep(plain: IO[bytes], path: Path) -> None:
    """Seal what a file says from here on."""
    with written(path) as out:
        shutil.copyfileobj(plain, out)


def opened(path: Path) -> IO[bytes]:
    """Return the text as a file to read from start to end; raises Damaged."""
    source = path.open("rb")
    try:
        head = source.read(HEAD)
        cipher = _cipher_in(head, path.name)
    except BaseException:
        source.close()
        raise
    chunks = opened_chunks(
        source, cipher=cipher, head=head[:START], name=path.name.encode()
    )
    return cast(IO[bytes], ChunkReader(chunks, source))


@contextmanager
def opened_in_memory(path: Path) -> Iterator[Path]:
    """Give the text a place that other readers can open, and that is on no disk."""
    handle = os.memfd_create("opened", os.MFD_CLOEXEC)
    with os.fdopen(handle, "wb") as file:
        with opened(path) as text:
            while piece := text.read(64 * 1024):
                file.write(piece)
        file.flush()
        yield place_of(file)


def length_inside(path: Path) -> int:
    """Return how many bytes the text has."""
    return length_of(path.stat().st_size - HEAD)


def key_number(path: Path) -> int | None:
    """Return which field key opens the file; None for a file that is none of ours."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    return head[START + 1] if _is_head(head) else None


def renew(path: Path) -> bool:
    """Wrap the file's key by today's field key; False when it does not open.

    The head lies in the file's first sector, which is on the disk whole or not at all.
    """
    with path.open("r+b", buffering=0) as file:
        head = file.read(HEAD)
        try:
            key = _key_in(head, path.name)
        except Damaged:
            return False
        file.seek(START)
        file.write(_wrapped(key, path.name))
        os.fsync(file.fileno())
    return True


def _writer(file: IO[bytes], name: str) -> ChunkWriter:
    ring = settings.SECRETS.ring()
    algorithm = ring.field_keys[ring.active_field_key].algorithm
    key, start = os.urandom(KEY_BYTES), MAGIC + bytes([NUMBERS[algorithm]])
    file.write(start + _wrapped(key, name))
    # Who destroys an old key must see at once that it is needed.
    file.flush()
    cipher = cipher_of(algorithm, key)
    return ChunkWriter(file, cipher=cipher, head=start, name=name.encode())


def _cipher_in(head: bytes, name: str) -> Aead:
    key = _key_in(head, name)
    return cipher_of(ALGORITHMS[head[START - 1]], key)


def _key_in(head: bytes, name: str) -> bytes:
    if not _is_head(head):
        raise Damaged(name)
    try:
        return unseal_bytes(head[START:], _place(name))
    except Unreadable:
        raise Damaged(name) from None


def _is_head(head: bytes) -> bool:
    return (
        len(head) == HEAD and head.startswith(MAGIC) and head[START - 1] in ALGORITHMS
    )


def _wrapped(key: bytes, name: str) -> bytes:
    ring = settings.SECRETS.ring()
    return seal_bytes(key, ring.field_keys[ring.active_field_key], _place(name))


def _place(name: str) -> str:
    return f"file:{name}"
