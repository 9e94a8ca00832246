"""Keeps the files that were brought in: random names, closed to other accounts."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from common.refusals import Refused

FOLDER = "imports"
ENDINGS = (".xlsx", ".xls", ".csv", ".xlsm", ".et")


@dataclass(frozen=True)
class Kept:
    """A file that now lies in our folder."""

    name: str
    content_hash: str
    size: int

    @property
    def path(self) -> Path:
        return path_of(self.name)


def keep(chunks: Iterable[bytes]) -> Kept:
    """Write the file under a random name that tells nothing; refuse a huge one."""
    name, digest, size = uuid4().hex, hashlib.sha256(), 0
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path_of(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > limit():
                break
            digest.update(chunk)
            file.write(chunk)
    if size > limit():
        remove(name)
        raise Refused(too_large())
    return Kept(name, digest.hexdigest(), size)


def limit() -> int:
    """Return how many bytes a file may have."""
    return int(settings.UPLOAD_MAX_BYTES)


def too_large() -> str:
    """Return the sentence for a file that is larger than we take."""
    return f"文件过大(上限 {limit() // 1024 // 1024} MB),请按乡镇拆分后再上传。"


def remove(name: str) -> None:
    path_of(name).unlink(missing_ok=True)


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER


def path_of(name: str) -> Path:
    return folder() / name


def digest_of(name: str) -> str:
    """Return the SHA-256 of a kept file in hexadecimal digits."""
    with path_of(name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
