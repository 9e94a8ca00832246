"""Files that are there whole or not at all, also after the power went."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

# What the disk itself says of itself; everything else is a fault of ours.
FULL = (errno.ENOSPC, errno.EDQUOT)
ILL = (errno.EROFS, errno.EIO)


def is_disk(fault: BaseException | None) -> bool:
    """Say whether the disk is full, closed to writing, or broken."""
    return isinstance(fault, OSError) and fault.errno in (*FULL, *ILL)


@contextmanager
def written(path: Path, *, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """Give a file to write to; its bytes are on the disk when the block ends."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def kept(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write to under its own name: whole on the disk, or not there.

    Its name is on the disk as well, so that a row may speak of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists():
        raise FileExistsError(path)
    try:
        with written(path) as file:
            yield file
        settle(path.parent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def add_lines(path: Path, lines: Iterable[str]) -> None:
    """Add lines to a file, made if there is none; then they are on the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())


def settle(folder: Path) -> None:
    """Have the names in the folder on the disk as well."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put(draft: Path, place: Path) -> None:
    """Give a finished file or folder its name."""
    settle(draft if draft.is_dir() else draft.parent)
    draft.rename(place)
    settle(place.parent)


def make_once(path: Path, text: bytes, *, mode: int = 0o600) -> bytes:
    """Write the file unless there is one; return what is in it. One of many wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with written(draft, mode=mode) as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    settle(path.parent)
    return path.read_bytes()
