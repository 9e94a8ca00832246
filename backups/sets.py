"""Backups as they lie in a folder: their names, their newest, their proof."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from backups import files, manifest
from backups.manifest import Manifest
from common.refusals import Refused
from common.sealed_chunks import ChunkReader, Damaged
from common.sealed_stream import WrongKey, opened

NAME = re.compile(r"jinchang-\d{8}-\d{6}-[0-9a-f]{8}")
MANIFEST, DATABASE, FILES = "manifest", "database.dump", "files.tar"
SEALED = ".sealed"


@dataclass(frozen=True)
class BackupSet:
    """One backup: a folder of sealed files that belong together."""

    folder: Path
    manifest: Manifest
    key: X25519PrivateKey

    @contextmanager
    def opened(self, part: str) -> Iterator[IO[bytes]]:
        """Give one part to read from; what it yields is proven."""
        with _reading(self.folder, part, name=self.manifest.name, key=self.key) as text:
            yield text

    def prove(self) -> None:
        """Read everything once and refuse the set unless all of it is as it was."""
        for part, size in self.manifest.parts.items():
            with self.opened(part) as text:
                if part == FILES:
                    self._prove_files(text)
                elif _length(text) != size:
                    raise _damaged(self.folder, part)

    def _prove_files(self, text: IO[bytes]) -> None:
        wrong = files.compare(text, wanted=self.manifest.files)
        _length(text)  # to the end mark
        if wrong:
            raise _damaged(self.folder, FILES)


def names_in(folder: Path) -> list[str]:
    """Return the backups in a folder, the oldest first."""
    found = folder.iterdir() if folder.is_dir() else []
    return sorted(path.name for path in found if NAME.fullmatch(path.name))


def newest_in(folder: Path) -> Path:
    """Return the newest backup in a folder, or the folder if it is one itself."""
    if (folder / f"{MANIFEST}{SEALED}").exists() or NAME.fullmatch(folder.name):
        return folder
    names = names_in(folder)
    if not names:
        raise Refused(f"{folder} 里没有备份。")
    return folder / names[-1]


def open_set(folder: Path, *, key: X25519PrivateKey) -> BackupSet:
    """Open a backup and read what it says of itself; nothing else is proven yet."""
    if not folder.is_dir():
        raise Refused(f"没有这个备份:{folder}。")
    name = folder.name
    with _reading(folder, MANIFEST, name=name, key=key) as text:
        try:
            told = manifest.read(text.read())
        except (json.JSONDecodeError, KeyError, TypeError):
            raise _damaged(folder, MANIFEST) from None
    if told.name != name or set(told.parts) != {DATABASE, FILES}:
        raise _damaged(folder, MANIFEST)
    return BackupSet(folder, told, key)


@contextmanager
def _reading(
    folder: Path, part: str, *, name: str, key: X25519PrivateKey
) -> Iterator[IO[bytes]]:
    """Give what is sealed in a part; its faults become sentences."""
    try:
        with (folder / f"{part}{SEALED}").open("rb") as sealed:
            chunks = opened(sealed, name=f"{name}/{part}", key=key)
            yield io.BufferedReader(ChunkReader(chunks), 1024 * 1024)
    except FileNotFoundError:
        raise Refused(f"备份不完整:{folder.name} 里缺 {part}{SEALED}。") from None
    except WrongKey:
        raise Refused(
            "这份备份不是用这把备份密钥做的,打不开。请换成当时的 backup.key。"
        ) from None
    except Damaged:
        raise _damaged(folder, part) from None


def _damaged(folder: Path, part: str) -> Refused:
    return Refused(
        f"备份 {folder.name} 的 {part}{SEALED} 已损坏、被改动或不完整,没有使用它。"
        "请用另一份备份。"
    )


def _length(text: IO[bytes]) -> int:
    size = 0
    while piece := text.read(1024 * 1024):
        size += len(piece)
    return size
