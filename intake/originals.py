"""Keeps the files that were brought in: sealed, under random names."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from django.conf import settings

from common import sealed_files
from common.refusals import Refused
from common.sealed_chunks import Damaged

FOLDER = "imports"
ENDINGS = (".xlsx", ".xls", ".csv", ".xlsm", ".et")


@dataclass(frozen=True)
class Kept:
    """A file that now lies in our folder."""

    name: str
    content_hash: str
    size: int


def keep(chunks: Iterable[bytes]) -> Kept:
    """Seal the file under a random name that tells nothing; refuse a huge one."""
    name, digest = uuid4().hex, hashlib.sha256()
    with sealed_files.written(path_of(name)) as file:
        for chunk in chunks:
            file.write(chunk)
            if file.taken > limit():
                raise Refused(too_large())
            digest.update(chunk)
    return Kept(name, digest.hexdigest(), file.taken)


@contextmanager
def opened(name: str) -> Iterator[Path]:
    """Give a kept file's text a place to be read from; Refused for a spoilt one."""
    try:
        with sealed_files.opened_in_memory(path_of(name)) as path:
            yield path
    except Damaged:
        raise Refused("保存的原文件已损坏,请重新上传。") from None


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
    """Return the SHA-256 of what a kept file says, in hexadecimal digits."""
    with sealed_files.opened(path_of(name)) as file:
        return hashlib.file_digest(cast(Any, file), "sha256").hexdigest()
