"""The uploaded and built files, into one stream and back."""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from backups.manifest import KeptFile
from common.durable import put, settle, written

STEP = 1024 * 1024


def pack(folder: Path, out: io.RawIOBase) -> dict[str, KeptFile]:
    """Write every file below the folder into the stream; return what was written.

    A file that goes away meanwhile was not wanted any more; one that still grows is
    taken as long as it was when it was opened.
    """
    packed = {}
    stream = cast(IO[bytes], out)
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        for path in _files(folder):
            name = str(path.relative_to(folder))
            try:
                source = path.open("rb")
            except FileNotFoundError:
                continue
            with source:
                packed[name] = _add(archive, name, source)
    return packed


def unpack(source: IO[bytes], *, wanted: dict[str, KeptFile], into: Path) -> list[str]:
    """Bring the files back below a folder; return the names of those that are wrong.

    Each is proven before it gets its name; one that is there already stays.
    """
    wrong = set(wanted)
    with tarfile.open(fileobj=source, mode="r|") as archive:
        for member in archive:
            content = archive.extractfile(member)
            known = wanted.get(member.name)
            if content is None or known is None:
                wrong.add(member.name)
            elif _bring_back(content, known, into / member.name):
                wrong.discard(member.name)
    return sorted(wrong)


def compare(source: IO[bytes], *, wanted: dict[str, KeptFile]) -> list[str]:
    """Return the names of files in the stream that are not what they were."""
    wrong = set(wanted)
    with tarfile.open(fileobj=source, mode="r|") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is None or _digest(content) != wanted.get(member.name):
                wrong.add(member.name)
            else:
                wrong.discard(member.name)
    return sorted(wrong)


class _Exactly(io.RawIOBase):
    """A file's first bytes, as many as it had, hashed as they go by."""

    def __init__(self, source: IO[bytes], size: int) -> None:
        super().__init__()
        self.digest, self._source, self._left = hashlib.sha256(), source, size

    def read(self, size: int = -1, /) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        text = self._source.read(wanted).ljust(wanted, b"\0")
        self._left -= wanted
        self.digest.update(text)
        return text


def _add(archive: tarfile.TarFile, name: str, source: IO[bytes]) -> KeptFile:
    facts = os.fstat(source.fileno())
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = facts.st_size, 0o600, int(facts.st_mtime)
    content = _Exactly(source, facts.st_size)
    archive.addfile(member, content)
    return KeptFile(facts.st_size, content.digest.hexdigest())


def _bring_back(content: IO[bytes], known: KeptFile, place: Path) -> bool:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_name(f".{place.name}.{os.urandom(4).hex()}")
    digest, size = hashlib.sha256(), 0
    with written(draft) as file:
        for piece in _pieces(content):
            digest.update(piece)
            size += len(piece)
            file.write(piece)
    if KeptFile(size, digest.hexdigest()) != known:
        draft.unlink()
        return False
    put(draft, place)
    settle(place.parent)
    return True


def _digest(content: IO[bytes]) -> KeptFile:
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(content):
        digest.update(piece)
        size += len(piece)
    return KeptFile(size, digest.hexdigest())


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    while piece := content.read(STEP):
        yield piece


def _files(folder: Path) -> list[Path]:
    found = folder.rglob("*") if folder.is_dir() else []
    return sorted(path for path in found if path.is_file() and not path.is_symlink())
