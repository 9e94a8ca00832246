"""Puts one finished piece of PostgreSQL's log away, sealed; PostgreSQL runs it.

It can seal and not open: the account of the database holds the public half of the
backup key only. Started anew for each piece, so it imports as little as it can.
"""

import argparse
import hashlib
import os
import re
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

BASE = Path(__file__).resolve().parent.parent.parent
if str(BASE) not in sys.path:
    # PostgreSQL runs this file as a program, far from the project.
    sys.path.insert(0, str(BASE))

from common import key_pair  # noqa: E402
from common.durable import put, written  # noqa: E402
from common.sealed_stream import SealedWriter  # noqa: E402

SEALED = ".sealed"
PIECE = re.compile(r"[0-9A-F]{24}")


class Different(Exception):
    """There is another piece under this name, and it must not be lost."""


def keep(piece: Path, name: str, *, folder: Path, public: str) -> Path:
    """Seal the piece into the folder under its name; the same one twice is once.

    Returns when it is on the disk, as PostgreSQL then forgets its own copy.
    """
    content = piece.read_bytes()
    place = folder / f"{name}.{hashlib.sha256(content).hexdigest()[:32]}{SEALED}"
    for other in folder.glob(f"{name}.*{SEALED}"):
        if other != place:
            raise Different(other.name)
        return place
    draft = folder / f".{place.name}.{os.getpid()}"
    draft.unlink(missing_ok=True)
    with (
        written(draft) as file,
        SealedWriter(file, name=name, public=key_pair.from_text(public)) as out,
    ):
        # A piece closed by the clock is mostly empty.
        out.write(zlib.compress(content, 1))
    put(draft, place)
    return place


def name_of(place: Path) -> str:
    """Return the name of the piece in a sealed file."""
    return place.name.removesuffix(SEALED).rpartition(".")[0]


def gaps(names: Iterable[str], *, since: str = "") -> list[str]:
    """Return the pieces that are missing between those that are there.

    A piece's name is its timeline and its number; only those from ``since`` on count.
    """
    found: dict[str, set[int]] = {}
    for name in names:
        if PIECE.fullmatch(name) and name[8:] >= since[8:]:
            found.setdefault(name[:8], set()).add(_number(name))
    return [
        f"{timeline}{number // 256:08X}{number % 256:08X}"
        for timeline, numbers in sorted(found.items())
        for number in range(min(numbers), max(numbers))
        if number not in numbers
    ]


def _number(name: str) -> int:
    # Pieces have 16 MB, of which 256 make a file of the log's older sort.
    return int(name[8:16], 16) * 256 + int(name[16:], 16)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("piece", type=Path)
    parser.add_argument("name")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--key", required=True)
    told = parser.parse_args()
    try:
        keep(told.piece, told.name, folder=told.to, public=told.key)
    except Different as other:
        _leave(f"归档中已有同名而内容不同的日志 {other},没有覆盖。")
    except OSError as error:
        _leave(f"日志 {told.name} 没有归档:{error.strerror}")
    return 0


def _leave(words: str) -> NoReturn:
    sys.stderr.write(f"{words}\n")
    sys.exit(1)


if __name__ == "__main__":
    main()
